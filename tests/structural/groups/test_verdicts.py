"""Verdicts by Chen (2007) and by Cheung & Rensvold (2002)."""

import pytest

from loyaltysem.structural.groups.verdicts import Change, chen_cutoffs, judge


@pytest.mark.parametrize(
    ("level", "change", "n", "chen", "other", "cheung"),
    [
        ("metric", (-0.009, 0.02, 0.04), 600, "kept", "broken", True),
        ("metric", (-0.012, 0.001, 0.029), 600, "mixed", "broken", False),
        ("metric", (-0.012, 0.001, 0.031), 600, "broken", "broken", False),
        ("scalar", (-0.012, 0.001, 0.011), 600, "broken", "broken", False),
        ("scalar", (-0.006, 0.001, 0.006), 300, "broken", "kept", True),
        ("strict", (-0.006, 0.011, 0.001), 300, "broken", "kept", True),
        ("strict", (0.002, -0.001, 0.001), 301, "kept", "kept", True),
    ],
)
def test_outcomes(level, change, n, chen, other, cheung):
    cfi, rmsea, srmr = change
    verdict = judge(level, Change(cfi=cfi, rmsea=rmsea, srmr=srmr), n)
    assert verdict.chen == chen
    assert verdict.chen_other == other
    assert verdict.cheung_rensvold is cheung
    assert verdict.sample == ("large" if n > 300 else "small")
    assert verdict.cutoffs == chen_cutoffs(level, verdict.sample)
