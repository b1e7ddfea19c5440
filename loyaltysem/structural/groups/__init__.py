"""Comparing groups of respondents: invariance of measurement, latent means, paths."""

from loyaltysem.structural.groups.invariance import Invariance, invariance
from loyaltysem.structural.groups.latent_means import LatentMeans, latent_means
from loyaltysem.structural.groups.path_differences import PathDifferences, path_differences
from loyaltysem.structural.groups.rungs import Rung

__all__ = [
    "Invariance",
    "LatentMeans",
    "PathDifferences",
    "Rung",
    "invariance",
    "latent_means",
    "path_differences",
]
