"""Moderation in a study: what is refused, the records, the hypotheses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import DocumentError, StudyError
from loyaltysem.results import HypothesisResult
from loyaltysem.study.parts.moderation import MODERATION, moderation_hypotheses
from loyaltysem.study.parts.part import FittedModel, Material
from loyaltysem.study.plan import plan_study
from loyaltysem.study.run import compute_study

CONSTRUCTS = ("trust", "risk", "loyal", "age")
QUESTIONNAIRE = """\
name: small
version: "1"
languages: [en]
title: {en: A}
scale: {lowest: 1, highest: 7, labels: {1: {en: No}, 7: {en: Yes}}}
demographics:
  - code: gender
    name: {en: Gender}
    options: {male: {en: Male}, female: {en: Female}, other: {en: Other}}
constructs:
"""
MODEL = """\
name: small
title: {en: A}
questionnaire: small
syntax: |
  trust =~ trust1 + trust2 + trust3
  risk =~ risk1 + risk2 + risk3
  loyal =~ loyal1 + loyal2 + loyal3
  loyal ~ trust + risk
"""
STUDY = """\
title: {en: A}
questionnaire: questionnaire.yaml
data: answers.csv
model: model.yaml
analyses: [model]
"""
WANTED = "{outcome: loyal, predictor: trust, moderator: risk"
HYPOTHESIS = ", hypothesis: {id: H2, sign: '-', wording: {en: Risk weakens trust.}}}"


def answers(n: int = 220) -> pd.DataFrame:
    """Return answers in which risk weakens what trust does for loyalty."""
    rng = np.random.default_rng(5)
    trust, risk, age = rng.normal(size=(3, n))
    loyal = 0.5 * trust - 0.2 * risk - 0.5 * trust * risk + 0.6 * rng.normal(size=n)
    factors = dict(zip(CONSTRUCTS, (trust, risk, loyal, age), strict=True))
    frame = {
        f"{name}{k}": np.clip(np.rint(4 + 1.2 * factor + 0.7 * rng.normal(size=n)), 1, 7)
        for name, factor in factors.items()
        for k in (1, 2, 3)
    }
    frame["gender"] = rng.choice(["male", "female", "other"], size=n, p=[0.45, 0.5, 0.05])
    return pd.DataFrame(frame)


@pytest.fixture
def study(tmp_path):
    """Return a function that plans the study with more lines in its file."""
    text = QUESTIONNAIRE
    for code in CONSTRUCTS:
        text += f"  - code: {code}\n    name: {{en: {code.title()}}}\n    source: Own\n    items:\n"
        text += "".join(f"      - {{code: {code}{k}, wording: {{en: Q}}}}\n" for k in (1, 2, 3))
    (tmp_path / "questionnaire.yaml").write_text(text)
    (tmp_path / "model.yaml").write_text(MODEL)
    answers().to_csv(tmp_path / "answers.csv", index=False)

    def planned(lines: str, more: str = ""):
        (tmp_path / "study.yaml").write_text(f"{STUDY}{more}moderation: {lines}\n")
        return plan_study(tmp_path / "study.yaml")

    return planned


def only(plan):
    """Return the records of a computed study's model and its hypotheses."""
    (model,) = compute_study(plan).models
    return model.moderation, model.hypotheses, model.notices


def test_a_latent_moderator(study):
    (found,), (hypothesis,), _ = only(study(WANTED + HYPOTHESIS))
    assert (found.method, found.estimator, found.moderator_name) == ("lms", "ML", {})
    assert [one.role for one in found.paths] == ["predictor", "moderator", "product"]
    assert found.product.est < 0
    assert found.nodes > 10
    assert found.chisq > 10
    assert found.r2 > found.r2_linear
    assert [one.sds for one in found.slopes] == pytest.approx([-1, 0, 1])
    own = found.paths[1].est
    assert found.slopes[0].intercept == pytest.approx(-own * found.sd_moderator)
    assert found.region.points_sds[0] * found.sd_moderator == pytest.approx(found.region.points[0])
    assert len(found.band.value) == len(found.band.est)
    assert hypothesis.verdict == "supported"
    assert hypothesis.path == "trust:risk -> loyal"
    assert hypothesis.est == found.product.est


def test_several_moderations_by_products(study):
    listed = f"[{WANTED}, method: products, products: all_pairs}}, {WANTED}, at: [-2, 2]}}]"
    records, hypotheses, _ = only(study(listed, "estimator: MLR\n"))
    assert [one.method for one in records] == ["products", "lms"]
    assert [one.estimator for one in records] == ["MLR", "MLR"]
    assert records[0].chisq is None
    assert records[0].nodes is None
    assert [one.sds for one in records[1].slopes] == pytest.approx([-2, 2])
    assert hypotheses == ()


def test_products_have_robust_errors_in_a_study_of_plain_maximum_likelihood(study):
    (found,), _, _ = only(study(f"[{WANTED}, method: products}}]"))
    assert found.estimator == "MLR"


def test_an_observed_moderator_of_two_options(study):
    wanted = WANTED.replace("risk", "gender") + ", levels: [male, female]}"
    (found,), _, _ = only(study(wanted))
    assert found.moderator_name == {"en": "Gender"}
    assert [one.name["en"] for one in found.slopes] == ["Male", "Female"]
    assert found.region is None
    assert found.nodes is None
    assert found.n < 220
    assert abs(found.product.z) < 3


def test_the_mean_answer_to_a_construct_moderates(study):
    (found,), _, _ = only(study(WANTED.replace("risk", "age") + "}"))
    assert found.moderator_name == {"en": "Age"}
    assert found.centre == pytest.approx(answers()[["age1", "age2", "age3"]].mean().mean())


def test_what_cannot_be_estimated_is_told(study, tmp_path):
    plan = study(WANTED + HYPOTHESIS)
    answers(24).to_csv(tmp_path / "answers.csv", index=False)
    records, hypotheses, notices = only(plan)
    assert records == ()
    assert hypotheses == ()
    (notice,) = [one for one in notices if one.code == "moderation_failed"]
    assert notice.facts["path"] == "trust -> loyal"
    assert "respondents" in notice.facts["why"]
    assert notice.facts["reason"]


def test_a_path_that_cannot_be_read_is_not_judged(study):
    plan = study(WANTED + HYPOTHESIS)
    (found,), _, _ = only(plan)
    unreadable = found.model_copy(update={"readable": False})
    (judged,) = moderation_hypotheses(plan.definition.moderation, (unreadable,))
    assert isinstance(judged, HypothesisResult)
    assert (judged.verdict, judged.reason) == ("not_judged", "moderated_path")
    unknown = found.paths[-1].model_copy(update={"pvalue": None})
    changed = found.model_copy(update={"paths": (*found.paths[:2], unknown)})
    (judged,) = moderation_hypotheses(plan.definition.moderation, (changed,))
    assert judged.reason == "no_standard_error"
    weak = found.paths[-1].model_copy(update={"pvalue": 0.2})
    changed = found.model_copy(update={"paths": (*found.paths[:2], weak)})
    assert moderation_hypotheses(plan.definition.moderation, (changed,))[0].verdict == (
        "not_supported"
    )
    turned = found.paths[-1].model_copy(update={"est": 0.3})
    changed = found.model_copy(update={"paths": (*found.paths[:2], turned)})
    assert moderation_hypotheses(plan.definition.moderation, (changed,))[0].verdict == "opposite"


@pytest.mark.parametrize(
    ("lines", "more", "words"),
    [
        (WANTED.replace("risk", "rsk") + "}", "", ["moderator 'rsk'", "Did you mean 'risk'?"]),
        (WANTED.replace("trust", "age1") + "}", "", ["no path from 'age1'", "trust, risk"]),
        (WANTED.replace("loyal,", "age,") + "}", "", ["outcome 'age'", "loyal"]),
        (WANTED.replace("risk", "gender") + "}", "", ["3 options", "levels: [reference, other]"]),
        (WANTED.replace("risk", "gender") + ", levels: [male, man]}", "", ["no option 'man'"]),
        (WANTED + ", levels: [male, female]}", "", ["'levels' is for demographics"]),
        (WANTED + "}", "estimator: GLS\n", ["maximum likelihood", "method: products"]),
        (f"[{WANTED}{HYPOTHESIS}, {WANTED}{HYPOTHESIS}]", "", ["bear the id 'H2'"]),
        (WANTED + HYPOTHESIS.replace("en:", "zh:"), "", ["no wording in 'en'"]),
    ],
)
def test_what_is_refused_before_anything_runs(study, lines, more, words):
    with pytest.raises(StudyError) as caught:
        study(lines, more)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.place.line >= 6


def test_unknown_methods_are_refused_by_the_schema(study):
    with pytest.raises(DocumentError, match="method"):
        study(WANTED + ", method: pls}")


def test_the_part_is_silent_unless_asked(study):
    plan = study("[]")
    assert not MODERATION.wanted(plan)
    nothing = Material(plan=plan, responses=None, models=())
    assert (
        MODERATION.compute(nothing, FittedModel(definition=None, fit=None, doubts={})).record == ()
    )
