"""Models with and without local misfit, with a second engine, and with what limits conclusions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import (
    BootstrapRecord,
    DiagnosticsResult,
    LargeResidual,
    ModificationRecord,
    ModificationResult,
    MomentsRecord,
    ReplicatedIndex,
    ReplicationResult,
    ResidualsRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MOMENTS = MomentsRecord(
    variables=("t1", "l1"), n=200, means=(3.0, 3.1), covariance=((1.2, 0.4), (0.4, 1.1))
)
STATES = ("agrees", "stopped_short", "worse", "better", "impossible")


def diagnostics(above: int, large: int, groups: tuple[str, ...] = ("",)) -> DiagnosticsResult:
    change = ModificationRecord(lhs="t1", op="~~", rhs="l1", group=1, mi=5.2, epc=0.1, sepc_all=0.2)
    return DiagnosticsResult(
        modification=ModificationResult(n=40, n_above=above, limit=3.8414588, rows=(change,)),
        residuals=tuple(
            ResidualsRecord(
                group=number,
                label=label,
                variables=("t1", "l1"),
                lower=((0.0,), (0.12, 0.0)),
                limit=0.1,
                n_large=large,
                n_pairs=1,
            )
            for number, label in enumerate(groups, start=1)
        ),
        largest=(
            LargeResidual(
                first="t1", second="l1", group=1, residual=0.12, normalized=1.9, standardized=None
            ),
        ),
    )


def replication(state: Any, largest: float | None, differing: int) -> ReplicationResult:
    index = ReplicatedIndex(index="gfi", native=0.98, other=0.97, agrees=False)
    same = ReplicatedIndex(index="baseline.chisq", native=90.0, other=90.0, agrees=True)
    other = index.model_copy(update={"index": "cfi"})
    return ReplicationResult(
        state=state,
        reason="no",
        n_parameters=5,
        n_agreeing=4,
        largest_difference=largest,
        parameter="t1 ~~ t1",
        indices=(same, index, other)[: 1 + differing],
    )


def studies(make: Any) -> Iterator[Any]:
    yield from _diagnosed(make)
    yield from _replicated(make)
    yield from _limited(make)


def _diagnosed(make: Any) -> Iterator[Any]:
    for above, large, groups in (
        (1, 0, ("",)),
        (9, 1, ("",)),
        (0, 2, ("men", "women")),
    ):
        model = make.model(diagnostics=diagnostics(above, large, groups), moments=MOMENTS)
        yield make.study(models=(model,))
    variables = tuple(f"x{number}" for number in range(14))
    covariance = tuple((1.0,) * 14 for _ in range(14))
    wide = MomentsRecord(variables=variables, n=200, means=(0.0,) * 14, covariance=covariance)
    residuals = ResidualsRecord(
        group=1,
        label="",
        variables=variables,
        lower=tuple((0.0,) * (place + 1) for place in range(14)),
        limit=0.1,
        n_large=1,
        n_pairs=91,
    )
    found = diagnostics(1, 0).model_copy(update={"residuals": (residuals,)})
    yield make.study(models=(make.model(diagnostics=found, moments=wide),))


def _replicated(make: Any) -> Iterator[Any]:
    for state in STATES:
        for largest, differing in ((0.001, 1), (None, 2), (0.2, 0)):
            found = replication(state, largest, differing)
            yield make.study(models=(make.model(replication=found),))


def _limited(make: Any) -> Iterator[Any]:
    good = make.study()
    few = good.sample.model_copy(update={"n_read": 300, "n_analysed": 150})
    ordinal = good.questionnaire.constructs[0]
    item = ordinal.items[0].model_copy(update={"scale": (1, 4)})
    asked = good.questionnaire.model_copy(
        update={"constructs": (ordinal.model_copy(update={"items": (item,)}),)}
    )
    plain = make.model()
    base = plain.validity
    pair = plain.latent_correlations[0].model_copy(update={"correlation": 0.9})
    draws = BootstrapRecord(draws=1000, failed=100, reasons={}, seed=1)
    effects = make.effects().model_copy(update={"bootstrap": draws})
    missed = make.verdict("cfi", 0.8, ">", 0.9).model_copy(update={"met": False})
    limited = make.model(
        npar=90,
        admissible=False,
        verdicts=(missed,),
        diagnostics=diagnostics(1, 1),
        validity=(base[0].model_copy(update={"ave": 0.3}), *base[1:]),
        latent_correlations=(pair,),
        hypotheses=(make.hypothesis(verdict="not_judged", reason="no_standard_error"),),
        effects=effects,
    )
    several = limited.model_copy(
        update={"latent_correlations": (pair, pair), "diagnostics": diagnostics(1, 2)}
    )
    many = limited.model_copy(update={"latent_correlations": (pair, pair, pair)})
    rejected = make.model(fit={**plain.fit, "pvalue": 0.01}, verdicts=())
    scales = (make.scale("trust", 0.5), make.scale("loyalty", 0.9))
    skewed = (make.item("t1", skewness=2.5),)
    yield make.study(sample=few, models=(limited,), questionnaire=asked, reliability=scales)
    yield make.study(models=(several, limited, rejected), descriptives=skewed)
    yield make.study(models=(many, rejected))
    yield make.study(models=(rejected,))
    yield make.study(models=(make.model(converged=False),))
    yield make.study(models=(make.model(converged=False), rejected))
    measured = tuple(row for row in plain.parameters if row.op != "~")
    yield make.study(models=(make.model(parameters=measured, effects=None, hypotheses=()),))
