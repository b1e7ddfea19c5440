"""Moments from parts equal those from all rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import loyaltysem as ls
from loyaltysem.errors import EstimationError
from loyaltysem.estimation import streaming

NAMES = ["x1", "x2", "x3", "x4"]
MODEL = "f =~ x1 + x2 + x3 + x4"


@pytest.fixture
def rows() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    trait = rng.standard_normal(900)
    data = pd.DataFrame({n: 1e6 + 0.8 * trait + rng.standard_normal(900) for n in NAMES})
    data.loc[::50, "x2"] = np.nan
    return data.assign(g=np.where(np.arange(900) % 3 == 0, "b", "a"), other="text")


def saved(rows, folder, ending, parts=1):
    lots = np.array_split(np.arange(len(rows)), parts)
    paths = [folder / f"part{k}{ending}" for k in range(parts)]
    write = {
        ".parquet": lambda lot, path: lot.to_parquet(path, row_group_size=100),
        ".feather": lambda lot, path: lot.reset_index(drop=True).to_feather(path),
        ".csv": lambda lot, path: lot.to_csv(path, index=False),
    }[ending]
    for lot, path in zip(lots, paths, strict=True):
        write(rows.iloc[lot], path)
    return paths


@pytest.mark.parametrize("ending", [".parquet", ".feather", ".csv"])
@pytest.mark.parametrize("parts", [1, 3])
def test_a_fit_to_files_equals_a_fit_to_rows(rows, tmp_path, monkeypatch, ending, parts):
    monkeypatch.setattr(streaming, "BATCH_ROWS", 128)
    saved(rows, tmp_path, ending, parts)
    told = []
    sums = ls.moments_of_file(tmp_path, NAMES, group="g", tell=lambda *at: told.append(at))
    assert told[-1][0] == len(rows)
    assert (sums.n, sums.n_incomplete) == (882, 18)
    ours = ls.fit(MODEL, **sums.arguments(), meanstructure=True)
    theirs = ls.fit(MODEL, rows, group="g", meanstructure=True)
    assert ours.measures()["chisq"] == pytest.approx(theirs.measures()["chisq"], abs=1e-6)
    ours_table, theirs_table = ours.estimates(), theirs.estimates()
    for name in ("est", "se"):
        expected = theirs_table[name].to_numpy(float)
        np.testing.assert_allclose(ours_table[name].to_numpy(float), expected, rtol=1e-6)


def test_means_come_along_when_groups_are_compared_or_they_are_asked_for(rows):
    whole, split = ls.moment_sums(rows, NAMES), ls.moment_sums(rows, NAMES, group="g")
    assert "sample_mean" not in whole.arguments()
    assert "sample_mean" in split.arguments()
    for means in (False, True):
        ours = ls.fit(MODEL, **whole.arguments(means=means))
        theirs = ls.fit(MODEL, rows, meanstructure=means)
        assert ours.npar == theirs.npar
        assert ours.measures()["srmr"] == pytest.approx(theirs.measures()["srmr"], rel=1e-6)


def test_parts_merge_in_any_order_without_losing_digits(rows):
    lots = [rows.iloc[k::7] for k in range(7)]
    whole = ls.moment_sums(rows, NAMES)
    merged = ls.merged_moments(ls.moment_sums(lot, NAMES) for lot in reversed(lots))
    np.testing.assert_allclose(merged.groups[""].mean, whole.groups[""].mean, rtol=1e-14)
    np.testing.assert_allclose(merged.groups[""].scatter, whole.groups[""].scatter, rtol=1e-10)


def test_faults_are_told(rows, tmp_path):
    (path,) = saved(rows, tmp_path, ".parquet")
    with pytest.raises(EstimationError, match="no column 'x9'"):
        ls.moments_of_file(path, ["x9"])
    with pytest.raises(EstimationError, match="'other' is not numeric"):
        ls.moments_of_file(path, ["x1", "other"])
    with pytest.raises(EstimationError, match="does not exist"):
        ls.moments_of_file(tmp_path / "no.parquet", NAMES)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(EstimationError, match="cannot be read"):
        ls.moments_of_file(path, NAMES)
    with pytest.raises(EstimationError, match="different variables"):
        ls.merged_moments([ls.moment_sums(rows, ["x1"]), ls.moment_sums(rows, ["x2"])])
    sums = ls.moment_sums(rows.iloc[:1], NAMES)
    with pytest.raises(EstimationError, match="two are needed"):
        sums.arguments()


def test_robust_errors_need_the_rows(rows):
    sums = ls.moment_sums(rows, NAMES)
    with pytest.raises(EstimationError):
        ls.fit(MODEL, **sums.arguments(), estimator="MLR")
