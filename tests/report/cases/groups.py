"""Studies with groups that together need every sentence about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loyaltysem.results import (
    GroupPath,
    GroupRecord,
    GroupsResult,
    InvarianceCutoffs,
    InvarianceLevel,
    ItemTest,
    LatentMeanDifference,
    PathDifference,
    PathsByGroup,
    PathTest,
    ReleasedParameter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTICES: dict[str, dict[str, Any]] = {
    "groups_not_compared": {"why": "No estimates were found."},
    "groups_of_numbers": {"why": "", "item": "IM2", "categories": "1", "group": "male"},
    "invariance_not_converged": {"levels": ["scalar"]},
    "invariance_cutoffs_continuous": {},
    "invariance_release_explorative": {},
    "differences_untested": {},
}

VARIANTS: tuple[dict[str, Any], ...] = ({"groups_of_numbers": {"why": "Nobody chose it."}},)

TESTED: dict[str, Any] = {
    "chisq_diff": 2.345,
    "df_diff": 1,
    "pvalue": 0.1257,
    "pvalue_adjusted": 0.2514,
}
INFERRED: dict[str, Any] = {
    "se": 0.0711,
    "z": 1.51,
    "pvalue": 0.1312,
    "ci": (-0.0321, 0.2467),
}
ENDS = {"predictor": "trust", "outcome": "loyalty"}


def level(name: str, **changes: Any) -> InvarianceLevel:
    """Return a level that holds."""
    first = name == "configural"
    step: dict[str, Any] = {
        "chisq_diff": 7.891,
        "df_diff": 6,
        "pvalue_diff": 0.2464,
        "delta_cfi": -0.0012,
        "delta_rmsea": -0.0034,
        "delta_srmr": 0.0045,
        "chen": "kept",
        "chen_other": "kept",
        "cheung_rensvold": True,
    }
    facts: dict[str, Any] = {
        "level": name,
        "partial": False,
        "chisq": 115.8513,
        "df": 48,
        "pvalue": 0.0001,
        "cfi": 0.9231,
        "rmsea": 0.0961,
        "srmr": 0.0679,
        "kept": True,
        "converged": True,
        "released": (),
        **(dict.fromkeys(step) if first else step),
    }
    return InvarianceLevel(**{**facts, **changes})


def group_codes(n_groups: int) -> list[str]:
    """Return the codes of groups a, b, …"""
    return [chr(ord("a") + k) for k in range(n_groups)]


def paths(n_groups: int = 2, **changes: Any) -> PathsByGroup:
    """Return one path compared between groups."""
    codes = group_codes(n_groups)
    pair = {**ENDS, **INFERRED, **TESTED, "difference": 0.1073, "pvalue_wald": 0.1312}
    facts: dict[str, Any] = {
        "estimates": tuple(
            GroupPath(**ENDS, **INFERRED, group=code, est=0.4111, std_all=0.3777) for code in codes
        ),
        "pairs": tuple(
            PathDifference(**pair, group=second, reference=first)
            for k, first in enumerate(codes)
            for second in codes[k + 1 :]
        ),
        "omnibus": (PathTest(**ENDS, **TESTED),),
        "chisq_diff": 2.345,
        "df_diff": 1,
        "pvalue": 0.1257,
        "method": "standard",
        "released": (),
    }
    return PathsByGroup(**{**facts, **changes})


def mean(**changes: Any) -> LatentMeanDifference:
    """Return a difference between latent means that is not significant."""
    facts: dict[str, Any] = {
        "latent": "trust",
        "group": "b",
        "reference": "a",
        "unit": "t1",
        "est": 0.1073,
        **INFERRED,
        "pvalue_adjusted": 0.2624,
        "d": 0.1522,
        "d_ci": (-0.0456, 0.3500),
    }
    return LatentMeanDifference(**{**facts, **changes})


def found(n_groups: int = 2, **changes: Any) -> GroupsResult:
    """Return groups in which every level of invariance holds."""
    names = {code: {"en": f"Group {code}", "zh": f"{code} 组"} for code in group_codes(n_groups)}
    facts: dict[str, Any] = {
        "by": "gender",
        "name": {"en": "Gender", "zh": "性别"},
        "groups": tuple(GroupRecord(code=code, name=name, n=150) for code, name in names.items()),
        "n_missing": 0,
        "n_left_out": 0,
        "levels": tuple(level(name) for name in ("configural", "metric", "scalar", "strict")),
        "cutoffs": InvarianceCutoffs(
            sample="large", cfi=0.01, rmsea=0.015, srmr_loadings=0.03, srmr=0.01
        ),
        "criterion": "chen",
        "index": "standard",
        "method": "standard",
        "reached": "strict",
        "reached_partial": False,
        "item_tests": (),
        "releases": (),
        "means": (mean(),),
        "means_supported": True,
        "means_partial": False,
        "paths": paths(n_groups),
        "paths_supported": True,
        "correction": "holm",
        "confidence": 0.95,
    }
    return GroupsResult(**{**facts, **changes})


def studies(make: Any) -> Iterator[Any]:
    """Yield one study for each of the groups that need the sentences."""
    for groups in (found(), *_samples(), *_broken(), *_differing(), *_judged()):
        yield make.study(models=(make.model(groups=groups),))


def _samples() -> Iterator[GroupsResult]:
    yield found(n_missing=1, n_left_out=1)
    yield found(3, n_missing=7, n_left_out=7, paths=None)
    small = InvarianceCutoffs(
        sample="small", cfi=0.005, rmsea=0.01, srmr_loadings=0.025, srmr=0.005
    )
    yield found(cutoffs=small, index="robust", method="satorra.bentler.2001")
    yield found(3, criterion="cfi", index="scaled", method="satorra.2000")
    yield found(criterion="chisq")


def _broken() -> Iterator[GroupsResult]:
    """Yield groups in which a level does not hold, with and without releases."""
    failed: dict[str, Any] = {"chen": "broken", "cheung_rensvold": False, "kept": False}
    for reached in ("scalar", "metric", "thresholds", "configural", None):
        yield found(
            reached=reached,
            reached_partial=reached in ("scalar", "metric"),
            levels=(level("configural"), level("metric", **failed)),
            item_tests=tuple(item_tests()),
            means_supported=False,
            paths_supported=False,
        )
    releases = tuple(release(kind, because) for kind, because in RELEASES)
    partial = level("metric", partial=True, released=("trust=~t2",))
    yield found(
        levels=(level("configural"), level("metric", **failed), partial),
        item_tests=tuple(item_tests()),
        method="satorra.bentler.2001",
        releases=releases,
        reached_partial=True,
        means_partial=True,
    )


RELEASES = (
    ("thresholds", "score"),
    ("loadings", "thresholds"),
    ("intercepts", "loading"),
    ("residuals", "score"),
)


def release(kind: str, because: str) -> ReleasedParameter:
    """Return a release."""
    tested: dict[str, Any] = {"chisq": 19.19, "df": 1, "pvalue": 0.0001, "epc": -0.54}
    values = tested if because == "score" else dict.fromkeys(tested)
    return ReleasedParameter(
        level="metric", parameter="t2", kind=kind, item="t2", because=because, **values
    )


def item_tests() -> Iterator[ItemTest]:
    """Yield score tests of two loadings."""
    for item in ("t2", "t3"):
        yield ItemTest(
            level="metric",
            parameter=f"trust=~{item}",
            kind="loadings",
            latent="trust",
            item=item,
            chisq=12.345,
            df=1,
            pvalue=0.0004,
            pvalue_adjusted=0.0016,
            chisq_standard=14.012,
            group="b",
            epc=0.2345,
        )


def _differing() -> Iterator[GroupsResult]:
    """Yield groups with one or two significant differences, under every correction."""
    low = {"pvalue": 0.0011, "pvalue_adjusted": 0.0022}
    test = PathTest(**{**ENDS, **TESTED, **low})
    for correction, times in (("bonferroni", 1), ("bh", 2), ("none", 1)):
        yield found(
            3 if times == 2 else 2,
            correction=correction,
            means=(mean(**low), mean(**low, est=-0.2, d=-0.25))[:times],
            paths=paths(
                3 if times == 2 else 2,
                omnibus=(test, test)[:times],
                pvalue=0.001,
                method="satorra.bentler.2001",
            ),
        )
    yield found(3, correction="none")
    for reached in ("scalar", "metric"):
        yield found(reached=reached)


def _judged() -> Iterator[GroupsResult]:
    """Yield levels on which the criteria do not agree."""
    changes: tuple[dict[str, Any], ...] = (
        {"converged": False},
        {"pvalue_diff": 0.001},
        {"kept": False},
        {"chen": "mixed"},
        {"chen_other": "broken"},
    )
    for one in changes:
        yield found(levels=(level("configural"), level("metric", **one)))
