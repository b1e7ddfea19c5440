"""Every golden case of plain values and factor analyses by our functions and the golden checker.

The reference numbers are psych's, semTools' and GPArotation's. Of each case, the functions below
give the values under the reference programs' names; everything that the case holds is judged.
"""

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

import loyaltysem
from loyaltysem.estimation.ordinal.polychoric import polychoric
from loyaltysem.measurement.adequacy import adequacy
from loyaltysem.measurement.alpha import alpha_analysis
from loyaltysem.measurement.correlations import correlations, squared_multiple_correlations
from loyaltysem.measurement.descriptives import describe, describe_distributions
from loyaltysem.measurement.efa import fit_efa
from loyaltysem.measurement.htmt import htmt
from loyaltysem.measurement.model_reliability import (
    ave_from_model,
    model_reliability,
    omega_from_model,
    second_order_reliability,
)
from loyaltysem.measurement.n_factors import parallel_analysis, single_factor_share
from loyaltysem.measurement.normality import mahalanobis, mardia
from loyaltysem.measurement.omega import omega
from loyaltysem.measurement.reliability import alpha_of
from loyaltysem.measurement.validity import construct_validity, fornell_larcker
from loyaltysem.structural.power import rmsea_power, rmsea_sample_size

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden"


def cases_of(*kinds):
    cases = [json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("cases/*.json"))]
    return {case["case"]: case for case in cases if case["kind"] in kinds}


CASES = cases_of("values", "efa") if GOLDEN.exists() else {}
pytestmark = pytest.mark.skipif(
    not CASES, reason="the reference numbers (../shared/golden) are not beside this checkout"
)


@pytest.fixture(scope="module")
def checker():
    spec = importlib.util.spec_from_file_location("golden_check", GOLDEN / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def matrix(frame):
    values = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return {"rows": list(frame.index), "cols": list(frame.columns), "values": values}


def by_name(series):
    return {str(name): value for name, value in series.items()}


def data_of(case, items=None):
    data = pd.read_csv(GOLDEN / case["data_file"])
    return data if items is None else data[items]


# --- internal consistency --------------------------------------------------------------------

CONSISTENCY = {
    "raw_alpha": "alpha",
    "std_alpha": "alpha_standardized",
    "G6_smc_": "guttman6",
    "average_r": "mean_r",
    "S_N": "signal_to_noise",
}
DELETED = {**CONSISTENCY, "alpha_se": "se", "var_r": "var_r", "med_r": "median_r"}


def alpha_values(case):
    data = data_of(case)
    return {
        name: scale_values(data[[row["item"] for row in scale["item_stats"]]])
        for name, scale in case["values"].items()
    }


def scale_values(answers):
    found = alpha_analysis(answers)
    scale = {theirs: getattr(found.scale, ours) for theirs, ours in CONSISTENCY.items()}
    lower, upper = found.feldt_ci
    return {
        "n": found.n,
        "total": {
            **scale,
            "ase": found.scale.se,
            "mean": found.mean,
            "sd": found.sd,
            "median_r": found.scale.median_r,
        },
        "feldt_ci": {"lower": lower, "alpha": found.scale.alpha, "upper": upper},
        "duhachek_ci": dict(zip(("lower", "upper"), found.duhachek_ci, strict=True)),
        "alpha_drop": [
            {"item": item, **{theirs: row[ours] for theirs, ours in DELETED.items()}}
            for item, row in found.if_deleted.iterrows()
        ],
        "item_stats": [{"item": item, **row} for item, row in found.items.iterrows()],
    }


def omega_values(case):
    return {
        name: omega_solution(case, scale, int(name[-2])) for name, scale in case["values"].items()
    }


def omega_solution(case, scale, n_factors):
    found = omega(data_of(case, scale["schmid_sl"]["rows"]), n_factors)
    return {
        "omega_h": found.hierarchical,
        "omega_lim": found.asymptotic,
        "alpha": found.alpha,
        "omega_tot": found.total,
        "G6": found.guttman6,
        "schmid_sl": matrix(found.schmid_leiman),
        "omega_group": {name: found.groups[name].tolist() for name in found.groups},
    }


# --- assumptions and dimensions --------------------------------------------------------------

DESCRIBED = {
    "mean": "mean",
    "sd": "sd",
    "median": "median",
    "minimum": "min",
    "maximum": "max",
    "skewness_type3": "skew_type3",
    "kurtosis_type3": "kurt_type3",
    "skewness": "skew_type2",
    "kurtosis": "kurt_type2",
    "se": "se",
}


def assumption_values(case):
    answers = data_of(case, case["values"]["pearson"]["rows"])
    factorable, shares, R = adequacy(answers), single_factor_share(answers), correlations(answers)
    return {
        "n": factorable.n,
        "kmo": {"overall": factorable.kmo, "items": by_name(factorable.kmo_items)},
        "bartlett": {
            "chisq": factorable.chisq,
            "df": factorable.df,
            "p": factorable.pvalue,
        },
        **mardia_values(mardia(answers)),
        "describe": described(answers),
        "mahalanobis_first10": mahalanobis(answers)["distance"].head(10).tolist(),
        "smc": dict(zip(answers, squared_multiple_correlations(R).tolist(), strict=True)),
        "harman": {
            "pca_first_eigenvalue": shares["pca"] * answers.shape[1],
            "pca_first_prop": shares["pca"],
            "minres1_prop": shares["minres"],
            "pa1_prop": shares["pa"],
        },
        "pearson": matrix(R),
        "spearman": matrix(correlations(answers, "spearman")),
        "cov_n_minus_1": matrix(answers.cov()),
    }


def mardia_values(found):
    return {
        "mardia_psych": {
            "b1p": found.skewness,
            "skew": found.skewness_chisq,
            "small_skew": found.skewness_chisq_small,
            "p_skew": found.skewness_pvalue,
            "p_small": found.skewness_pvalue_small,
            "b2p": found.kurtosis,
            "kurtosis": found.kurtosis_z,
            "p_kurt": found.kurtosis_pvalue,
        },
        "mardia_semTools": {
            "skew": {
                "b1d": found.skewness,
                "chi": found.skewness_chisq,
                "df": found.df,
                "p": found.skewness_pvalue,
            },
            "kurtosis": {
                "b2d": found.kurtosis,
                "z": found.kurtosis_z,
                "p": found.kurtosis_pvalue,
            },
        },
    }


def described(answers):
    table = describe(answers).merge(describe_distributions(answers), on="code")
    return [
        {"item": row["code"], **{theirs: row[ours] for ours, theirs in DESCRIBED.items()}}
        for row in table.to_dict("records")
    ]


STATS = {
    "dof": "df",
    "STATISTIC": "chisq",
    "PVAL": "pvalue",
    "objective": "objective",
    "null_chisq": "null_chisq",
    "null_dof": "null_df",
    "TLI": "tli",
    "BIC": "bic",
    "rms": "rms",
    "crms": "crms",
    "fit": "fit",
    "fit_off": "fit_off",
    "chi_empirical": "chisq_empirical",
}


def efa_values(case):
    values = case["values"]
    answers = data_of(case, values["correlation"]["rows"])
    R = correlations(answers)
    solutions = {
        name: efa_solution(answers, values["n_factors"], *name.split("_"))
        for name in values
        if name.partition("_")[0] in {"minres", "ml", "pa", "pca"}
    }
    return {
        "n": len(answers),
        "n_factors": values["n_factors"],
        "correlation": matrix(R),
        "eigenvalues": next(iter(solutions.values()))["stats"]["e_values"],
        **solutions,
    }


def efa_solution(answers, n_factors, extraction, rotation):
    found = fit_efa(answers, n_factors, extraction=extraction, rotation=rotation)
    return {
        "loadings": matrix(found.loadings),
        "Structure": matrix(found.structure),
        "Phi": None if found.phi is None else matrix(found.phi),
        "communality": by_name(found.communalities),
        "uniquenesses": by_name(found.uniquenesses),
        "complexity": by_name(found.complexity),
        "stats": {
            **{theirs: found.measures[ours] for theirs, ours in STATS.items()},
            "RMSEA": {
                "RMSEA": found.measures["rmsea"],
                "lower": found.measures["rmsea_lower"],
                "upper": found.measures["rmsea_upper"],
                "confidence": 0.9,
            },
            "e_values": found.eigenvalues.tolist(),
            "values": found.reduced_eigenvalues.tolist(),
        },
    }


SIMULATED = {
    "pc_sim_mean_or_quant": "components_random",
    "fa_sim": "factors_random",
    "pc_simr": "components_resampled",
    "fa_simr": "factors_resampled",
}


def parallel_values(case):
    described_case = CASES[case["case"].replace("parallel", "assumptions")]
    answers = data_of(case, described_case["values"]["pearson"]["rows"])
    found = parallel_analysis(answers, draws=200, seed=1)
    table = found.eigenvalues
    return {
        "observed_pc_values": table["components"].tolist(),
        "observed_fa_values_psych": table["factors"].tolist(),
        "loose_sim": {theirs: table[ours].tolist() for theirs, ours in SIMULATED.items()},
        "n_factors_suggested": found.n_factors,
        "n_components_suggested": found.n_components,
    }


def polychoric_values(case):
    items = case["values"]["lavCor_two_step"]["rows"]
    answers = data_of(case, items)
    R = correlations(answers, "polychoric")
    thresholds = polychoric(answers).thresholds
    table = pd.DataFrame(thresholds, index=items, columns=[str(k + 1) for k in range(6)])
    named = {
        f"{item}|t{k + 1}": value
        for item, row in zip(items, thresholds, strict=True)
        for k, value in enumerate(row)
    }
    service = [item for item in items if item.startswith("sq")]
    return {
        "lavCor_two_step": matrix(R),
        "lavCor_thresholds": named,
        "psych_correct0": matrix(R),
        "psych_correct0_tau": matrix(table),
        "psych_correct05": matrix(R),
        "psych_correct05_tau": matrix(table),
        "ordinal_alpha": alpha_of(R.loc[service, service]),
    }


# --- fitted measurement models ---------------------------------------------------------------

SEMTOOLS = {
    "alpha": "alpha",
    "omega": "omega",
    "omega2": "omega2",
    "omega3": "omega3",
    "ave": "avevar",
}
VALIDITY = {
    "CR": "composite_reliability",
    "AVE": "ave",
    "sqrtAVE": "sqrt_ave",
    "MSV": "msv",
    "ASV": "asv",
    "maxH": "max_h",
}


def scales_of(case):
    """Return the items of each scale, in the order of the golden alphas of the same data."""
    alphas = CASES[case["case"].replace("reliability_validity", "alpha")]["values"]
    return {name: [row["item"] for row in scale["item_stats"]] for name, scale in alphas.items()}


def validity_values(case):
    scales, data = scales_of(case), data_of(case)
    model = "\n".join(f"{name} =~ {' + '.join(items)}" for name, items in scales.items())
    fitted = loyaltysem.fit(model, data)
    reliabilities = model_reliability(fitted)
    validity = construct_validity(fitted)
    return {
        "reliability_semTools": matrix(reliabilities.rename(columns=SEMTOOLS).T),
        "compRelSEM_omega": by_name(omega_from_model(fitted)),
        "compRelSEM_omega_obsvarF": by_name(omega_from_model(fitted, variance="implied")),
        "compRelSEM_alpha": by_name(reliabilities["alpha"]),
        "AVE_semTools": by_name(ave_from_model(fitted)),
        "AVE_obsvarF": by_name(ave_from_model(fitted, variance="implied")),
        "cr_ave_table": [
            {"factor": name, **{theirs: row[ours] for theirs, ours in VALIDITY.items()}}
            for name, row in validity.iterrows()
        ],
        "fornell_larcker": matrix(fornell_larcker(fitted)),
        "htmt": matrix(htmt(data, scales).ratios),
        "htmt2_geometric": matrix(htmt(data, scales, mean="geometric").ratios),
        "htmt_absoluteF": matrix(htmt(data, scales, absolute=False).ratios),
    }


SECOND_ORDER = """
affective =~ la1 + la2 + la3
behavioural =~ lb1 + lb2 + lb3 + lb4
cognitive =~ lc1 + lc2 + lc3
loyalty =~ affective + behavioural + cognitive
"""


def second_order_values(case):
    fitted = loyaltysem.fit(SECOND_ORDER, data_of(case))
    found = second_order_reliability(fitted, "loyalty")
    return {
        "reliabilityL2": {
            "omegaL1": found["omega_l1"],
            "omegaL2": found["omega_l2"],
            "partialOmegaL1": found["partial_omega_l1"],
        },
        "compRelSEM_higher": {
            **by_name(omega_from_model(fitted)),
            "loyalty": found["omega_higher"],
        },
        "model": case["values"]["model"],
    }


def power_values(case):  # the reference: close fit, RMSEA 0.05 against 0.08, df 50
    return {
        "power": rmsea_power(0.05, 0.08, 50, [100, 200, 400]).tolist(),
        "n_for_80": rmsea_sample_size(0.05, 0.08, 50),
    }


PRODUCERS = {
    "alpha": alpha_values,
    "assumptions": assumption_values,
    "efa": efa_values,
    "omega": omega_values,
    "parallel": parallel_values,
    "polychoric": polychoric_values,
    "power": power_values,
    "reliability": validity_values,
    "second": second_order_values,
}


@pytest.mark.parametrize("name", CASES)
def test_golden_values(name, checker):
    case = CASES[name]
    result = {"values": PRODUCERS[name.partition("_")[0]](case)}
    report = checker.check(case, result, {"values"}, set(), {})
    assert not report.fails, report.fails[:10]
    assert not report.missing, report.missing[:10]
