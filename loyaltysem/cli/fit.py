"""``loyaltysem fit``: one model, one file of data, lavaan's options, the numbers on the screen."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from loyaltysem.errors import (
    EstimationError,
    LoyaltysemError,
    ModelSpecificationError,
    did_you_mean,
)

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysem.errors import Notice
    from loyaltysem.estimation import Fit
    from loyaltysem.syntax import Statements

MODEL_ENDINGS = (".yaml", ".yml")


class Format(StrEnum):
    """How the result is printed."""

    table = "table"
    json = "json"
    csv = "csv"


def _names(help_text: str, metavar: str = "NAMES") -> Any:
    return typer.Option(help=f"{help_text} (separated by commas)", metavar=metavar)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(fit)


def fit(  # as many parameters as the command has options; there is nothing else in it
    model: Annotated[
        Path,
        typer.Argument(help="Model: a file of lavaan syntax, a model YAML, or a shipped name."),
    ],
    data: Annotated[Path | None, typer.Argument(help="CSV or Excel file with headings.")] = None,
    estimator: Annotated[
        str | None, typer.Option(help="ML, MLM, MLR, GLS, ULS, WLS, DWLS, WLSMV, … [ML; WLSMV]")
    ] = None,
    missing: Annotated[
        str, typer.Option(help="listwise, fiml, fiml.x, two.stage, pairwise")
    ] = "listwise",
    group: Annotated[str | None, typer.Option(help="Column with the groups.")] = None,
    group_equal: Annotated[str, _names("Equal across groups: loadings, intercepts, …")] = "",
    group_partial: Annotated[str, _names("Exceptions, such as x3~1")] = "",
    ordered: Annotated[str, _names("Ordinal variables, or 'all'")] = "",
    std_lv: Annotated[bool, typer.Option("--std-lv", help="Scale by latent variances.")] = False,
    meanstructure: Annotated[bool | None, typer.Option(help="Estimate intercepts.")] = None,
    fixed_x: Annotated[bool | None, typer.Option(help="Take covariates as given.")] = None,
    conditional_x: Annotated[bool | None, typer.Option(help="Condition on covariates.")] = None,
    orthogonal: Annotated[bool, typer.Option("--orthogonal", help="No factor correlations.")] = (
        False
    ),
    growth: Annotated[bool, typer.Option("--growth", help="Defaults of growth models.")] = False,
    parameterization: Annotated[str, typer.Option(help="delta or theta")] = "delta",
    se: Annotated[
        str | None, typer.Option(help="standard, robust, first.order, bootstrap, none")
    ] = None,
    test: Annotated[str, _names("standard, satorra.bentler, scaled.shifted, …")] = "",
    information: Annotated[str | None, typer.Option(help="expected or observed")] = None,
    likelihood: Annotated[str, typer.Option(help="normal or wishart")] = "normal",
    bootstrap: Annotated[
        int | None, typer.Option(min=2, help="Draws; alone it means --se bootstrap. [1000]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the bootstrap.")] = None,
    workers: Annotated[int, typer.Option(help="Processes of the bootstrap, -1 for all.")] = 1,
    sample_cov: Annotated[
        Path | None, typer.Option(help="CSV with a covariance or correlation matrix, for DATA.")
    ] = None,
    sample_mean: Annotated[Path | None, typer.Option(help="CSV with means in one row.")] = None,
    sample_sd: Annotated[
        Path | None, typer.Option(help="CSV with standard deviations in one row.")
    ] = None,
    n: Annotated[int | None, typer.Option("--n", min=2, help="Rows behind --sample-cov.")] = None,
    engine: Annotated[str, typer.Option(help="native or semopy")] = "native",
    format_: Annotated[Format, typer.Option("--format", "-f", help="What to print.")] = (
        Format.table
    ),
    extras: Annotated[str, _names("More in the JSON: r2, residuals, modindices_top20, …")] = "",
) -> None:
    """Fit a structural equation model to a file of data, or to a printed covariance matrix."""
    options = {
        "estimator": estimator,
        "missing": missing,
        "group": group,
        "group_equal": _split(group_equal),
        "group_partial": _split(group_partial),
        "ordered": True if ordered == "all" else _split(ordered),
        "std_lv": std_lv,
        "meanstructure": True if growth else meanstructure,
        "fixed_x": fixed_x,
        "conditional_x": conditional_x,
        "orthogonal": orthogonal,
        "parameterization": parameterization,
        "se": "bootstrap" if bootstrap and se is None else se,
        "test": _split(test) or None,
        "information": _split(information or "") or None,
        "likelihood": likelihood,
        "bootstrap": bootstrap or 1000,
        "seed": seed,
        "workers": workers,
        "engine": engine,
        **({"int_ov_free": False, "int_lv_free": True} if growth else {}),
    }
    matrices = {"sample_cov": sample_cov, "sample_mean": sample_mean, "sample_sd": sample_sd}
    try:
        text = _run(model, data, {**matrices, "n": n}, options, format_, _split(extras))
    except LoyaltysemError as error:
        if format_ is Format.json:  # a reader of the JSON finds the reason there, too
            typer.echo(json.dumps({"converged": False, "error": str(error)}, ensure_ascii=False))
        raise
    typer.echo(text)


def _run(
    model: Path,
    data: Path | None,
    matrices: dict[str, Any],
    options: dict[str, Any],
    format_: Format,
    extras: tuple[str, ...],
) -> str:
    from loyaltysem.cli.progress import shown_progress
    from loyaltysem.estimation import fit as fit_model

    said = read_model_text(model)
    notices: tuple[Notice, ...] = ()
    given: dict[str, Any] = {"data": None}
    if data is not None:
        given["data"], notices = _read_data(data)
    else:
        given.update(_read_matrices(**matrices))
    with shown_progress("Fitting the model") as tell:
        drawn = partial(tell, "Bootstrap draws")
        fitted = fit_model(said, **given, **options, tell=drawn)
    return _printed(fitted, notices, format_, extras)


def _printed(
    fitted: Fit, notices: tuple[Notice, ...], format_: Format, extras: tuple[str, ...]
) -> str:
    from loyaltysem.estimation.export import export_fit

    if format_ is Format.csv:
        return fitted.estimates().to_csv(index=False).rstrip("\n")
    if format_ is Format.json:
        values = export_fit(fitted, extras)
        values["warnings"] = [*map(str, notices), *values["warnings"]]  # type: ignore[misc]
        return json.dumps(values, ensure_ascii=False, indent=1)
    return "\n".join([*map(str, notices), fitted.summary()])


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read_model_text(path: Path) -> Statements:
    """Return what a file of model syntax, or the syntax in a model YAML, says.

    A plain name that is no file here is looked for among the models, the shipped ones too.

    Raises
    ------
    ModelSpecificationError
        The file cannot be read, or its syntax is wrong.
    """
    from loyaltysem.library import available
    from loyaltysem.structural.definition import read_model
    from loyaltysem.syntax import parse_model

    if path.suffix.lower() in MODEL_ENDINGS:
        return read_model(path).statements
    known = available("models", Path())
    if not path.exists() and str(path) in known:
        return read_model(str(path)).statements
    try:
        return parse_model(path.read_text(encoding="utf-8-sig"), path)
    except FileNotFoundError:
        raise ModelSpecificationError(
            f"The model file '{path}' does not exist",
            remedy=did_you_mean(str(path), known)
            or "Write the model text to a file and give its name.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelSpecificationError(f"The model file '{path}' cannot be read: {error}") from None


def _read_data(path: Path) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    from loyaltysem.responses.frames import data_frame
    from loyaltysem.responses.tables import read_table

    table = read_table(path)
    return data_frame(table), table.notices


def _read_matrices(
    sample_cov: Path | None, sample_mean: Path | None, sample_sd: Path | None, n: int | None
) -> dict[str, Any]:
    """Return covariance matrix, means and standard deviations as the options of ``fit``."""
    if sample_cov is None:
        raise EstimationError(
            "There is nothing to fit the model to",
            expected="a data file after the model file, or --sample-cov FILE --n N",
        )
    cov, _ = _read_data(sample_cov)
    if not set(cov.iloc[:, 0].astype(str)).isdisjoint(map(str, cov.columns[1:])):
        cov = cov.set_index(cov.columns[0])  # the first column holds the names of the rows
    else:
        cov.index = cov.columns
    vectors = {"sample_mean": sample_mean, "sample_sd": sample_sd}
    rows = {name: _read_data(path)[0].iloc[0] for name, path in vectors.items() if path}
    return {"sample_cov": cov, "n": n, **rows}
