"""All cells, in the order of the table."""

from benchmarks.simulations import comparisons, measurement, moderation, paths

CELLS = (*paths.CELLS, *measurement.CELLS, *comparisons.CELLS, *moderation.CELLS)
