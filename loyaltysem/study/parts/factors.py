"""Exploratory factor analysis of all items of a study."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import EstimationError, LoyaltysemError, Notice, StudyError
from loyaltysem.measurement.adequacy import adequacy
from loyaltysem.measurement.efa import fit_efa
from loyaltysem.measurement.n_factors import suggest_n_factors
from loyaltysem.measurement.omega import omega
from loyaltysem.results import (
    EigenvalueRecord,
    FactorItem,
    FactorPair,
    FactorsResult,
    FactorVariance,
    GeneralFactor,
)
from loyaltysem.study.parts.constructs import (
    all_constructs,
    analysed_constructs,
    sampling,
    varying_constructs,
)
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import notice_records, plain_record, plain_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from loyaltysem.measurement.adequacy import Adequacy
    from loyaltysem.measurement.efa import ExploratoryFit
    from loyaltysem.measurement.n_factors import FactorCounts
    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.factors import FactorsDefinition

RANDOM_SAMPLES = 200
"""Random data sets of the parallel analysis."""


def _compute(material: Material) -> Found:
    return explored(
        material.responses.answers,
        analysed_constructs(material),
        material.plan.definition.factors,
        seed=sampling(material.plan)["seed"],
    )


def explored(
    answers: pd.DataFrame,
    constructs: Mapping[str, list[str]],
    wanted: FactorsDefinition,
    *,
    seed: int,
) -> Found:
    """Return the exploratory factor analysis of the constructs' items.

    None where the items do not allow one; a notice says why.
    """
    kept, notices = varying_constructs(answers, constructs)
    items = answers[[item for own in kept.values() for item in own]]
    try:
        found, told = _analysis(items, kept, wanted, seed)
    except LoyaltysemError as fault:
        text = f"No factor analysis of the items is possible: {fault}"
        facts = {"why": str(fault), "n": len(items), "items": items.shape[1]}
        notices.append(Notice("no_factors", text, facts))
        return Found(notices=notice_records(notices))
    return Found(record=found, notices=notice_records([*notices, *told]))


def _analysis(
    items: pd.DataFrame, constructs: Mapping[str, list[str]], wanted: FactorsDefinition, seed: int
) -> tuple[FactorsResult, list[Notice]]:
    worth = adequacy(items)
    counts = suggest_n_factors(items, draws=RANDOM_SAMPLES, seed=seed)
    n = max(counts.parallel_factors, 1) if wanted.n == "auto" else wanted.n
    fitted = fit_efa(items, n, extraction=wanted.extraction, rotation=wanted.rotation)
    homes = {item: code for code, own in constructs.items() for item in own}
    record = FactorsResult(
        n=worth.n,
        kmo=worth.kmo,
        chisq=worth.chisq,
        df=worth.df,
        pvalue=worth.pvalue,
        counts={
            "parallel": counts.parallel_factors,
            "parallel_components": counts.parallel_components,
            "map": counts.map,
            "kaiser": counts.kaiser,
        },
        eigenvalues=_eigenvalues(counts),
        n_factors=n,
        chosen_by="parallel" if wanted.n == "auto" else "study",
        hide_below=wanted.hide_below,
        general=_general(items, n),
        draws=RANDOM_SAMPLES,
        seed=seed,
        **_solution(fitted, worth, homes, wanted.hide_below),
    )
    return record, [*worth.notices, *fitted.notices, *_count_notices(counts, len(constructs))]


def _eigenvalues(counts: FactorCounts) -> tuple[EigenvalueRecord, ...]:
    partial = plain_record(counts.minimum_average_partial.to_dict())
    return tuple(
        EigenvalueRecord(
            number=int(row["number"]),
            component=row["components"],
            component_random=row["components_quantile"],
            factor=row["factors"],
            factor_random=row["factors_quantile"],
            partial=partial.get(str(int(row["number"]))),
        )
        for row in counts.parallel.eigenvalues.reset_index().to_dict("records")
    )


def _solution(
    fitted: ExploratoryFit, worth: Adequacy, homes: Mapping[str, str], cutoff: float
) -> dict[str, Any]:
    return {
        "extraction": fitted.extraction,
        "rotation": fitted.rotation,
        "factors": tuple(fitted.loadings.columns),
        "items": _items(fitted, worth, homes, cutoff),
        "before": _variances(fitted.variance_before),
        "after": _variances(fitted.variance),
        "correlations": _pairs(fitted.phi),
        "measures": plain_record(fitted.measures),
    }


def _items(
    fitted: ExploratoryFit, worth: Adequacy, homes: Mapping[str, str], cutoff: float
) -> tuple[FactorItem, ...]:
    verdicts = plain_rows(fitted.verdicts(cutoff))
    complexity = plain_record(fitted.complexity.to_dict())
    usual = _usual_factors({item: row["factor"] for item, row in verdicts.items()}, homes)
    return tuple(
        FactorItem(
            code=item,
            construct_code=homes[item],
            loadings=tuple(fitted.loadings.T[item].tolist()),
            factor=row["factor"],
            communality=row["communality"],
            complexity=complexity[item],
            kmo=float(worth.kmo_items[item]),
            weak=row["weak"],
            cross_loading=row["cross_loading"],
            low_communality=row["low_communality"],
            astray=not row["weak"] and row["factor"] != usual[homes[item]],
        )
        for item, row in verdicts.items()
    )


def _usual_factors(factors: Mapping[str, str], homes: Mapping[str, str]) -> dict[str, str]:
    """Return the factor on which most items of each construct load."""
    counts: dict[str, Counter[str]] = {}
    for item, factor in factors.items():
        counts.setdefault(homes[item], Counter())[factor] += 1
    return {code: count.most_common(1)[0][0] for code, count in counts.items()}


def _variances(table: pd.DataFrame) -> tuple[FactorVariance, ...]:
    rows = table.rename_axis("factor").reset_index().to_dict("records")
    return tuple(FactorVariance(**plain_record(row)) for row in rows)


def _pairs(phi: pd.DataFrame | None) -> tuple[FactorPair, ...]:
    if phi is None:
        return ()
    names, values = list(phi.columns), phi.to_numpy()
    return tuple(
        FactorPair(first=names[j], second=names[i], correlation=float(values[i, j]))
        for i in range(len(names))
        for j in range(i)
    )


def _general(items: pd.DataFrame, n: int) -> GeneralFactor | None:
    """Return omega with as many group factors; None for fewer than three or without a solution."""
    if n < 3:
        return None
    try:
        found = omega(items, n)
    except EstimationError:
        return None
    return GeneralFactor(hierarchical=found.hierarchical, total=found.total, n_groups=n)


def _count_notices(counts: FactorCounts, n_constructs: int) -> list[Notice]:
    facts = {"constructs": n_constructs}
    if counts.parallel_factors == 0:
        text = "Parallel analysis finds no common factor: the items hardly correlate."
        return [Notice("no_common_factor", text, facts)]
    if counts.parallel_factors == 1 and n_constructs > 2:
        text = (
            f"The items of {n_constructs} constructs behave like one factor: respondents may not"
            " have told the constructs apart, or answered in one way throughout."
        )
        return [Notice("one_factor_only", text, facts)]
    return []


def _check(plan: Plan) -> None:
    """Refuse more factors than the items of the questionnaire can have."""
    n_items = sum(len(own) for own in all_constructs(plan.questionnaire).values())
    n = plan.definition.factors.n
    if n != "auto" and n >= n_items:
        raise StudyError(
            "So many factors cannot be found in so few items",
            place=plan.definition.place("factors", "n"),
            found=f"{n} factors, {n_items} items",
        )


def _wanted(plan: Plan) -> bool:
    """Tell whether a study names the analysis, or gives it settings."""
    asked = {*plan.definition.analyses, *plan.definition.model_fields_set}
    return "factors" in asked


FACTORS = StudyPart(
    field="factors",
    step="Exploratory factor analysis",
    wanted=_wanted,
    compute=_compute,
    check=_check,
)
