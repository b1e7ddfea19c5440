"""Multiple imputation: complete data sets drawn, models fitted to each, results pooled."""

from loyaltysem.estimation.imputation.comparison import compare_imputed
from loyaltysem.estimation.imputation.draws import Imputations, impute
from loyaltysem.estimation.imputation.fitting import ImputedFit, fit_imputed

__all__ = ["Imputations", "ImputedFit", "compare_imputed", "fit_imputed", "impute"]
