"""Timings against lavaan, in the same run on the same machine: ``python -m benchmarks``."""
