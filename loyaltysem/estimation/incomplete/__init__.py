"""Missing data: patterns, EM moments, and the likelihood of what was observed (FIML)."""
