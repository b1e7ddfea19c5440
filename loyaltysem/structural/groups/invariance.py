"""Measurement invariance across groups in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from loyaltysem.errors import EstimationError, Notice, listed
from loyaltysem.estimation import fit as fit_model
from loyaltysem.records import Shown
from loyaltysem.structural.groups.item_tests import item_tests
from loyaltysem.structural.groups.levels import Design, ladder
from loyaltysem.structural.groups.model_parts import (
    fixes_loadings,
    measurement_model,
    without_blanks,
)
from loyaltysem.structural.groups.nested import has_distribution
from loyaltysem.structural.groups.release import (
    Release,
    Repair,
    check_criterion,
    follow,
    repair,
)
from loyaltysem.structural.groups.respondents import check_groups, check_used
from loyaltysem.structural.groups.rungs import Rung, Sample, climb, first_rung, shared_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loyaltysem.estimation import Fit
    from loyaltysem.structural.groups.levels import LevelName
    from loyaltysem.structural.groups.release import Criterion
    from loyaltysem.structural.groups.rungs import Index
    from loyaltysem.syntax.statements import Statements


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Invariance(Shown):
    """Measurement invariance across groups.

    Attributes
    ----------
    group
        The grouping column.
    n_per_group
        Respondents of each group that the fits use, in the groups' order.
    n_without_group
        Rows left out because their group is not known.
    rungs
        The fitted levels, from the least to the most restricted; a level that was repaired stands
        twice, first in full and then partial.
    item_tests
        Score tests of the equal parameters, by level (of its full model).
    releases
        Every parameter that was released, in the order of release.
    criterion
        What decides whether a level is kept.
    index
        The kind of CFI and RMSEA that is compared: ``robust``, ``scaled`` or ``standard``.
    notices
        What a reader must know.
    """

    group: str
    n_per_group: Mapping[str, int]
    n_without_group: int
    rungs: tuple[Rung, ...]
    item_tests: Mapping[str, pd.DataFrame]
    releases: tuple[Release, ...]
    criterion: Criterion
    index: Index
    notices: tuple[Notice, ...]

    @property
    def reached(self) -> Rung | None:
        """The most restricted level up to which every one is kept, None when no model fits."""
        kept: Rung | None = None
        for rung in self._final_rungs():
            if not rung.is_kept(self.criterion):
                break
            kept = rung
        return kept

    def _final_rungs(self) -> list[Rung]:
        """Return one rung per level, the partial one where there are two."""
        return list({rung.level.name: rung for rung in self.rungs}.values())

    def rung(self, level: LevelName) -> Rung:
        """Return a level's rung, the partial one where the level was repaired.

        Raises
        ------
        EstimationError
            The level was not fitted.
        """
        for rung in reversed(self.rungs):
            if rung.level.name == level:
                return rung
        raise EstimationError(
            f"The level '{level}' was not fitted",
            expected=listed(dict.fromkeys(rung.level.name for rung in self.rungs)),
        )

    def equal_loadings(self) -> Rung:
        """Return the rung of the first level with equal loadings, the metric one for most items.

        Binary items have no metric level: their loadings and thresholds are tested with the scalar
        one.

        Raises
        ------
        EstimationError
            No such level was fitted.
        """
        for rung in self._final_rungs():
            if "loadings" in rung.level.equal:
                return rung
        return self.rung("metric")

    def shown(self) -> Mapping[str, object]:
        """Return what is shown: the groups and the table of levels."""
        sizes = ", ".join(f"{label}: {n}" for label, n in self.n_per_group.items())
        return {"group": f"{self.group} ({sizes})", "levels": self.table(), "notices": self.notices}

    def table(self) -> pd.DataFrame:
        """Return one row per rung.

        ``level, partial, chisq, df, pvalue`` (the corrected test where there is one), ``cfi, rmsea,
        srmr``, the test against the rung below ``chisq_diff, df_diff, pvalue_diff, method``, the
        changes ``delta_cfi, delta_rmsea, delta_srmr``, the outcomes ``chen`` and
        ``cheung_rensvold``, and ``released``, the exceptions in force.
        """
        return pd.DataFrame([rung.row() for rung in self.rungs])

    def __str__(self) -> str:
        return self.table().to_string(index=False)


def invariance(
    model: str | Statements,
    data: pd.DataFrame,
    *,
    group: str,
    levels: Sequence[LevelName] | None = None,
    partial: Sequence[str] = (),
    release: bool = False,
    criterion: Criterion = "chen",
    ordered: Sequence[str] | str | bool = (),
    **options: Any,
) -> Invariance:
    """Test the invariance of a measurement model across groups, level by level.

    Parameters
    ----------
    model
        Model text; of a structural model the measurement part is tested, with all latent variables
        correlated.
    data
        One row per respondent. The first group met is the reference.
    group
        Grouping column.
    levels
        Of ``configural, thresholds, metric, scalar, strict``; None for all.
    partial
        Parameters that are not held equal at any level, such as ``"f=~x2"``, ``"x2~1"``,
        ``"x2~~x2"``, ``"x2|"`` (all thresholds of an ordinal item).
    release
        Whether a level that is not kept is repaired by releasing one parameter at a time: that of
        the largest score test, until the level is kept, no score test is significant at 5 %, or
        every latent variable concerned is down to two invariant indicators.
    criterion
        What keeps a level: ``chen`` (Chen 2007: CFI, the main index, falls by less than the cut-off
        for the size of the sample), ``cfi`` (Cheung & Rensvold 2002: it falls by no more than
        .010), ``chisq`` (the chi-square difference is not significant at 5 %).
    ordered, options
        As in :func:`~loyaltysem.estimation.fitting.fit`: ``estimator``, ``missing``, ….

    Raises
    ------
    EstimationError
        There are fewer than two groups, a group has fewer respondents than parameters, the data do
        not allow a fit, or there is no such criterion or level.
    ModelSpecificationError
        The model measures no latent variable, or ``partial`` names what it does not have.

    Notes
    -----
    Levels as in Meredith (1993), for ordinal items as in Wu & Estabrook (2016). Corrected
    chi-squares are compared as lavaan's ``lavTestLRT`` does by default; where the scaling factor of
    Satorra & Bentler (2001) is negative, by that of 2010. The releases follow Byrne, Shavelson &
    Muthén (1989); found in the same data they are explorative.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from loyaltysem import invariance
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(600, 1)) + rng.normal(size=(600, 4))
    >>> data = pd.DataFrame(answers, columns=["x1", "x2", "x3", "x4"])
    >>> data["who"] = np.repeat(["old", "new"], 300)
    >>> found = invariance("f =~ x1 + x2 + x3 + x4", data, group="who")
    >>> found.table()["level"].tolist()
    ['configural', 'metric', 'scalar', 'strict']
    """
    check_criterion(criterion)
    measured = measurement_model(model)
    check_groups(measured, data, group)
    settings: dict[str, Any] = {"std_lv": not fixes_loadings(measured)}
    if ordered:
        settings["parameterization"] = "theta"
    configural = fit_model(
        measured, data, group=group, ordered=ordered, meanstructure=True, **settings, **options
    )
    check_used(measured, data, configural)
    build = {name: value for name, value in options.items() if name in _BUILD}
    design = Design(
        model=measured,
        columns=tuple(str(name) for name in data.columns),
        group_labels=configural.table.group_labels,
        ordered=dict(configural.table.ordered),
        settings={**settings, **build},
    )
    climbed = _climbed(
        configural, design, levels, without_blanks(partial), criterion if release else None
    )
    return Invariance(
        group=group,
        n_per_group=dict(zip(design.group_labels, configural.n_per_group, strict=True)),
        n_without_group=int(data[group].isna().sum()),
        criterion=criterion,
        **climbed,
    )


_BUILD = ("orthogonal",)


def _climbed(
    configural: Fit,
    design: Design,
    wanted: Sequence[LevelName] | None,
    partial: tuple[str, ...],
    criterion: Criterion | None,
) -> dict[str, Any]:
    """Return the rungs, item tests, releases, index and notices of an `Invariance`.

    ``criterion`` is None where nothing is to be released.
    """
    levels = ladder(design.ordered, wanted)
    sample = Sample(fit=configural, design=design, index=shared_index(configural, design, levels))
    rungs, tests, releases = [first_rung(sample, levels[0], partial)], {}, list[Release]()
    for level in levels[1:]:
        below = rungs[-1]
        released = follow(below.released, releases, level, design)
        releases += released
        rung = climb(sample, level, below, (*below.released, *(one.parameter for one in released)))
        rungs.append(rung)
        tests[level.name] = item_tests(rung.fit, level)
        if criterion and rung.fit.converged and not rung.is_kept(criterion):
            repaired = repair(Repair(sample=sample, below=below, criterion=criterion), rung)
            releases += repaired.releases
            rungs += [repaired.rung] if repaired.releases else []
    return {
        "rungs": tuple(rungs),
        "item_tests": tests,
        "releases": tuple(releases),
        "index": sample.index,
        "notices": tuple(_notices(sample, rungs, criterion)),
    }


UNTESTED = (
    "Without a robust correction (ULSM, ULSMV) differences of unweighted least squares have no "
    "known distribution, so that they are not tested."
)
ROUGH_GUIDE = (
    "The cut-offs of Chen (2007) and of Cheung & Rensvold (2002) were found for continuous items "
    "under maximum likelihood; for ordinal items they are a rough guide."
)
EXPLORATIVE = (
    "Parameters were released by their score tests in the same answers; the partially invariant "
    "model is explorative and should be confirmed with other respondents."
)


def _is_proper(fit: Fit) -> bool:
    return fit.converged and all(one.code != "not_identified" for one in fit.notices)


def _notices(sample: Sample, rungs: Sequence[Rung], criterion: Criterion | None) -> list[Notice]:
    notices = list(sample.fit.notices)
    failed = [rung.level.name for rung in rungs if not _is_proper(rung.fit)]
    if failed:
        text = f"No proper solution was found for these levels: {listed(failed)}."
        notices.append(Notice("invariance_not_converged", text, {"levels": failed}))
    if not has_distribution(sample.fit):
        notices.append(Notice("differences_untested", UNTESTED))
    if sample.design.ordered:
        notices.append(Notice("invariance_cutoffs_continuous", ROUGH_GUIDE))
    if criterion and any(rung.partial for rung in rungs):
        notices.append(Notice("invariance_release_explorative", EXPLORATIVE))
    return notices
