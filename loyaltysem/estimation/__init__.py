"""Parameter table + moments -> estimates, standard errors, tests, fit measures."""

from loyaltysem.estimation.bootstrap import Bootstrap, bootstrap
from loyaltysem.estimation.comparison import compare
from loyaltysem.estimation.fit import fit
from loyaltysem.estimation.fitted import Fit

__all__ = ["Bootstrap", "Fit", "bootstrap", "compare", "fit"]
