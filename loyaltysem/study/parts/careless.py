"""Signs of careless answering, and what the exclusions change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loyaltysem.errors import LoyaltysemError, Notice
from loyaltysem.measurement.careless import FLAGS
from loyaltysem.results import CarelessFlag, CarelessResult, ComparedModel, ComparedPath
from loyaltysem.study.parts.model import fit_model
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.parts.screening import settings, wanted
from loyaltysem.study.parts.treatment import analysed, imputed
from loyaltysem.study.plain import notice_records, plain_record, reason_facts

if TYPE_CHECKING:
    from loyaltysem.estimation import Fit
    from loyaltysem.measurement.careless import CarelessAccount, Flag
    from loyaltysem.responses import Responses
    from loyaltysem.study.plan import Plan

MEASURES = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")
"""Fit measures that are compared."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """Where a flag's index and its threshold are found."""

    index: str
    rule: str | None


SIGNS: dict[Flag, _Sign] = {
    "long_string": _Sign("long_string", "long_string"),
    "straight_lining": _Sign("straight_lined", "straight_lining"),
    "low_variability": _Sign("variability", "low_variability"),
    "outlier": _Sign("distance_pvalue", "outlier_pvalue"),
    "even_odd": _Sign("even_odd", "even_odd"),
    "synonyms": _Sign("synonyms", "synonyms"),
    "antonyms": _Sign("antonyms", "synonyms"),
    "person_total": _Sign("person_total", "person_total"),
    "too_fast": _Sign("seconds_per_item", "seconds_per_item"),
    "duplicate": _Sign("copies", None),
    "same_device": _Sign("same_device", None),
}


def _compute(material: Material) -> Found:
    screening = material.screening
    if screening is None or screening.account is None:
        return Found()
    compared, notices = _compared(material, screening.read)
    record = careless_result(
        screening.account, material.plan, screening.kept.ledger.exclusions(), compared
    )
    return Found(record=record, notices=notice_records(notices))


def careless_result(
    account: CarelessAccount,
    plan: Plan,
    lost: dict[str, int],
    compared: tuple[ComparedModel, ...] = (),
) -> CarelessResult:
    """Return the signs as a record; ``lost`` are respondents excluded by reason."""
    chosen, signs = settings(plan), account.flags.sum(axis=1)
    return CarelessResult(
        n=len(account.flags),
        n_flagged=int((signs > 0).sum()),
        n_several=int((signs > 1).sum()),
        n_excluded=sum(lost.get(one, 0) for one in chosen.exclude),
        least=chosen.least,
        flags=tuple(_flag(account, one, chosen.exclude, lost) for one in FLAGS),
        compared=compared,
    )


def _flag(
    account: CarelessAccount, flag: Flag, excluding: tuple[Flag, ...], lost: dict[str, int]
) -> CarelessFlag:
    sign = SIGNS[flag]
    n = int(account.flags[flag].sum())
    return CarelessFlag(
        flag=flag,
        threshold=getattr(account.rules, sign.rule) if sign.rule else None,
        available=bool(account.indices[sign.index].notna().any()),
        n=n,
        share=n / len(account.flags),
        excludes=flag in excluding,
        n_excluded=lost.get(flag, 0) if flag in excluding else 0,
    )


def _compared(
    material: Material, everybody: Responses
) -> tuple[tuple[ComparedModel, ...], list[Notice]]:
    """Return each model fitted with and without those who were excluded."""
    plan = material.plan
    if not settings(plan).compare:
        return (), []
    responses = analysed(plan, everybody)
    copies = imputed(plan, responses)
    found, notices = [], []
    for position, fitted in enumerate(material.models):
        material.tell(position, len(material.models))
        try:
            whole = fit_model(plan, fitted.definition, responses, copies)
        except LoyaltysemError as fault:
            text = f"'{fitted.definition.name}' could not be fitted with everybody: {fault}"
            facts = {"model": fitted.definition.name, **reason_facts(fault)}
            notices.append(Notice("not_compared_with_everybody", text, facts))
            continue
        found.append(compared_model(fitted.definition.name, fitted.fit, whole.fit))
    return tuple(found), notices


def compared_model(name: str, kept: Fit, everybody: Fit) -> ComparedModel:
    """Return fit and paths of a model fitted without and with the excluded respondents."""
    pairs = zip(_paths(kept), _paths(everybody), strict=True)
    return ComparedModel(
        name=name,
        n=kept.n,
        n_all=everybody.n,
        fit=_measures(kept),
        fit_all=_measures(everybody),
        paths=tuple(_compared_path(own, whole) for own, whole in pairs),
    )


def _paths(fitted: Fit) -> list[dict[str, Any]]:
    table = fitted.estimates()
    return [plain_record(row) for row in table[table["op"] == "~"].to_dict("records")]


def _compared_path(own: dict[str, Any], whole: dict[str, Any]) -> ComparedPath:
    numbers = ("est", "se", "pvalue", "std_all")
    return ComparedPath(
        lhs=own["lhs"],
        rhs=own["rhs"],
        group=own["group"],
        **{name: own[name] for name in numbers},
        **{f"{name}_all": whole[name] for name in numbers},
    )


def _measures(fitted: Fit) -> dict[str, float | None]:
    measures = plain_record(fitted.measures())
    return {name: measures[name] for name in MEASURES if name in measures}


CARELESS = StudyPart(
    field="careless",
    step="Signs of careless answering",
    wanted=wanted,
    compute=_compute,
)
