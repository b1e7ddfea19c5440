"""Survey and structural-model research: from questionnaire to finished results chapter.

The names below are the public interface. They are imported when first used, so that
``import loyaltysem`` and the command line start at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loyaltysem.diagrams import charts, draw_paths, save_figure, save_paths
    from loyaltysem.errors import (
        ConvergenceError,
        DocumentError,
        EstimationError,
        IdentificationError,
        ImproperSolutionWarning,
        LoyaltysemError,
        LoyaltysemWarning,
        ModelSpecificationError,
        ModelSyntaxError,
        Notice,
        QuestionnaireError,
        ReportError,
        ResponsesError,
        StudyError,
    )
    from loyaltysem.estimation import Bootstrap, Fit, bootstrap, compare, fit
    from loyaltysem.estimation.imputation import (
        Imputations,
        ImputedFit,
        compare_imputed,
        fit_imputed,
        impute,
    )
    from loyaltysem.estimation.ordinal.polychoric import polychoric
    from loyaltysem.estimation.replication import replicate_in_semopy
    from loyaltysem.estimation.streaming import (
        MomentSums,
        merged_moments,
        moment_sums,
        moments_of_file,
    )
    from loyaltysem.measurement.adequacy import adequacy
    from loyaltysem.measurement.alpha import alpha_analysis
    from loyaltysem.measurement.behaviour import customer_behaviour, known_groups, rfm_tiers
    from loyaltysem.measurement.bifactor import bifactor_indices
    from loyaltysem.measurement.careless import careless_answers
    from loyaltysem.measurement.correlations import correlations
    from loyaltysem.measurement.descriptives import describe, describe_distributions
    from loyaltysem.measurement.discriminant import cross_loadings
    from loyaltysem.measurement.efa import fit_efa
    from loyaltysem.measurement.future_purchases import fit_purchase_model
    from loyaltysem.measurement.graded_response import graded_response
    from loyaltysem.measurement.htmt import htmt
    from loyaltysem.measurement.importance import importance_performance, index_scores
    from loyaltysem.measurement.item_analysis import item_discrimination
    from loyaltysem.measurement.missingness import little_mcar, missingness
    from loyaltysem.measurement.model_reliability import model_reliability, second_order_reliability
    from loyaltysem.measurement.n_factors import parallel_analysis, suggest_n_factors
    from loyaltysem.measurement.normality import henze_zirkler, mardia
    from loyaltysem.measurement.omega import omega
    from loyaltysem.measurement.ordinal_reliability import ordinal_reliability
    from loyaltysem.measurement.reliability import reliability
    from loyaltysem.measurement.retest import retest_reliability
    from loyaltysem.measurement.rotation import rotate
    from loyaltysem.measurement.scales import scale_table
    from loyaltysem.measurement.split_half import split_half
    from loyaltysem.measurement.validity import construct_validity, fornell_larcker
    from loyaltysem.questionnaire import Questionnaire, read_questionnaire
    from loyaltysem.questionnaire.design import judge_questionnaire
    from loyaltysem.questionnaire.export import export_questionnaire
    from loyaltysem.report import render_report
    from loyaltysem.responses import Responses, complete_cases, read_responses
    from loyaltysem.responses.anonymising import anonymise
    from loyaltysem.responses.mapping import read_mapping
    from loyaltysem.responses.saving import save_answers, save_mapping_of
    from loyaltysem.results import StudyResults, read_results
    from loyaltysem.structural.construct_pairs import constrained_pairs
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
    from loyaltysem.structural.moderation.slopes import johnson_neyman, simple_slopes
    from loyaltysem.structural.power import fit_power, rmsea_power, rmsea_sample_size
    from loyaltysem.structural.products import product_indicators
    from loyaltysem.structural.simulation import read_population, simulate_responses
    from loyaltysem.structural.specifications import (
        all_specifications,
        path_stability,
        run_specifications,
    )
    from loyaltysem.study import StudyRun, run_study
    from loyaltysem.study.example import example_answers
    from loyaltysem.study.extracting import extract_answers
    from loyaltysem.study.measuring import measure
    from loyaltysem.syntax import ParameterTable, build_table, table_text

_HOMES = {
    "Bootstrap": "estimation",
    "ConvergenceError": "errors",
    "DocumentError": "errors",
    "Effects": "structural.effects",
    "EstimationError": "errors",
    "Fit": "estimation",
    "IdentificationError": "errors",
    "ImproperSolutionWarning": "errors",
    "Imputations": "estimation.imputation",
    "ImputedFit": "estimation.imputation",
    "LoyaltysemError": "errors",
    "LoyaltysemWarning": "errors",
    "ModelDefinition": "structural.definition",
    "ModelSpecificationError": "errors",
    "ModelSyntaxError": "errors",
    "MomentSums": "estimation.streaming",
    "Notice": "errors",
    "ParameterTable": "syntax",
    "Questionnaire": "questionnaire",
    "QuestionnaireError": "errors",
    "ReportError": "errors",
    "Responses": "responses",
    "ResponsesError": "errors",
    "StudyError": "errors",
    "StudyResults": "results",
    "StudyRun": "study",
    "adequacy": "measurement.adequacy",
    "all_specifications": "structural.specifications",
    "alpha_analysis": "measurement.alpha",
    "anonymise": "responses.anonymising",
    "bifactor_indices": "measurement.bifactor",
    "bootstrap": "estimation",
    "build_table": "syntax",
    "careless_answers": "measurement.careless",
    "charts": "diagrams",
    "choose_model": "structural.model_choice",
    "compare": "estimation",
    "compare_dimensions": "structural.dimensions",
    "compare_imputed": "estimation.imputation",
    "complete_cases": "responses",
    "constrained_pairs": "structural.construct_pairs",
    "construct_validity": "measurement.validity",
    "correlations": "measurement.correlations",
    "cross_loadings": "measurement.discriminant",
    "customer_behaviour": "measurement.behaviour",
    "describe": "measurement.descriptives",
    "describe_distributions": "measurement.descriptives",
    "draw_paths": "diagrams",
    "effects": "structural.effects",
    "equivalent_models": "structural.equivalent_models",
    "example_answers": "study.example",
    "export_questionnaire": "questionnaire.export",
    "extract_answers": "study.extracting",
    "fit": "estimation",
    "fit_efa": "measurement.efa",
    "fit_imputed": "estimation.imputation",
    "fit_lms": "structural.lms",
    "fit_power": "structural.power",
    "fit_purchase_model": "measurement.future_purchases",
    "fornell_larcker": "measurement.validity",
    "full_collinearity": "structural.method_variance",
    "graded_response": "measurement.graded_response",
    "henze_zirkler": "measurement.normality",
    "htmt": "measurement.htmt",
    "importance_performance": "measurement.importance",
    "impute": "estimation.imputation",
    "index_scores": "measurement.importance",
    "invariance": "structural.groups",
    "item_discrimination": "measurement.item_analysis",
    "johnson_neyman": "structural.moderation.slopes",
    "judge_questionnaire": "questionnaire.design",
    "known_groups": "measurement.behaviour",
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
    "model_reliability": "measurement.model_reliability",
    "moderated_fit": "structural.moderation",
    "moment_sums": "estimation.streaming",
    "moments_of_file": "estimation.streaming",
    "omega": "measurement.omega",
    "ordinal_reliability": "measurement.ordinal_reliability",
    "parallel_analysis": "measurement.n_factors",
    "path_differences": "structural.groups",
    "path_stability": "structural.specifications",
    "polychoric": "estimation.ordinal.polychoric",
    "product_indicators": "structural.products",
    "read_mapping": "responses.mapping",
    "read_model": "structural.definition",
    "read_population": "structural.simulation",
    "read_questionnaire": "questionnaire",
    "read_responses": "responses",
    "read_results": "results",
    "reliability": "measurement.reliability",
    "render_report": "report",
    "replicate_in_semopy": "estimation.replication",
    "retest_reliability": "measurement.retest",
    "rfm_tiers": "measurement.behaviour",
    "rmsea_power": "structural.power",
    "rmsea_sample_size": "structural.power",
    "rotate": "measurement.rotation",
    "run_specifications": "structural.specifications",
    "run_study": "study",
    "save_answers": "responses.saving",
    "save_figure": "diagrams",
    "save_mapping_of": "responses.saving",
    "save_paths": "diagrams",
    "scale_table": "measurement.scales",
    "second_order_reliability": "measurement.model_reliability",
    "simple_slopes": "structural.moderation.slopes",
    "simulate_responses": "structural.simulation",
    "split_half": "measurement.split_half",
    "suggest_n_factors": "measurement.n_factors",
    "table_text": "syntax",
}

__all__ = [
    "Bootstrap",
    "ConvergenceError",
    "DocumentError",
    "Effects",
    "EstimationError",
    "Fit",
    "IdentificationError",
    "ImproperSolutionWarning",
    "Imputations",
    "ImputedFit",
    "LoyaltysemError",
    "LoyaltysemWarning",
    "ModelDefinition",
    "ModelSpecificationError",
    "ModelSyntaxError",
    "MomentSums",
    "Notice",
    "ParameterTable",
    "Questionnaire",
    "QuestionnaireError",
    "ReportError",
    "Responses",
    "ResponsesError",
    "StudyError",
    "StudyResults",
    "StudyRun",
    "__version__",
    "adequacy",
    "all_specifications",
    "alpha_analysis",
    "anonymise",
    "bifactor_indices",
    "bootstrap",
    "build_table",
    "careless_answers",
    "charts",
    "choose_model",
    "compare",
    "compare_dimensions",
    "compare_imputed",
    "complete_cases",
    "constrained_pairs",
    "construct_validity",
    "correlations",
    "cross_loadings",
    "customer_behaviour",
    "describe",
    "describe_distributions",
    "draw_paths",
    "effects",
    "equivalent_models",
    "example_answers",
    "export_questionnaire",
    "extract_answers",
    "fit",
    "fit_efa",
    "fit_imputed",
    "fit_lms",
    "fit_power",
    "fit_purchase_model",
    "fornell_larcker",
    "full_collinearity",
    "graded_response",
    "henze_zirkler",
    "htmt",
    "importance_performance",
    "impute",
    "index_scores",
    "invariance",
    "item_discrimination",
    "johnson_neyman",
    "judge_questionnaire",
    "known_groups",
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
    "model_reliability",
    "moderated_fit",
    "moment_sums",
    "moments_of_file",
    "omega",
    "ordinal_reliability",
    "parallel_analysis",
    "path_differences",
    "path_stability",
    "polychoric",
    "product_indicators",
    "read_mapping",
    "read_model",
    "read_population",
    "read_questionnaire",
    "read_responses",
    "read_results",
    "reliability",
    "render_report",
    "replicate_in_semopy",
    "retest_reliability",
    "rfm_tiers",
    "rmsea_power",
    "rmsea_sample_size",
    "rotate",
    "run_specifications",
    "run_study",
    "save_answers",
    "save_figure",
    "save_mapping_of",
    "save_paths",
    "scale_table",
    "second_order_reliability",
    "simple_slopes",
    "simulate_responses",
    "split_half",
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
