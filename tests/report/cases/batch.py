"""Studies side by side: alike, and unlike in everything."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from loyaltysem.report import batch


def say(words: Any, make: Any) -> None:
    one = make.study()
    model = one.models[0]
    down = tuple(
        row.model_copy(update={"est": -1.0, "pvalue": 0.001}) if row.op == "~" else row
        for row in model.parameters
    )
    up = tuple(
        row.model_copy(update={"est": 1.0, "pvalue": 0.001}) if row.op == "~" else row
        for row in model.parameters
    )
    judged = tuple(row.model_copy(update={"verdict": "supported"}) for row in model.hypotheses)
    other = (judged[0].model_copy(update={"verdict": "opposite"}), *judged[1:])
    second = judged[0].model_copy(update={"id": "H99", "path": "a -> b"})
    both = (judged[0], second)
    neither = tuple(one.model_copy(update={"verdict": "opposite"}) for one in both)
    alike = make.study(models=(model.model_copy(update={"hypotheses": judged}),))
    rising = make.study(models=(model.model_copy(update={"parameters": up, "hypotheses": judged}),))
    failed = {"parameters": down, "hypotheses": other, "converged": False}
    falling = make.study(models=(model.model_copy(update=failed),))
    agreed = make.study(models=(model.model_copy(update={"hypotheses": both}),))
    turned = make.study(models=(model.model_copy(update={"hypotheses": neither}),))
    with patch.object(batch, "read_words", lambda _: words):
        for pair in ((alike, alike), (rising, falling), (agreed, turned)):
            document = batch.compose_batch(dict(zip("AB", pair, strict=True)), words.language)
            assert document.blocks
