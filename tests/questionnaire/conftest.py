"""A small questionnaire to take apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyaltysem.library import find
from loyaltysem.questionnaire import read_questionnaire

TEXT = """\
name: shop
version: "1.0"
title: {en: Shop, zh: 商店}
scale:
  highest: 5
  labels:
    1: {en: No, zh: 否}
    5: {en: Yes, zh: 是}
constructs:
  - code: quality
    name: {en: Quality, zh: 质量}
    source: Garvin (1987)
    items:
      - code: Q1
        wording: {en: It lasts., zh: 耐用。}
      - code: Q2
        reverse: true
        wording: {en: It breaks., zh: 易坏。}
  - code: price
    name: {en: Price, zh: 价格}
    source: Zeithaml (1988)
    scale:
      highest: 10
      labels: {1: {en: Low, zh: 低}, 10: {en: High, zh: 高}}
    items:
      - code: P1
        wording: {en: It is fair., zh: 合理。}
attention_checks:
  - code: A1
    correct: 2
    wording: {en: Choose 2., zh: 请选2。}
demographics:
  - code: gender
    name: {en: Gender, zh: 性别}
    options:
      1: {en: Male, zh: 男}
      2: {en: Female, zh: 女}
"""


@pytest.fixture
def text():
    return TEXT


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        path = tmp_path / "shop.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def rich():
    """A questionnaire with every kind of question, and with hostile wordings."""
    return read_questionnaire(Path(__file__).parent / "rich.yaml")


@pytest.fixture(scope="session")
def loyalty():
    return read_questionnaire(find("questionnaires", "ecommerce_loyalty"))
