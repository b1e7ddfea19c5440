"""Models as files: what contradicts itself or the questionnaire is refused, with its line."""

from __future__ import annotations

import pytest

from loyaltysem.errors import DocumentError, ModelSpecificationError, ModelSyntaxError
from loyaltysem.questionnaire import Construct, Item, Questionnaire, Scale
from loyaltysem.structural.definition import check_against, read_model

TEXT = """\
name: small
title: {en: Small, zh: 小}
questionnaire: shop
syntax: |
  # measurement
  quality =~ Q1 + Q2 + Q3
  trust   =~ T1 + T2
  overall =~ quality + trust

  trust ~ quality
names:
  overall: {en: Overall, zh: 总体}
hypotheses:
  - id: H1
    path: quality -> trust
    sign: "+"
    wording: {en: It helps., zh: 有益。}
"""


def both(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


def construct(code: str, *items: str) -> Construct:
    return Construct(
        code=code,
        name=both(code),
        source="Garvin (1987)",
        items=tuple(Item(code=item, wording=both(item)) for item in items),
    )


@pytest.fixture
def questionnaire() -> Questionnaire:
    return Questionnaire(
        name="shop",
        version="1",
        title=both("Shop"),
        scale=Scale(highest=5, labels={1: both("No"), 5: both("Yes")}),
        constructs=(construct("quality", "Q1", "Q2", "Q3"), construct("trust", "T1", "T2")),
    )


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "model.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_model_and_its_parts(written, questionnaire):
    model = read_model(written(TEXT))
    check_against(model, questionnaire)
    assert model.items == ("Q1", "Q2", "Q3", "T1", "T2")
    assert model.roles.latent == ("quality", "trust", "overall")
    (hypothesis,) = model.hypotheses
    assert (hypothesis.predictor, hypothesis.outcome) == ("quality", "trust")


def test_an_arrow_is_a_path(written):
    model = read_model(written(TEXT.replace("quality -> trust", "quality→trust")))
    assert model.hypotheses[0].predictor == "quality"


def test_grammar_faults_have_the_line_and_column_of_the_file(written):
    with pytest.raises(ModelSyntaxError) as caught:
        read_model(written(TEXT.replace("T1 + T2", "T1 T2")))
    assert (caught.value.place.line, caught.value.place.column) == (7, 17)
    assert caught.value.place.file == written(TEXT)


def test_text_in_one_line_has_the_line_of_its_key(written):
    text = TEXT[: TEXT.index("syntax")] + "syntax: 'quality =~ Q1'\n"
    with pytest.raises(ModelSpecificationError, match="single item 'Q1'") as caught:
        read_model(written(text))
    assert caught.value.place.line == 4


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("T1 + T2", "T1", 7, "'trust' has the single item 'T1'"),
        ("path: quality -> trust", "path: trust -> quality", 15, "which the model does not have"),
        ("path: quality -> trust", "path: qualty -> trust", 15, "which the model does not have"),
    ],
)
def test_models_that_contradict_themselves(written, old, new, line, problem):
    with pytest.raises(ModelSpecificationError, match=problem) as caught:
        read_model(written(TEXT.replace(old, new, 1)))
    assert caught.value.place.line == line


def test_unknown_path_suggests_the_nearest(written):
    with pytest.raises(ModelSpecificationError) as caught:
        read_model(written(TEXT.replace("path: quality", "path: qualty")))
    assert caught.value.expected == "quality -> trust"
    assert caught.value.remedy == "Did you mean 'quality -> trust'?"


def test_id_twice(written):
    second = TEXT[TEXT.index("  - id: H1") :]
    with pytest.raises(ModelSpecificationError, match="Two hypotheses bear the id 'H1'") as caught:
        read_model(written(TEXT + second))
    assert caught.value.place.line == 18


def test_path_that_is_none(written):
    with pytest.raises(DocumentError, match="must be a path such as"):
        read_model(written(TEXT.replace("quality -> trust", "quality and trust")))


def test_single_item_with_a_stated_error_is_allowed(written, questionnaire):
    text = TEXT.replace("trust   =~ T1 + T2", "trust =~ T1\n  T1 ~~ 0*T1")
    check_against(read_model(written(text)), questionnaire)


def test_unknown_item_as_the_style_guide_words_it(written, questionnaire):
    path = written(TEXT.replace("Q1 + Q2 + Q3", "Q1 + Q2 + Q33"))
    with pytest.raises(ModelSpecificationError) as caught:
        check_against(read_model(path), questionnaire)
    assert str(caught.value) == (
        "Construct 'quality' uses item 'Q33', which questionnaire 'shop' does not define"
        f" ({path}, line 6). Allowed: Q1, Q2, Q3. Did you mean 'Q3'?"
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("trust ~ quality", "trust ~ quality + mood", 10, "The model uses 'mood'"),
        ("questionnaire: shop", "questionnaire: store", 3, "for another questionnaire"),
        ("  overall: {en: Overall, zh: 总体}", "  overall: {en: Overall}", 12, "not translated"),
        ("  overall: {", "  overal: {", 8, "'overall' is no construct"),
        ("  overall: {", "  overal: {", 12, "'overal' is named, but is no latent variable"),
        ("{en: It helps., zh: 有益。}", "{en: It helps.}", 17, "'It helps.' is not translated"),
    ],
)
def test_models_that_do_not_fit_the_questionnaire(written, questionnaire, old, new, line, problem):
    with pytest.raises(ModelSpecificationError, match=problem) as caught:
        check_against(read_model(written(TEXT.replace(old, new, 1))), questionnaire)
    assert line in [fault.place.line for fault in caught.value.faults]


def test_an_indirect_hypothesis_names_its_mediators(written):
    text = TEXT.replace("  trust ~ quality", "  trust ~ quality\n  overall ~ trust").replace(
        "  overall =~ quality + trust\n", "  overall =~ O1 + O2\n"
    )
    model = read_model(
        written(text.replace("path: quality -> trust", "path: quality -> trust → overall"))
    )
    (hypothesis,) = model.hypotheses
    assert hypothesis.is_indirect
    assert (hypothesis.predictor, hypothesis.outcome) == ("quality", "overall")
    assert hypothesis.variables == ("quality", "trust", "overall")


def test_every_step_of_an_indirect_hypothesis_is_a_path_of_the_model(written):
    text = TEXT.replace("path: quality -> trust", "path: quality -> trust -> quality")
    with pytest.raises(ModelSpecificationError) as caught:
        read_model(written(text))
    assert "'trust -> quality'" in caught.value.problem
