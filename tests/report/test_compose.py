"""What stands in a report, for what was found."""

from __future__ import annotations

from typing import Any

import pytest

from loyaltysem.report.compose import compose
from loyaltysem.report.document import (
    Block,
    Bullets,
    Callout,
    Code,
    Document,
    Figure,
    Heading,
    Paragraph,
    Reference,
    Table,
    as_text,
    cell_texts,
)
from loyaltysem.report.numbers import NBSP

from .cases import scales


def of(document: Document, kind: type[Block]) -> list[Any]:
    return [block for block in document.blocks if isinstance(block, kind)]


def keys(document: Document, kind: type[Block]) -> list[str]:
    return [block.key for block in of(document, kind)]


def prose(document: Document) -> str:
    lines = [block.text for block in of(document, Paragraph)]
    lines += [item for block in of(document, Bullets) for item in block.items]
    return "\n".join(as_text(line) for line in lines)


def table(document: Document, key: str) -> list[list[str]]:
    (found,) = [block for block in of(document, Table) if block.key == key]
    return cell_texts(found)


def test_a_study_in_good_order_has_all_sections(make: Any, picture: Any) -> None:
    document = compose(make.study(), "en", pictures={"small": make.pictures(picture)})
    assert keys(document, Heading) == [
        "summary",
        "sample",
        "instrument",
        "descriptives",
        "reliability",
        "confirmatory",
        "loadings_1",
        "associations",
        "correlations_1",
        "model_1",
        "fit_1",
        "paths_1",
        "explained_1",
        "hypotheses_1",
        "limitations",
        "references",
        "appendix",
        "questions",
        "parameters_1",
        "provenance",
        "reproduction_1",
        "checklist",
    ]
    assert keys(document, Figure) == ["figure_sample", "figure_paths_1", "figure_full_1"]
    lavaan, mplus = [block.text for block in of(document, Code)]
    assert make.model().syntax in lavaan
    assert "ESTIMATOR = ML;" in mplus


def test_every_mention_leads_somewhere(make: Any, picture: Any) -> None:
    document = compose(make.study(), "zh", pictures={"small": make.pictures(picture)})
    mentions = [
        part.key
        for block in of(document, Paragraph)
        for part in block.text
        if isinstance(part, Reference)
    ]
    assert len(mentions) > 8
    for key in mentions:
        assert document.label(key)


def test_every_table_is_spoken_of_before_it_comes(make: Any) -> None:
    mentioned: set[str] = set()
    for block in compose(make.study(), "en").blocks:
        if isinstance(block, Paragraph):
            mentioned |= {part.key for part in block.text if isinstance(part, Reference)}
        if isinstance(block, Table) and block.key != "table_provenance":
            assert block.key in mentioned


def test_analyses_that_were_not_run_leave_no_trace(make: Any) -> None:
    document = compose(make.study(descriptives=(), reliability=(), models=()), "en")
    kept = [
        "summary",
        "sample",
        "instrument",
        "references",
        "appendix",
        "questions",
        "provenance",
    ]
    assert keys(document, Heading) == kept


def test_simulated_data_are_the_first_thing_said(make: Any) -> None:
    study = make.study().study.model_copy(update={"simulated": True})
    first = compose(make.study(study=study), "en").blocks[0]
    assert isinstance(first, Callout)
    assert as_text(first.title) == "Simulated data"


def test_a_model_that_did_not_converge_shows_no_estimates(make: Any) -> None:
    document = compose(make.study(models=(make.model(converged=False),)), "en")
    assert "fit_1" not in keys(document, Heading)
    assert "table_paths_1" not in keys(document, Table)
    assert "did not converge" in prose(document)
    assert "supported" not in prose(document)


def test_two_models_stand_side_by_side_and_one_after_another(make: Any) -> None:
    other = make.model(name="other", title={"en": "Other model", "zh": "另一模型"})
    document = compose(make.study(models=(make.model(), other)), "en")
    assert [row[0] for row in table(document, "table_models")] == ["Small model", "Other model"]
    headings = keys(document, Heading)
    assert headings.index("comparison") < headings.index("model_1") < headings.index("model_2")


def test_robust_statistics_are_shown_beside_the_plain_ones(make: Any) -> None:
    fit = {**make.model().fit, "chisq.scaled": 7.5, "df.scaled": 8, "pvalue.scaled": 0.48}
    judged = (make.verdict("cfi.robust", 0.9871, ">", 0.9),)
    document = compose(make.study(models=(make.model(fit=fit, verdicts=judged),)), "en")
    rows = {row[0]: row[1:] for row in table(document, "table_fit_1")}
    assert rows["χ²"][0] == "9.12"
    assert rows["χ²\u00a0(scaled)"][0] == "7.50"
    assert rows["CFI\u00a0(robust)"][:3] == [".987", ">\u00a0.90", "met"]
    assert "The scaled chi-square test does not reject exact fit, χ²(8)\u00a0=\u00a07.50" in prose(
        document
    )


def test_a_hypothesis_that_cannot_be_judged_is_neither_supported_nor_rejected(make: Any) -> None:
    one = make.hypothesis(
        verdict="not_judged", reason="inseparable", reason_constructs=("trust", "loyalty")
    )
    pair = make.model().latent_correlations[0].model_copy(update={"correlation": 0.9954})
    model = make.model(hypotheses=(one,), latent_correlations=(pair,))
    document = compose(make.study(models=(model,)), "en")
    assert "H1 cannot be judged from this solution; that is neither support nor rejection" in prose(
        document
    )
    assert "Trust and Loyalty cannot be told apart in these data" in prose(document)
    assert "(model-implied correlation .995)" in prose(document)
    (row,) = table(document, "table_hypotheses_1")
    assert row[-1] == "cannot be judged"
    assert row[3] == ".452"  # without stars
    assert "not supported" not in " ".join(row)
    (path,) = table(document, "table_paths_1")
    assert path[:2] == ["H1", "Trust → Loyalty †"]
    assert path[6] == ".452"
    assert path[-1] == "cannot be judged"


def test_a_pure_measurement_model_has_its_fit_before_its_loadings(make: Any) -> None:
    model = make.model()
    loadings = tuple(one for one in model.parameters if one.op != "~")
    study = make.study(models=(make.model(parameters=loadings, hypotheses=()),))
    headings = keys(compose(study, "en"), Heading)
    assert "confirmatory" not in headings
    assert headings.index("model_1") < headings.index("fit_1") < headings.index("loadings_1")
    assert headings.index("loadings_1") < headings.index("correlations_1")


def test_a_path_stands_beside_the_hypotheses_on_it(make: Any) -> None:
    second = make.hypothesis(id="H1b")
    model = make.model(hypotheses=(*make.model().hypotheses, second))
    (path,) = table(compose(make.study(models=(model,)), "zh"), "table_paths_1")
    assert path[0] == "H1, H1b"
    assert path[-1] == "支持"
    plain = table(compose(make.study(models=(make.model(hypotheses=()),)), "zh"), "table_paths_1")
    assert len(plain[0]) == len(path) - 2


def test_a_judged_path_between_near_twins_is_read_with_caution(make: Any) -> None:
    facts = {"first": "trust", "second": "loyalty", "correlation": 0.954}
    notice = make.notice(code="inseparable_constructs", text="", facts=facts)
    text = prose(compose(make.study(models=(make.model(notices=(notice,)),)), "en"))
    assert "H1 joins constructs that these data can hardly tell apart" in text


def test_what_fails_is_said_plainly(make: Any) -> None:
    low = make.model().validity[0].model_copy(update={"ave": 0.4312})
    results = make.study(
        reliability=(make.scale("trust", 0.5523), make.scale("loyalty")),
        models=(make.model(validity=(low,)),),
    )
    text = prose(compose(results, "en"))
    assert "It misses the cut-off of ≥\u00a0.70 (Nunnally, 1978) for Trust (.552)" in text
    assert "AVE does not meet >\u00a0.50 (Fornell & Larcker, 1981) for Trust (.431)" in text
    assert "convergent validity is not established" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_ever_proved(make: Any, language: str) -> None:
    text = prose(compose(make.study(), language)).lower()
    for word in ("prove", "confirm that", "证明了", "证实"):
        assert word not in text


def test_a_strict_profile_asks_for_more(make: Any) -> None:
    verdict = make.verdict("cfi", 0.97, ">=", 0.95)
    verdict = verdict.model_copy(update={"profile": "strict", "met": True})
    study = make.study().study.model_copy(update={"profile": "strict"})
    results = make.study(study=study, models=(make.model(verdicts=(verdict,)),))
    assert "strict profile" in prose(compose(results, "en"))


def test_two_profiles_stand_side_by_side(make: Any) -> None:
    thesis = make.verdict("cfi", 0.93, ">", 0.9)
    strict = make.verdict("cfi", 0.93, ">=", 0.95)
    strict = strict.model_copy(update={"profile": "strict", "met": False})
    more = make.verdict("gfi", 0.91, ">", 0.9)
    study = make.study().study.model_copy(update={"profile": "both"})
    models = (make.model(verdicts=(thesis, more, strict)),)
    document = compose(make.study(study=study, models=models), "en")
    lines = table(document, "table_fit_1")
    rows = {line[0]: [text.replace(NBSP, " ") for text in line] for line in lines}
    assert rows["CFI"][2:4] == ["> .90", "met"]
    assert rows["CFI"][5:7] == ["≥ .95", "not met"]
    assert rows["GFI"][5:] == ["", "", ""]
    assert "2 of 2 customary cut-offs met; 0 of 1 strict cut-offs met" in prose(document)


def test_reverse_items_are_marked(make: Any) -> None:
    document = compose(make.study(), "en")
    assert "t2 (R)" in [row[0] for row in table(document, "table_descriptives")]
    assert "t2 (R)" in [row[0] for row in table(document, "table_questions")]


def test_only_works_that_are_cited_are_listed(make: Any) -> None:
    (works,) = [b for b in of(compose(make.study(), "en"), Bullets) if b.hanging]
    listed = [as_text(item)[:12] for item in works.items]
    assert listed == sorted(listed)
    assert any(work.startswith("Hu, L.") for work in listed)
    assert not any(work.startswith("Doll") for work in listed)


def test_a_fixed_loading_has_neither_error_nor_stars(make: Any) -> None:
    rows = table(compose(make.study(), "en"), "table_loadings_1")
    assert rows[0][:7] == ["Trust", "t1", "1.000", "–", "–", "–", ".790"]
    assert rows[1][:6] == ["", "t2", "0.900", "0.061", "14.71", "<\u00a0.001"]
    assert rows[1][6] == ".711***"


def test_text_missing_in_a_language_falls_back(make: Any) -> None:
    study = make.study().study.model_copy(update={"title": {"en": "Only English"}})
    assert compose(make.study(study=study), "zh").title == "Only English"


def test_indirect_effects_are_shown_by_pair_with_their_share(make: Any) -> None:
    document = compose(make.study(models=(make.model(effects=make.effects()),)), "zh")
    rows = table(document, "table_mediation_1")
    assert [row[0] for row in rows] == [
        "信任 → 忠诚",
        "直接效应",
        "间接效应：信任 → satisfaction → 忠诚",
        "总效应",
    ]
    assert rows[2][1:] == [
        "0.100", "0.027", "[0.050, 0.150]", "[0.050, 0.150]", ".090", "33.3", "互补（部分）",
    ]  # fmt: skip
    text = prose(document)
    assert "重复抽样 2,000 次" in text
    assert "该条间接路径的置信区间不包含 0" in text
    assert "与互补中介（即部分中介）相符" in text
    (works,) = [block for block in of(document, Bullets) if block.hanging]
    assert any(as_text(work).startswith("ZHAO X,") for work in works.items)


def test_several_paths_between_a_pair_are_summed_up(make: Any) -> None:
    found = make.effects()
    second = make.effect("indirect", "trust -> value -> loyalty", -0.01, mediation="no_effect")
    effects = make.effects(rows=(*found.rows[:2], second, *found.rows[2:]))
    document = compose(make.study(models=(make.model(effects=effects),)), "en")
    names = [row[0] for row in table(document, "table_mediation_1")]
    assert names[-2:] == ["Total indirect", "Total"]
    assert "Of 2 indirect paths, 1 does so" in prose(document)


def test_failed_draws_are_counted_in_the_report(make: Any) -> None:
    draws = make.effects().bootstrap.model_copy(update={"failed": 12})
    effects = make.effects(bootstrap=draws)
    document = compose(make.study(models=(make.model(effects=effects),)), "en")
    assert "2,000 draws, of which 12 gave no estimates" in prose(document)


def test_an_effect_over_an_unreadable_path_is_not_judged(make: Any) -> None:
    found = make.effects("not_judged")
    rows = tuple(row.model_copy(update={"readable": False}) for row in found.rows)
    effects = make.effects(rows=rows)
    document = compose(make.study(models=(make.model(effects=effects),)), "en")
    text = prose(document)
    assert "1 indirect path, marked † in the table" in text
    assert "do so" not in text
    assert table(document, "table_mediation_1")[1][0] == "Direct †"


def test_convergent_validity_is_that_of_the_confirmatory_factor_analysis(make: Any) -> None:
    plain = make.model()
    rows = [
        make.parameter(row.lhs, "=~", row.rhs, 0.7, std_all=0.61)
        for row in plain.parameters
        if row.op == "=~"
    ]
    higher = make.parameter("general", "=~", "trust", 1.0, std_all=0.9)
    found = scales.measurement(make, loadings=rows, r2={"t1": 0.3721})
    model = make.model(parameters=(*plain.parameters, higher), measurement=found)
    document = compose(make.study(models=(model,)), "en")
    cells = table(document, "table_loadings_1")
    assert [row[1] for row in cells] == ["t1", "t2", "t3", "l1", "l2", "l3", "Trust"]
    assert cells[0][2] == "0.700"
    assert cells[0][-4:] == [".610***", ".372", ".831", ".612"]
    assert "Standardized loadings lie between .610 and .900" in prose(document)
    (shown,) = [one for one in of(document, Table) if one.key == "table_loadings_1"]
    assert "general: estimates of the structural model" in as_text(shown.notes[0])


def test_a_model_without_a_solution_has_limits_and_no_parameters(make: Any) -> None:
    document = compose(make.study(models=(make.model(converged=False),)), "en")
    assert "limitations" in keys(document, Heading)
    assert "the data say nothing about this model" in prose(document)
    assert not [key for key in keys(document, Table) if key.startswith("table_parameters")]


@pytest.mark.parametrize(
    ("value", "cutoffs", "written"),
    [(0.8996, (0.9,), ".8996"), (0.9496, (0.9, 0.95), ".9496"), (0.9996, (0.9,), "1.000")],
)
def test_no_value_is_rounded_onto_a_cut_off_that_it_misses(
    make: Any, value: float, cutoffs: tuple[float, ...], written: str
) -> None:
    verdicts = tuple(
        make.verdict("cfi", value, ">", cutoff).model_copy(update={"profile": profile})
        for cutoff, profile in zip(cutoffs, ("thesis", "strict"), strict=False)
    )
    plain = make.model()
    model = make.model(verdicts=verdicts, fit={**plain.fit, "cfi": value})
    document = compose(make.study(models=(model,)), "en")
    assert f"CFI{NBSP}={NBSP}{written}" in prose(document)
    (row,) = [row for row in table(document, "table_fit_1") if row[0] == "CFI"]
    assert row[1] == written


def test_no_factor_by_parallel_analysis_is_said_not_hidden(make: Any) -> None:
    none = scales.factors(counts=dict.fromkeys(scales.factors().counts, 0), n_factors=1)
    text = prose(compose(make.study(factors=none), "en"))
    assert "suggests 0 factors" in text
    assert "The number suggested by parallel analysis was taken" not in text
