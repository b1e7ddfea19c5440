"""The key ``method_variance`` of a study."""

from __future__ import annotations

from loyaltysem.documents import Definition, Line


class MethodVarianceDefinition(Definition):
    """What was measured to catch common-method variance.

    Attributes
    ----------
    marker
        A construct of the questionnaire that in theory has nothing to do with the others.
    unrelated
        Constructs of the model with which it surely has nothing to do: its mean correlation with
        them stands for the method. Without this key its smallest positive one does, and no adjusted
        correlation is judged, since no test of one is valid that the answers chose.
    """

    marker: Line
    unrelated: tuple[Line, ...] = ()
