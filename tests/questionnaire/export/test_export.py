"""What holds for every platform."""

from __future__ import annotations

import io
import zipfile

import pytest

from loyaltysem.errors import QuestionnaireError
from loyaltysem.library import available, find
from loyaltysem.questionnaire import form_of, read_questionnaire
from loyaltysem.questionnaire.export import (
    Loss,
    export_questionnaire,
    loss_sentence,
    platforms,
    write_export,
)
from loyaltysem.questionnaire.export.layout import code_at_end, option_values, with_code
from loyaltysem.questionnaire.export.platforms.limesurvey import question_code
from loyaltysem.questionnaire.wording import interface, languages_spoken

ON_PAPER = {"word", "pdf"}


def text_of(content: bytes) -> str:
    """Return what can be read in a file, whatever its format."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(
                archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")
            )
    return content.decode("utf-8", errors="replace")


def test_twelve_platforms():
    assert list(platforms()) == [
        "codebook-csv", "codebook-md", "googleforms", "html", "limesurvey", "pdf", "qualtrics",
        "sav", "surveyjs", "wenjuanxing", "word", "xlsform",
    ]  # fmt: skip


@pytest.mark.parametrize("platform", platforms())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_same_bytes_and_codes_of_all_items(platform, language, rich):
    exported = export_questionnaire(rich, platform, language=language)
    again = export_questionnaire(rich, platform, language=language)
    assert exported == again
    text = text_of(next(iter(exported.files.values())))
    if platform not in ON_PAPER:
        codes = rich.item_codes
        if platform == "limesurvey":
            codes = tuple(question_code(code) for code in codes)
        assert [code for code in codes if code not in text] == []


@pytest.mark.parametrize("name", available("questionnaires"))
def test_every_shipped_questionnaire_goes_to_the_platforms_with_rules_of_their_own(name):
    questionnaire = read_questionnaire(find("questionnaires", name))
    for platform in ("limesurvey", "xlsform", "qualtrics", "wenjuanxing", "html", "sav"):
        assert export_questionnaire(questionnaire, platform).files


@pytest.mark.parametrize("platform", platforms())
def test_file_names_tell_questionnaire_and_language(platform, rich):
    (name,) = export_questionnaire(rich, platform, language="zh").files
    assert name.startswith("rich.")
    assert ("zh" in name.split(".")) is not platforms()[platform].multilingual


@pytest.mark.parametrize("platform", platforms())
@pytest.mark.parametrize("language", languages_spoken())
def test_losses_have_words(platform, language, rich):
    for loss in export_questionnaire(rich, platform).losses:
        assert "{" not in loss_sentence(loss, language)


def test_losses_name_what_is_lost(rich, loyalty):
    said = {loss.code: loss.facts for loss in export_questionnaire(rich, "qualtrics").losses}
    assert said["skip_logic"]["questions"] == "page_c, friend, remarks"
    assert said["randomisation"]["pages"] == "page_a"
    plain = [loss.code for loss in export_questionnaire(loyalty, "qualtrics").losses]
    assert plain == ["one_language", "screening", "unverified"]
    assert export_questionnaire(loyalty, "xlsform").losses == ()


def test_unknown_platform_and_language(rich):
    with pytest.raises(QuestionnaireError, match="Did you mean 'word'"):
        export_questionnaire(rich, "wrd")
    with pytest.raises(QuestionnaireError, match="no texts in 'fr'"):
        export_questionnaire(rich, "word", language="fr")


def test_files_are_not_replaced_unasked(rich, tmp_path):
    exported = export_questionnaire(rich, "codebook-md")
    (path,) = write_export(exported, tmp_path / "new")
    assert path.read_bytes() == exported.files[path.name]
    with pytest.raises(QuestionnaireError, match="exists"):
        write_export(exported, tmp_path / "new")
    assert write_export(exported, tmp_path / "new", overwrite=True) == (path,)
    with pytest.raises(QuestionnaireError, match="cannot be written"):
        write_export(exported, path)


@pytest.mark.parametrize("text", ["It is fair.", "价格合理。", "Income (CNY)"])
def test_code_in_a_wording_is_found_again(text):
    assert code_at_end(with_code(text, "PQ_1")) == "PQ_1"
    assert code_at_end("It is fair.") is None


def test_options_are_told_by_code_or_all_by_position(rich):
    entries = {entry.code: entry for entry in form_of(rich).entries}
    assert option_values(entries["gender"], r"[0-9]") == {"0": "0", "1": "1"}
    assert option_values(entries["gender"], r"[1-9]") == {"0": "1", "1": "2"}
    assert option_values(entries["channels"], r"[a-z]{1,5}") == {
        "friends": "1",
        "web": "2",
        "tv": "3",
    }


def test_both_languages_have_the_same_words():
    english, chinese = interface("en"), interface("zh")
    for part in ("phrases", "losses", "remarks"):
        assert set(getattr(english, part)) == set(getattr(chinese, part))
    assert interface("zh-TW") == chinese
    assert interface("fr") == english


def test_every_loss_is_in_words():
    names = ("platform", "questions", "pages", "language", "instead", "codes")
    facts = dict.fromkeys(names, "x")
    for code in interface("en").losses:
        assert loss_sentence(Loss(code=code, facts=facts))
