"""Studies that together need every sentence on moderation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import (
    ConditionalIndirect,
    ModeratedMediation,
    ModerationPath,
    ModerationResult,
    RegionRecord,
    SlopeBand,
    SlopeRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loyaltysem.results import Text

NOTICES: dict[str, dict[str, Any]] = {
    "lms_not_converged": {"gradient_max": 0.02},
    "lms_information_singular": {},
    "moderation_failed": {"moderator": "price", "path": "trust -> loyalty", "why": "No solution."},
}

OPTIONS: tuple[Text, ...] = ({"en": "Men", "zh": "男"}, {"en": "Women", "zh": "女"})


def path(role: str, est: float | None = 0.3123, pvalue: float | None = 0.0012) -> ModerationPath:
    """Return a path with invented numbers."""
    numbers = {"se": 0.0912, "z": 3.2345, "ci_lower": 0.1334, "ci_upper": 0.4912, "std_all": 0.2871}
    return ModerationPath.model_validate({"role": role, "est": est, "pvalue": pvalue, **numbers})


def slope(sds: float, est: float = 0.3123, pvalue: float = 0.012, name: Text | None = None) -> Any:
    """Return a simple slope with invented numbers."""
    return SlopeRecord(
        sds=sds,
        value=0.91 * sds,
        name=name or {},
        intercept=0.11 * sds,
        est=est,
        se=0.0871,
        z=2.5123,
        pvalue=pvalue,
        ci_lower=est - 0.17,
        ci_upper=est + 0.17,
        std=0.2712,
    )


def region(side: str, *points: float) -> RegionRecord:
    """Return a region of significance within three standard deviations of .91."""
    return RegionRecord.model_validate(
        {
            "points": tuple(0.91 * point for point in points),
            "points_sds": points,
            "low": -2.73,
            "high": 2.73,
            "significant": side,
            "share": 0.6312,
        }
    )


def mediated(index: float = -0.0541, method: str = "mc") -> ModeratedMediation:
    """Return a conditional indirect effect; its index differs from zero where it is negative."""
    effect = {"est": 0.1321, "se": 0.0512, "lower": 0.0318, "upper": 0.2412}
    return ModeratedMediation.model_validate(
        {
            "path": "price -> trust -> loyalty",
            "method": method,
            "effects": tuple(ConditionalIndirect(sds=sds, **effect) for sds in (-1.0, 1.0)),
            "index": index,
            "index_se": 0.0211,
            "index_z": index / 0.0211,
            "index_pvalue": 0.0104,
            "index_lower": -0.0971,
            "index_upper": -0.0123 if index < 0 else 0.0618,
        }
    )


def result(**changes: Any) -> ModerationResult:
    """Return a moderation with invented numbers."""
    facts: dict[str, Any] = {
        "outcome": "loyalty",
        "predictor": "trust",
        "moderator": "price",
        "method": "lms",
        "products": "matched",
        "centring": "double_mean",
        "estimator": "ML",
        "n": 200,
        "npar": 31,
        "nodes": 27,
        "level": 0.95,
        "sd_predictor": 0.8123,
        "sd_moderator": 0.91,
        "paths": (path("predictor"), path("moderator"), path("product")),
        "slopes": (slope(-1.0, pvalue=0.4), slope(0.0), slope(1.0)),
        "region": region("above", -0.4123),
        "band": SlopeBand(
            value=(-2.73, 0.0, 2.73),
            est=(-0.1, 0.3, 0.7),
            ci_lower=(-0.4, 0.1, 0.3),
            ci_upper=(0.2, 0.5, 1.1),
        ),
        "r2": 0.3312,
        "r2_linear": 0.3087,
        "chisq": 9.8712,
        "df": 1,
        "p_test": 0.0017,
        "bic_difference": -4.5123,
    }
    return ModerationResult(**{**facts, **changes})


def moderations() -> Iterator[ModerationResult]:
    """Yield moderations of every kind."""
    yield result(indirect=(mediated(), mediated(0.0121)))
    yield result(indirect=(mediated(0.0121), mediated(0.0131)))
    yield result(indirect=(mediated(method="perc"),), bic_difference=2.1)
    yield result(indirect=(mediated(0.0121, method="perc"),))
    falling = (path("predictor"), path("moderator"), path("product", est=-0.2))
    observed = {
        "moderator": "gender",
        "moderator_name": {"en": "Gender", "zh": "性别"},
        "nodes": None,
        "region": None,
        "slopes": tuple(slope(k - 0.5, name=name) for k, name in enumerate(OPTIONS)),
    }
    yield result(paths=falling, **observed)
    without_test = {"method": "products", "chisq": None, "df": None, "p_test": None, "r2": None}
    none = (path("predictor"), path("moderator"), path("product", pvalue=0.4))
    flat = tuple(slope(sds, pvalue=0.4) for sds in (-1.0, 0.0, 1.0))
    yield result(paths=none, slopes=flat, region=region("nowhere"), **without_test)
    yield result(products="all_pairs", region=region("everywhere", -6.1, 4.2), **without_test)
    yield result(estimator="MLR", centring="residual", **without_test)
    yield result(region=region("below", 0.8))
    yield result(region=region("between", -0.5, 0.8))
    yield result(region=region("outside", -0.5, 0.8), slopes=(slope(-1.0), slope(1.0)))
    yield result(readable=False)
    unknown = (path("predictor"), path("moderator"), path("product", pvalue=None))
    yield result(paths=unknown)
    square = {"moderator": "trust", "paths": (path("predictor"), path("product"))}
    yield result(**square)
    yield result(**{**square, "paths": (path("predictor"), path("product", pvalue=0.4))})


def studies(make: Any) -> Iterator[Any]:
    """Yield the studies."""
    for one in moderations():
        yield make.study(models=(make.model(moderation=(one,)),))
    judged = make.hypothesis(verdict="not_judged", reason="moderated_path")
    yield make.study(models=(make.model(hypotheses=(judged,)),))


def say(words: Any, make: Any) -> None:
    """Say what no study of these needs."""
    for centring in ("mean", "none"):
        words.say(f"centring.{centring}")
