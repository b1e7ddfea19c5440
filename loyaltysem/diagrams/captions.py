"""The texts of a path diagram: coefficients on the lines, sentences below the picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from loyaltysem.diagrams.numbers import number_text, stars
from loyaltysem.diagrams.wording import p_limit, sentence, star_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loyaltysem.diagrams.options import DiagramOptions
    from loyaltysem.diagrams.spec import DiagramSpec, Edge


MOST_DECIMALS = 6
"""How many decimals a raw coefficient may get that is small because of its units."""


def edge_texts(edges: Iterable[Edge], options: DiagramOptions) -> tuple[str, ...]:
    """Return the coefficient of every edge with its stars.

    When all tested loadings have the same stars, these are left out (and a note says so).
    """
    edges = tuple(edges)
    plain = common_loading_mark(edges, options) is not None
    return tuple(_edge_text(edge, options, plain_loadings=plain) for edge in edges)


def _edge_text(edge: Edge, options: DiagramOptions, *, plain_loadings: bool) -> str:
    value = edge.std if options.standardized else edge.est
    digits = options.digits if options.standardized else _legible_digits(value, options.digits)
    zero = options.leading_zero or not options.standardized
    text = number_text(value, digits=digits, leading_zero=zero)
    if not text or (plain_loadings and edge.kind == "loading"):
        return text
    return text + stars(edge.pvalue, options.stars)


def _legible_digits(value: float | None, digits: int) -> int:
    """Return how many decimals a raw coefficient needs so as not to look like zero."""
    if not value or not math.isfinite(value) or round(value, digits) != 0:
        return digits
    return min(math.ceil(-math.log10(abs(value))), max(MOST_DECIMALS, digits))


def common_loading_mark(edges: Iterable[Edge], options: DiagramOptions) -> str | None:
    """Return the mark that all tested loadings share, None when they differ or have none."""
    tested = [edge for edge in edges if edge.kind == "loading" and edge.pvalue is not None]
    marks = {stars(edge.pvalue, options.stars) for edge in tested}
    return marks.pop() or None if len(marks) == 1 else None


def is_weak(edge: Edge, options: DiagramOptions) -> bool:
    """Tell whether the coefficient was tested and is not significant."""
    return edge.pvalue is not None and not edge.pvalue < options.limit


def note_sentences(
    spec: DiagramSpec, lines: tuple[Edge, ...], options: DiagramOptions, *, hidden_covariances: bool
) -> tuple[str, ...]:
    """Return what has to be said below the picture.

    ``spec`` is what is shown, ``lines`` those of its edges that are lines; the others stand as
    numbers in a triangle.
    """
    language, zero = spec.language, options.leading_zero
    result = [sentence("standardized" if options.standardized else "raw", language)]
    if options.standardized and options.means and any(node.mean is not None for node in spec.nodes):
        result.append(sentence("raw_means", language))
    if any(edge.pvalue is not None for edge in spec.edges) and options.stars:
        result.append(star_sentence(options.stars, language, zero=zero))
    if any(is_weak(edge, options) for edge in lines):
        result.append(sentence("dashed", language, p_limit(options.limit, zero=zero)))
    if sum(edge.kind == "path" and edge.std is not None for edge in lines) > 1:
        result.append(sentence("width", language))
    result += _loading_sentences(spec, options)
    if any(edge.kind == "moderation" for edge in lines):
        result.append(sentence("moderation", language))
    if len(lines) < len(spec.edges):
        result.append(sentence("triangle", language))
    if hidden_covariances:
        result.append(sentence("hidden_covariances", language))
    return (*result, *spec.notes)


def _loading_sentences(spec: DiagramSpec, options: DiagramOptions) -> list[str]:
    loadings = [edge for edge in spec.edges if edge.kind == "loading"]
    mark = common_loading_mark(loadings, options)
    fixed = any(not edge.free for edge in loadings) and bool(options.stars)
    result = []
    if mark:
        limit = next(limit for limit, known in options.stars if known == mark)
        told = p_limit(limit, zero=options.leading_zero)
        result.append(sentence("loadings", spec.language, told))
    if fixed and any(edge.pvalue is not None for edge in loadings):
        result.append(sentence("fixed" if mark else "fixed_loadings", spec.language))
    return result
