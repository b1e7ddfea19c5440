import pytest

from loyaltysem.estimation.fitting import fit
from loyaltysem.estimation.nesting import can_be_nested

CONGENERIC = "f =~ x1 + x2 + x3 + x4"


@pytest.mark.parametrize("estimator", ["ML", "GLS", "ULS"])
def test_restricted_models_are_nested(skewed_data, estimator):
    less = fit(CONGENERIC, skewed_data, estimator=estimator)
    more = fit("f =~ x1 + a*x2 + a*x3 + x4", skewed_data, estimator=estimator)
    assert can_be_nested(less, more)


def test_nesting_that_the_tables_do_not_show(skewed_data):
    """A factor model without restrictions on correlations contains equal correlations."""
    less = fit("f =~ NA*x1 + x2 + x3 + x4\nf ~~ 1*f", skewed_data)
    more = fit("g =~ 1*x1 + 1*x2 + 1*x3 + 1*x4", skewed_data)
    assert can_be_nested(less, more)


def test_other_models_are_not_nested(skewed_data):
    less = fit(CONGENERIC, skewed_data)
    more = fit("f =~ 1*x1 + 1*x2\ng =~ 1*x3 + 1*x4\nf ~~ 0*g", skewed_data)
    assert more.df > less.df
    assert not can_be_nested(less, more)


def test_order_of_variables_does_not_matter(skewed_data):
    less = fit(CONGENERIC, skewed_data)
    more = fit("f =~ 1*x4 + 1*x3 + 1*x2 + 1*x1", skewed_data)
    assert can_be_nested(less, more)


def test_mean_structures_and_groups(skewed_data):
    less = fit(CONGENERIC, skewed_data, group="school")
    more = fit(CONGENERIC, skewed_data, group="school", group_equal=("loadings", "intercepts"))
    assert can_be_nested(less, more)
