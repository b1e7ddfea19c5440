"""Is the questionnaire any good, and are the answers.

Answers: `descriptives`, `normality`, `careless`, `missingness`. Items and scales: `alpha`,
`scales`, `split_half`, `omega`, `retest`, `item_analysis`. Factors: `adequacy`, `n_factors`, `efa`.
Fitted measurement models: `validity`, `htmt`, `discriminant`, `model_reliability`, `importance`.
Purchases: `behaviour`. Cut-offs: `cutoffs`.
"""
