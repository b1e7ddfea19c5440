"""Works as lists of references write them."""

from __future__ import annotations

from typing import Any

import pytest

from loyaltysem.errors import DocumentError
from loyaltysem.report.bibliography import Work, in_order, reference_line
from loyaltysem.report.references import read_references

ARTICLE = {
    "authors": "Li, K.-H.; Meng, X.-L.; Raghunathan, T. E.; Rubin, D. B.",
    "year": 1991,
    "title": "Significance levels from repeated <i>p</i>-values",
    "journal": "Statistica Sinica",
    "volume": "1(1)",
    "pages": "65–92",
}
CHAPTER = {
    "authors": "Satorra, A.",
    "year": "2000",
    "title": "Scaled tests",
    "editors": "Heijmans, R. D. H.; Pollock, D. S. G.; Satorra, A.",
    "book": "Innovations",
    "pages": "233–247",
    "publisher": "Kluwer",
    "city": "London",
}
BOOK = {
    "authors": "Kline, R. B.",
    "year": 2016,
    "title": "Principles",
    "edition": 4,
    "publisher": "Guilford Press",
    "city": "New York",
}
CHINESE = {
    "authors": "Wen, Z.; Hou, J.",
    "year": 2004,
    "title": "Testing mediation",
    "romanized": "Zhongjie xiaoying",
    "journal": "Acta Psychologica Sinica",
    "volume": "36(5)",
    "pages": "614–620",
    "chinese": {"authors": "温忠麟、侯杰泰", "title": "中介效应检验", "journal": "心理学报"},
}


@pytest.mark.parametrize(
    ("work", "apa", "gbt7714"),
    [
        (
            ARTICLE,
            (
                "Li, K.-H., Meng, X.-L., Raghunathan, T. E., & Rubin, D. B. (1991). Significance"
                " levels from repeated <i>p</i>-values. <i>Statistica Sinica, 1</i>(1), 65–92."
            ),
            (
                "LI K H, MENG X L, RAGHUNATHAN T E, et al, 1991. Significance levels from repeated"
                " <i>p</i>-values[J]. Statistica Sinica, 1(1): 65-92."
            ),
        ),
        (
            {**ARTICLE, "authors": "Lynch, J. G., Jr.; Chen, Q.", "title": "Why?", "doi": "10.1/x"},
            (
                "Lynch, J. G., Jr., & Chen, Q. (1991). Why? <i>Statistica Sinica, 1</i>(1), 65–92."
                " https://doi.org/10.1/x"
            ),
            "LYNCH J G Jr, CHEN Q, 1991. Why?[J]. Statistica Sinica, 1(1): 65-92. DOI:10.1/x.",
        ),
        (
            {**ARTICLE, "authors": "Curran, P. G.", "volume": 66, "pages": None},
            (
                "Curran, P. G. (1991). Significance levels from repeated <i>p</i>-values."
                " <i>Statistica Sinica, 66</i>."
            ),
            (
                "CURRAN P G, 1991. Significance levels from repeated <i>p</i>-values[J]."
                " Statistica Sinica, 66."
            ),
        ),
        (
            CHAPTER,
            (
                "Satorra, A. (2000). Scaled tests. In R. D. H. Heijmans, D. S. G. Pollock, & A."
                " Satorra (Eds.), <i>Innovations</i> (pp. 233–247). Kluwer."
            ),
            (
                "SATORRA A, 2000. Scaled tests[M]//HEIJMANS R D H, POLLOCK D S G, SATORRA A."
                " Innovations. London: Kluwer: 233-247."
            ),
        ),
        (
            {**CHAPTER, "editors": "Bollen, K. A.", "edition": 11, "pages": None},
            (
                "Satorra, A. (2000). Scaled tests. In K. A. Bollen (Ed.), <i>Innovations</i>"
                " (11th ed.). Kluwer."
            ),
            "SATORRA A, 2000. Scaled tests[M]//BOLLEN K A. Innovations. 11th ed. London: Kluwer.",
        ),
        (
            BOOK,
            "Kline, R. B. (2016). <i>Principles</i> (4th ed.). Guilford Press.",
            "KLINE R B, 2016. Principles[M]. 4th ed. New York: Guilford Press.",
        ),
        (
            CHINESE,
            (
                "Wen, Z., & Hou, J. (2004). Zhongjie xiaoying [Testing mediation]."
                " <i>Acta Psychologica Sinica, 36</i>(5), 614–620."
            ),
            "WEN Z, HOU J, 2004. Testing mediation[J]. Acta Psychologica Sinica, 36(5): 614-620.",
        ),
    ],
)
def test_works_in_an_english_list(work: dict[str, Any], apa: str, gbt7714: str) -> None:
    made = Work.model_validate(work)
    assert reference_line(made, "en") == apa
    assert reference_line(made, "en", "gbt7714") == gbt7714


@pytest.mark.parametrize(
    ("changes", "apa", "gbt7714"),
    [
        (
            {},
            "温忠麟, 侯杰泰. (2004). 中介效应检验. <i>心理学报, 36</i>(5), 614–620.",
            "温忠麟, 侯杰泰, 2004. 中介效应检验[J]. 心理学报, 36(5): 614-620.",
        ),
        (
            {
                "journal": None,
                "volume": None,
                "pages": None,
                "publisher": "Chongqing University Press",
                "edition": 2,
                "chinese": {
                    "authors": "吴明隆",
                    "title": "结构方程模型",
                    "publisher": "重庆大学出版社",
                    "city": "重庆",
                },
            },
            "吴明隆. (2004). <i>结构方程模型</i>（第2版）. 重庆大学出版社.",
            "吴明隆, 2004. 结构方程模型[M]. 第2版. 重庆: 重庆大学出版社.",
        ),
    ],
)
def test_chinese_works_in_a_chinese_list(changes: dict[str, Any], apa: str, gbt7714: str) -> None:
    made = Work.model_validate({**CHINESE, **changes})
    assert reference_line(made, "zh", "apa") == apa
    assert reference_line(made, "zh") == gbt7714


def test_twenty_one_authors_are_shortened() -> None:
    many = "; ".join(f"Name{k}, A." for k in range(1, 22))
    line = reference_line(Work.model_validate({**ARTICLE, "authors": many}), "en")
    assert "Name19, A., … Name21, A. (1991)" in line


def test_chinese_works_come_first_in_a_chinese_list() -> None:
    works = {
        "Ålund & Berg (2001)": "Ålund, A. (2001).",
        "Zhao (2010)": "Zhao, X. (2010).",
        "Alund & Berg (1999)": "Alund, A. (1999).",
        "Wen & Hou (2004)": Work.model_validate(CHINESE),
        "吴明隆 (2010)": "吴明隆. 结构方程模型[M].",
    }
    english = ["Alund & Berg (1999)", "Ålund & Berg (2001)", "Wen & Hou (2004)", "Zhao (2010)"]
    chinese = ["Wen & Hou (2004)", "吴明隆 (2010)"]
    assert in_order(works, works, "en") == [*english, "吴明隆 (2010)"]
    assert in_order(works, works, "zh") == chinese + [key for key in english if key not in chinese]


def test_the_shipped_works_are_whole() -> None:
    for key, work in read_references().items():
        assert isinstance(work, Work), key
        assert work.year in key
        assert "–" in (work.pages or "–"), key
        assert work.city if work.publisher else work.volume and work.pages, key


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{authors: 'Li, X.', title: Loyalty}", "needs a journal or a publisher"),
        ("{authors: 'Li, X.', title: Loyalty, book: B, journal: J}", "stands in a book"),
        ("{authors: 'Li, X.', titel: Loyalty, journal: J}", "titel"),
        (
            (
                "{authors: 'Li, X.', title: T, book: B, publisher: P,"
                " chinese: {authors: 李, title: 题}}"
            ),
            "whole reference as text",
        ),
        ("{authors: 'Li, X., Wu, Y.', title: Loyalty, journal: J}", "parted by semicolons"),
        ("{authors: 'Li, X.;', title: Loyalty, journal: J}", "parted by semicolons"),
    ],
)
def test_what_a_work_lacks_is_said_with_its_place(tmp_path: Any, entry: str, said: str) -> None:
    path = tmp_path / "reports" / "references.yaml"
    path.parent.mkdir()
    path.write_text(f"Oliver (1999): a text\nLi (2024): {entry}\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_references(tmp_path)
    assert said in str(caught.value)
    assert "references.Li (2024)" in str(caught.value)
    assert "line 2" in str(caught.value)


def test_a_work_of_a_study_may_name_its_year_itself(tmp_path: Any) -> None:
    path = tmp_path / "reports" / "references.yaml"
    path.parent.mkdir()
    text = "Li (in press): {authors: 'Li, X.', year: in press, title: Loyalty, journal: J}\n"
    path.write_text(text, encoding="utf-8")
    line = reference_line(read_references(tmp_path)["Li (in press)"], "en")
    assert line == "Li, X. (in press). Loyalty. <i>J</i>."
