"""What the numbers themselves say against the conclusions, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.report.document import Block, Bullets, Heading, Line, Paragraph
from loyaltysem.report.sections.chapters import converged
from loyaltysem.report.sections.measurement import measured
from loyaltysem.structural.specifications import CATEGORICAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.report.context import Context
    from loyaltysem.results import ModelResult

FEW_RESPONDENTS = 200
FEW_PER_PARAMETER = 10
"""Respondents, and respondents per free parameter, below which estimates are shaky (Kline 2016)."""

MANY_EXCLUDED = 0.1
"""Share of respondents left out from which the loss is worth a word."""

CLOSE = 0.85
"""Correlation of constructs from which they are hard to tell apart (Henseler et al. 2015)."""

SKEWED, PEAKED = 2.0, 7.0
"""Skewness and excess kurtosis from which normal theory is in doubt (West, Finch & Curran 1995)."""

FEW_CATEGORIES = 4
"""Answer categories up to which items are better analysed as ordinal (Rhemtulla et al. 2012)."""

MANY_FAILED = 0.05
"""Share of failed draws from which a bootstrap is in doubt."""

NORMAL_THEORY = frozenset({"ML", "GLS"})


def limitations(context: Context) -> list[Block]:
    """Return the section on limitations; nothing without a model."""
    models = context.results.models
    if not models:
        return []
    several = len(models) > 1
    lines: list[Line] = [*_of_sample(context), *_of_scales(context)]
    for model in models:
        title = context.text(model.title) if several else ""
        lines += [
            context.say(f"limitations.{key}", model=title, **facts)
            for key, facts in _of_model(context, model)
        ]
    if any(row.op == "~" for _, model in converged(context) for row in model.parameters):
        lines.append(context.say("limitations.direction"))
    text = context.say("limitations.text" if lines else "limitations.none")
    heading = Heading(key="limitations", level=1, text=context.say("limitations.heading"))
    blocks: list[Block] = [heading, Paragraph(text=text)]
    return [*blocks, Bullets(items=tuple(lines))] if lines else blocks


def _of_sample(context: Context) -> Iterator[Line]:
    sample = context.results.sample
    lost = sample.n_read - sample.n_analysed
    if sample.n_read and lost / sample.n_read > MANY_EXCLUDED:
        yield context.say(
            "limitations.excluded", lost=lost, read=sample.n_read, share=lost / sample.n_read
        )
    if sample.n_analysed < FEW_RESPONDENTS:
        yield context.say("limitations.few", n=sample.n_analysed, limit=FEW_RESPONDENTS)


def _of_scales(context: Context) -> Iterator[Line]:
    rule = context.cutoffs.get("alpha")
    weak = [
        (context.construct(one.construct_code), one.alpha)
        for one in context.results.reliability
        if rule and one.alpha is not None and not rule.met_by(one.alpha)
    ]
    if rule and weak:
        yield context.say("limitations.reliability", weak=weak, rule=rule)
    odd = [
        one.code
        for one in context.results.descriptives
        if abs(one.skewness or 0) > SKEWED or abs(one.kurtosis or 0) > PEAKED
    ]
    estimators = {model.estimator for model in context.results.models}
    if odd and estimators & NORMAL_THEORY:
        yield context.say("limitations.normality", items=odd)
    if _few_categories(context) and estimators - set(CATEGORICAL):
        yield context.say("limitations.ordinal", most=FEW_CATEGORIES)


def _few_categories(context: Context) -> bool:
    return any(
        item.scale[1] - item.scale[0] < FEW_CATEGORIES
        for construct in context.results.questionnaire.constructs
        for item in construct.items
    )


def _of_model(context: Context, model: ModelResult) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the sentences that a model's numbers call for, with their facts."""
    if not model.converged:
        yield "not_converged", {}
        return
    ratio = model.n / model.npar if model.npar else None
    if ratio is not None and ratio < FEW_PER_PARAMETER:
        yield "ratio", {"n": model.n, "npar": model.npar, "ratio": ratio}
    if not model.admissible:
        yield "inadmissible", {}
    missed = [one for one in model.verdicts if one.met is False]
    if missed:
        yield "fit", {"missed": len(missed), "judged": len(model.verdicts)}
    elif (pvalue := model.fit.get("pvalue")) is not None and pvalue < 0.05:
        yield "exact_fit", {"pvalue": pvalue}
    if model.diagnostics and (large := sum(one.n_large for one in model.diagnostics.residuals)):
        yield "residuals", {"large": large, "limit": model.diagnostics.residuals[0].limit}
    yield from _of_constructs(context, model)
    unjudged = [one.id for one in model.hypotheses if one.verdict == "not_judged"]
    if unjudged:
        yield "unjudged", {"ids": unjudged}
    draws = model.effects and model.effects.bootstrap
    if draws and draws.failed / draws.draws > MANY_FAILED:
        yield "draws", {"failed": draws.failed, "draws": draws.draws}


def _of_constructs(context: Context, model: ModelResult) -> Iterator[tuple[str, dict[str, object]]]:
    rule = context.cutoffs.get("ave")
    weak = [
        (context.construct(name, model), ave)
        for name, (_, ave) in measured(model).validity.items()
        if rule and ave is not None and not rule.met_by(ave)
    ]
    if rule and weak:
        yield "convergent", {"weak": weak, "rule": rule}
    dimensions = {(row.lhs, row.rhs) for row in model.parameters if row.op == "=~"}
    close = [
        (context.construct(one.first, model), context.construct(one.second, model), one.correlation)
        for one in model.latent_correlations
        if abs(one.correlation) > CLOSE
        and not {(one.first, one.second), (one.second, one.first)} & dimensions
    ]
    if close:
        first, second, correlation = max(close, key=lambda pair: abs(pair[2]))
        facts = {"count": len(close), "first": first, "second": second, "limit": CLOSE}
        yield "close", {**facts, "correlation": correlation}
