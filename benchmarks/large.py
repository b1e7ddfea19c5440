"""A study of as many constructs and items as one likes, to see how reports grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from pathlib import Path

LAYERS = 6
LOADING, NOISE, PATHS = 0.75, 0.6, (0.45, 0.3)
LABELS = {1: {"en": "Disagree", "zh": "不同意"}, 5: {"en": "Agree", "zh": "同意"}}

Paths = list[tuple[int, tuple[int, ...]]]


def write_large_study(folder: Path, constructs: int, items: int, n: int = 600) -> Path:
    """Write a study of one model with so many constructs and items; return its file.

    The constructs stand in six layers, each but the first explained by two of the layer before.
    """
    rng = np.random.default_rng(1)
    codes = _item_codes(constructs, items)
    paths = _paths(rng, constructs)
    (folder / "questionnaires").mkdir(parents=True)
    (folder / "models").mkdir()
    _write(folder / "questionnaires" / "large.yaml", _questionnaire(codes))
    _write(folder / "models" / "large.yaml", _model(codes, paths))
    _answers(rng, codes, paths, n).to_csv(folder / "large.csv", index=False)
    study = {
        "title": _both("A large study", "大型研究"),
        "questionnaire": "large",
        "data": "large.csv",
        "simulated": True,
        "model": "large",
        "analyses": ["descriptives", "reliability", "model"],
        "language": ["en"],
        "formats": ["md"],
        "output": "output",
    }
    _write(folder / "study.yaml", study)
    return folder / "study.yaml"


def _write(file: Path, content: dict[str, object]) -> None:
    YAML().dump(content, file)


def _both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def _item_codes(constructs: int, items: int) -> list[list[str]]:
    """Share the items out among the constructs."""
    counts = [items // constructs + (rank < items % constructs) for rank in range(constructs)]
    return [[f"C{rank:02d}X{one}" for one in range(1, n + 1)] for rank, n in enumerate(counts)]


def _paths(rng: np.random.Generator, constructs: int) -> Paths:
    size = constructs // LAYERS
    return [
        (rank, tuple(sorted(int(one) for one in rng.choice(size, 2, replace=False) + start)))
        for rank in range(size, constructs)
        for start in [(rank // size - 1) * size]
    ]


def _questionnaire(codes: list[list[str]]) -> dict[str, object]:
    return {
        "name": "large",
        "version": "1.0",
        "languages": ["en", "zh"],
        "title": _both("A large questionnaire", "大型问卷"),
        "scale": {"lowest": 1, "highest": 5, "labels": LABELS},
        "constructs": [
            {
                "code": f"c{rank:02d}",
                "name": _both(f"Construct number {rank}", f"第{rank}号构念"),
                "source": "Invented (2020)",
                "items": [
                    {
                        "code": code,
                        "wording": _both(
                            f"Statement {code} on what construct number {rank} is about.",
                            f"关于第{rank}号构念的陈述{code}。",
                        ),
                    }
                    for code in own
                ],
            }
            for rank, own in enumerate(codes)
        ],
    }


def _model(codes: list[list[str]], paths: Paths) -> dict[str, object]:
    lines = [f"c{rank:02d} =~ {' + '.join(own)}" for rank, own in enumerate(codes)]
    lines += [f"c{end:02d} ~ {' + '.join(f'c{one:02d}' for one in own)}" for end, own in paths]
    pairs = [(start, end) for end, own in paths for start in own]
    return {
        "name": "large",
        "title": _both("Large model", "大型模型"),
        "source": "Invented (2020)",
        "questionnaire": "large",
        "syntax": "\n".join(lines),
        "hypotheses": [
            {
                "id": f"H{rank}",
                "path": f"c{start:02d} -> c{end:02d}",
                "sign": "+",
                "source": "Invented (2020)",
                "wording": _both(f"Hypothesis {rank}.", f"假设{rank}。"),
            }
            for rank, (start, end) in enumerate(pairs, start=1)
        ],
    }


def _answers(
    rng: np.random.Generator, codes: list[list[str]], paths: Paths, n: int
) -> pd.DataFrame:
    """Simulate answers of 1 to 5."""
    traits = rng.standard_normal((n, len(codes)))
    for end, own in paths:
        traits[:, end] = 0.75 * traits[:, end] + traits[:, list(own)] @ np.array(PATHS)
    return pd.DataFrame(
        {
            code: np.clip(
                np.round(3 + LOADING * traits[:, rank] + NOISE * rng.standard_normal(n)), 1, 5
            ).astype(int)
            for rank, own in enumerate(codes)
            for code in own
        }
    )
