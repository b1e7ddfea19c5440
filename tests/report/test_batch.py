"""Several studies side by side: every number in its column, what differs said in words."""

from __future__ import annotations

import pytest

from loyaltysem.report.batch import compose_batch
from loyaltysem.report.document import Paragraph, Table, as_text, cell_texts


@pytest.fixture
def tables(make):
    first = make.study()
    model = first.models[0]
    hypotheses = tuple(
        one.model_copy(update={"verdict": "opposite"} if not k else {})
        for k, one in enumerate(model.hypotheses)
    )
    reduced = {"hypotheses": hypotheses, "parameters": model.parameters[:-1]}
    second = make.study(models=(model.model_copy(update=reduced),), reliability=())
    document = compose_batch({"2025": first, "2026": second}, "en")
    texts = [as_text(block.text) for block in document.blocks if isinstance(block, Paragraph)]
    return {one.key: one for one in document.blocks if isinstance(one, Table)}, texts


def test_each_study_has_its_column(tables):
    found, _ = tables
    (alpha, *_) = cell_texts(found["table_batch_reliability"])
    assert alpha[1]
    assert alpha[2] == "–" or alpha[2] == ""
    heads = [as_text(one.title) for one in found["table_batch_paths"].columns]
    assert heads[1:] == ["2025", "2026"]
    fit = cell_texts(found["table_batch_fit"])
    assert [row[0] for row in fit] == ["2025", "2026"]
    assert fit[0][1:] == fit[1][1:]


def test_verdicts_that_differ_are_named(tables):
    found, texts = tables
    rows = cell_texts(found["table_batch_hypotheses"])
    assert rows[0][1] != rows[0][2]
    assert any("judged differently" in text for text in texts)


def test_several_models_of_a_study_have_columns_of_their_own(make):
    one = make.study()
    two = one.models[0].model_copy(update={"title": {"en": "Rival", "zh": "竞争模型"}})
    document = compose_batch({"A": make.study(models=(one.models[0], two))}, "zh")
    table = next(b for b in document.blocks if isinstance(b, Table) and b.key.endswith("_fit"))
    assert [row[0].split(": ")[-1] for row in cell_texts(table)][1] == "竞争模型"
