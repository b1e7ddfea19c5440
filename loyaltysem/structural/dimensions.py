"""Is a construct of several dimensions one thing? Rival measurement models compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from loyaltysem.errors import ModelSpecificationError, Notice, did_you_mean, listed
from loyaltysem.measurement.bifactor import BifactorIndices, bifactor_indices, schmid_leiman
from loyaltysem.structural.measurement_model import indicator_blocks, measurement_table, table_from
from loyaltysem.structural.rival_models import Rival, rivals_table, steps_table, try_model
from loyaltysem.syntax.statements import Element, Modifiers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyaltysem.estimation import Fit
    from loyaltysem.structural.measurement_model import Blocks
    from loyaltysem.syntax import ParameterTable

Structure = Literal["single_factor", "uncorrelated", "correlated", "second_order", "bifactor"]
STRUCTURES: tuple[Structure, ...] = (
    "single_factor",
    "uncorrelated",
    "correlated",
    "second_order",
    "bifactor",
)
"""Rival models of the dimensions.

One factor behind all items; the dimensions as factors that do not correlate; that correlate; with a
second-order factor behind them; with a general factor beside them on which all items load.
"""

FEWEST_OF_SECOND_ORDER = 3
"""Dimensions that a second-order factor needs to be identified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """Rival models of the dimensions of a construct.

    Attributes
    ----------
    constructs
        The dimensions.
    models
        One row per structure of ``STRUCTURES``, columns as in
        :func:`~loyaltysem.structural.rival_models.rivals_table`.
    steps
        Difference tests: correlated against single_factor, uncorrelated and second_order; bifactor
        against second_order.
    target
        Target coefficient, chi-square of ``correlated`` over that of ``second_order``: how much of
        the correlations of the dimensions the second-order factor explains (1: all). NaN where one
        of them cannot be read, and with three dimensions, where both fit the same by construction.
    second_order_loadings
        Standardized, by dimension; empty where the model cannot be read.
    indices
        Of ``second_order`` (by Schmid & Leiman's transformation) and ``bifactor``, as far as they
        can be read.
    notices
        What a reader must know.
    """

    constructs: tuple[str, ...]
    models: pd.DataFrame
    steps: pd.DataFrame
    target: float
    second_order_loadings: pd.Series
    indices: dict[Structure, BifactorIndices]
    notices: tuple[Notice, ...]


def compare_dimensions(fit: Fit, constructs: Sequence[str] = ()) -> Dimensions:
    """Compare what could stand behind the dimensions of a construct.

    Parameters
    ----------
    fit
        A fit of one group in which the dimensions are latent variables with indicators; all else
        in it is set aside.
    constructs
        The dimensions; none for all latent variables that have indicators.

    Raises
    ------
    ModelSpecificationError
        A dimension is no such latent variable, or there are fewer than two.

    Notes
    -----
    Marsh & Hocevar (1985), Psychological Bulletin 97, 562-582 (target coefficient); Yung, Thissen &
    McLeod (1999), Psychometrika 64, 113-128 (the second-order model is a bifactor model with
    proportional loadings); Reise (2012), Multivariate Behavioral Research 47, 667-696. A bifactor
    model tends to fit better whatever is true, so fit alone does not speak for it.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> model = '''
    ... affective =~ AL1 + AL2 + AL3
    ... behavioural =~ BL1 + BL2 + BL3 + BL4
    ... cognitive =~ CL1 + CL2 + CL3
    ... '''
    >>> loyal = ls.fit(model, answers)
    >>> ls.compare_dimensions(loyal).constructs
    ('affective', 'behavioural', 'cognitive')
    """
    base = measurement_table(fit.table)
    blocks = _chosen(indicator_blocks(base), constructs)
    tables = _tables(base, blocks)
    rivals = {name: try_model(name, fit, table) for name, table in tables.items()}
    indices = {name: _indices(rivals[name], blocks) for name in ("second_order", "bifactor")}
    return Dimensions(
        constructs=tuple(blocks),
        models=rivals_table(list(rivals.values())),
        steps=steps_table([(rivals[less], rivals[more]) for less, more in _STEPS]),
        target=_target(rivals, len(blocks)),
        second_order_loadings=_higher_loadings(rivals["second_order"], blocks),
        indices={name: one for name, one in indices.items() if one is not None},  # type: ignore[misc]
        notices=tuple(_notices(rivals, len(blocks))),
    )


_STEPS: tuple[tuple[Structure, Structure], ...] = (
    ("correlated", "single_factor"),
    ("correlated", "uncorrelated"),
    ("correlated", "second_order"),
    ("bifactor", "second_order"),
)
"""(wider, narrower) models; each narrower one is nested in the wider one."""

GENERAL = "general"
_FREE, _ONE, _ZERO = Modifiers(freed=(True,)), Modifiers(fixed=(1.0,)), Modifiers(fixed=(0.0,))


def _chosen(blocks: Blocks, constructs: Sequence[str]) -> Blocks:
    for name in constructs:
        if name not in blocks:
            raise ModelSpecificationError(
                "A dimension is no latent variable with indicators of this model",
                found=f"'{name}'",
                expected=listed(blocks),
                remedy=did_you_mean(name, blocks),
            )
    chosen = {name: blocks[name] for name in dict.fromkeys(constructs or blocks)}
    if len(chosen) < 2:
        raise ModelSpecificationError(
            "A comparison of dimensions needs two or more",
            found=listed(chosen),
            expected=listed(blocks),
        )
    return chosen


def _tables(base: ParameterTable, blocks: Blocks) -> dict[Structure, ParameterTable]:
    general = _general(blocks)
    items = dict.fromkeys(item for block in blocks.values() for item in block)
    first = [_loading(name, item) for name, block in blocks.items() for item in block]
    scales = [Element(lhs=name, op="~~", rhs=name, modifiers=_ONE) for name in blocks]
    scale = Element(lhs=general, op="~~", rhs=general, modifiers=_ONE)
    apart = [_uncorrelated(a, b) for k, a in enumerate(blocks) for b in list(blocks)[k + 1 :]]
    below = [_uncorrelated(general, name) for name in blocks]
    markers = [_marker(element, blocks) for element in first]
    elements: dict[Structure, list[Element]] = {
        "single_factor": [*(_loading(general, item) for item in items), scale],
        "uncorrelated": [*first, *scales, *apart],
        "correlated": [*first, *scales],
        "second_order": [*markers, *(_loading(general, name) for name in blocks), scale],
        "bifactor": [
            *(_loading(general, item) for item in items),
            scale,
            *first,
            *scales,
            *apart,
            *below,
        ],
    }
    return {name: table_from(elements[name], base) for name in STRUCTURES}


def _general(blocks: Blocks) -> str:
    """Return a name for the factor behind all items that nothing else bears."""
    taken = {*blocks, *(item for block in blocks.values() for item in block)}
    name = GENERAL
    while name in taken:
        name += "_"
    return name


def _loading(latent: str, item: str) -> Element:
    return Element(lhs=latent, op="=~", rhs=item, modifiers=_FREE)


def _marker(element: Element, blocks: Blocks) -> Element:
    """Return a loading, fixed at 1 where it is the first of its dimension."""
    first = blocks[element.lhs][0] == element.rhs
    return Element(lhs=element.lhs, op="=~", rhs=element.rhs, modifiers=_ONE if first else _FREE)


def _uncorrelated(first: str, second: str) -> Element:
    return Element(lhs=first, op="~~", rhs=second, modifiers=_ZERO)


def _target(rivals: dict[Structure, Rival], n_dimensions: int) -> float:
    first, second = rivals["correlated"], rivals["second_order"]
    if n_dimensions <= FEWEST_OF_SECOND_ORDER or not (first.usable and second.usable):
        return float("nan")
    if first.fit is None or second.fit is None or not (first.fit.tests and second.fit.tests):
        return float("nan")
    return first.fit.tests[0].statistic / second.fit.tests[0].statistic


def _standardized(fit: Fit) -> pd.Series:
    """Return the standardized loadings by (latent variable, indicator)."""
    rows = fit.estimates()
    rows = rows[rows["op"] == "=~"]
    return pd.Series(rows.set_index(["lhs", "rhs"])["std_all"])


def _higher_loadings(second_order: Rival, blocks: Blocks) -> pd.Series:
    if second_order.fit is None or not second_order.usable:
        return pd.Series(dtype=float)
    loadings = _standardized(second_order.fit)
    above = _general(blocks)
    return pd.Series({name: float(loadings[above, name]) for name in blocks})


def _indices(one: Rival, blocks: Blocks) -> BifactorIndices | None:
    """Return the indices of a second-order or bifactor model, None where it cannot be read."""
    if one.fit is None or one.state != "proper":
        return None
    loadings, general = _standardized(one.fit), _general(blocks)
    pairs = [(name, item) for name, block in blocks.items() for item in block]
    own = np.array([loadings[pair] for pair in pairs])
    if one.name == "bifactor":
        of_general = np.array([loadings[general, item] for _, item in pairs])
    else:
        of_general, own = schmid_leiman(own, [loadings[general, name] for name, _ in pairs])
    membership, items = [name for name, _ in pairs], [item for _, item in pairs]
    return bifactor_indices(of_general, own, membership, items)


def _notices(rivals: dict[Structure, Rival], n_dimensions: int) -> list[Notice]:
    notices = [
        Notice(
            "dimension_model_unusable",
            f"The model '{one.name}' has no proper solution ({one.state.replace('_', ' ')}).",
            {"model": one.name, "state": one.state},
        )
        for one in rivals.values()
        if one.state != "proper"
    ]
    if n_dimensions <= FEWEST_OF_SECOND_ORDER:
        text = (
            "With three dimensions or fewer the second-order factor says nothing that the "
            "correlations of the dimensions do not: the data cannot tell the two models apart."
        )
        notices.append(Notice("second_order_untestable", text, {"dimensions": n_dimensions}))
    return notices
