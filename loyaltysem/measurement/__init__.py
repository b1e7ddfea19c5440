"""Is the questionnaire any good: descriptives, reliability, convergent validity, cut-offs."""
