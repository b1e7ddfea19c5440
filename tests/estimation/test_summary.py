"""What is printed of a fit."""

from loyaltysem.estimation.fitting import fit


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


def test_html_holds_the_same_table_and_escapes_names(skewed_data):
    found = fit("`a<b` =~ x1 + x2 + x3 + x4", skewed_data)
    text = found._repr_html_()
    assert "a&lt;b" in text
    assert "a<b" not in text
    assert text.count("<tr") > len(found.table.rows)


def test_a_fit_without_test_says_so(skewed_data):
    assert "No test of fit" in str(fit("f =~ x1 + x2 + x3 + x4", skewed_data, test="none"))


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
