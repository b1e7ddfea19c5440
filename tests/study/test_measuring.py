import json

import pytest
from typer.testing import CliRunner

import loyaltysem
from loyaltysem.cli.app import app
from loyaltysem.errors import LoyaltysemError
from loyaltysem.library import shipped_folder
from loyaltysem.study import measuring

ANSWERS = "six_factor_loyalty/responses_simulated.csv"


@pytest.fixture(scope="module")
def found():
    return loyaltysem.measure("ecommerce_loyalty", shipped_folder("examples") / ANSWERS, draws=50)


def test_one_call_for_all_constructs(found):
    assert len(found.reliability) == 10
    assert found.factors.n_factors == 9
    assert len(found.discriminant.pairs) == 45
    assert len(found.items.items) == 37
    assert len(found.polychoric) == 37 * 36 // 2
    assert found.correlations is not None
    assert "simulated_data" in [one.code for one in found.notices]


def test_the_command_prints_tables_and_json(found, monkeypatch):
    given = {}
    monkeypatch.setattr(measuring, "measure", lambda *_, **options: given.update(options) or found)
    arguments = ["measure", "ecommerce_loyalty", "answers.csv", "--draws", "50", "--factors", "7"]
    table = CliRunner().invoke(app, arguments)
    assert (given["draws"], given["factors"].n) == (50, 7)
    assert table.exit_code == 0
    for title in ("Reliability", "Number of factors", "Heterotrait-monotrait ratios"):
        assert title in table.stdout
    assert f"{found.reliability[0].alpha:.3f}" in table.stdout
    shown = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert json.loads(shown.stdout) == json.loads(found.to_json())


def test_a_questionnaire_that_does_not_exist_is_refused():
    with pytest.raises(LoyaltysemError):
        loyaltysem.measure("nothing_like_it", shipped_folder("examples") / ANSWERS)
