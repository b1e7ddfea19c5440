import pytest

from loyaltysem.errors import ModelSpecificationError, ModelSyntaxError
from loyaltysem.syntax import build_table

COLUMNS = ("x1", "x2", "x3", "sq1", "age")
F = "f =~ x1 + x2 + x3\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "remedy"),
    [
        ("f =~ x1 + x2 + x33", 1, 16, "Did you mean 'x3'?"),
        (F + "f ~ aeg", 2, 5, "Did you mean 'age'?"),
        (F + "x1 ~~ sq7", 2, 7, "Did you mean 'sq1'?"),
        (F + "quality ~ f", 2, 11, "'name =~ item1"),
        (F + "sq1 ~ x1:age", 2, 7, "add it to the data"),
        ("age =~ x1 + x2 + x3", 1, 8, "Rename"),
        ("f <~ x1 + x2", 1, 6, "reflectively"),
        (F + "f | t1", 2, 5, None),
        (F + "x1 ~*~ x2", 2, 8, "x ~*~ x"),
    ],
)
def test_names_are_checked_where_they_stand(text, line, column, remedy):
    with pytest.raises(ModelSyntaxError) as caught:
        build_table(text, observed_names=COLUMNS)
    assert (caught.value.place.line, caught.value.place.column) == (line, column)
    assert caught.value.remedy is None if remedy is None else remedy in caught.value.remedy


def test_product_may_be_a_column():
    table = build_table(F + "sq1 ~ x1:age", observed_names=(*COLUMNS, "x1:age"))
    assert "x1:age" in table.exogenous


def test_products_need_the_data():
    with pytest.raises(ModelSyntaxError, match="product 'x1:z'"):
        build_table("y ~ x1:z")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("f =~ x1 + a*x2 + x3\nd := a + b", 2),
        ("f =~ x1 + a*x2 + x3\na == e\n", 2),
        ("f =~ x1 + a*x2 + x3\ne := d^2\nd := a", 2),
        ("f =~ x1 + a*x2 + x3\nd := a\n.p99. > d", 3),
    ],
)
def test_labels_are_checked_where_they_stand(text, line):
    with pytest.raises(
        ModelSyntaxError, match=r"no parameter bears|before it is defined"
    ) as caught:
        build_table(text)
    assert caught.value.place.line == line


def test_modifiers_need_one_entry_or_one_per_group():
    with pytest.raises(ModelSyntaxError) as caught:
        build_table("f =~ x1 + c(a, b)*x2 + x3", group_labels=("1", "2", "3"))
    assert caught.value.found == 2
    assert "(3)" in caught.value.expected


def test_options_are_checked():
    with pytest.raises(ModelSpecificationError, match="unknown") as caught:
        build_table(F, group_equal="loading")
    assert "loadings" in caught.value.remedy
    with pytest.raises(ModelSpecificationError) as caught:
        build_table(F, std_latent=True)
    assert caught.value.found == "'std_latent'"
    with pytest.raises(ModelSpecificationError, match="conditional_x"):
        build_table(F, conditional_x=True, fixed_x=False)


def test_exceptions_of_group_equality_must_exist():
    options = {"group_labels": ("a", "b"), "group_equal": ("loadings", "residual.covariances")}
    text = F + "x1 ~~ x2"
    table = build_table(text, group_partial=("f =~ x2", "x2~~x1"), **options)
    assert sum(row.op == "==" for row in table.rows) == 1
    with pytest.raises(ModelSpecificationError, match="does not have"):
        build_table(text, group_partial="f=~x9", **options)


def test_notices_say_what_lavaan_warns_of():
    codes = {n.code for n in build_table("y ~ x + z\nx ~~ x\ny | t1", ordered={"z": 2}).notices}
    assert codes == {"covariate_randomized", "ordinal_covariate"}
    grouped = build_table("f =~ x1 + a*x2 + x3", group_labels=("1", "2"))
    assert [n.code for n in grouped.notices] == ["label_across_groups"]


def test_equal_parameters_fixed_at_different_values():
    text = "f =~ 1*x1 + a*x1 + 2*x2 + a*x2 + x3"
    (notice,) = build_table(text).notices
    assert notice.code == "fixed_values_differ"
    assert notice.facts["value"] == 1.0


def test_a_definition_used_before_its_line_is_pointed_at():
    with pytest.raises(ModelSyntaxError, match=r"before it is defined.*Line 3 defines it"):
        build_table("y ~ a*x\ntotal := a + twice\ntwice := 2*a")
