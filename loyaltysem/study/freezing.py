"""Write down what a study plans before the answers come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.errors import Place, StudyError
from loyaltysem.files import write_whole
from loyaltysem.study.definition import read_study
from loyaltysem.study.plan import plan_study
from loyaltysem.study.preregistration import FILE, freeze, read_statement

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A statement that was just written."""

    path: Path
    sha256: str
    answers_present: bool


def freeze_study(
    path: Path, *, planned_n: int | None = None, allow_outside: bool = False
) -> Frozen:
    """Write the statement of a study into its folder.

    Raises
    ------
    LoyaltysemError
        The study cannot be read, or its folder holds a statement already: what was frozen once is
        not replaced.
    """
    plans = [
        plan_study(path, sample=sample, allow_outside=allow_outside, with_answers=False)
        for sample in read_study(path).samples or (None,)
    ]
    target = plans[0].folder / FILE
    content = freeze(plans[0], [plan.data for plan in plans], planned_n)
    try:
        write_whole(target, content, overwrite=False)
    except FileExistsError:
        raise StudyError(
            "The study is frozen already, and what was frozen once is not replaced",
            place=Place(target),
            remedy="Deviations are listed in the report; a new statement needs a new folder.",
        ) from None
    except OSError as fault:
        raise StudyError(
            f"The statement cannot be written: {fault.strerror}", place=Place(target)
        ) from None
    statement = read_statement(target)
    present = bool(statement.answers_at_freezing)
    return Frozen(path=target, sha256=statement.sha256, answers_present=present)
