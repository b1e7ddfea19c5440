"""Every chart: legible whatever the names, in both languages and styles, and the same again."""

from __future__ import annotations

import inspect

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection

from loyaltysem.diagrams import charts, figure_bytes
from loyaltysem.errors import ReportError

LONG = {
    "en": "Item {}: when I shop in this store the employees are always willing to help me",
    "zh": "第{}题：我在这家商店购物时总是感到员工非常乐意帮助我解决各种问题",
}
SHORT = {"en": "Construct {}", "zh": "构念{}"}


def names(count: int, language: str, *, long: bool = False) -> pd.Index:
    return pd.Index([(LONG if long else SHORT)[language].format(k + 1) for k in range(count)])


def intervals(index: pd.Index) -> pd.DataFrame:
    est = np.linspace(-0.2, 0.6, len(index))
    return pd.DataFrame({"est": est, "ci_lower": est - 0.15, "ci_upper": est + 0.15}, index=index)


def symmetric(index: pd.Index) -> pd.DataFrame:
    values = np.fromfunction(lambda i, j: 0.9 - 0.08 * abs(i - j), (len(index),) * 2)
    np.fill_diagonal(values, 1.0)
    return pd.DataFrame(values, index=index, columns=index)


def counts(index: pd.Index, options: int) -> pd.DataFrame:
    table = np.add.outer(np.arange(len(index)), 10 * np.arange(1, options + 1))
    return pd.DataFrame(table, index=index, columns=range(1, options + 1))


def patterns(items: int) -> pd.DataFrame:
    answered = ~np.eye(20, items, dtype=bool)
    table = pd.DataFrame(answered, columns=[f"ITEM{k}" for k in range(items)])
    table.insert(0, "n", [300, *range(20, 1, -1)])
    return table


def loadings(items: int, factors: int, language: str) -> pd.DataFrame:
    values = np.fromfunction(lambda i, j: np.cos(i + 2 * j), (items, factors))
    index = pd.Index([f"ITEM{k}" for k in range(items)])
    return pd.DataFrame(values, index=index, columns=names(factors, language))


def means(language: str) -> pd.DataFrame:
    rows = [
        {"group": group, "series": series, "mean": 3 + 0.2 * k, "ci_lower": 2.8, "ci_upper": 4.2}
        for series in names(5, language)
        for k, group in enumerate(names(4, language, long=True))
    ]
    return pd.DataFrame(rows)


def specifications() -> pd.DataFrame:
    table = intervals(pd.RangeIndex(24))
    options = {"Estimator": ["ML", "MLR", "WLSMV"], "Missing answers": ["all", "complete"]}
    return table.assign(
        **{name: [own[k % len(own)] for k in range(24)] for name, own in options.items()}
    )


def information(items: int) -> pd.DataFrame:
    trait = np.linspace(-4, 4, 41)
    curves = {f"ITEM{k}": np.exp(-((trait - k / 3) ** 2)) for k in range(items)}
    return pd.DataFrame(curves, index=trait)


def bands() -> pd.DataFrame:
    w = np.linspace(-2, 2, 41)
    return pd.DataFrame({"est": w / 5, "ci_lower": w / 5 - 0.2, "ci_upper": w / 5 + 0.2}, index=w)


def steps(language: str) -> pd.DataFrame:
    table = {"cfi": [0.96, 0.96, 0.94, 0.93], "rmsea": [0.04, 0.04, 0.05, 0.06]}
    return pd.DataFrame({**table, "holds": [True, True, False, False]}, index=names(4, language))


def slopes(language: str) -> pd.DataFrame:
    table = {"intercept": [0.0, 0.1, 0.2], "slope": [0.1, 0.3, 0.5]}
    return pd.DataFrame(table, index=names(3, language, long=True))


def points(language: str, count: int = 8) -> pd.DataFrame:
    table = {"importance": np.linspace(-0.1, 0.5, count), "performance": np.linspace(50, 80, count)}
    return pd.DataFrame(table, index=names(count, language))


def drawn(language: str, style: str) -> dict[str, object]:
    """Return all charts with usual and with hostile content, as functions to call."""
    both = {"language": language, "style": style}
    own = {"style": style}
    ends = {"predictor": "x", "outcome": "y", **own}
    effects = names(7, language, long=True)
    return {
        "answers": lambda: charts.response_distributions(
            counts(names(6, language, long=True), 5), **both
        ),
        "answers of forty items": lambda: charts.response_distributions(
            counts(names(40, language), 7), **both
        ),
        "one answer": lambda: charts.response_distributions(
            pd.DataFrame([[0, 0, 9, 0]], index=["A"], columns=list("abcd")), **both
        ),
        "missing": lambda: charts.missing_pattern(patterns(12), **both),
        "missing of forty items": lambda: charts.missing_pattern(patterns(40), **both),
        "missing of seventy items": lambda: charts.missing_pattern(patterns(70), **both),
        "nothing missing": lambda: charts.missing_pattern(
            pd.DataFrame({"n": [9], "A": [True]}), **both
        ),
        "scree": lambda: charts.scree(
            np.linspace(6, 0.1, 30), {"Random": np.linspace(1.5, 0.5, 30)}, n_factors=3, **both
        ),
        "one eigenvalue": lambda: charts.scree([1.0], **both),
        "loadings": lambda: charts.loadings_plot(loadings(30, 6, language), **own),
        "loadings of twelve factors": lambda: charts.loadings_plot(
            loadings(8, 12, language), **own
        ),
        "one loading": lambda: charts.loadings_plot(loadings(1, 1, language), **own),
        "htmt": lambda: charts.htmt_heatmap(symmetric(names(8, language)), **own),
        "two constructs": lambda: charts.htmt_heatmap(symmetric(names(2, language)), **own),
        "correlations": lambda: charts.correlation_heatmap(
            symmetric(names(7, language, long=True)), pvalues=symmetric(pd.RangeIndex(7)), **own
        ),
        "correlations of forty": lambda: charts.correlation_heatmap(
            symmetric(pd.Index([f"ITEM{k}" for k in range(40)])), **own
        ),
        "coefficients": lambda: charts.coefficient_plot(intervals(effects), **both),
        "coefficients of groups": lambda: charts.coefficient_plot(
            pd.concat([intervals(effects).assign(series=k) for k in ("a", "b", "c")]), **both
        ),
        "equal coefficients": lambda: charts.coefficient_plot(0 * intervals(effects), **both),
        "bootstrap": lambda: charts.bootstrap_distributions(
            {name: np.linspace(-1, 1, 200) for name in effects}, intervals(effects), **both
        ),
        "equal draws": lambda: charts.bootstrap_distributions(
            {effects[0]: np.zeros(50)}, 0 * intervals(effects[:1]), **both
        ),
        "slopes": lambda: charts.simple_slopes(slopes(language), x=(-1, 1), **ends),
        "johnson-neyman": lambda: charts.johnson_neyman(
            bands(), moderator="w", limits=[-1, 1, 9], language=language, **ends
        ),
        "invariance": lambda: charts.invariance_ladder(steps(language), **both),
        "equal steps": lambda: charts.invariance_ladder(
            pd.DataFrame({"cfi": [1.0, 1.0]}, index=["a", "b"]), **both
        ),
        "importance": lambda: charts.importance_performance_map(
            points(language), target="y", **both
        ),
        "equal importance": lambda: charts.importance_performance_map(
            0 * points(language) + 50, target="y", **both
        ),
        "two importances": lambda: charts.importance_performance_map(
            points(language, 2).loc[lambda rows: rows.index.repeat(4)], target="y", **both
        ),
        "specifications": lambda: charts.specification_curve(
            specifications(),
            decisions=["Estimator", "Missing answers"],
            axis="β",
            main=3,
            **both,
        ),
        "power": lambda: charts.power_curve(
            pd.DataFrame({"a": [0.1, 0.5, 0.9], "b": [0.2, 0.6, 1]}, index=[50, 200, 800]),
            n=400,
            **both,
        ),
        "quantiles": lambda: charts.qq_plot(np.arange(9.0), np.arange(9.0) + 1, **both),
        "information": lambda: charts.item_information(information(6), **both),
        "information of forty": lambda: charts.item_information(information(40), **both),
        "scales": lambda: charts.item_information(information(5), total=False, **both),
        "flow": lambda: charts.respondent_flow(
            read=412, excluded={LONG[language]: 8, "b": 4, "nobody": 0}, analysed=400, **both
        ),
        "flow to three": lambda: charts.respondent_flow(
            read=412, excluded={}, analysed={"a": 9, LONG[language]: 8, "c": 7}, **both
        ),
        "means": lambda: charts.group_means(means(language), **both),
        "means of many groups": lambda: charts.group_means(
            pd.concat(means(language).assign(group=f"Group number {k}") for k in range(16)), **both
        ),
    }  # fmt: skip


CASES = tuple(drawn("en", "colour"))


def test_every_chart_is_drawn_here():
    source = inspect.getsource(drawn)
    assert [name for name in charts.__all__ if f"charts.{name}(" not in source] == []


def check(found):
    assert found.clipped() == []
    assert found.covered() == []
    assert "□" not in "".join(found.texts)


@pytest.mark.parametrize("name", CASES)
def test_texts_lie_inside_and_apart(look, name):
    check(look(drawn("zh", "mono")[name]()))


@pytest.mark.parametrize("name", ["answers", "bootstrap", "coefficients", "correlations", "means"])
def test_long_english_names_are_broken(look, name):
    check(look(drawn("en", "colour")[name]()))


@pytest.mark.parametrize("name", ["htmt", "information of forty"])
def test_the_same_chart_has_the_same_bytes(name):
    first, second = (figure_bytes(drawn("zh", "colour")[name](), "svg") for _ in range(2))
    assert first == second


def test_the_settings_of_matplotlib_stay_as_they_were():
    kept = ("font.family", "axes.prop_cycle", "svg.fonttype", "axes.spines.top")
    before = {name: mpl.rcParams[name] for name in kept}
    drawn("zh", "mono")["slopes"]()
    assert {name: mpl.rcParams[name] for name in kept} == before


def test_nothing_to_draw_is_refused():
    nothing = pd.DataFrame({"est": [], "ci_lower": [], "ci_upper": []})
    for empty in (
        lambda: charts.coefficient_plot(nothing),
        lambda: charts.response_distributions(pd.DataFrame()),
        lambda: charts.scree([]),
        lambda: charts.loadings_plot(pd.DataFrame()),
        lambda: charts.htmt_heatmap(pd.DataFrame([[1.0]])),
        lambda: charts.qq_plot([1.0, 2.0], [1.0]),
        lambda: charts.bootstrap_distributions({}, intervals(pd.Index(["a"]))),
        lambda: charts.respondent_flow(read=3, excluded={}, analysed=4),
    ):
        with pytest.raises(ReportError):
            empty()


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.coefficient_plot([1, 2]),
        lambda: charts.htmt_heatmap(pd.DataFrame([["a", "b"], ["c", "d"]])),
        lambda: charts.scree("abc"),
        lambda: charts.scree([2.0, 1.0], language="de"),
        lambda: charts.scree([2.0, 1.0], style="bw"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(draw):
    with pytest.raises(ReportError) as caught:
        draw()
    assert caught.value.found


@pytest.mark.parametrize(
    ("draw", "found"),
    [
        (lambda: charts.response_distributions(pd.DataFrame([[3, -2]])), "-2"),
        (lambda: charts.response_distributions(pd.DataFrame([[3, np.nan]])), "nan"),
        (lambda: charts.response_distributions(pd.DataFrame([[3, 0.5]])), "0.5"),
        (lambda: charts.missing_pattern(pd.DataFrame({"n": [-1.0], "A": [True]})), "-1"),
        (
            lambda: charts.importance_performance_map(np.nan * points("en", 2), target="y"),
            "4 missing or infinite numbers",
        ),
        (
            lambda: charts.item_information(np.inf * information(1)),
            "41 missing or infinite numbers",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_was_found(draw, found):
    with pytest.raises(ReportError) as refused:
        draw()
    assert refused.value.found == found


def test_points_on_one_another_are_named_together(look):
    table = pd.DataFrame({"importance": [0.3] * 3, "performance": [60.0] * 3}, index=list("abc"))
    found = look(charts.importance_performance_map(table, target="y"))
    assert "a\nb\nc" in found.texts


def test_a_heat_map_without_numbers_has_a_scale_and_marks_the_sign(look):
    table = symmetric(pd.Index([f"ITEM{k}" for k in range(40)]))
    figure = charts.correlation_heatmap(table, style="mono")
    assert {"−1.0", "0.0", "1.0"} <= set(look(figure).texts)
    negative = int((np.tril(table.to_numpy(), -1) < 0).sum())
    (signs,) = figure.axes[0].findobj(LineCollection)
    assert len(signs.get_segments()) == negative


def test_many_rows_still_fit_on_a_page():
    tall = [
        charts.coefficient_plot(intervals(names(60, "zh"))),
        charts.response_distributions(counts(names(60, "zh"), 7)),
        charts.loadings_plot(loadings(60, 4, "zh")),
    ]
    assert all(figure.get_size_inches()[1] * 25.4 < 245 for figure in tall)


def test_long_names_of_axes_are_broken(look):
    long = LONG["en"].format(1)
    check(
        look(
            charts.johnson_neyman(
                bands() + 1, moderator=long, predictor=long, outcome=long, limits=[float("nan")]
            )
        )
    )
    check(look(charts.importance_performance_map(points("en"), target=long * 2)))


def test_the_slope_is_shown_with_zero_in_sight():
    figure = charts.johnson_neyman(bands() + 1, moderator="w", predictor="x", outcome="y")
    low, high = figure.axes[0].get_ylim()
    assert low < 0 < high


def test_a_slope_at_a_single_value_is_drawn(look):
    look(charts.johnson_neyman(bands().iloc[:1], moderator="w", predictor="x", outcome="y"))


def test_the_legend_of_regions_names_only_what_is_drawn(look):
    names = {"moderator": "w", "predictor": "x", "outcome": "y", "language": "zh"}
    texts = look(charts.johnson_neyman(bands() + 1, **names)).texts
    assert "95%置信带（显著）" in texts
    assert "95%置信带（不显著）" not in texts


def test_a_step_without_a_value_has_no_change(look):
    table = pd.DataFrame({"cfi": [0.96, np.nan, 0.9]}, index=["a", "b", "c"])
    texts = look(charts.invariance_ladder(table)).texts
    assert ".900" in texts


def test_a_missing_column_is_named():
    with pytest.raises(ReportError, match="lacks") as caught:
        charts.simple_slopes(pd.DataFrame({"slope": [1.0]}), x=(0, 1), predictor="x", outcome="y")
    assert caught.value.expected == "intercept"
    with pytest.raises(ReportError, match="p-values do not belong"):
        charts.correlation_heatmap(symmetric(pd.RangeIndex(3)), pvalues=symmetric(pd.RangeIndex(2)))


@pytest.mark.parametrize(
    "name", ["a_very_long_name_without_a_break" * 6, "一个很长的构念名称" * 20]
)
def test_rows_of_information_have_room_beside_long_names(name):
    table = information(9).set_axis([f"{name}{k}" for k in range(9)], axis="columns")
    figure = charts.item_information(table, total=False)
    assert figure.axes[0].get_position().width > 0.4
