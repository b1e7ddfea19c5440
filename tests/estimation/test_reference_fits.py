"""Fits of many estimators, options and kinds of model equal lavaan's (tests/estimation/reference).

Where lavaan 0.6-14 is at fault the cases do without: correlations of a single latent variable,
standard errors of ``abs()``, modification indices under ``==`` (see `modification_indices`).
"""

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.estimation.fitting import fit

REFERENCE = Path(__file__).parent / "reference"
ASKED = json.loads((REFERENCE / "cases.json").read_text("utf-8"))
FITS = json.loads((REFERENCE / "fits.json").read_text("utf-8"))
ANSWERS = pd.read_csv(REFERENCE / "answers.csv")
# lavaan stops early where the optimum could not be refined.
COARSE = {"nonlinear", "inequality"}
EXACT = ("npar", "df", "baseline.df", "ntotal")


@cache
def fitted(name):
    asked = ASKED[name]
    options = {key.replace(".", "_"): value for key, value in asked["options"].items()}
    return fit("\n".join(asked["model"]), ANSWERS, **options)


def keys(table):
    """Return what tells the parameters apart; covariances have no direction."""
    rows = zip(table["lhs"], table["op"], table["rhs"], table["group"], strict=True)
    return [
        (*(sorted((lhs, rhs)) if op == "~~" else (lhs, rhs)), op, group)
        for lhs, op, rhs, group in rows
    ]


def close(found, expected, rel, absolute):
    known = np.array([value is not None for value in expected])
    wanted = np.array([math.nan if value is None else value for value in expected])
    np.testing.assert_allclose(np.asarray(found)[known], wanted[known], rtol=rel, atol=absolute)


@pytest.mark.parametrize("name", FITS)
def test_estimates(name):
    theirs = FITS[name]
    ours = fitted(name).estimates()
    ours = ours[~ours["op"].isin(["==", "<", ">"])]
    place = {key: k for k, key in enumerate(keys(ours))}
    order = [place[key] for key in keys(theirs)]
    loose = 10 if name in COARSE else 1
    close(ours["est"].to_numpy()[order], theirs["est"], 1e-4 * loose, 1e-5 * loose)
    close(ours["std_all"].to_numpy()[order], theirs["std_all"], 1e-4 * loose, 1e-5 * loose)
    varies = [se or None for se in theirs["se"]]
    close(ours["se"].to_numpy(dtype=float)[order], varies, 1e-3 * loose, 1e-5 * loose)


@pytest.mark.parametrize("name", FITS)
def test_fit_measures(name):
    theirs = {key: value for key, value in FITS[name]["fit"].items() if value is not None}
    ours = fitted(name).measures()
    missing = set(theirs) - set(ours)
    assert not missing
    for key, value in theirs.items():
        tolerance = {"rel": 0, "abs": 0} if key in EXACT else {"rel": 2e-4, "abs": 5e-5}
        assert ours[key] == pytest.approx(value, **tolerance), key


@pytest.mark.parametrize("name", [name for name in FITS if "indices" in FITS[name]])
def test_modification_indices(name):
    theirs = FITS[name]["indices"]
    ours = fitted(name).modification_indices()
    place = {key: k for k, key in enumerate(keys(ours))}
    order = [place[key] for key in keys(theirs)]
    close(ours["mi"].to_numpy()[order], theirs["mi"], 1e-3, 1e-3)
    close(ours["epc"].to_numpy()[order], theirs["epc"], 1e-3, 1e-4)


@pytest.mark.parametrize("name", [name for name in FITS if "score" in FITS[name]])
def test_score_tests(name):
    theirs, ours = FITS[name]["score"], fitted(name).score_tests()
    total = theirs["total"] if isinstance(theirs["total"], list) else [theirs["total"]]
    single = theirs["single"] if isinstance(theirs["single"], list) else [theirs["single"]]
    close(ours.total["chisq"], total, 1e-3, 1e-3)
    close(ours.univariate["chisq"], single, 1e-3, 1e-3)
