"""What is printed of a fit."""

import pandas as pd
import pytest

from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.summary_fit import fit_lines

MODEL = "f =~ x1 + x2 + x3 + x4"


def test_one_line_says_the_essentials(two_factor_fit):
    text = repr(two_factor_fit)
    assert text.startswith("<Fit ML: n = 400, 13 parameters, chisq(8) = ")


def test_summary_shows_every_section(two_factor_fit):
    text = str(two_factor_fit)
    for words in ("Latent variables", "Regressions", "Variances", "g ~", "f (b)", "CFI", "RMSEA"):
        assert words in text
    assert "Intercepts" not in text
    line = next(line for line in text.splitlines() if line.strip().startswith("f (b)"))
    row = two_factor_fit.estimates().query("label == 'b'").iloc[0]
    assert f"{row['est']:.3f}" in line


def test_summary_speaks_of_groups_constraints_and_corrections(skewed_data):
    found = fit(
        "f =~ x1 + a*x2 + b*x3 + x4\nd := a - b\na == 1.1*b",
        skewed_data,
        group="school",
        group_equal="loadings",
        estimator="MLR",
    )
    text = found.summary()
    for words in (
        "Group 1 [west]",
        "Group 2 [east]",
        "Defined parameters",
        "a == 1.1*b",
        "by equality",
        "yuan.bentler.mplus",
        "robust",
        "Intercepts",
    ):
        assert words in text


@pytest.mark.parametrize("estimator", ["MLM", "MLR", "MLMV", "MLMVS", "ULSM", "WLSMV", "ULSMV"])
def test_a_corrected_test_stands_in_its_own_column_beside_the_standard_one(skewed_data, estimator):
    """The numbers are the measures, each under the name of its column."""
    data, ordered = skewed_data, estimator in {"WLSMV", "ULSMV"}
    if ordered:
        data = data[["x1", "x2", "x3", "x4"]].apply(lambda x: pd.qcut(x, 4, labels=False))
    found = fit(MODEL, data, estimator=estimator, ordered=ordered)
    measures, (heading, *lines) = found.measures(), fit_lines(found)
    shown = {line.label: line.cells for line in lines}
    assert heading.cells[:2] == ("Standard", "Scaled")
    assert shown["Correction"] == ("", found.tests[1].name)
    for label, name in (
        ("Chi-square", "chisq"),
        ("CFI", "cfi"),
        ("TLI", "tli"),
        ("RMSEA", "rmsea"),
    ):
        ends = ["", ".scaled", ".robust"][: len(heading.cells)]
        told = [measures.get(f"{name}{end}") for end in ends]
        assert shown[label] == tuple("" if value is None else f"{value:.3f}" for value in told)
    assert shown["Scaling factor"][1] == f"{measures['chisq.scaling.factor']:.3f}"
    assert shown["p"][1] == f"{measures['pvalue.scaled']:.3f}"
    text = str(found)
    assert max(len(line) for line in text.splitlines() if not line.startswith("!")) <= 80
    page = found._repr_html_()
    assert all(cell in page for cells in shown.values() for cell in cells)


def test_a_second_correction_has_a_line_of_its_own(skewed_data):
    found = fit(MODEL, skewed_data, test=["satorra.bentler", "mean.var.adjusted"])
    (line,) = [line for line in fit_lines(found) if line.label == "Test mean.var.adjusted"]
    assert line.cells[0].startswith(
        f"{found.tests[2].statistic:.3f}, df {found.tests[2].df:.3f}, p"
    )


def test_without_correction_the_fit_has_one_column_and_no_empty_line(skewed_data):
    lines = fit_lines(fit("f =~ x1 + x2 + x3", skewed_data))
    assert all(len(line.cells) == 1 and line.cells[0] for line in lines[1:])
    assert "p" not in {line.label for line in lines}


def test_a_saturated_model_names_the_correction_that_was_asked_for(skewed_data):
    found = fit("f =~ x1 + x2 + x3", skewed_data, estimator="MLR")
    assert [test.name for test in found.tests] == ["standard", "yuan.bentler.mplus"]


def test_html_holds_the_same_table_and_escapes_names(skewed_data):
    found = fit("`a<b` =~ x1 + x2 + x3 + x4", skewed_data)
    text = found._repr_html_()
    assert "a&lt;b" in text
    assert "a<b" not in text
    assert text.count("<tr") > len(found.table.rows)


def test_a_fit_without_test_says_so(skewed_data):
    found = fit("f =~ x1 + x2 + x3 + x4", skewed_data, test="none")
    assert "No test of fit" in str(found)
    assert "No test of fit" in found._repr_html_()


def test_html_and_text_show_the_same_numbers(two_factor_fit):
    text, page = str(two_factor_fit), two_factor_fit._repr_html_()
    for name in ("Latent variables", "f (b)", "&lt;.001"):
        assert name in page
    numbers = [word for line in text.splitlines() for word in line.split() if word[:1].isdigit()]
    assert all(number.rstrip(",") in page for number in numbers)


def test_columns_stand_in_line_whatever_the_names(skewed_data):
    names = {"x1": "a_name_of_more_than_twenty_four_letters", "x2": "顾客满意度第二题"}
    found = fit(
        "f =~ `" + "` + `".join([*names.values(), "x3"]) + "`", skewed_data.rename(columns=names)
    )
    lines = [line for line in str(found).splitlines() if line.startswith("    ")]
    ends = {len(line) + sum(letter > "⺀" for letter in line) for line in lines}
    assert len(ends) == 1
