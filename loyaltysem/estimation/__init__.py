"""Parameter table + moments -> estimates, standard errors, tests, fit measures."""

from loyaltysem.estimation.comparison import compare
from loyaltysem.estimation.fit import fit
from loyaltysem.estimation.fitted import Fit

__all__ = ["Fit", "compare", "fit"]
