"""Write the JSON Schemas in docs/schema/: study, questionnaire, model and results.json."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from loyaltysem.cli.app import app
from loyaltysem.cli.questionnaire import Definition

FOLDER = Path(__file__).with_name("schema")


def schemas() -> dict[str, str]:
    """Return file name to content, as `loyaltysem schema` prints it."""
    runner = CliRunner()
    return {
        f"{one.value}.schema.json": runner.invoke(app, ["schema", one.value]).stdout
        for one in Definition
    }


def main() -> None:
    """Write all schemas."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in schemas().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
