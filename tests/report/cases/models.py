"""Studies that together need every sentence on method variance, dimensions and rival models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import (
    ChoiceResult,
    ChoiceRow,
    ConstructInflation,
    DimensionLoading,
    DimensionShare,
    DimensionsResult,
    EquivalentRecord,
    FactorShares,
    FitPowerRecord,
    MarkerCorrelation,
    MarkerPair,
    MarkerReliability,
    MarkerResult,
    MethodFactorResult,
    MethodPath,
    MethodVarianceResult,
    NestedTest,
    RivalRecord,
    StepRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTICES: dict[str, dict[str, Any]] = {
    "method_model_unusable": {"model": "free", "state": "improper"},
    "method_paths_unreadable": {"state": "improper"},
    "marker_models_unusable": {"marker": "trust"},
    "marker_model_unusable": {"model": "method_u", "state": "improper"},
    "dimension_model_unusable": {"model": "bifactor", "state": "improper"},
    "second_order_untestable": {"dimensions": 3},
    "models_not_comparable": {},
    "suppressed_path": {"path": "trust -> loyalty", "std_all": -0.21, "correlation": 0.32},
}
VARIANTS: tuple[dict[str, Any], ...] = (
    {"method_model_unusable": {"model": "equal", "state": "failed"}},
)

ENDS = {"predictor": "trust", "outcome": "loyalty"}
PAIR = {"first": "trust", "second": "loyalty"}


def rival(name: str, cfi: float | None = 0.951, state: str = "proper") -> RivalRecord:
    """Return a model with invented fit, without numbers where ``cfi`` is None."""
    numbers = {
        "npar": 21.0, "chisq": 85.306, "df": 24.0, "pvalue": 0.0001, "tli": 0.896,
        "rmsea": 0.0921, "rmsea_lower": 0.0714, "rmsea_upper": 0.1138, "srmr": 0.0652,
        "aic": 7517.49, "bic": 7595.34,
    }  # fmt: skip
    known = numbers if cfi is not None else dict.fromkeys(numbers)
    return RivalRecord.model_validate({"name": name, "state": state, "cfi": cfi, **known})


def step(less: str, more: str, pvalue: float | None = 0.0123, cfi: float = -0.0044) -> StepRecord:
    """Return a step between two models."""
    return StepRecord(
        less=less, more=more, chisq=None if pvalue is None else 8.91, df=1.0, pvalue=pvalue,
        cfi=cfi, tli=-0.0031, rmsea=0.0042, srmr=0.0011,
    )  # fmt: skip


def path(before: float | None, after: float | None, turned: float = 0.2211) -> MethodPath:
    """Return a path with these p values without and with the method factor."""
    return MethodPath(
        **ENDS, est=0.31, pvalue=before, std_all=0.2345, adj_est=0.29, adj_pvalue=after,
        adj_std_all=turned,
    )  # fmt: skip


def factor(**changes: Any) -> MethodFactorResult:
    """Return a method factor whose models all have a solution."""
    facts: dict[str, Any] = {
        "models": (rival("traits"), rival("single_factor", 0.677), rival("equal"), rival("free")),
        "steps": (step("equal", "traits"), step("free", "traits")),
        "chosen": "free",
        "method_share": 0.0235,
        "trait_share": 0.5934,
        "loadings": (),
        "correlations": (),
        "paths": (path(0.01, 0.012), path(0.3, 0.31)),
    }
    return MethodFactorResult(**facts | changes)


def marker(**changes: Any) -> MarkerResult:
    """Return a marker that does nothing."""
    facts: dict[str, Any] = {
        "marker": "trust",
        "unrelated": ("loyalty",),
        "n": 287,
        "method": 0.0412,
        "upper": 0.1397,
        "pairs": (pair(0.001, lost=False), pair(0.2, lost=False)),
        "models": (rival("cfa"), rival("baseline"), rival("method_c"), rival("method_u")),
        "steps": (
            step("method_c", "baseline", 0.21),
            step("method_u", "method_c", 0.31),
            step("method_c", "method_r", 0.41),
        ),
        "chosen": "method_c",
        "reliability": (
            MarkerReliability(
                construct_code="loyalty", total=0.8331, substantive=0.7942, method=0.0389,
                method_share=0.0467,
            ),
        ),
        "correlations": (
            MarkerCorrelation(
                **PAIR, baseline=0.41, adjusted=0.40, sensitivity_05=0.39, sensitivity_01=0.38
            ),
        ),
    }  # fmt: skip
    return MarkerResult(**facts | changes)


def pair(pvalue: float, *, lost: bool) -> MarkerPair:
    """Return an adjusted correlation."""
    return MarkerPair(
        **PAIR, correlation=0.2111, pvalue=pvalue, adjusted=0.1771, adj_pvalue=0.0613,
        adj_se=0.0612, sampling_pvalue=0.0613, upper_adjusted=0.0831, upper_pvalue=0.1613,
        lost=lost,
    )  # fmt: skip


def method(**changes: Any) -> MethodVarianceResult:
    """Return what a study without method variance shows."""
    facts: dict[str, Any] = {
        "n_items": 34,
        "component": 0.3402,
        "factor": 0.3219,
        "inflation": (
            ConstructInflation(construct_code="trust", vif=1.4403),
            ConstructInflation(construct_code="loyalty", vif=1.5806),
        ),
        "inflation_limit": 3.3,
        "unmeasured": factor(),
        "marker": marker(),
    }
    return MethodVarianceResult(**facts | changes)


def dimensions(**changes: Any) -> DimensionsResult:
    """Return four dimensions of which all models have a solution."""
    names = ("single_factor", "uncorrelated", "correlated", "second_order", "bifactor")
    facts: dict[str, Any] = {
        "constructs": ("trust", "loyalty", "price", "image"),
        "model": "small",
        "n": 287,
        "models": tuple(rival(name, 0.5 if name == "single_factor" else 0.95) for name in names),
        "steps": (step("correlated", "second_order", 0.21),),
        "target": 0.9942,
        "second_order": (DimensionLoading(construct_code="trust", loading=0.8123),),
        "shares": (shares("bifactor", 0.81, 0.77), shares("second_order", 0.80, 0.76)),
        "dimensions": (
            DimensionShare(
                model="bifactor", construct_code="trust", omega=0.857, own=0.201, general=0.656
            ),
        ),
    }
    return DimensionsResult(**facts | changes)


def shares(model: Any, hierarchical: float, ecv: float) -> FactorShares:
    """Return the shares of a general factor."""
    return FactorShares(
        model=model, omega=0.92, omega_hierarchical=hierarchical, ecv=ecv, puc=0.733,
        construct_replicability=0.914,
    )  # fmt: skip


def chosen(aic_best: bool = True, *, weighed: bool = True, **changes: Any) -> ChoiceResult:
    """Return two models, the first one the better by AIC."""
    weights = (0.91, 0.09) if aic_best else (0.09, 0.91)
    rows = tuple(
        ChoiceRow(
            model=name, chisq=85.3, df=24.0, cfi=0.93, rmsea=0.092, srmr=0.065, aic=7517.5,
            bic=7595.3, aic_difference=0.0, aic_weight=weight if weighed else None,
            bic_difference=0.0, bic_weight=other,
        )
        for name, weight, other in zip(("small", "other"), weights, (0.81, 0.19), strict=True)
    )  # fmt: skip
    tests = tuple(
        NestedTest(less="small", more="other", chisq=5.4, df=2.0, pvalue=pvalue)
        for pvalue in (0.012, 0.45, None)
    )
    return ChoiceResult(**{"models": rows, "tests": tests} | changes)


def power(value: float) -> tuple[FitPowerRecord, ...]:
    """Return the power of all three tests."""
    limits = {"exact": (0.0, 0.05), "close": (0.05, 0.08), "not_close": (0.05, 0.01)}
    return tuple(
        FitPowerRecord.model_validate(
            {"test": test, "rmsea0": low, "rmsea1": high, "power": value, "n_needed": 214}
        )
        for test, (low, high) in limits.items()
    )


def studies(make: Any) -> Iterator[Any]:
    """Yield studies that together need every sentence of the area."""
    yield from (make.study(models=(make.model(method_variance=one),)) for one in _methods())
    yield from (make.study(models=(make.model(method_variance=one),)) for one in _markers())
    for one in _dimensions():
        yield make.study(dimensions=(one,))
    for choice in (chosen(), chosen(aic_best=False), chosen(weighed=False), chosen(tests=())):
        yield make.study(choice=choice)
    equivalent = tuple(
        EquivalentRecord.model_validate({**ENDS, "change": change})
        for change in ("reversed", "correlated")
    )
    for value in (0.95, 0.61):
        yield make.study(models=(make.model(power=power(value), equivalents=equivalent),))
    indirect = make.hypothesis(path="trust -> price -> loyalty", lower=0.01, upper=0.12)
    unknown = indirect.model_copy(
        update={"verdict": "not_judged", "reason": "no_interval", "lower": None, "upper": None}
    )
    yield make.study(models=(make.model(hypotheses=(indirect, unknown)),))


def _methods() -> Iterator[MethodVarianceResult]:
    yield method()
    twins = (
        ConstructInflation(construct_code="trust", vif=4.41),
        ConstructInflation(construct_code="loyalty", vif=3.9),
    )
    yield method(component=0.45, factor=None, inflation=twins[:1], unmeasured=None, marker=None)
    yield method(component=0.55, inflation=twins)
    infinite = (ConstructInflation(construct_code="trust", vif=None),)
    yield method(component=None, inflation=infinite)
    yield method(inflation=())
    close = (rival("traits", 0.95), rival("single_factor", 0.94), rival("equal"), rival("free"))
    yield method(
        unmeasured=factor(
            models=close, chosen="equal", steps=(step("equal", "traits", 0.4, cfi=-0.2),),
            paths=(path(0.01, 0.2), path(0.2, 0.01), path(0.01, 0.02, turned=-0.2)),
        )
    )  # fmt: skip
    twice = (path(0.01, 0.2), path(0.2, 0.01), path(0.01, 0.02, turned=-0.2)) * 2
    yield method(unmeasured=factor(steps=(), paths=twice))
    yield method(unmeasured=factor(steps=(step("equal", "traits", None),), paths=(path(None, 1),)))
    broken = tuple(
        rival(name, None if state == "not_converged" else 0.9, state)
        for name, state in (
            ("traits", "not_converged"),
            ("single_factor", "failed"),
            ("equal", "improper"),
            ("free", "not_identified"),
        )
    )
    yield method(unmeasured=factor(models=broken, chosen=None, steps=(), method_share=None))


def _markers() -> Iterator[MethodVarianceResult]:
    lost = (pair(0.001, lost=True),)
    found = tuple(
        step(less, more, 0.001)
        for less, more in (
            ("method_c", "baseline"),
            ("method_u", "method_c"),
            ("method_u", "method_r"),
        )
    )
    yield method(marker=marker(pairs=lost, steps=found, chosen="method_u"))
    two = ("loyalty", "trust")
    yield method(marker=marker(pairs=lost * 2, steps=(), reliability=(), unrelated=two))
    yield method(marker=marker(unrelated=()))
    yield method(marker=marker(unrelated=(), pairs=()))
    against = pair(0.001, lost=False).model_copy(update={"correlation": -0.31})
    yield method(marker=marker(pairs=(against,)))
    broken = (rival("cfa"), rival("method_u", None, "not_converged"))
    yield method(marker=marker(pairs=(pair(0.3, lost=False),), models=broken))


def _dimensions() -> Iterator[DimensionsResult]:
    yield dimensions()
    worse = (step("correlated", "second_order", 0.001),)
    yield dimensions(steps=worse, shares=(shares("second_order", 0.8, 0.6),))
    alike = tuple(rival(name, 0.95) for name in ("single_factor", "correlated"))
    yield dimensions(models=alike, steps=(), target=0.99, shares=(shares("bifactor", 0.4, 0.4),))
    yield dimensions(
        constructs=("trust", "loyalty"), target=None, second_order=(), shares=(), dimensions=(),
        models=(rival("correlated", None, "failed"),), steps=(),
    )  # fmt: skip
    yield dimensions(target=None)
