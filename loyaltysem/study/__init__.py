"""A study: one file that names questionnaire, answers, model and report, run in one call."""

from loyaltysem.study.definition import StudyDefinition, read_study
from loyaltysem.study.example import example_study, new_study
from loyaltysem.study.plan import Plan, plan_study
from loyaltysem.study.run import StudyRun, Tell, run_study

__all__ = [
    "Plan",
    "StudyDefinition",
    "StudyRun",
    "Tell",
    "example_study",
    "new_study",
    "plan_study",
    "read_study",
    "run_study",
]
