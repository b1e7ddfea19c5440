"""Population values: what they imply, and what they must not be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyaltysem.errors import DocumentError, ModelSpecificationError, StudyError
from loyaltysem.library import find, shipped_folder
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.structural.definition import ModelDefinition, read_model
from loyaltysem.structural.simulated_products import bending, possible_products
from loyaltysem.structural.simulation import (
    Population,
    implied_correlations,
    read_population,
    simulate_from_file,
    simulate_responses,
    write_simulated,
)

EXAMPLE = find("examples", "six_factor_loyalty")


def model_of(syntax: str) -> ModelDefinition:
    return ModelDefinition(
        name="m", title={"en": "m"}, questionnaire="q", syntax=syntax, hypotheses=()
    )


def population_of(**values: object) -> Population:
    return Population(questionnaire="q", model="m", n=10, seed=1, **values)


CHAIN = model_of("a =~ a1 + a2\nb =~ b1 + b2\nc =~ c1 + c2\nb ~ a\nc ~ b + a")
LOADINGS = {"a1": 0.9, "a2": 0.8, "b1": 0.7, "b2": 0.6, "c1": 0.8, "c2": 0.5}
PATHS = {"a -> b": 0.5, "b -> c": 0.4, "a -> c": 0.3}


def test_implied_correlations_by_wrights_rules():
    population = population_of(loadings=LOADINGS, paths=PATHS)
    implied = implied_correlations(CHAIN, population)
    table = pd.DataFrame(implied.matrix, index=implied.names, columns=implied.names)
    assert table.loc["a", "b"] == pytest.approx(0.5)
    assert table.loc["a", "c"] == pytest.approx(0.3 + 0.5 * 0.4)
    assert table.loc["b", "c"] == pytest.approx(0.4 + 0.5 * 0.3)
    assert table.loc["a1", "c2"] == pytest.approx(0.9 * 0.5 * 0.5)
    assert table.loc["b1", "b2"] == pytest.approx(0.7 * 0.6)
    np.testing.assert_allclose(np.diag(table), 1)
    np.testing.assert_allclose(table, table.T)


def test_an_exogenous_construct_that_stands_last_correlates_with_what_its_correlates_cause():
    model = model_of("a =~ a1 + a2\nb =~ b1 + b2\nc =~ c1 + c2\nd =~ d1 + d2\nb ~ a\nc ~ b + d")
    population = population_of(
        loadings={**LOADINGS, "d1": 0.9, "d2": 0.9},
        paths={"a -> b": 0.5, "b -> c": 0.4, "d -> c": 0.3},
        correlations={"a ~~ d": 0.6},
    )
    implied = implied_correlations(model, population)
    table = pd.DataFrame(implied.matrix, index=implied.names, columns=implied.names)
    assert table.loc["b", "d"] == pytest.approx(0.5 * 0.6)
    assert table.loc["c", "d"] == pytest.approx(0.3 + 0.4 * 0.5 * 0.6)


def test_second_order_and_stated_correlations():
    model = model_of("a =~ a1 + a2\nb =~ b1 + b2\nc =~ c1 + c2\ng =~ b + c")
    loadings = LOADINGS | {"b": 0.8, "c": 0.5}
    population = population_of(loadings=loadings, correlations={"g ~~ a": 0.25})
    implied = implied_correlations(model, population)
    table = pd.DataFrame(implied.matrix, index=implied.names, columns=implied.names)
    assert table.loc["b", "c"] == pytest.approx(0.4)
    assert table.loc["a", "b"] == pytest.approx(0.25 * 0.8)


def test_too_much_explained():
    population = population_of(loadings=LOADINGS, paths={**PATHS, "a -> c": 0.9})
    with pytest.raises(ModelSpecificationError, match="of the variance of 'c'"):
        implied_correlations(CHAIN, population)


def test_correlations_that_no_variables_can_have():
    model = model_of("a =~ a1 + a2\nb =~ b1 + b2\nc =~ c1 + c2\nc ~~ a")
    stated = {"a ~~ b": 0.9, "b ~~ c": 0.9, "a ~~ c": -0.9}
    population = population_of(loadings=LOADINGS, correlations=stated)
    with pytest.raises(ModelSpecificationError, match="correlate as is stated of 'c'"):
        implied_correlations(model, population)


def test_cycle():
    model = model_of("a =~ a1 + a2\nb =~ b1 + b2\na ~ b\nb ~ a")
    population = population_of(loadings=LOADINGS, paths={"a -> b": 0.2, "b -> a": 0.2})
    with pytest.raises(ModelSpecificationError, match="cycle"):
        implied_correlations(model, population)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"loadings": {"PQ1": 0.8}}, "lack loadings"),
        ({"paths": {}}, "lack paths"),
        ({"paths": {"price -> image": 0.1}}, "'price -> image' under 'paths'"),
        ({"correlations": {"price ~~ loyalty": 0.1}}, "'price ~~ loyalty' under"),
        ({"interactions": {"price:PQ1 -> loyalty": 0.1}}, "'price:PQ1 -> loyalty' under"),
        ({"shifts": {"PQ9": 0.1}}, "'PQ9' under 'shifts'"),
        ({"demographics": {"size": {"a": 1}}}, "'size' under 'demographics'"),
        ({"demographics": {"gender": {"mail": 1}}}, "'gender' has no option 'mail'"),
    ],
)
def test_values_that_do_not_fit_the_model(change, problem):
    population = read_population(EXAMPLE / "population.yaml").model_copy(update=change)
    model = read_model(shipped_folder("models") / "six_factor_loyalty.yaml")
    questionnaire = read_questionnaire(shipped_folder("questionnaires") / "ecommerce_loyalty.yaml")
    with pytest.raises(ModelSpecificationError, match=problem):
        simulate_responses(model, questionnaire, population)


def test_shares_are_checked_by_the_schema(tmp_path):
    path = tmp_path / "population.yaml"
    text = (EXAMPLE / "population.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("careless: 0.03", "careless: 3"), encoding="utf-8")
    with pytest.raises(DocumentError, match="careless"):
        read_population(path)


def test_the_example_is_what_its_population_values_give(tmp_path):
    path = tmp_path / "again.csv"
    write_simulated(simulate_from_file(EXAMPLE / "population.yaml"), path)
    assert path.read_bytes() == (EXAMPLE / "responses_simulated.csv").read_bytes()


def test_products_bend_the_outcome_and_what_follows_from_it():
    """Simulated so often that the sample's moments are the population's."""
    model = model_of("a =~ a1\nw =~ w1\ny =~ y1\nd =~ d1\ny ~ a + w\nd ~ y")
    population = population_of(
        loadings=dict.fromkeys(["a1", "w1", "y1", "d1"], 0.99),
        paths={"a -> y": 0.4, "w -> y": 0.2, "y -> d": 0.5},
        interactions={"a:w -> y": -0.3},
        correlations={"a ~~ w": 0.3},
    )
    codes = ["w1", "other", "a1", "y1", "d1"]
    implied = implied_correlations(model, population)
    at = [implied.names.index(code) for code in codes if code in implied.names]
    rng = np.random.default_rng(0)
    latent = np.insert(
        rng.multivariate_normal(np.zeros(4), implied.matrix[np.ix_(at, at)], size=40_000),
        1,
        rng.normal(size=40_000),
        axis=1,
    )
    moved = bending(model, population, implied, codes)(latent)
    np.testing.assert_array_equal(moved[:, :3], latent[:, :3])
    product = latent[:, 0] * latent[:, 2]
    design = np.column_stack([np.ones(40_000), latent[:, [0, 2]], product])
    slopes = np.linalg.lstsq(design, moved[:, 3:], rcond=None)[0][3]
    np.testing.assert_allclose(slopes, [-0.3, -0.15], atol=0.02)
    np.testing.assert_allclose(moved.mean(axis=0), 0, atol=0.02)
    assert possible_products(model)[:2] == ["a:a -> y", "a:w -> y"]


def test_a_file_is_not_replaced_unasked(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("mine")
    answers = pd.DataFrame({"id": ["S1"]})
    with pytest.raises(StudyError, match="exists"):
        write_simulated(answers, path)
    write_simulated(answers, path, overwrite=True)
    assert path.read_text() == "id\nS1\n"
    with pytest.raises(StudyError, match="cannot be written"):
        write_simulated(answers, Path(tmp_path / "no" / "answers.csv"))
