"""Survey and structural-model research: from questionnaire to finished results chapter.

The names below are the public interface. They are imported when first used, so that
``import loyaltysem`` and the command line start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.diagrams import charts, draw_paths, save_figure, save_paths
    from loyaltysem.errors import LoyaltysemError, LoyaltysemWarning, Notice
    from loyaltysem.estimation import Bootstrap, Fit, bootstrap, compare, fit
    from loyaltysem.estimation.imputation import (
        Imputations,
        ImputedFit,
        compare_imputed,
        fit_imputed,
        impute,
    )
    from loyaltysem.estimation.replication import replicate_in_semopy
    from loyaltysem.estimation.streaming import (
        MomentSums,
        merged_moments,
        moment_sums,
        moments_of_file,
    )
    from loyaltysem.measurement.careless import careless_answers
    from loyaltysem.measurement.descriptives import describe
    from loyaltysem.measurement.efa import fit_efa
    from loyaltysem.measurement.htmt import htmt
    from loyaltysem.measurement.missingness import little_mcar, missingness
    from loyaltysem.measurement.n_factors import suggest_n_factors
    from loyaltysem.measurement.normality import mardia
    from loyaltysem.measurement.omega import omega
    from loyaltysem.measurement.scales import scale_table
    from loyaltysem.measurement.validity import construct_validity
    from loyaltysem.questionnaire import Questionnaire, read_questionnaire
    from loyaltysem.questionnaire.design import judge_questionnaire
    from loyaltysem.questionnaire.export import export_questionnaire
    from loyaltysem.report import render_report
    from loyaltysem.responses import Responses, complete_cases, read_responses
    from loyaltysem.responses.anonymising import anonymise
    from loyaltysem.responses.mapping import read_mapping
    from loyaltysem.responses.saving import save_answers, save_mapping_of
    from loyaltysem.results import StudyResults, read_results
    from loyaltysem.structural.definition import ModelDefinition, read_model
    from loyaltysem.structural.dimensions import compare_dimensions
    from loyaltysem.structural.effects import Effects, effects
    from loyaltysem.structural.equivalent_models import equivalent_models
    from loyaltysem.structural.groups import invariance, latent_means, path_differences
    from loyaltysem.structural.lms import fit_lms
    from loyaltysem.structural.mediation import mediation
    from loyaltysem.structural.method_variance import (
        full_collinearity,
        marker_correlations,
        marker_factor,
        method_factor,
    )
    from loyaltysem.structural.model_choice import choose_model
    from loyaltysem.structural.moderation import moderated_fit
    from loyaltysem.structural.power import fit_power, rmsea_power
    from loyaltysem.structural.specifications import (
        all_specifications,
        path_stability,
        run_specifications,
    )
    from loyaltysem.study import StudyRun, run_study
    from loyaltysem.study.measuring import measure
    from loyaltysem.syntax import ParameterTable, build_table, table_text

_HOMES = {
    "Bootstrap": "estimation",
    "Effects": "structural.effects",
    "Fit": "estimation",
    "Imputations": "estimation.imputation",
    "ImputedFit": "estimation.imputation",
    "LoyaltysemError": "errors",
    "LoyaltysemWarning": "errors",
    "ModelDefinition": "structural.definition",
    "MomentSums": "estimation.streaming",
    "Notice": "errors",
    "ParameterTable": "syntax",
    "Questionnaire": "questionnaire",
    "Responses": "responses",
    "StudyResults": "results",
    "StudyRun": "study",
    "all_specifications": "structural.specifications",
    "anonymise": "responses.anonymising",
    "bootstrap": "estimation",
    "build_table": "syntax",
    "careless_answers": "measurement.careless",
    "charts": "diagrams",
    "choose_model": "structural.model_choice",
    "compare": "estimation",
    "compare_dimensions": "structural.dimensions",
    "compare_imputed": "estimation.imputation",
    "complete_cases": "responses",
    "construct_validity": "measurement.validity",
    "describe": "measurement.descriptives",
    "draw_paths": "diagrams",
    "effects": "structural.effects",
    "equivalent_models": "structural.equivalent_models",
    "export_questionnaire": "questionnaire.export",
    "fit": "estimation",
    "fit_efa": "measurement.efa",
    "fit_imputed": "estimation.imputation",
    "fit_lms": "structural.lms",
    "fit_power": "structural.power",
    "full_collinearity": "structural.method_variance",
    "htmt": "measurement.htmt",
    "impute": "estimation.imputation",
    "invariance": "structural.groups",
    "judge_questionnaire": "questionnaire.design",
    "latent_means": "structural.groups",
    "little_mcar": "measurement.missingness",
    "mardia": "measurement.normality",
    "marker_correlations": "structural.method_variance",
    "marker_factor": "structural.method_variance",
    "measure": "study.measuring",
    "mediation": "structural.mediation",
    "merged_moments": "estimation.streaming",
    "method_factor": "structural.method_variance",
    "missingness": "measurement.missingness",
    "moderated_fit": "structural.moderation",
    "moment_sums": "estimation.streaming",
    "moments_of_file": "estimation.streaming",
    "omega": "measurement.omega",
    "path_differences": "structural.groups",
    "path_stability": "structural.specifications",
    "read_model": "structural.definition",
    "read_questionnaire": "questionnaire",
    "read_mapping": "responses.mapping",
    "read_responses": "responses",
    "read_results": "results",
    "render_report": "report",
    "replicate_in_semopy": "estimation.replication",
    "rmsea_power": "structural.power",
    "run_specifications": "structural.specifications",
    "run_study": "study",
    "save_answers": "responses.saving",
    "save_figure": "diagrams",
    "save_mapping_of": "responses.saving",
    "save_paths": "diagrams",
    "scale_table": "measurement.scales",
    "suggest_n_factors": "measurement.n_factors",
    "table_text": "syntax",
}

__all__ = [
    "Bootstrap",
    "Effects",
    "Fit",
    "Imputations",
    "ImputedFit",
    "LoyaltysemError",
    "LoyaltysemWarning",
    "ModelDefinition",
    "MomentSums",
    "Notice",
    "ParameterTable",
    "Questionnaire",
    "Responses",
    "StudyResults",
    "StudyRun",
    "__version__",
    "all_specifications",
    "anonymise",
    "bootstrap",
    "build_table",
    "careless_answers",
    "charts",
    "choose_model",
    "compare",
    "compare_dimensions",
    "compare_imputed",
    "complete_cases",
    "construct_validity",
    "describe",
    "draw_paths",
    "effects",
    "equivalent_models",
    "export_questionnaire",
    "fit",
    "fit_efa",
    "fit_imputed",
    "fit_lms",
    "fit_power",
    "full_collinearity",
    "htmt",
    "impute",
    "invariance",
    "judge_questionnaire",
    "latent_means",
    "little_mcar",
    "mardia",
    "marker_correlations",
    "marker_factor",
    "measure",
    "mediation",
    "merged_moments",
    "method_factor",
    "missingness",
    "moderated_fit",
    "moment_sums",
    "moments_of_file",
    "omega",
    "path_differences",
    "path_stability",
    "read_mapping",
    "read_model",
    "read_questionnaire",
    "read_responses",
    "read_results",
    "render_report",
    "replicate_in_semopy",
    "rmsea_power",
    "run_specifications",
    "run_study",
    "save_answers",
    "save_figure",
    "save_mapping_of",
    "save_paths",
    "scale_table",
    "suggest_n_factors",
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
