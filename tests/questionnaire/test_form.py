"""Pages, grids and their order."""

from __future__ import annotations

from loyaltysem.questionnaire import form_of, read_questionnaire
from loyaltysem.questionnaire.arrangement import sections_of
from loyaltysem.questionnaire.form import entry_condition, gate


def test_without_sections_a_page_for_each_construct_with_the_check_between(loyalty):
    form = form_of(loyalty)
    first = [page.entries[0].code for page in form.pages]
    assert first[:5] == ["consent", "PQ1", "SQ1", "PR1", "IM1"]
    assert "AC1" in [page.entries[-1].code for page in form.pages[1:-1]]
    assert form.pages[-1].entries[0].role == "demographic"
    assert form.pages[1].text == loyalty.instructions
    assert {entry.code for entry in form.entries} == {
        "consent",
        *loyalty.item_codes,
        "AC1",
        *(one.code for one in loyalty.demographics),
    }


def test_sections_give_pages_in_their_order(rich):
    form = form_of(rich)
    assert [page.code for page in form.pages] == [
        "consent_page", "screening", "page_a", "page_b", "page_c", "page_d",
    ]  # fmt: skip
    assert [entry.code for entry in form.pages[2].entries] == ["Q1", "Q_2", "A1", "Q3"]
    assert form.pages[2].randomise


def test_neighbours_on_one_scale_are_a_grid(rich):
    blocks = form_of(rich).pages[3].blocks
    codes = [(block.code, [entry.code for entry in block.entries]) for block in blocks]
    assert codes == [
        ("price", ["P1"]),
        ("grid", ["P2"]),  # optional, so not with P1
        ("feel", ["F1", "F2"]),
        ("F3", ["F3"]),
        ("F4", ["F4"]),
        ("U1", ["U1"]),  # a count is typed in
        ("U2", ["U2"]),
        ("gender", ["gender"]),
    ]
    assert [block.is_grid for block in blocks] == [True, True, True, *[False] * 5]


def test_columns_of_several_choices(rich):
    columns = form_of(rich).columns
    assert {"channels_friends", "rank_speed", "years"} <= set(columns)
    assert "channels" not in columns


def test_consent_and_screening_stand_at_the_gate(rich):
    form = form_of(rich)
    assert [entry.code for entry in form.entries if entry.accept] == ["consent", "bought"]
    condition = gate(form)
    assert [(part.code, part.value) for part in condition.parts] == [
        ("consent", "agree"),
        ("bought", "yes"),
    ]


def test_condition_of_an_entry_holds_its_pages(rich):
    page = form_of(rich).pages[4]
    friend = next(entry for entry in page.entries if entry.code == "friend")
    assert entry_condition(page, friend).parts[0] == page.show_if


def test_names_made_up_avoid_codes(written, text):
    renamed = text.replace("code: gender", "code: page").replace("title: {", "consent: {", 1)
    renamed = renamed.replace("consent: {", "title: {en: Shop, zh: 商店}\nconsent: {")
    questionnaire = read_questionnaire(written(renamed.replace("code: P1", "code: consent")))
    assert sections_of(questionnaire)[0].code == "page_2"
    assert form_of(questionnaire).entries[0].code == "consent_2"
