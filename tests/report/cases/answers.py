"""Studies that together need every sentence on careless answering, missing answers and shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import (
    BootstrapRecord,
    CarelessFlag,
    CarelessResult,
    ComparedModel,
    ComparedPath,
    ConstructDescriptive,
    EffectsResult,
    ImputationRecord,
    LittleRecord,
    MeasurementModelResult,
    MissingItem,
    MissingPattern,
    MissingResult,
    NormalityResult,
    PooledParameter,
    PooledResult,
    Shape,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTICES: dict[str, dict[str, Any]] = {
    "empty_rows": {"n": 2},
    "imputations_without_estimates": {"n_used": 18, "n": 20},
    "not_compared_with_everybody": {
        "model": "m",
        "why": "It failed",
        "reason": "not_converged",
        "because": {},
    },
    "no_little_test": {"why": "Too few respondents."},
    "no_normality_test": {"why": "Too few respondents."},
    "no_bootstrap_of_imputations": {},
    "no_bootstrap_of_categories": {"share": 0.3},
    "moderation_of_numbers": {"wanted": "WLSMV", "used": "MLR"},
}
VARIANTS: tuple[dict[str, Any], ...] = ({"empty_rows": {"n": 1}},)

SIGNS = (
    "long_string",
    "straight_lining",
    "low_variability",
    "outlier",
    "even_odd",
    "synonyms",
    "antonyms",
    "person_total",
    "too_fast",
    "duplicate",
    "same_device",
)
WITHOUT_THRESHOLD = ("duplicate", "same_device")


def flag(name: str, **changes: Any) -> CarelessFlag:
    threshold = None if name in WITHOUT_THRESHOLD else 0.25
    plain = {"available": True, "n": 3, "share": 0.015, "excludes": False, "n_excluded": 0}
    return CarelessFlag(flag=name, threshold=threshold, **{**plain, **changes})


def careless(**changes: Any) -> CarelessResult:
    plain: dict[str, Any] = {
        "n": 200,
        "n_flagged": 12,
        "n_several": 4,
        "n_excluded": 0,
        "least": 1,
        "flags": tuple(flag(name) for name in SIGNS),
    }
    return CarelessResult(**{**plain, **changes})


def path(rhs: str, pvalue_all: float) -> ComparedPath:
    return ComparedPath(
        lhs="loyalty",
        rhs=rhs,
        group=1,
        est=0.31,
        se=0.05,
        pvalue=0.001,
        std_all=0.32,
        est_all=0.22,
        se_all=0.06,
        pvalue_all=pvalue_all,
        std_all_all=0.23,
    )


def compared(name: str, *paths: ComparedPath) -> ComparedModel:
    fit = {
        "chisq": 9.5,
        "df": 8.0,
        "pvalue": 0.3,
        "cfi": 0.99,
        "tli": 0.98,
        "rmsea": 0.02,
        "srmr": 0.03,
    }
    return ComparedModel(name=name, n=190, n_all=200, fit=fit, fit_all=fit, paths=paths)


def missing(method: str = "listwise", **changes: Any) -> MissingResult:
    items = tuple(
        MissingItem(code=code, n_missing=n, share=n / 200)
        for code, n in (("t1", 3), ("t2", 1), ("l1", 0))
    )
    patterns = (
        MissingPattern(n=196, missing=()),
        MissingPattern(n=3, missing=("t1",)),
        MissingPattern(n=1, missing=("t2",)),
    )
    plain: dict[str, Any] = {
        "n": 200,
        "n_complete": 196,
        "n_items": 3,
        "n_missing": 4,
        "share": 4 / 600,
        "items": items,
        "respondents": {0: 196, 1: 4},
        "n_patterns": 3,
        "patterns": patterns,
        "little": LittleRecord(chisq=5.5, df=4, pvalue=0.24, n_patterns=3),
    }
    return MissingResult(method=method, **{**plain, **changes})


def shape(**changes: Any) -> Shape:
    plain: dict[str, Any] = {
        "median": 4.0,
        "skewness_se": 0.17,
        "skewness_z": -0.5,
        "kurtosis_se": 0.34,
        "kurtosis_z": 0.8,
        "skewness_type3": -0.08,
        "kurtosis_type3": 0.25,
        "floor": 0.02,
        "ceiling": 0.05,
    }
    return Shape(**{**plain, **changes})


def construct(code: str, mean: float | None) -> ConstructDescriptive:
    return ConstructDescriptive(
        construct_code=code,
        n_items=3,
        n=200,
        n_missing=0,
        mean=mean,
        sd=1.1,
        skewness=-0.1,
        kurtosis=0.2,
        minimum=1.0,
        maximum=7.0,
        shape=shape(),
    )


def normality(**changes: Any) -> NormalityResult:
    plain: dict[str, Any] = {
        "n": 196,
        "n_items": 3,
        "skewness": 0.4,
        "skewness_chisq": 13.1,
        "skewness_df": 10,
        "skewness_pvalue": 0.22,
        "kurtosis": 15.4,
        "kurtosis_expected": 15.0,
        "kurtosis_z": 0.5,
        "kurtosis_pvalue": 0.62,
        "henze_zirkler": 0.91,
        "henze_zirkler_pvalue": 0.08,
        "n_outliers": 0,
        "expected": (0.5, 1.5, 3.0),
        "observed": (0.6, 1.4, 3.3),
    }
    return NormalityResult(**{**plain, **changes})


def pooled(**changes: Any) -> PooledResult:
    rows = (("loyalty", "~", "trust"), ("t1", "~1", ""), ("t1", "~~", "t1"), ("ab", ":=", "a*b"))
    parameters = tuple(
        PooledParameter(
            lhs=lhs,
            op=op,
            rhs=rhs,
            group=1,
            est=0.3,
            se=0.05,
            t=6.0,
            df=180.5,
            pvalue=0.0001,
            riv=0.1,
            fmi=0.09,
        )
        for lhs, op, rhs in rows
    )
    plain: dict[str, Any] = {
        "n_datasets": 20,
        "n_used": 20,
        "test": "D3",
        "statistic": 1.2,
        "df": 8,
        "df_error": 1500.5,
        "pvalue": 0.29,
        "chisq": 9.6,
        "riv": 0.12,
        "parameters": parameters,
    }
    return PooledResult(**{**plain, **changes})


def studies(make: Any) -> Iterator[Any]:
    yield from _careless(make)
    yield from _missing(make)
    yield from _shapes(make)
    yield from _normality(make)
    yield from _pooled(make)


def _careless(make: Any) -> Iterator[Any]:
    yield make.study(careless=careless())
    excluding = tuple(
        flag(name, excludes=name == "duplicate", n_excluded=3 * (name == "duplicate"))
        for name in SIGNS
    )
    name = make.model().name
    yield make.study(
        careless=careless(
            flags=excluding,
            n_excluded=3,
            compared=(compared(name, path("trust", 0.2)), compared("other")),
        )
    )
    unknown = (flag("too_fast", available=False, n=0, share=0.0), *excluding)
    yield make.study(
        careless=careless(flags=unknown, least=2, compared=(compared(name, path("trust", 0.003)),))
    )


def _missing(make: Any) -> Iterator[Any]:
    yield make.study(missing=missing(n_missing=0))
    made = ImputationRecord(datasets=20, steps=100, seed=1, n_cells=4, n_respondents=4, test="D3")
    yield make.study(missing=missing("mi", imputation=made))
    yield make.study(missing=missing("fiml", little=None, n_patterns=30))
    little = LittleRecord(chisq=15.5, df=4, pvalue=0.004, n_patterns=3)
    yield make.study(missing=missing("em", little=little, n_missing=1))
    full = tuple(MissingItem(code=code, n_missing=1, share=0.005) for code in ("t1", "t2", "l1"))
    yield make.study(missing=missing(items=full))
    yield make.study(missing=missing(n_items=4))


def _shapes(make: Any) -> Iterator[Any]:
    item = make.item("t1")

    def described(*shapes: Shape) -> tuple[Any, ...]:
        counts = (10, 20, 40, 60, 40, 20, 10)
        return tuple(
            item.model_copy(update={"shape": one, "counts": counts if k == 0 else ()})
            for k, one in enumerate(shapes)
        )

    yield make.study(descriptives=described(shape()))
    yield make.study(descriptives=described(shape(floor=0.3), shape(skewness_se=0.2)))
    yield make.study(descriptives=described(shape(ceiling=0.4, floor=None)))
    yield make.study(construct_descriptives=(construct("trust", 4.2), construct("loyalty", 3.9)))
    yield make.study(construct_descriptives=(construct("trust", None),))


def _normality(make: Any) -> Iterator[Any]:
    yield make.study(normality=normality())
    one = {"kurtosis_pvalue": 0.001, "n_outliers": 1, "henze_zirkler": None}
    yield make.study(normality=normality(**one))
    light = {"skewness_pvalue": 0.001, "n_outliers": 3, "kurtosis": 12.0}
    drawn = EffectsResult(
        rows=(),
        level=0.95,
        judged_by="perc",
        bootstrap=BootstrapRecord(draws=1000, failed=0, reasons={}, seed=1),
    )
    for models in ((make.model(estimator="MLR"),), (make.model(effects=drawn),)):
        yield make.study(normality=normality(**light), models=models)


def _pooled(make: Any) -> Iterator[Any]:
    measured = MeasurementModelResult(
        converged=True,
        admissible=True,
        n=200,
        fit={"chisq": 12.34, "df": 8, "pvalue": 0.137},
        verdicts=(),
        constructs=(),
        correlations=(),
        constrained=(),
    )
    for found in (
        pooled(),
        pooled(n_used=18, statistic=None, parameters=()),
    ):
        yield make.study(models=(make.model(pooled=found, measurement=measured),))
