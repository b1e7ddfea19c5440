"""A study: one file that names questionnaire, answers, model and report, run in one call.

The names are imported when first used: measuring a questionnaire needs no report, and so none of
what draws and writes one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.study.again import report_again
    from loyaltysem.study.batch import BatchRun, run_studies
    from loyaltysem.study.checking import StudyCheck, check_study
    from loyaltysem.study.definition import StudyDefinition, read_study
    from loyaltysem.study.example import example_study, new_study
    from loyaltysem.study.freezing import Frozen, freeze_study
    from loyaltysem.study.measuring import measure
    from loyaltysem.study.plan import Plan, plan_study
    from loyaltysem.study.run import StudyRun, Tell, compute_study, run_study

_HOMES = {
    "BatchRun": "batch",
    "Frozen": "freezing",
    "Plan": "plan",
    "StudyCheck": "checking",
    "StudyDefinition": "definition",
    "StudyRun": "run",
    "Tell": "run",
    "check_study": "checking",
    "compute_study": "run",
    "example_study": "example",
    "freeze_study": "freezing",
    "measure": "measuring",
    "new_study": "example",
    "plan_study": "plan",
    "read_study": "definition",
    "report_again": "again",
    "run_studies": "batch",
    "run_study": "run",
}

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
    "measure",
    "new_study",
    "plan_study",
    "read_study",
    "report_again",
    "run_studies",
    "run_study",
]


def __getattr__(name: str) -> object:
    """Import a name from its module when it is first used."""
    if name in _HOMES:
        return getattr(import_module(f"loyaltysem.study.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'loyaltysem.study' has no attribute '{name}'")
