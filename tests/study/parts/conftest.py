"""A small study with gaps, times and addresses in its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from loyaltysem.study.plan import plan_study
from loyaltysem.study.run import compute_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from loyaltysem.results import StudyResults

CONSTRUCTS = ("service", "trust", "loyalty")

QUESTIONNAIRE = """\
name: small
version: "1.0"
title: {en: Small}
languages: [en]
scale: {lowest: 1, highest: 7, labels: {1: {en: No}, 7: {en: Yes}}}
constructs:
"""

MODEL = """\
name: small
title: {en: Small model}
source: Own
questionnaire: small
syntax: |
  service =~ service1 + service2 + service3
  trust =~ trust1 + trust2 + trust3
  loyalty =~ loyalty1 + loyalty2 + loyalty3
  trust ~ service
  loyalty ~ trust
"""

STUDY = """\
title: {en: Small study}
questionnaire: questionnaire.yaml
data: answers.csv
model: model.yaml
analyses: [model]
"""


def _questionnaire() -> str:
    text = QUESTIONNAIRE
    for code in CONSTRUCTS:
        text += f"  - code: {code}\n    name: {{en: {code.title()}}}\n    source: Own\n    items:\n"
        for k in (1, 2, 3):
            backward = ", reverse: true" if (code, k) == ("trust", 2) else ""
            text += f"      - {{code: {code}{k}, wording: {{en: Item {code} {k}.}}{backward}}}\n"
    return text


def _answers() -> pd.DataFrame:
    """Return 160 respondents: one in a hurry, two alike, one the same throughout, some gaps."""
    rng = np.random.default_rng(11)
    service = rng.normal(size=160)
    trust = 0.6 * service + rng.normal(scale=0.8, size=160)
    loyalty = 0.6 * trust + rng.normal(scale=0.8, size=160)
    level = np.repeat(np.stack([service, trust, loyalty], axis=1), 3, axis=1)
    values = np.clip(np.round(4 + 1.2 * level + rng.normal(scale=0.7, size=(160, 9))), 1, 7)
    columns = [f"{code}{k}" for code in CONSTRUCTS for k in (1, 2, 3)]
    frame = pd.DataFrame(values, columns=columns).astype("Int64")
    frame["trust2"] = 8 - frame["trust2"]
    frame.loc[3, columns] = 7
    frame.loc[8, columns] = frame.loc[7, columns].to_numpy()
    for row in range(20, 40):
        frame.loc[row, columns[row % 9]] = pd.NA
    frame["seconds"] = [f"{value:.0f} s" for value in rng.uniform(60, 300, size=160)]
    frame.loc[5, "seconds"] = "9"
    frame["ip"] = [f"10.0.0.{row}" for row in range(160)]
    frame.loc[12, "ip"] = frame.loc[11, "ip"]
    frame.insert(0, "id", [f"r{row}" for row in range(160)])
    return frame


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("small")
    (folder / "questionnaire.yaml").write_text(_questionnaire(), encoding="utf-8")
    (folder / "model.yaml").write_text(MODEL, encoding="utf-8")
    _answers().to_csv(folder / "answers.csv", index=False)
    return folder


@pytest.fixture(scope="session")
def plan_small(small_folder: Path) -> Callable[[str], Any]:
    """Plan the study with further keys, given as YAML."""

    def plan(more: str = "") -> Any:
        path = small_folder / "study.yaml"
        path.write_text(STUDY + more, encoding="utf-8")
        return plan_study(path)

    return plan


@pytest.fixture(scope="session")
def run_small(plan_small: Callable[[str], Any]) -> Callable[[str], StudyResults]:
    """Compute the study with further keys, given as YAML."""
    return lambda more="": compute_study(plan_small(more))
