"""What a reader needs first: warnings about the whole study, and the results in a few lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Bullets, Callout, Heading, Paragraph, plain
from loyaltysem.report.sections.notices import notice_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.report.context import Context
    from loyaltysem.report.document import Line
    from loyaltysem.results import IndexVerdict, MeasurementModelResult, ModelResult


def opening(context: Context) -> list[Block]:
    """Return the simulation warning, the study's description, notices and the summary."""
    blocks: list[Block] = []
    study = context.results.study
    if study.simulated:
        warning = (context.say("simulated.text"),)
        blocks.append(Callout(title=context.say("simulated.title"), items=warning))
    if description := context.text(study.description):
        blocks.append(Paragraph(text=plain(description)))
    notices = [
        one
        for one in context.results.notices
        if not (one.code == "simulated_data" and study.simulated)
    ]
    if notices:
        lines = notice_lines(context, notices)
        blocks.append(Callout(title=context.say("notices.title"), items=lines))
    return [*blocks, *_summary(context)]


def _summary(context: Context) -> list[Block]:
    sample = context.results.sample
    lines = [context.say("summary.sample", read=sample.n_read, analysed=sample.n_analysed)]
    for model in context.results.models:
        lines.append(_fit_line(context, model))
        if model.converged and model.hypotheses:
            lines.append(_hypothesis_line(context, model))
    return [
        Heading(key="summary", level=1, text=context.say("summary.heading")),
        Bullets(items=tuple(lines)),
    ]


def _fit_line(context: Context, model: ModelResult) -> Line:
    return context.say(
        "summary.fit",
        model=context.text(model.title),
        converged=model.converged,
        admissible=model.admissible,
        judged=_counts(model),
        fit=fit_facts(model),
    )


def _counts(model: ModelResult) -> list[dict[str, object]]:
    """Return how many cut-offs of each profile are met."""
    judged: dict[str, list[bool]] = {}
    for verdict in model.verdicts:
        if verdict.met is not None:
            judged.setdefault(verdict.profile, []).append(verdict.met)
    return [
        {"profile": profile, "met": sum(met), "judged": len(met)} for profile, met in judged.items()
    ]


def _hypothesis_line(context: Context, model: ModelResult) -> Line:
    counts = Counter(one.verdict for one in model.hypotheses)
    return context.say(
        "summary.hypotheses",
        model=context.text(model.title) if len(context.results.models) > 1 else "",
        total=len(model.hypotheses),
        supported=counts["supported"],
        not_supported=counts["not_supported"],
        opposite=counts["opposite"],
        not_judged=counts["not_judged"],
    )


def fit_facts(model: ModelResult | MeasurementModelResult) -> dict[str, object]:
    """Return the measures that sentences about fit use, corrected ones where there are any.

    The keys are chisq, df, pvalue, cfi, tli, rmsea, rmsea_lower, rmsea_upper and srmr;
    ``corrected`` tells that the chi-square is a scaled one; ``limits`` has the cut-offs by which
    cfi, rmsea and srmr are judged.
    """
    return {
        "chisq": corrected(model, "chisq"),
        "df": corrected(model, "df"),
        "pvalue": corrected(model, "pvalue"),
        "cfi": corrected(model, "cfi"),
        "tli": corrected(model, "tli"),
        "rmsea": corrected(model, "rmsea"),
        "rmsea_lower": corrected(model, "rmsea.ci.lower"),
        "rmsea_upper": corrected(model, "rmsea.ci.upper"),
        "srmr": model.fit.get("srmr"),
        "corrected": model.fit.get("chisq.scaled") is not None,
        "limits": {
            measure: nearest_cutoff(
                [one for one in model.verdicts if one.index.split(".")[0] == measure]
            )
            for measure in ("cfi", "rmsea", "srmr")
        },
    }


def nearest_cutoff(verdicts: Sequence[IndexVerdict]) -> float | None:
    """Return the cut-off of a measure that its value is most easily mistaken for."""
    judged = [
        (abs(one.value - one.cutoff), one.cutoff) for one in verdicts if one.value is not None
    ]
    return min(judged)[1] if judged else None


def corrected(model: ModelResult | MeasurementModelResult, measure: str) -> float | None:
    """Return a fit measure, robust before scaled before plain."""
    values = (model.fit.get(measure + suffix) for suffix in (".robust", ".scaled", ""))
    return next((value for value in values if value is not None), None)
