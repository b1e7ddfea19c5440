"""The bootstrap of a fit: draws in batches, intervals, the Bollen-Stine test."""

from loyaltysem.estimation.bootstrapping.bollen_stine import with_bollen_stine
from loyaltysem.estimation.bootstrapping.conduct import bootstrap, draws_notice
from loyaltysem.estimation.bootstrapping.record import Bootstrap
from loyaltysem.estimation.bootstrapping.standard_errors import with_bootstrap_errors

__all__ = ["Bootstrap", "bootstrap", "draws_notice", "with_bollen_stine", "with_bootstrap_errors"]
