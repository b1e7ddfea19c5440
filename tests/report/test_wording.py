"""The catalogues: the same sentences in every language, and every branch of them renders."""

from __future__ import annotations

from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment, nodes

from loyaltysem.errors import ReportError
from loyaltysem.report import compose as composing
from loyaltysem.report import wording
from loyaltysem.report.citations import in_parentheses
from loyaltysem.report.document import Run, as_text
from loyaltysem.report.wording import Words, languages, read_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

NOTICES: dict[str, dict[str, Any]] = {
    "off_scale_set_missing": {"cells": 3, "respondents": 2},
    "no_reliability": {"construct": "trust"},
    "factors_hardly_differ": {"first": "F1", "second": "F2", "correlation": 0.93},
    "text_value_set_missing": {"cells": 1, "respondents": 1},
    "unknown_option_set_missing": {"cells": 3, "respondents": 2},
    "columns_left_out": {"columns": ["note", "time"], "n": 2},
    "platform_recognised": {"platform": "Qualtrics"},
    "headings_by_wording": {"headings": {"How old?": "age"}},
    "personal_data": {"n": 2, "columns": ["姓名", "手机"]},
    "headings_other_case": {"headings": {"T1": "t1", "T2": "t2"}},
    "attention_checks_absent": {"columns": ["ac1"], "n": 1},
    "demographics_absent": {"columns": ["age"], "n": 1},
    "empty_rows_skipped": {"n": 2},
    "points_counted": {"codes": ["NPS"]},
    "rows_above_headings": {"n": 2},
    "formulas_without_result": {"n": 2},
    "first_sheet_read": {"sheets": ["a", "b"], "read": "a"},
    "encoding_guessed": {"encoding": "gb18030"},
    "simulated_data": {},
    "single_item": {"construct": "trust"},
    "too_few_answers": {"construct": "trust", "n": 1},
    "constant_sum": {"construct": "trust"},
    "constant_item": {"construct": "trust", "items": ["t1"]},
    "negative_alpha": {"construct": "trust", "alpha": -0.2},
    "negative_item_total": {"construct": "trust", "items": ["t1", "t2"]},
    "not_converged": {},
    "not_identified": {"parameters": ["a ~ b"]},
    "few_rows": {"n": 20, "parameters": 21},
    "first_loading_fixed": {},
    "negative_latent_variance": {"variable": "trust", "group": 1, "value": -0.1},
    "negative_residual_variance": {"variable": "t1", "group": 1, "value": -0.1},
    "latent_cov_not_positive_definite": {"group": 1},
    "residual_cov_not_positive_definite": {"group": 1},
    "inseparable_constructs": {"first": "trust", "second": "loyalty", "correlation": 0.991},
    "unreadable_paths": {"paths": ["trust -> loyalty", "loyalty -> trust"]},
    "feedback_loop": {"variables": ["trust", "loyalty"]},
    "covariate_randomized": {"variables": ["age"]},
    "ordinal_covariate": {"variables": ["age"]},
    "label_across_groups": {"labels": ["a"]},
    "redundant_constraint": {"constraints": ["a == b"]},
    "fixed_values_differ": {"parameters": ["a ~ b", "a ~ c"], "value": 1.0},
    "rows_left_out": {"n_read": 10, "n": 8, "listwise": True},
    "covariate_missing": {"n_lost": 3, "covariates": ["age"]},
    "missing_patterns": {"n": 100, "n_incomplete": 7, "n_patterns": 4, "minimum_coverage": 0.93},
    "pairwise_moments": {"n": 90},
    "saturated_not_converged": {"group": ""},
    "low_coverage": {"minimum_coverage": 0.05, "pairs": ["a with b"]},
    "correlation_at_bound": {"first": "t1", "second": "t2", "bound": 0.999},
    "fewer_respondents_than_items": {"n": 20, "items": 34},
    "heywood_case": {"items": ["t1"]},
    "extraction_not_converged": {},
    "factor_with_few_items": {"factors": ["F3"]},
    "rotation_not_converged": {},
    "rotation_local_optima": {"same": 3, "starts": 10},
    "inadequate_items": {"items": ["t1", "t2"]},
    "htmt_undefined": {"pairs": 2},
    "near_copies": {"pairs": [["t1", "t2", 0.991]] * 8},
    "omega_of_one_factor": {},
    "omega_of_two_factors": {},
    "bootstrap_draws_failed": {"failed": 3, "draws": 1000, "reasons": {}},
    "bootstrap_unusable": {"draws": 5000, "why": "few"},
    "effects_with_feedback": {"variables": ["trust", "loyalty"]},
    "feedback_without_end": {"eigenvalue": 1.2},
    "indirect_paths_unlisted": {"count": 3000, "most": 2000},
    "em_not_converged": {},
    "two_items": {},
    "no_seconds": {},
    "font_missing": {"characters": "𰻝", "font": "Noto Sans CJK SC"},
}
"""Facts of every notice, as the code that gives it fills them."""

VARIANTS: tuple[dict[str, Any], ...] = (
    {"near_copies": {"pairs": [["t1", "t2", 0.991]]}},
    {"off_scale_set_missing": {"cells": 1, "respondents": 1}},
    {"text_value_set_missing": {"cells": 2, "respondents": 2}},
    {"unknown_option_set_missing": {"cells": 1, "respondents": 1}},
    {
        "empty_rows_skipped": {"n": 1},
        "rows_above_headings": {"n": 1},
        "formulas_without_result": {"n": 1},
    },
    {"negative_item_total": {"construct": "trust", "items": ["t1"]}},
    {"rows_left_out": {"n_read": 10, "n": 8, "listwise": False}},
)


def _cases() -> Iterator[ModuleType]:
    """Yield the modules of ``cases/``, one for each area of a report.

    Each may have ``studies(make)``, which yields studies that together need every sentence of the
    area, ``say(words, make)`` for sentences that no study needs, and ``NOTICES`` and
    ``VARIANTS`` like those above.
    """
    for path in sorted((Path(__file__).parent / "cases").glob("*.py")):
        spec = spec_from_file_location(f"wording_cases_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


CASES = tuple(_cases())
for _module in CASES:
    NOTICES |= getattr(_module, "NOTICES", {})
    VARIANTS += getattr(_module, "VARIANTS", ())


def test_there_are_both_languages() -> None:
    assert {"en", "zh"} <= set(languages())


def test_all_catalogues_have_the_same_sentences() -> None:
    keys = {language: set(read_words(language).places) for language in languages()}
    assert keys["en"] == keys["zh"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_branch_of_every_sentence_renders(
    language: str, make: Any, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited: set[str] = set()
    every: set[str] = set()
    monkeypatch.setattr(wording, "Sandbox", _marking(visited, every))
    wording._shipped_words.cache_clear()
    words = read_words(language)
    wording._shipped_words.cache_clear()
    monkeypatch.setattr(composing, "read_words", lambda *_: words)
    monkeypatch.setattr(composing, "read_cutoffs", cache(composing.read_cutoffs))
    for results in every_study(make):
        pictures = {model.name: make.pictures(picture) for model in results.models[:1]}
        composing.compose(results, language, pictures=pictures)
    composing.compose(make.study(), language)
    for module in CASES:
        module.say(words, make) if hasattr(module, "say") else None
    _say_notices(words)
    for key in words.places:
        words.environment.get_template(key)
    never = sorted(every - visited)
    assert not never, ", ".join(never)


def _say_notices(words: Words) -> None:
    def name(code: str) -> str:
        return code.title()

    for case in ({code: facts} for code, facts in NOTICES.items()):
        for code, facts in case.items():
            assert words.say(f"notice.{code}", facts=facts, text="", name=name)
    for variant in VARIANTS:
        for code, facts in variant.items():
            assert words.say(f"notice.{code}", facts=facts, text="", name=name)


def test_the_notices_of_the_catalogue_are_those_tried_here() -> None:
    known = {key.removeprefix("notice.") for key in read_words("en").places if "notice." in key}
    assert known == set(NOTICES)


def _marking(visited: set[str], every: set[str]) -> Any:
    """Return an environment whose templates note which branches they took."""

    class Marking(wording.Sandbox):  # type: ignore[misc, name-defined]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.globals["visit"] = lambda branch: visited.add(branch) or ""

        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            tree = super()._parse(source, name, filename)
            alternatives = [node for choice in tree.find_all(nodes.If) for node in choice.elif_]
            for number, node in enumerate(tree.find_all(nodes.If)):
                for arm in ("body",) if node in alternatives else ("body", "else_"):
                    branch = f"{name}:{number}:{arm}"
                    every.add(branch)
                    getattr(node, arm).insert(0, _visit(branch, self))
            return tree

    return Marking


def _visit(branch: str, environment: Environment) -> nodes.Output:
    call = nodes.Call(nodes.Name("visit", "load"), [nodes.Const(branch)], [], None, None)
    return nodes.Output([call]).set_environment(environment)


def every_study(make: Any) -> Iterator[Any]:
    """Yield studies that together need every sentence."""
    good = make.study()
    yield good
    yield from _samples(make, good)
    yield from _scales(make)
    yield from _models(make)
    yield from _hypotheses(make)
    yield from _mediations(make)
    for module in CASES:
        yield from module.studies(make) if hasattr(module, "studies") else ()


def _samples(make: Any, good: Any) -> Iterator[Any]:
    asked = good.questionnaire.constructs[0]
    item = asked.items[0].model_copy(update={"source": "Own (2026)", "reverse": True})
    construct = asked.model_copy(update={"source": "", "items": (item,)})
    yield make.study(
        questionnaire=good.questionnaire.model_copy(update={"constructs": (construct,)})
    )
    sample = good.sample
    untouched = {"n_read": 200, "exclusions": (), "ledger": (), "demographics": ()}
    yield make.study(
        sample=sample.model_copy(update=untouched),
        study=good.study.model_copy(update={"simulated": True, "description": {"en": "About"}}),
        notices=(),
    )
    one = {"n_read": 201, "exclusions": sample.exclusions[:1]}
    full = tuple(one.model_copy(update={"n_missing": 0}) for one in sample.demographics)
    yield make.study(sample=sample.model_copy(update={**one, "demographics": full}))
    gaps = tuple(one.model_copy(update={"n_missing": 3}) for one in sample.demographics)
    yield make.study(sample=sample.model_copy(update={"demographics": gaps}))
    yield make.study(
        descriptives=(
            make.item("t1", skewness=4.0, n_missing=2),
            make.item("l1", mean=None, sd=0.0),
        )
    )
    yield make.study(descriptives=(make.item("t1", kurtosis=12.0), make.item("l2", skewness=-3.5)))
    yield make.study(descriptives=(make.item("t1", mean=None),))
    yield make.study(descriptives=(), reliability=(), models=())


def _scales(make: Any) -> Iterator[Any]:
    yield make.study(reliability=(make.scale("trust", 0.65),))
    yield make.study(reliability=(make.scale("trust", 0.51),))
    yield make.study(reliability=(make.scale("trust", 0.41), make.scale("loyalty", 0.42)))
    yield make.study(reliability=(make.scale("trust", 0.61), make.scale("loyalty", 0.62)))
    yield make.study(reliability=(make.scale("trust", None), make.scale("loyalty")))
    yield make.study(reliability=(make.scale("trust", None),))
    weak = make.scale("trust", 0.75).items[0].model_copy(update={"item_total": 0.2})
    yield make.study(reliability=(make.scale("trust", items=(weak,)),))


def _models(make: Any) -> Iterator[Any]:
    plain = make.model()
    yield make.study(models=(make.model(converged=False, source=""), plain))
    yield make.study(models=(make.model(admissible=False, estimator="XYZ"),))
    fits: tuple[dict[str, Any], ...] = (
        {"chisq": 90.0, "df": 8, "pvalue": 0.0},
        {"chisq": 9.0, "df": 8, "pvalue": None},
        {"chisq": 9.0, "df": None, "pvalue": 0.3, "rmsea": 0.01},
        {
            **plain.fit,
            "chisq.scaled": 8.0,
            "df.scaled": 8,
            "pvalue.scaled": 0.4,
            "cfi.robust": 0.99,
        },
    )
    yield from (make.study(models=(make.model(fit=one),)) for one in fits)
    bad = (make.verdict("cfi", 0.8, ">", 0.9), make.verdict("srmr", 0.2, "<", 0.08))
    mixed = (*bad, make.verdict("cfi.robust", 0.95, ">", 0.9), make.verdict("xyz", None, ">", 0.9))
    other = mixed[2].model_copy(update={"source": "Bentler & Bonett (1980)"})
    for verdicts in ((), bad, mixed, (other,)):
        yield make.study(models=(make.model(verdicts=verdicts),))
        strict = make.study().study.model_copy(update={"profile": "strict"})
        yield make.study(models=(make.model(verdicts=verdicts),), study=strict)
    yield from _measurements(make)
    yield from _structures(make)


def _measurements(make: Any) -> Iterator[Any]:
    loading = make.parameter
    rows = (
        (loading("trust", "=~", "t1", 1.0, std_all=1.02),),
        (
            loading("trust", "=~", "t1", 1.0, std_all=1.02),
            loading("trust", "=~", "t2", 1.0, std_all=1.03),
        ),
        (loading("trust", "=~", "t1", 0.3, std_all=0.31, pvalue=0.2),),
        (
            loading("trust", "=~", "t1", 0.3, std_all=0.31, pvalue=0.2),
            loading("trust", "=~", "t2", 0.3, std_all=0.31, pvalue=0.2),
        ),
        (loading("trust", "=~", "t1", 0.3, std_all=None),),
    )
    for parameters in rows:
        yield make.study(models=(make.model(parameters=parameters, validity=()),))
    base = make.model().validity
    for values in ((0.5, 0.3), (0.75, 0.42), (0.9, 0.6), (0.6, 0.7), (0.65, 0.7)):
        low = dict(zip(("composite_reliability", "ave"), values, strict=True))
        changed = (base[0].model_copy(update=low), base[1])
        yield make.study(models=(make.model(validity=changed),))
    notice = {
        "code": "inseparable_constructs",
        "text": "",
        "facts": NOTICES["inseparable_constructs"],
    }
    record = make.notice(**notice)
    other = {"first": "loyalty", "second": "other", "correlation": 0.99}
    more = make.notice(**{**notice, "facts": other})
    dimension = (make.parameter("loyalty", "=~", "trust", 1.0),)
    two = (make.hypothesis(), make.hypothesis(id="H2"))
    yield make.study(models=(make.model(notices=(record,)),))
    yield make.study(models=(make.model(notices=(record,), hypotheses=two),))
    yield make.study(models=(make.model(notices=(record, more)),))
    yield make.study(models=(make.model(parameters=dimension),))


def _structures(make: Any) -> Iterator[Any]:
    path = make.parameter
    effect = path("ind", ":=", "a*b", 0.2)
    several = (
        path("loyalty", "~", "trust", 2.0, std_all=1.2),
        path("loyalty", "~", "price", -2.0, std_all=-1.2),
        effect,
    )
    yield make.study(models=(make.model(parameters=several),))
    yield make.study(models=(make.model(parameters=several[:1]),))
    yield make.study(
        models=(make.model(parameters=(path("loyalty", "~", "trust", 1.0, free=False),)),)
    )
    insignificant = (path("loyalty", "~", "trust", 0.1, pvalue=0.4),)
    yield make.study(models=(make.model(parameters=insignificant, r2={"loyalty": 1.3}),))


def _mediations(make: Any) -> Iterator[Any]:
    def study(effects: Any) -> Any:
        return make.study(models=(make.model(effects=effects),))

    kinds = ("competitive", "indirect_only", "no_direct_path", "direct_only", "no_effect")
    for kind in ("complementary", *kinds, "unknown", "not_judged"):
        yield study(make.effects(kind))
    found = make.effects()
    failed = found.bootstrap.model_copy(update={"failed": 12})
    yield study(make.effects(bootstrap=failed))
    for method in ("mc", "delta"):
        yield study(make.effects(bootstrap=None, judged_by=method))
    unreadable = tuple(row.model_copy(update={"readable": False}) for row in found.rows)
    yield study(make.effects("not_judged", rows=unreadable * 2))
    yield study(make.effects(rows=(*found.rows, *unreadable)))


def _hypotheses(make: Any) -> Iterator[Any]:
    yield make.study(models=(make.model(hypotheses=(make.hypothesis(),) * 2),) * 2)
    for verdict in ("not_supported", "opposite"):
        one = make.hypothesis(verdict=verdict)
        yield make.study(models=(make.model(hypotheses=(one,)),))
        yield make.study(models=(make.model(hypotheses=(one, one)),))
    for reason in (
        "inseparable",
        "collinear",
        "exploding",
        "not_converged",
        "no_standard_error",
        "new",
    ):
        for constructs in ((), ("trust",), ("trust", "loyalty")):
            if reason == "collinear" and not constructs:
                continue
            one = make.hypothesis(verdict="not_judged", reason=reason, reason_constructs=constructs)
            none = one.model_copy(update={"std_all": None})
            without: dict[str, Any] = {"latent_correlations": ()}
            yield make.study(models=(make.model(hypotheses=(one,)),))
            yield make.study(models=(make.model(hypotheses=(none,), **without),))


def test_lists_are_joined_as_the_language_does() -> None:
    english, chinese = read_words("en"), read_words("zh")
    pairs = [("a", 0.51), ("b", 0.52), ("c", 0.53)]
    fill = {
        words.language: words.environment.filters["with_values"] for words in (english, chinese)
    }
    assert str(fill["en"](pairs)) == "a (.510), b (.520), and c (.530)"
    assert str(fill["en"](pairs[:2])) == "a (.510) and b (.520)"
    assert str(fill["zh"](pairs)) == "a（.510）、b（.520）和c（.530）"
    assert str(fill["en"](pairs[:1])) == "a (.510)"
    assert str(fill["en"]([])) == ""


def test_chinese_has_blanks_beside_latin_letters_only() -> None:
    words = read_words("zh")
    text = words.label("summary.sample", read=423, analysed=400)
    assert text == "共回收 423 份答卷，按所列原因剔除 23 份，有效答卷 400 份。"


def test_facts_cannot_bring_markup_along() -> None:
    line = read_words("en").say("sample.excluded", reason="<i>x</i> <script>y</script> {{ 7*7 }}")
    assert line == (Run("Excluded: <i>x</i> <script>y</script> {{ 7*7 }}"),)


def test_a_study_replaces_single_sentences(tmp_path: Path) -> None:
    own = tmp_path / "reports" / "wording" / "en.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("simulated:\n  title: Invented data\n", encoding="utf-8")
    words = read_words("en", tmp_path)
    assert words.label("simulated.title") == "Invented data"
    assert words.label("summary.heading") == "Summary"


def test_an_unknown_sentence_of_a_study_is_an_error_with_its_place(tmp_path: Path) -> None:
    own = tmp_path / "reports" / "wording" / "en.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("simulated:\n  titel: Invented data\n", encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        read_words("en", tmp_path)
    assert caught.value.place is not None
    assert caught.value.place.line == 2
    assert "simulated.title" in str(caught.value.remedy)


@pytest.mark.parametrize(
    "sentence", ["{{ nothing }}", "{% if %}", "{{ ''.__class__.__mro__ }}", "{{ 1/0 }}", "<video>"]
)
def test_a_faulty_sentence_of_a_study_is_an_error(tmp_path: Path, sentence: str) -> None:
    own = tmp_path / "reports" / "wording" / "en.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(f'simulated:\n  title: "{sentence}"\n', encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        read_words("en", tmp_path).say("simulated.title")
    assert "simulated.title" in str(caught.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "reports" / "wording" / "en.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("simulated:\n  title: 5\n", encoding="utf-8")
    with pytest.raises(ReportError, match="not a sentence"):
        read_words("en", tmp_path)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ReportError) as caught:
        read_words("fr")
    assert "en" in str(caught.value.expected)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ReportError, match="no sentence"):
        read_words("en").say("simulated.titel")


def test_citations_lose_their_inner_brackets() -> None:
    assert (
        in_parentheses("Kline (2005); Wheaton et al. (1977)") == "Kline, 2005; Wheaton et al., 1977"
    )
    assert in_parentheses("own data") == "own data"


def test_labels_are_plain_text() -> None:
    assert as_text(read_words("en").say("columns.p")) == read_words("en").label("columns.p") == "p"
