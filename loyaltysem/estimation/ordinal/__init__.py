"""Ordinal indicators: thresholds, polychoric correlations and what is fitted to them."""
