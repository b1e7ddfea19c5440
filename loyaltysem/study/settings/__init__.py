"""The keys of ``study.yaml`` that have settings of their own, one module for each analysis."""
