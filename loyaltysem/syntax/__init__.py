"""Model text in lavaan's syntax -> parameter table -> matrices. Knows no data."""

from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.constraints import (
    Constraints,
    Expressions,
    compile_expressions,
    find_constraints,
)
from loyaltysem.syntax.identification import (
    check_identification,
    count_moments,
    degrees_of_freedom,
)
from loyaltysem.syntax.matrices import (
    Cells,
    GroupMatrices,
    ModelMatrices,
    model_matrices,
    with_exogenous_moments,
)
from loyaltysem.syntax.options import BuildOptions
from loyaltysem.syntax.parser import parse_model
from loyaltysem.syntax.statements import Statements
from loyaltysem.syntax.table import Parameter, ParameterTable
from loyaltysem.syntax.text import table_options, table_text

__all__ = [
    "BuildOptions",
    "Cells",
    "Constraints",
    "Expressions",
    "GroupMatrices",
    "ModelMatrices",
    "Parameter",
    "ParameterTable",
    "Statements",
    "build_table",
    "check_identification",
    "compile_expressions",
    "count_moments",
    "degrees_of_freedom",
    "find_constraints",
    "model_matrices",
    "parse_model",
    "table_options",
    "table_text",
    "with_exogenous_moments",
]
