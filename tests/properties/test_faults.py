"""Whatever is typed: a result, or one of our errors; never a bare traceback of a library."""

from __future__ import annotations

import csv
import io
import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from loyaltysem.errors import LoyaltysemError
from loyaltysem.estimation import fit
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.responses import read_responses
from loyaltysem.structural.definition import check_against, read_model
from loyaltysem.study import plan_study
from loyaltysem.syntax.build import build_table
from loyaltysem.syntax.parser import parse_model

if TYPE_CHECKING:
    from pathlib import Path

TOTAL = int(os.environ.get("LOYALTYSEM_EXAMPLES", "2000"))
"""How many inputs are generated in all; ``make fuzz`` asks for more."""

ODD = (
    "", "~", "null", "true", "-1", "0", "1e400", ".nan", "12345678901234567890", "[]", "{}",
    "[1, 2]", "{a: b}", "'", '"', "!!python/object:os.system x", "&a [*a]", "*missing", "<<: *x",
    "2026-01-02", "=cmd|'/c calc'!A1", "<script>alert(1)</script>", "../../etc/passwd",
    "{{ 7*7 }}", "\x00", "\ufeff", "非常同意", "\u202eabc", "a" * 3000, "yes", "0x1F", "0o17",
    "1_000", "|", ">", "? x", "%", "@", "`", "\t",
)  # fmt: skip

edits = st.tuples(
    st.sampled_from(["drop", "repeat", "swap", "value", "insert", "cut", "indent", "key"]),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.one_of(st.sampled_from(ODD), st.text(max_size=20)),
)


def mangled(text: str) -> st.SearchStrategy[str]:
    """Return a strategy of texts that are some edits away from a good one."""
    return st.lists(edits, min_size=1, max_size=5).map(lambda changes: _edited(text, changes))


def _edited(text: str, changes: list[tuple[str, int, int, str]]) -> str:
    for kind, at, other, odd in changes:
        lines = text.split("\n") or [""]
        i, j = at % len(lines), other % len(lines)
        if kind == "drop":
            del lines[i]
        elif kind == "repeat":
            lines.insert(j, lines[i])
        elif kind == "swap":
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == "value":
            lines[i] = f"{lines[i].split(':')[0]}: {odd}"
        elif kind == "key":
            lines[i] = f"{odd}:{lines[i].partition(':')[2]}"
        elif kind == "insert":
            k = other % (len(lines[i]) + 1)
            lines[i] = lines[i][:k] + odd + lines[i][k:]
        elif kind == "cut":
            lines = lines[: i + 1]
        else:
            lines[i] = " " * (other % 7) + lines[i].strip()
        text = "\n".join(lines)
    return text


QUESTIONNAIRE = """\
name: shop
version: "1.0"
languages: [en, zh]
title: {en: Shop, zh: 商店}
scale:
  lowest: 1
  highest: 5
  labels: {1: {en: Disagree, zh: 不同意}, 5: {en: Agree, zh: 同意}}
constructs:
  - code: trust
    name: {en: Trust, zh: 信任}
    source: Oliver (1999)
    items:
      - code: T1
        wording: {en: I trust it., zh: 我信任它。}
      - code: T2
        wording: {en: I rely on it., zh: 我依赖它。}
        reverse: true
      - code: T3
        wording: {en: It is honest., zh: 它很诚实。}
  - code: loyalty
    name: {en: Loyalty, zh: 忠诚}
    source: Oliver (1999)
    items:
      - code: L1
        wording: {en: I come back., zh: 我会再来。}
      - code: L2
        wording: {en: I recommend it., zh: 我会推荐。}
attention_checks:
  - code: AC
    wording: {en: Choose 2., zh: 请选2。}
    correct: 2
demographics:
  - code: gender
    name: {en: Gender, zh: 性别}
    options: {1: {en: Male, zh: 男}, 2: {en: Female, zh: 女}}
"""

MODEL = """\
name: trusting
title: {en: Trust and loyalty, zh: 信任与忠诚}
source: Oliver (1999)
questionnaire: shop
syntax: |
  trust =~ T1 + T2 + T3
  loyalty =~ L1 + L2
  loyalty ~ trust
hypotheses:
  - id: H1
    path: trust -> loyalty
    sign: "+"
    wording: {en: Trust raises loyalty., zh: 信任提高忠诚。}
"""

STUDY = """\
title: {en: A study, zh: 研究}
questionnaire: shop
data: answers.csv
model: trusting
language: [en, zh]
analyses: [descriptives, reliability, model]
formats: [html]
profile: thesis
estimator: ML
missing: listwise
bootstrap: {draws: 200, seed: 1}
"""

HEADINGS = ("id", "T1", "T2", "T3", "L1", "L2", "AC", "gender", "注")


def examples(share: float) -> Any:
    """Return the setting for a share of all generated inputs."""
    return settings(
        max_examples=max(1, int(TOTAL * share)),
        deadline=None,
        derandomize=TOTAL <= 2000,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study's folder with good files in it."""
    folder = tmp_path_factory.mktemp("study")
    for name, text in (("questionnaires/shop", QUESTIONNAIRE), ("models/trusting", MODEL)):
        path = folder / f"{name}.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    rows = np.random.default_rng(1).integers(1, 6, size=(60, 5))
    answers = pd.DataFrame(rows, columns=list(HEADINGS[1:6])).assign(AC=2, gender=1)
    answers.to_csv(folder / "answers.csv", index=False)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


def survives(call: Any, *arguments: Any, **options: Any) -> None:
    """Call, and let nothing through but our errors; they must have something to say."""
    said = "nothing went wrong"
    try:
        call(*arguments, **options)
    except LoyaltysemError as error:
        said = str(error)
    assert len(said) > 10


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def test_the_good_files_are_good(folder: Path) -> None:
    plan = plan_study(folder / "study.yaml")
    assert len(read_responses(plan.data, plan.questionnaire).answers) == 60


@examples(0.2)
@given(text=mangled(STUDY))
def test_study_files(folder: Path, text: str) -> None:
    survives(plan_study, written(folder / "mangled.yaml", text))


@examples(0.2)
@given(text=mangled(QUESTIONNAIRE))
def test_questionnaires(folder: Path, text: str) -> None:
    survives(read_questionnaire, written(folder / "mangled-questionnaire.yaml", text))


@examples(0.15)
@given(text=mangled(MODEL))
def test_models(folder: Path, text: str) -> None:
    questionnaire = read_questionnaire(folder / "questionnaires" / "shop.yaml")

    def read(path: Path) -> None:
        check_against(read_model(path), questionnaire)

    survives(read, written(folder / "mangled-model.yaml", text))


NAMES = st.sampled_from(["f", "g", "T1", "T2", "T3", "L1", "x.1", "信任", "1", "~", "", "f g"])
TERMS = st.tuples(
    st.sampled_from(
        ["", "a*", "0*", "NA*", "start(1)*", "c(a,b)*", "1e999*", "-*", "equal('f=~T1')*"]
    ),
    NAMES,
).map("".join)
STATEMENTS = st.tuples(
    NAMES,
    st.sampled_from(["=~", "~", "~~", "~1", ":=", "==", "<", ">", "|", "~*~", "<~", "=", "%", ":"]),
    st.lists(TERMS, min_size=0, max_size=4).map(" + ".join),
).map(" ".join)
SYNTAX = st.one_of(
    st.lists(STATEMENTS, min_size=1, max_size=6).map("\n".join),
    mangled("trust =~ T1 + a*T2 + T3\nloyalty =~ L1 + L2\nloyalty ~ b*trust\nab := a*b\na == b"),
    st.text(max_size=60),
)


@examples(0.3)
@given(text=SYNTAX)
def test_model_syntax(text: str) -> None:
    def build(text: str) -> None:
        build_table(parse_model(text), observed_names=("T1", "T2", "T3", "L1", "L2"))

    survives(build, text)


CELLS = st.one_of(
    st.integers(1, 5).map(str),
    st.sampled_from([*ODD, "Strongly agree", "５", "5.0", "5-同意", " 3 ", "NA", "99", "1,5"]),
    st.text(max_size=6),
)
TABLES = st.tuples(
    st.permutations(HEADINGS).flatmap(
        lambda names: st.sampled_from([names, names[:-2], names[2:]])
    ),
    st.lists(st.lists(CELLS, min_size=5, max_size=10), min_size=0, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"]),
)


@examples(0.1)
@given(table=TABLES)
def test_answers(folder: Path, table: Any) -> None:
    names, rows, separator, encoding = table
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([names, *rows])
    path = folder / "mangled.csv"
    path.write_bytes(text.getvalue().encode(encoding, "replace"))
    questionnaire = read_questionnaire(folder / "questionnaires" / "shop.yaml")
    survives(read_responses, path, questionnaire)


NUMBERS = st.one_of(
    st.integers(1, 5).map(float),
    st.sampled_from([0.0, 3.0, 1e-300, 1e300, -1e8, float("nan"), float("inf")]),
    st.floats(-1e6, 1e6),
)


@examples(0.05)
@given(
    columns=st.lists(st.lists(NUMBERS, min_size=8, max_size=8), min_size=5, max_size=5),
    seed=st.integers(0, 1000),
    n=st.sampled_from([1, 2, 6, 40]),
    options=st.sampled_from([{}, {"estimator": "MLR"}, {"missing": "fiml"}, {"estimator": "ULS"}]),
)
def test_data_of_every_kind(columns: Any, seed: int, n: int, options: Any) -> None:
    random = np.random.default_rng(seed)
    values = np.resize(np.array(columns).T, (n, 5))
    values = values + (random.normal(size=(n, 5)) if seed % 3 else 0.0)
    frame = pd.DataFrame(values, columns=["T1", "T2", "T3", "L1", "L2"])
    model = "trust =~ T1 + T2 + T3\nloyalty =~ L1 + L2\nloyalty ~ trust"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        survives(fit, model, frame, **options)
