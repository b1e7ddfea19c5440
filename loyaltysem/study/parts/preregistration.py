"""What was planned before the answers came in, where a statement was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.study.deviations import compare_with_plan
from loyaltysem.study.parts.part import Found, Material, StudyPart
from loyaltysem.study.preregistration import FILE, read_statement

if TYPE_CHECKING:
    from loyaltysem.study.plan import Plan


def _check(plan: Plan) -> None:
    """Refuse a statement that was edited."""
    read_statement(plan.folder / FILE)


def _compute(material: Material) -> Found:
    statement = read_statement(material.plan.folder / FILE)
    n_analysed = material.responses.n_analysed
    return Found(record=compare_with_plan(statement, material.plan, n_analysed))


PREREGISTRATION = StudyPart(
    field="preregistration",
    step="Comparing with the preregistration",
    wanted=lambda plan: (plan.folder / FILE).is_file(),
    compute=_compute,
    check=_check,
)
