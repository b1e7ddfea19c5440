"""What was asked of an estimation, resolved once into what has to be done.

The estimator names are lavaan's: MLR is maximum likelihood with the observed information, Huber-
White standard errors and the Yuan-Bentler test, and so on. `resolve` turns such a name and the
options given beside it into an `Options` record in which nothing is left to a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from loyaltysem.errors import EstimationError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from loyaltysem.estimation.chisquare import TestName

T = TypeVar("T")
Discrepancy = Literal["ML", "GLS", "ULS", "WLS", "DWLS"]
StandardErrors = Literal[
    "standard",
    "first.order",
    "robust.sem",
    "robust.huber.white",
    "two.stage",
    "robust.two.stage",
    "bootstrap",
    "none",
]
Information = Literal["expected", "observed", "first.order"]
Missing = Literal["listwise", "ml", "ml.x", "two.stage", "robust.two.stage", "pairwise"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an estimator's name stands for."""

    discrepancy: Discrepancy
    se: StandardErrors
    test: TestName
    information: Information | None = None


ESTIMATORS: dict[str, Recipe] = {
    "ML": Recipe("ML", "standard", "standard"),
    "MLF": Recipe("ML", "standard", "standard", "first.order"),
    "MLM": Recipe("ML", "robust.sem", "satorra.bentler"),
    "MLMV": Recipe("ML", "robust.sem", "scaled.shifted"),
    "MLMVS": Recipe("ML", "robust.sem", "mean.var.adjusted"),
    "MLR": Recipe("ML", "robust.huber.white", "yuan.bentler.mplus"),
    "GLS": Recipe("GLS", "standard", "standard"),
    "WLS": Recipe("WLS", "standard", "standard"),
    "ULS": Recipe("ULS", "standard", "standard"),
    "ULSM": Recipe("ULS", "robust.sem", "satorra.bentler"),
    "ULSMV": Recipe("ULS", "robust.sem", "scaled.shifted"),
    "ULSMVS": Recipe("ULS", "robust.sem", "mean.var.adjusted"),
    "DWLS": Recipe("DWLS", "standard", "standard"),
    "WLSM": Recipe("DWLS", "robust.sem", "satorra.bentler"),
    "WLSMV": Recipe("DWLS", "robust.sem", "scaled.shifted"),
    "WLSMVS": Recipe("DWLS", "robust.sem", "mean.var.adjusted"),
}

TESTS: dict[str, TestName] = {
    "none": "none",
    "standard": "standard",
    "chisq": "standard",
    "satorra.bentler": "satorra.bentler",
    "sb": "satorra.bentler",
    "yuan.bentler": "yuan.bentler",
    "yb": "yuan.bentler",
    "yuan.bentler.mplus": "yuan.bentler.mplus",
    "yb.mplus": "yuan.bentler.mplus",
    "mean.var.adjusted": "mean.var.adjusted",
    "satterthwaite": "mean.var.adjusted",
    "scaled.shifted": "scaled.shifted",
    "bollen.stine": "bollen.stine",
}

STANDARD_ERRORS: dict[str, str] = {
    "standard": "standard",
    "first.order": "first.order",
    "robust": "robust",
    "robust.sem": "robust.sem",
    "robust.huber.white": "robust.huber.white",
    "sandwich": "robust.huber.white",
    "two.stage": "two.stage",
    "robust.two.stage": "robust.two.stage",
    "bootstrap": "bootstrap",
    "none": "none",
}

MISSING: dict[str, Missing] = {
    "listwise": "listwise",
    "ml": "ml",
    "fiml": "ml",
    "direct": "ml",
    "ml.x": "ml.x",
    "fiml.x": "ml.x",
    "direct.x": "ml.x",
    "two.stage": "two.stage",
    "em": "two.stage",
    "robust.two.stage": "robust.two.stage",
    "pairwise": "pairwise",
    "available.cases": "pairwise",
}

FULL_INFORMATION: frozenset[str] = frozenset({"ml", "ml.x"})
TWO_STAGE: frozenset[str] = frozenset({"two.stage", "robust.two.stage"})

ENGINES: dict[str, str] = {"native": "native", "semopy": "semopy"}

ROBUST_TESTS: frozenset[str] = frozenset(
    {"satorra.bentler", "yuan.bentler", "yuan.bentler.mplus", "mean.var.adjusted", "scaled.shifted"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A resolved request; the names and values are lavaan's.

    ``estimator`` is the name as asked (MLR), ``discrepancy`` the function that is minimised (ML).
    ``information`` gives the kind for standard errors and the kind for test statistics; ``tests``
    the tests to compute, the standard one first, empty for none. ``fixed_x`` tells whether the
    moments of exogenous covariates are taken as given.
    """

    estimator: str
    discrepancy: Discrepancy
    se: StandardErrors
    tests: tuple[TestName, ...]
    information: tuple[Information, Information]
    likelihood: Literal["normal", "wishart"] = "normal"
    missing: Missing = "listwise"
    ordinal: bool = False
    fixed_x: bool = True
    conditional_x: bool = False
    bootstrap: int = 1000
    seed: int | None = None
    engine: str = "native"

    @property
    def divisor_n(self) -> bool:
        """Whether sample covariances and tests use n, and not n - 1."""
        return self.discrepancy == "ML" and self.likelihood == "normal"

    @property
    def sandwich(self) -> bool:
        """Whether the covariance of the estimates is a sandwich."""
        return self.se.startswith("robust") or self.se in TWO_STAGE

    @property
    def models_gaps(self) -> bool:
        """Whether incomplete rows are kept and what they lack is modelled."""
        return self.missing in FULL_INFORMATION | TWO_STAGE

    @property
    def scaled_test(self) -> TestName | None:
        """The first corrected test, None when only the standard one is computed."""
        return next((name for name in self.tests if name in ROBUST_TESTS), None)


def resolve(
    estimator: str | None = None,
    *,
    missing: str = "listwise",
    ordinal: bool = False,
    se: str | None = None,
    test: str | Sequence[str] | None = None,
    information: str | Sequence[str] | None = None,
    likelihood: str = "normal",
    fixed_x: bool | None = None,
    conditional_x: bool | None = None,
    bootstrap: int = 1000,
    seed: int | None = None,
    engine: str = "native",
) -> Options:
    """Return the options with every default filled in as lavaan fills it.

    Parameters
    ----------
    estimator
        One of the names in `ESTIMATORS`, in any case; ML, or WLSMV with ordinal variables, when
        left out.
    missing
        What to do with missing values: ``listwise``, ``fiml`` (= ``ml``), ``fiml.x``,
        ``two.stage`` (= ``em``), ``robust.two.stage``, ``pairwise``.
    ordinal
        Whether some variable is ordinal.
    se, test, information
        Override what the estimator's name implies; two values of ``information`` are for standard
        errors and for tests.
    likelihood
        ``normal`` (divisor n) or ``wishart`` (n - 1), for ML.
    fixed_x, conditional_x
        None follows lavaan: covariates are fixed under ML, conditioned on with ordinal variables.

    Raises
    ------
    EstimationError
        An unknown value, or two options that contradict each other.
    """
    name = _text(estimator or ("WLSMV" if ordinal else "ML"), "estimator").upper()
    recipe = _choose(name, ESTIMATORS, "estimator")
    rule = _choose(_dotted(missing, "missing"), MISSING, "missing")
    if rule in TWO_STAGE:
        _check_two_stage(recipe, rule, (se, test), fixed_x=fixed_x, ordinal=ordinal)
        recipe, fixed_x = Recipe("ML", rule, "satorra.bentler"), False  # type: ignore[arg-type]
    errors = _standard_errors(se, recipe, rule)
    tests = _tests(test, recipe)
    kinds = _information(information, recipe, rule, errors)
    _check_together(name, recipe, rule, errors, tests, kinds, ordinal=ordinal)
    if conditional_x and not ordinal:
        raise EstimationError(
            "conditional_x is for models with ordinal variables",
            remedy="Use fixed_x: with numeric variables it gives the same estimates.",
        )
    _check_likelihood(likelihood, recipe, rule)
    _choose(_text(engine, "engine"), ENGINES, "engine")
    given = (ordinal and fixed_x is not False) if conditional_x is None else conditional_x
    return Options(
        estimator=name,
        discrepancy=recipe.discrepancy,
        se=errors,
        tests=tests,
        information=kinds,
        likelihood="wishart" if likelihood == "wishart" else "normal",
        missing=rule,
        ordinal=ordinal,
        fixed_x=(recipe.discrepancy == "ML" or given) if fixed_x is None else fixed_x,
        conditional_x=given,
        bootstrap=bootstrap,
        seed=seed,
        engine=engine,
    )


def _choose(value: str, known: dict[str, T], option: str) -> T:
    if value in known:
        return known[value]
    raise EstimationError(
        f"Unknown value of {option}",
        found=f"'{value}'",
        expected=", ".join(known),
        remedy=did_you_mean(value, known),
    )


def _dotted(value: object, option: str) -> str:
    """Return a name as lavaan writes it: small letters, joined by dots."""
    return _text(value, option).lower().replace("_", ".").replace("-", ".")


def _text(value: object, option: str) -> str:
    if isinstance(value, str):
        return value
    raise EstimationError(
        f"The value of {option} is not a name",
        found=repr(value),
        remedy="Put it in quotes, or leave the option out for its default.",
    )


def _standard_errors(se: str | None, recipe: Recipe, missing: Missing) -> StandardErrors:
    if se is None or se == "default":
        return recipe.se
    name = _choose(_dotted(se, "se"), STANDARD_ERRORS, "se")
    if name == "robust":
        with_gaps = missing in FULL_INFORMATION
        return "robust.huber.white" if with_gaps else "robust.sem"
    return name  # type: ignore[return-value]


def _tests(test: str | Sequence[str] | None, recipe: Recipe) -> tuple[TestName, ...]:
    asked = [test] if isinstance(test, str) else list(test or [])
    names = [_choose(_dotted(name, "test"), TESTS, "test") for name in asked if name != "default"]
    if "none" in names:
        return ()
    return tuple(dict.fromkeys(["standard", recipe.test, *names]))


def _information(
    information: str | Sequence[str] | None,
    recipe: Recipe,
    missing: Missing,
    se: StandardErrors,
) -> tuple[Information, Information]:
    """Return the kinds for standard errors and tests; least squares knows the expected one only."""
    observed = missing in FULL_INFORMATION | TWO_STAGE or se in {"robust.huber.white", "bootstrap"}
    default: Information = recipe.information or ("observed" if observed else "expected")
    if se == "first.order" and not observed:
        default = "first.order"
    asked = [information] if isinstance(information, str) else list(information or [])
    kinds = [_information_kind(kind, default) for kind in asked] or [default]
    if recipe.discrepancy in {"ULS", "WLS", "DWLS"}:
        return "expected", "expected"
    return kinds[0], kinds[-1]


def _information_kind(kind: str, default: Information) -> Information:
    known: dict[str, Information] = {
        "default": default,
        "expected": "expected",
        "observed": "observed",
        "first.order": "first.order",
    }
    return _choose(_dotted(kind, "information"), known, "information")


def _check_together(
    name: str,
    recipe: Recipe,
    missing: Missing,
    se: StandardErrors,
    tests: Iterable[str],
    information: tuple[Information, Information],
    *,
    ordinal: bool,
) -> None:
    """Refuse combinations without a meaning."""
    corrected = ROBUST_TESTS.intersection(tests)
    if ordinal and recipe.discrepancy in {"ML", "GLS"}:
        raise EstimationError(
            f"Estimator {name} cannot be used with ordinal variables",
            remedy="Use WLSMV, or leave 'ordered' empty to treat them as numeric.",
        )
    if missing in FULL_INFORMATION and (
        recipe.discrepancy != "ML"
        or se == "robust.sem"
        or corrected - {"yuan.bentler", "yuan.bentler.mplus"}
    ):
        raise EstimationError(
            f'missing="fiml" cannot be used with estimator {name}',
            remedy="Use ML or MLR.",
        )
    if recipe.discrepancy in {"GLS", "WLS"} and (se.startswith("robust") or corrected):
        raise EstimationError(
            f"Estimator {name} has no robust standard errors or corrected tests",
            remedy="Use MLM or MLR, or WLSMV with ordinal variables.",
        )
    if "first.order" in information and (se.startswith("robust") or corrected):
        raise EstimationError(
            "Robust standard errors and tests need the expected or the observed information",
            found='information="first.order"',
        )


def _check_two_stage(
    recipe: Recipe,
    rule: Missing,
    asked: tuple[str | None, str | Sequence[str] | None],
    *,
    fixed_x: bool | None,
    ordinal: bool,
) -> None:
    """Refuse what two-stage estimation has no meaning for; it brings its own errors and test."""
    if recipe != ESTIMATORS["ML"] or ordinal:
        raise EstimationError(
            f'missing="{rule}" is estimated by ML and brings its own standard errors and test',
            remedy="Use estimator ML without ordered variables.",
        )
    if fixed_x:
        raise EstimationError(
            f'missing="{rule}" models exogenous covariates like all variables',
            found="fixed_x=True",
            remedy='Leave fixed_x out, or use missing="fiml".',
        )
    se, test = asked
    if se not in {None, "default", rule, "none", "bootstrap"} or not _is_default_test(test):
        raise EstimationError(
            f'missing="{rule}" brings its own standard errors and test',
            found=f"se={se!r}, test={test!r}",
            remedy='Leave se and test out; se="bootstrap" and "none" are allowed.',
        )


def _is_default_test(test: str | Sequence[str] | None) -> bool:
    names = [test] if isinstance(test, str) else list(test or [])
    return {name.lower() for name in names} <= {"default", "standard", "satorra.bentler", "none"}


def _check_likelihood(likelihood: str, recipe: Recipe, missing: Missing) -> None:
    _choose(_text(likelihood, "likelihood"), {"normal": 0, "wishart": 0}, "likelihood")
    if likelihood == "wishart" and recipe.discrepancy != "ML":
        raise EstimationError("likelihood is an option of maximum likelihood only")
    if likelihood == "wishart" and missing in FULL_INFORMATION:
        raise EstimationError(
            "The Wishart likelihood is that of a covariance matrix; incomplete rows have none",
            remedy='Leave likelihood out, or use missing="listwise".',
        )
