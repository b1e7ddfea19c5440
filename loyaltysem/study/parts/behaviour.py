"""What the respondents bought, and whether their attitudes go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from loyaltysem.errors import LoyaltysemError, Notice, ResponsesError, StudyError, listed
from loyaltysem.measurement.behaviour import customer_behaviour, known_groups, rfm_tiers
from loyaltysem.measurement.future_purchases import fit_purchase_model, repeat_purchases
from loyaltysem.responses.frames import data_frame
from loyaltysem.responses.tables import read_table
from loyaltysem.results import BehaviourResult, KnownGroups, PurchaseModelRecord, TierRecord
from loyaltysem.study.parts.constructs import analysed_constructs
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.plain import notice_records, plain_record, plain_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loyaltysem.study.plan import Plan
    from loyaltysem.study.settings.behaviour import BehaviourDefinition


def _compute(material: Material) -> Found:
    wanted = material.plan.definition.behaviour
    if wanted is None:
        return Found()
    transactions = data_frame(read_table(material.plan.folder / wanted.data))
    return bought(transactions, material.responses.answers, analysed_constructs(material), wanted)


def bought(
    transactions: pd.DataFrame,
    answers: pd.DataFrame,
    constructs: Mapping[str, list[str]],
    wanted: BehaviourDefinition,
) -> Found:
    """Return tiers of customers, known-groups validity and a model of purchases.

    Parameters
    ----------
    transactions
        One row per purchase.
    answers
        The respondents' answers, indexed by id.
    constructs
        Item codes by construct.
    wanted
        What the study says of the table.

    Raises
    ------
    ResponsesError
        The table cannot be used, or none of its customers answered.
    """
    names = {"customer": wanted.customer, "date": wanted.date, "amount": wanted.amount}
    found = customer_behaviour(transactions, **names, until=wanted.until)
    found.index = found.index.map(_as_id)
    matched = found.index.intersection(answers.index.map(str))
    if matched.empty:
        raise _strangers(found.index, answers.index)
    scored = rfm_tiers(found, rules=wanted.rules, names=wanted.tiers)
    model, table, notices = _future(found, wanted.horizon)
    record = BehaviourResult(
        n_transactions=int(transactions[wanted.customer].notna().sum()),
        n_customers=len(found),
        n_matched=len(matched),
        n_unmatched=len(answers) - len(matched),
        first_day=str((_last_day(transactions, wanted) - _days(found["tenure"].max())).date()),
        last_day=str(_last_day(transactions, wanted).date()),
        repurchased=float(found["repurchased"].mean()),
        rules=dict(wanted.rules),
        tiers=_tiers(found.join(table), scored["tier"], set(matched)),
        known_groups=_known_groups(answers, constructs, scored["tier"]),
        model=model,
    )
    return Found(record=record, notices=notice_records([*notices, *_unmatched(record)]))


def _as_id(value: object) -> str:
    """Return a customer's id as text; whole numbers without a decimal point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _last_day(transactions: pd.DataFrame, wanted: BehaviourDefinition) -> pd.Timestamp:
    if wanted.until:
        return pd.Timestamp(wanted.until)
    return pd.Timestamp(pd.to_datetime(transactions[wanted.date], format="ISO8601").max())


def _days(number: float) -> pd.Timedelta:
    return pd.Timedelta(days=int(number))


def _strangers(customers: pd.Index, respondents: pd.Index) -> ResponsesError:
    return ResponsesError(
        "No customer of the purchases is among the respondents",
        found=f"customers {listed(customers, 4)}; respondents {listed(respondents, 4)}",
        remedy="Use the same ids in both files; the answers need a column 'id'.",
    )


def _future(
    found: pd.DataFrame, horizon: float
) -> tuple[PurchaseModelRecord | None, pd.DataFrame, list[Notice]]:
    """Return the model of purchases, and what it expects of each customer."""
    past = repeat_purchases(found)
    columns = past["repeats"], past["last"], past["age"]
    try:
        model = fit_purchase_model(*columns)
    except LoyaltysemError as fault:
        text = f"No model of future purchases: {fault}"
        notice = Notice("no_purchase_model", text, {"why": str(fault)})
        return None, pd.DataFrame(index=found.index), [notice]
    expected = {"expected": model.expected(horizon, *columns), "alive": model.alive(*columns)}
    record = PurchaseModelRecord(
        r=model.r, alpha=model.alpha, a=model.a, b=model.b, loglik=model.loglik, horizon=horizon
    )
    return record, pd.DataFrame(expected, index=found.index), []


def _tiers(
    customers: pd.DataFrame, tier: pd.Series, respondents: set[str]
) -> tuple[TierRecord, ...]:
    """Return the tiers from the lowest, without those that nobody is in."""
    measures = ["recency", "frequency", "monetary", "repurchased", "expected", "alive"]
    known = [name for name in measures if name in customers]
    return tuple(
        TierRecord(
            name=str(name),
            n_customers=len(own),
            n_respondents=sum(one in respondents for one in own.index),
            **plain_record(own[known].mean().to_dict()),
        )
        for name, own in customers.groupby(tier, observed=True)
    )


def _known_groups(
    answers: pd.DataFrame, constructs: Mapping[str, list[str]], tier: pd.Series
) -> tuple[KnownGroups, ...]:
    """Return the constructs' means by tier; none where the respondents are of one tier."""
    scores = pd.DataFrame({code: answers[own].mean(axis=1) for code, own in constructs.items()})
    scores.index = scores.index.map(str)
    try:
        table = known_groups(scores, tier)
    except ResponsesError:
        return ()
    present = tier.cat.remove_unused_categories().cat.categories
    names = [f"mean_{name}" for name in present]
    return tuple(
        KnownGroups(
            construct_code=code,
            means=tuple(row.get(name) for name in names),
            rho=row["rho"],
            pvalue=row["pvalue"],
            rises=row["rises"],
        )
        for code, row in plain_rows(table).items()
    )


def _unmatched(record: BehaviourResult) -> list[Notice]:
    if not record.n_unmatched:
        return []
    text = f"{record.n_unmatched} respondents have no purchase in the table of purchases."
    return [Notice("respondents_without_purchases", text, {"n": record.n_unmatched})]


def _check(plan: Plan) -> None:
    """Refuse a table of purchases that does not exist, and a last day that is none."""
    wanted = plan.definition.behaviour
    if wanted is None:
        return
    if not (plan.folder / wanted.data).is_file():
        raise StudyError(
            f"The table of purchases '{wanted.data}' does not exist",
            place=plan.definition.place("behaviour", "data"),
            remedy=f"Paths are read from the folder of the study, '{plan.folder.name}'.",
        )
    if wanted.until and pd.isna(pd.to_datetime(wanted.until, errors="coerce", format="ISO8601")):
        raise StudyError(
            "The last day of observation is not a date",
            place=plan.definition.place("behaviour", "until"),
            found=wanted.until,
            expected="a day such as 2024-01-31",
        )


BEHAVIOUR = StudyPart(
    field="behaviour",
    step="Purchases of the respondents",
    wanted=lambda plan: plan.definition.behaviour is not None,
    compute=_compute,
    check=_check,
)
