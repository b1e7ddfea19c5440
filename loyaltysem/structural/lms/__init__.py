"""Latent moderated structural equations: interactions of latent variables by maximum likelihood.

Klein, A., & Moosbrugger, H. (2000). Maximum likelihood estimation of latent interaction effects
with the LMS method. Psychometrika, 65, 457-474.
"""

from loyaltysem.structural.lms.fitted import LmsFit
from loyaltysem.structural.lms.fitting import fit_lms

__all__ = ["LmsFit", "fit_lms"]
