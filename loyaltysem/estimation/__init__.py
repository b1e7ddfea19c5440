"""Parameter table + moments -> estimates, standard errors, tests, fit measures."""

from loyaltysem.estimation.bootstrapping import Bootstrap, bootstrap
from loyaltysem.estimation.comparison import compare
from loyaltysem.estimation.fitted import Fit
from loyaltysem.estimation.fitting import fit

__all__ = ["Bootstrap", "Fit", "bootstrap", "compare", "fit"]
