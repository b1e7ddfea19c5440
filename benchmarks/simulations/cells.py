"""All cells, in the order of the table."""

from benchmarks.simulations import comparisons, measurement, paths

CELLS = (*paths.CELLS, *measurement.CELLS, *comparisons.CELLS)
