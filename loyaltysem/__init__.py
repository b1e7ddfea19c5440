"""Survey and structural-model research: from questionnaire to finished results chapter.

The names below are the public interface. They are imported when first used, so that
``import loyaltysem`` and the command line start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.diagrams import draw_paths, save_figure
    from loyaltysem.errors import LoyaltysemError, LoyaltysemWarning, Notice
    from loyaltysem.estimation import Bootstrap, Fit, bootstrap, compare, fit
    from loyaltysem.estimation.replication import replicate_in_semopy
    from loyaltysem.questionnaire import Questionnaire, read_questionnaire
    from loyaltysem.report import render_report
    from loyaltysem.responses import Responses, complete_cases, read_responses
    from loyaltysem.results import StudyResults, read_results
    from loyaltysem.structural.definition import ModelDefinition, read_model
    from loyaltysem.structural.effects import Effects, effects
    from loyaltysem.structural.mediation import mediation
    from loyaltysem.study import StudyRun, run_study
    from loyaltysem.syntax import ParameterTable, build_table, table_text

_HOMES = {
    "Bootstrap": "estimation",
    "Effects": "structural.effects",
    "Fit": "estimation",
    "LoyaltysemError": "errors",
    "LoyaltysemWarning": "errors",
    "ModelDefinition": "structural.definition",
    "Notice": "errors",
    "ParameterTable": "syntax",
    "Questionnaire": "questionnaire",
    "Responses": "responses",
    "StudyResults": "results",
    "StudyRun": "study",
    "bootstrap": "estimation",
    "build_table": "syntax",
    "compare": "estimation",
    "complete_cases": "responses",
    "draw_paths": "diagrams",
    "effects": "structural.effects",
    "fit": "estimation",
    "mediation": "structural.mediation",
    "read_model": "structural.definition",
    "read_questionnaire": "questionnaire",
    "read_responses": "responses",
    "read_results": "results",
    "render_report": "report",
    "replicate_in_semopy": "estimation.replication",
    "run_study": "study",
    "save_figure": "diagrams",
    "table_text": "syntax",
}

__all__ = [
    "Bootstrap",
    "Effects",
    "Fit",
    "LoyaltysemError",
    "LoyaltysemWarning",
    "ModelDefinition",
    "Notice",
    "ParameterTable",
    "Questionnaire",
    "Responses",
    "StudyResults",
    "StudyRun",
    "__version__",
    "bootstrap",
    "build_table",
    "compare",
    "complete_cases",
    "draw_paths",
    "effects",
    "fit",
    "mediation",
    "read_model",
    "read_questionnaire",
    "read_responses",
    "read_results",
    "render_report",
    "replicate_in_semopy",
    "run_study",
    "save_figure",
    "table_text",
]


def __getattr__(name: str) -> object:
    """Import a public name from its room when it is first used."""
    if name == "__version__":
        return import_module("importlib.metadata").version("loyaltysem")
    if name in _HOMES:
        return getattr(import_module(f"loyaltysem.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'loyaltysem' has no attribute '{name}'")


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
