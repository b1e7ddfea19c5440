"""Simulations with known truth: bias, coverage and error rates of the estimators and tests."""
