"""What a path diagram shows, before anything has a place: nodes and edges as plain records."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from loyaltysem.diagrams.wording import Language, sentence
from loyaltysem.errors import ReportError, did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from loyaltysem.results import ModelResult, ParameterRecord

NodeKind = Literal["latent", "observed"]
EdgeKind = Literal["path", "loading", "weight", "covariance", "moderation"]

_KINDS: dict[str, EdgeKind] = {"~": "path", "=~": "loading", "<~": "weight", "~~": "covariance"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A variable: ``label`` is what the reader sees, ``r2`` its explained variance if it has one.

    ``mean`` is the estimated intercept or mean, when the model has a mean structure.
    """

    name: str
    label: str
    kind: NodeKind
    r2: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An arrow (or, for a covariance, a line with two heads) from ``source`` to ``target``.

    ``est`` and ``std`` are the raw and the completely standardized coefficient. ``pvalue`` is None
    for a parameter that was not tested, ``free`` False for a fixed one. A moderation ends on the
    path ``onto`` = (source, target) and has that path's target.
    """

    source: str
    target: str
    kind: EdgeKind
    est: float | None = None
    std: float | None = None
    pvalue: float | None = None
    free: bool = True
    onto: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramSpec:
    """A model as a graph; ``notes`` are sentences to print below it besides the usual ones."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    language: Language = "en"
    notes: tuple[str, ...] = ()

    def node(self, name: str) -> Node:
        """Return the node of that name."""
        return next(node for node in self.nodes if node.name == name)


@dataclass(frozen=True, slots=True)
class _Row:
    """The columns of a parameter table that a diagram needs."""

    lhs: str
    op: str
    rhs: str
    group: int
    free: bool
    est: float | None
    pvalue: float | None
    std_all: float | None


def diagram_spec(
    model: ModelResult,
    *,
    language: Language = "en",
    group: int = 1,
    moderations: Mapping[str, tuple[str, str]] | None = None,
    notes: Iterable[str] = (),
) -> DiagramSpec:
    """Return the graph of a stored model result.

    Parameters
    ----------
    model
        The record of a fitted model.
    language
        Language of construct names; indicators keep their codes.
    group
        Which group of a multi-group model (1-based).
    moderations
        Product variable → (moderator, predictor): the product is not drawn as a variable, its path
        becomes an arrow from the moderator onto the predictor's path.
    notes
        Further sentences for below the picture.

    Raises
    ------
    ReportError
        When the group has no parameters, or a moderation names an unknown variable.
    """
    names = {name: text.get(language, name) for name, text in model.names.items()}
    rows = [_record_row(record) for record in model.parameters]
    r2 = model.r2 if len({row.group for row in rows if row.group}) < 2 else None
    return _build(rows, names, r2, language, group, moderations or {}, tuple(notes))


def diagram_spec_from_table(
    parameters: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    language: Language = "en",
    group: int = 1,
    moderations: Mapping[str, tuple[str, str]] | None = None,
    notes: Iterable[str] = (),
) -> DiagramSpec:
    """Return the graph of a parameter table such as ``fit.estimates()``.

    ``parameters`` needs the columns lhs, op, rhs and est; free, pvalue, std_all and group are used
    when present. R² is one minus the standardized residual variance. ``names`` maps variables to
    what the reader sees; the other arguments are those of :func:`diagram_spec`.

    Raises
    ------
    ReportError
        When a needed column is missing, and as :func:`diagram_spec`.
    """
    missing = [column for column in ("lhs", "op", "rhs", "est") if column not in parameters]
    if missing:
        raise ReportError(
            "This table is not a parameter table: it lacks " + listed(missing),
            found=listed(parameters.columns),
            expected="lhs, op, rhs, est (and free, pvalue, std_all, group)",
        )
    rows = [_mapping_row(record) for record in parameters.to_dict("records")]
    notes = (*_group_notes(parameters, group, language), *notes)
    return _build(rows, names or {}, None, language, group, moderations or {}, notes)


def _group_notes(parameters: pd.DataFrame, group: int, language: Language) -> tuple[str, ...]:
    """Return which group is drawn, when there are several and they have names."""
    if "group_label" not in parameters or "group" not in parameters:
        return ()
    labels = parameters.loc[parameters["group"] > 0, ["group", "group_label"]].drop_duplicates()
    if len(labels) < 2:
        return ()
    own = labels.loc[labels["group"] == group, "group_label"]
    return tuple(sentence("group", language, str(label)) for label in own)


def _record_row(record: ParameterRecord) -> _Row:
    return _Row(
        record.lhs,
        record.op,
        record.rhs,
        record.group,
        record.free,
        record.est,
        record.pvalue,
        record.std_all,
    )


def _mapping_row(record: Mapping[object, object]) -> _Row:
    return _Row(
        str(record["lhs"]),
        str(record["op"]),
        str(record["rhs"]),
        int(record.get("group", 1) or 0),  # type: ignore[call-overload]
        bool(record.get("free", True)),
        _number(record["est"]),
        _number(record.get("pvalue")),
        _number(record.get("std_all")),
    )


def _number(value: object) -> float | None:
    """Return ``value`` as a float, or None when it is missing or not finite."""
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None


def _build(
    rows: list[_Row],
    names: Mapping[str, str],
    r2: Mapping[str, float] | None,
    language: Language,
    group: int,
    moderations: Mapping[str, tuple[str, str]],
    notes: tuple[str, ...],
) -> DiagramSpec:
    """Make nodes and edges of the rows of one group."""
    rows = [row for row in rows if row.group == group]
    if not rows:
        raise ReportError(f"The model has no parameters in group {group}", found=group)
    edges = tuple(_edge(row) for row in rows if _is_drawn(row))
    nodes = _nodes(rows, edges, names, _explained(rows, edges) if r2 is None else r2)
    spec = DiagramSpec(nodes=nodes, edges=edges, language=language, notes=notes)
    for product, (moderator, predictor) in moderations.items():
        spec = _moderated(spec, product, moderator, predictor)
    return spec


def _is_drawn(row: _Row) -> bool:
    """Tell whether the row is an arrow; variances are not, nor what is fixed at zero."""
    return row.op in _KINDS and row.lhs != row.rhs and (row.free or row.est != 0)


def _edge(row: _Row) -> Edge:
    forward = row.op in ("=~", "~~")
    return Edge(
        source=row.lhs if forward else row.rhs,
        target=row.rhs if forward else row.lhs,
        kind=_KINDS[row.op],
        est=row.est,
        std=row.std_all,
        pvalue=row.pvalue if row.free else None,
        free=row.free,
    )


def _explained(rows: list[_Row], edges: tuple[Edge, ...]) -> dict[str, float]:
    """Return R² = 1 − standardized residual variance of every variable that something points to."""
    targets = {edge.target for edge in edges if edge.kind != "covariance"}
    return {
        row.lhs: 1.0 - row.std_all
        for row in rows
        if row.op == "~~" and row.lhs == row.rhs and row.lhs in targets and row.std_all is not None
    }


def _nodes(
    rows: list[_Row], edges: tuple[Edge, ...], names: Mapping[str, str], r2: Mapping[str, float]
) -> tuple[Node, ...]:
    """Return the variables of the edges in the order in which the table mentions them."""
    latent = {row.lhs for row in rows if row.op in ("=~", "<~")}
    means = {row.lhs: row.est for row in rows if row.op == "~1" and row.free}
    mentioned = dict.fromkeys(name for edge in edges for name in (edge.source, edge.target))
    return tuple(
        Node(
            name=name,
            label=str(names.get(name, name)),
            kind="latent" if name in latent else "observed",
            r2=r2.get(name),
            mean=means.get(name),
        )
        for name in mentioned
    )


def _moderated(spec: DiagramSpec, product: str, moderator: str, predictor: str) -> DiagramSpec:
    """Replace a product variable by arrows from the moderator onto the predictor's paths."""
    known = [node.name for node in spec.nodes]
    for name in (product, moderator, predictor):
        if name not in known:
            raise ReportError(
                f"The moderation of '{predictor}' by '{moderator}' names '{name}', which the model "
                "does not contain",
                found=name,
                expected=listed(known),
                remedy=did_you_mean(name, known),
            )
    own = {edge.target for edge in spec.edges if edge.source == product and edge.kind == "loading"}
    own -= {edge.target for edge in spec.edges if edge.source != product and edge.kind == "loading"}
    gone = {product, *own}
    kept = [edge for edge in spec.edges if not gone & {edge.source, edge.target}]
    _check_moderated_paths(spec, product, predictor)
    arrows = [
        replace(edge, source=moderator, kind="moderation", onto=(predictor, edge.target))
        for edge in spec.edges
        if edge.kind == "path" and edge.source == product
    ]
    return replace(
        spec,
        nodes=tuple(node for node in spec.nodes if node.name not in gone),
        edges=(*kept, *arrows),
    )


def _check_moderated_paths(spec: DiagramSpec, product: str, predictor: str) -> None:
    """Refuse a product that leads nowhere, or where its predictor has no path."""
    paths = {(edge.source, edge.target) for edge in spec.edges if edge.kind == "path"}
    targets = [target for source, target in sorted(paths) if source == product]
    if not targets:
        raise ReportError(f"The product '{product}' has no path in this model", found=product)
    for target in targets:
        if (predictor, target) not in paths:
            raise ReportError(
                f"The product '{product}' moderates the path from '{predictor}' to '{target}', "
                "which the model does not have",
                found=f"{predictor} -> {target}",
                expected=listed(f"{source} -> {end}" for source, end in sorted(paths)),
            )
