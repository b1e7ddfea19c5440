"""The model and its hypotheses: definition, judgement, what cannot be judged, simulation."""
