"""Personal data are recognised, kept out, and taken out."""

from __future__ import annotations

import pandas as pd
import pytest

from loyaltysem.errors import ResponsesError
from loyaltysem.questionnaire import Question
from loyaltysem.responses import read_responses
from loyaltysem.responses.anonymising import anonymise
from loyaltysem.responses.privacy import personal_columns
from loyaltysem.responses.tables import read_table
from tests.responses.conftest import both

ROWS = """\
id,姓名,contact,note,mail,from,no,Q1,Q2,P1,A1,gender,submitted
u1,王小明,13812345678,我觉得这家店的服务真的非常好,a@b.cn,1.2.3.4(浙江-杭州),11010519491231002X,1,2,3,2,m,2026-09-03 12:00
u2,李雷,+86 13912345678,送货太慢了希望以后能够快一点,c@d.org,10.0.0.1,110105194912310038,2,3,4,2,f,2026-09-03 12:01
u3,韩梅,010-12345678,"=HYPERLINK(""http://x.cn"",""点我"")",e@f.com,10.0.0.2,110105194912310046,5,4,9,2,f,2026-09-04 08:00
u4,张三,13612345678,没有什么特别的意见谢谢你们,g@h.net,10.0.0.3,110105194912310054,x,4,9,2,f,2026-09-04 08:00
u5,赵四,13712345678,价格比别的平台贵了不少不划算,i@j.net,10.0.0.4,110105194912310062,4,4,9,2,m,2026-09-04 08:00
"""  # noqa: E501

KINDS = {
    "姓名": "name",
    "contact": "phone",
    "note": "text",
    "mail": "email",
    "from": "ip",
    "no": "id_number",
}


def test_personal_columns_are_recognised_by_heading_or_cells(written):
    found = {one.heading: one.kind for one in personal_columns(read_table(written(ROWS)))}
    assert found == KINDS


def test_no_personal_data_reach_the_responses(written, questionnaire):
    responses = read_responses(written(ROWS), questionnaire)
    (notice,) = [one for one in responses.notices if one.code == "personal_data"]
    assert set(notice.facts["columns"]) == set(KINDS)
    kept = [*responses.answers, *responses.demographics, *responses.questions, *responses.technical]
    assert not set(kept) & set(KINDS)


SHORT = (
    "序号,来自IP,来源详情,uid,1、It lasts.,2、It breaks.,3、It is fair.,4、还想说什么,5、常去哪里\n"
    + "".join(
        f"{k},1.2.3.{k},群{k}秘密,u{k}秘密,5,2,3,秘密{k % 3},其他〖秘密〗┋网店\n"
        for k in range(1, 11)
    )
)


def test_answers_to_open_questions_are_personal_however_short(written, tmp_path, questionnaire):
    asked = questionnaire.model_copy(
        update={"questions": (Question(code="more", wording=both("还想说什么"), type="text"),)}
    )
    source = written(SHORT)
    responses = read_responses(source, asked)
    (notice,) = [one for one in responses.notices if one.code == "personal_data"]
    assert notice.facts["columns"] == ("来自IP", "来源详情", "uid", "4、还想说什么")
    for given in (asked, None):
        to = tmp_path / f"shared{given is None}.csv"
        done = anonymise(source, to, questionnaire=given, drop=[] if given else ["4、还想说什么"])
        assert "秘密" not in to.read_text("utf-8-sig")
    assert done.n_texts_lost == 10
    assert "其他┋网店" in to.read_text("utf-8-sig")


def test_texts_of_ones_own_are_found_without_a_questionnaire(written):
    names = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳"]
    labels = ["同意", "不同意", "一般", "非常同意", "非常不同意"] * 2
    rows = "".join(f"{a},{b},7{k}\n" for k, (a, b) in enumerate(zip(names, labels, strict=True)))
    table = read_table(written(f"x,Q1,Q2\n{rows}"))
    assert [one.heading for one in personal_columns(table)] == ["x"]


def test_shared_answers_stay_marked_as_simulated(written, tmp_path, questionnaire):
    to = tmp_path / "shared.csv"
    anonymise(written("Q1,Q2,P1,simulated\n1,2,3,yes\n"), to, questionnaire=questionnaire)
    assert read_responses(to, questionnaire).simulated


def test_messages_show_no_personal_data(written, questionnaire):
    rows = "".join(f"13812345{k:03d},王{chr(0x4E00 + k)}明,2,3\n" for k in range(40))
    with pytest.raises(ResponsesError) as fault:
        read_responses(written(f"id,Q1,Q2,P1\n{rows}"), questionnaire)
    assert "王" not in str(fault.value)
    assert "40 different texts" in str(fault.value)
    with pytest.raises(ResponsesError) as fault:
        read_responses(
            written("id,Q1,Q2,P1\n13812345678,1,2,3\n13812345678,1,2,3\n"), questionnaire
        )
    assert "138" not in str(fault.value)
    assert "rows 2 and 3" in str(fault.value)
    with pytest.raises(ResponsesError) as fault:
        read_responses(written("13812345678,a@b.cn,1,2\n13912345678,c@d.cn,1,2\n"), questionnaire)
    assert "138" not in str(fault.value)
    assert "@" not in str(fault.value)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize("coded", [True, False])
def test_a_file_to_share(written, tmp_path, questionnaire, ending, coded):
    source, to = written(ROWS), tmp_path / f"shared{ending}"
    before = source.read_bytes()
    done = anonymise(source, to, questionnaire=questionnaire if coded else None, seed=4)
    assert source.read_bytes() == before
    table = read_table(to)
    assert not set(table.headings) & set(KINDS)
    text = " ".join(table.cells.ravel())
    assert "王小明" not in text
    assert "u1" not in text
    assert table.columns[0].text().tolist() == [f"r000{k}" for k in range(1, 6)]
    assert sorted(table.columns[table.headings.index("P1")].text()) == ["3", "4", "9", "9", "9"]
    assert done.n == 5
    assert done.n_texts_lost == int(coded)
    assert done.smallest_group == (2 if coded else None)


def test_what_is_asked_for_is_kept_or_dropped(written, tmp_path):
    to = tmp_path / "shared.csv"
    anonymise(written(ROWS), to, keep=["note"], drop=["gender"])
    frame = pd.read_csv(to, dtype=str)
    assert "gender" not in frame
    assert any(text.startswith("'=HYPERLINK") for text in frame["note"])  # no formula


def test_faults_are_told(written, tmp_path):
    source = written(ROWS)
    with pytest.raises(ResponsesError, match="overwrite itself"):
        anonymise(source, source, overwrite=True)
    with pytest.raises(ResponsesError, match="no column 'nome'"):
        anonymise(source, tmp_path / "a.csv", keep=["nome"])
    with pytest.raises(ResponsesError, match="cannot be written as"):
        anonymise(source, tmp_path / "a.doc")
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(ResponsesError, match="exists"):
        anonymise(source, tmp_path / "a.csv")
