"""Templates of a study's own run in a sandbox: no code, no files, no values without bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from loyaltysem.errors import ReportError

if TYPE_CHECKING:
    from jinja2.runtime import Context

FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a faulty template can raise while it is filled."""


def faulty_template(name: str, error: Exception) -> ReportError:
    """Return what is said of a template that cannot be read or filled; with its line if known."""
    line = getattr(error, "lineno", None)
    where = f" (line {line})" if line else ""
    return ReportError(f"The template {name}{where} is faulty: {error}")


class Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, in which numbers alone can be multiplied and nothing raised to a power."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate with an operator, unless the value could fill the memory."""
        if operator == "**" or not all(isinstance(one, int | float) for one in (left, right)):
            raise SecurityError(f"the operator {operator} is not allowed here")
        return super().call_binop(context, operator, left, right)
