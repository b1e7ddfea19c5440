"""A study: one file that names questionnaire, answers, model and report, run in one call."""

from loyaltysem.study.batch import BatchRun, run_studies
from loyaltysem.study.checking import StudyCheck, check_study
from loyaltysem.study.definition import StudyDefinition, read_study
from loyaltysem.study.example import example_study, new_study
from loyaltysem.study.freezing import Frozen, freeze_study
from loyaltysem.study.plan import Plan, plan_study
from loyaltysem.study.run import StudyRun, Tell, compute_study, run_study

__all__ = [
    "BatchRun",
    "Frozen",
    "Plan",
    "StudyCheck",
    "StudyDefinition",
    "StudyRun",
    "Tell",
    "check_study",
    "compute_study",
    "example_study",
    "freeze_study",
    "new_study",
    "plan_study",
    "read_study",
    "run_studies",
    "run_study",
]
