"""Cut-off values by profile, from ``reports/cutoffs.yaml``: one citable table for all rooms."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Literal

from loyaltysem.documents import Definition, Line, load
from loyaltysem.library import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path

Profile = Literal["thesis", "strict"]
ProfileChoice = Literal["thesis", "strict", "both"]
"""A profile, or both side by side."""

_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Cutoff(Definition):
    """A value that a quantity is compared with, and who proposed it.

    ``quantity`` is lavaan's name of a fit measure, ``chisq_df``, or one of alpha, item_total,
    composite_reliability, ave, htmt, loading; ``tolerated`` is a weaker value that is still
    acceptable, and ``tolerated_source`` who proposed that one (empty: the same, or nobody in
    particular).
    """

    quantity: Line
    relation: Literal["<", "<=", ">", ">="]
    cutoff: float
    tolerated: float | None = None
    source: Line
    tolerated_source: str = ""

    def met_by(self, value: float) -> bool:
        """Whether ``value`` stands to the cut-off as ``relation`` asks."""
        return bool(_COMPARE[self.relation](value, self.cutoff))

    def tolerates(self, value: float) -> bool:
        """Whether ``value`` misses the cut-off and meets the weaker one."""
        if self.tolerated is None or self.met_by(value):
            return False
        return bool(_COMPARE[self.relation](value, self.tolerated))


class CutoffTable(Definition):
    """All profiles of one file."""

    profiles: dict[Profile, tuple[Cutoff, ...]]


def profiles_of(choice: ProfileChoice) -> tuple[Profile, ...]:
    """Return the profiles that a choice stands for."""
    return ("thesis", "strict") if choice == "both" else (choice,)


def read_cutoffs(profile: ProfileChoice, study_folder: Path | None = None) -> tuple[Cutoff, ...]:
    """Return the cut-offs of a profile, in the file's order.

    Parameters
    ----------
    profile
        ``thesis`` or ``strict``; ``both`` gives the former, and the latter's for quantities that
        the former does not have.
    study_folder
        Folder whose ``reports/cutoffs.yaml``, when there is one, takes the shipped one's place.

    Raises
    ------
    DocumentError
        The file cannot be read or lacks the profile.
    """
    own = study_folder / "reports" / "cutoffs.yaml" if study_folder else None
    path = own if own and own.is_file() else shipped_folder("reports") / "cutoffs.yaml"
    profiles = load(path, CutoffTable).profiles
    found: dict[str, Cutoff] = {}
    for one in profiles_of(profile):
        for cutoff in profiles.get(one, ()):
            found.setdefault(cutoff.quantity, cutoff)
    return tuple(found.values())
