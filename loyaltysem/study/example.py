"""The example study that ships with the package, and new studies made from it."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from loyaltysem.errors import StudyError
from loyaltysem.library import Shelf, find, shipped_folder
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.responses import read_responses
from loyaltysem.structural.definition import check_against, read_model
from loyaltysem.structural.simulation import simulate_from_file, write_simulated
from loyaltysem.study.definition import StudyDefinition, read_study

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

EXAMPLE = "six_factor_loyalty"

README = """\
# {name}

1. Replace `{data}` by your own answers (CSV or Excel; the headings are the item codes).
   While they are the example's, the report says that they are simulated;
   afterwards remove the line `simulated: true` from `study.yaml`.
2. Edit `study.yaml`, and where needed the files in `questionnaires/` and `models/`.
3. Run `loyaltysem run study.yaml` in this folder. The report is written into `output/`.

1. 用自己的数据替换 `{data}`（CSV 或 Excel，列名为题项编码）。示例数据为模拟数据，报告会注明；
   换成真实数据后，请删除 `study.yaml` 中的 `simulated: true` 一行。
2. 按需修改 `study.yaml`、`questionnaires/` 中的问卷与 `models/` 中的模型。
3. 在本文件夹中运行 `loyaltysem run study.yaml`，报告写入 `output/`。
"""


def example_study() -> Path:
    """Return the study file of the example that ships with the package."""
    return find("examples", EXAMPLE) / "study.yaml"


def example_answers() -> pd.DataFrame:
    """Return the example's answers: a table on which to try the functions of this package.

    Returns
    -------
    One row per respondent, indexed by id: the items of the questionnaire ``ecommerce_loyalty``
    (reverse items recoded), then the demographics. The answers are simulated.

    Examples
    --------
    >>> import loyaltysem as ls
    >>> answers = ls.example_answers()
    >>> answers[["PQ1", "PQ2", "gender"]].head(2).values.tolist()
    [[7.0, 6.0, 'female'], [6.0, 4.0, 'male']]
    """
    path = example_study()
    study = read_study(path)
    asked = read_questionnaire(find("questionnaires", study.questionnaire))
    responses = read_responses(path.parent / study.data, asked)
    return responses.answers.join(responses.demographics)


Service = Literal["github", "gitlab"]
"""Where a study's repository lies, for continuous integration."""

WORKFLOWS: Mapping[Service, str] = {
    "github": ".github/workflows/study.yml",
    "gitlab": ".gitlab-ci.yml",
}
"""Where each service looks for what to run."""


LOCK = "requirements.lock"
"""All dependencies by version and hash; it lies beside the data folders."""

IGNORED = """\
/now/
/output/*
!/output/results.json
!/output/manifest.json
"""
"""What a study's repository leaves out: reports can be made again."""


def new_study(folder: Path, *, ci: Service | None = None, example: str = EXAMPLE) -> Path:
    """Create a study folder from the example, with its questionnaire and model to edit.

    Parameters
    ----------
    folder
        The folder to create.
    ci
        Also write what this service needs to run the study again on every push.
    example
        The entry of the catalogue to start from.

    Returns
    -------
    Path
        The new ``study.yaml``.

    Raises
    ------
    StudyError
        The folder exists and is not empty, or cannot be created, or there is no such entry.
    LoyaltysemError
        Questionnaire, model or population values of the entry are faulty; file and line are named.
    """
    source = find("examples", example) / "study.yaml"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(
            "A new study needs a folder that does not exist yet or is empty",
            found=folder,
            remedy="Choose another name.",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
            _fill(source, Path(scratch) / "new", folder.resolve().name)
            if ci:
                _add_workflow(Path(scratch) / "new", ci)
            if folder.exists():
                folder.rmdir()
            (Path(scratch) / "new").rename(folder)
    except OSError as fault:
        raise StudyError(
            "The folder cannot be created", found=f"{fault.strerror} ({folder})"
        ) from fault
    return folder / "study.yaml"


def _fill(source: Path, target: Path, name: str) -> None:
    """Copy the example's study and data, and the definitions that it names.

    An example without data has population values, from which they are simulated.
    """
    study = read_study(source)
    _refuse_faulty(study, source.parent)
    target.mkdir()
    shutil.copyfile(source, target / source.name)
    if (source.parent / study.data).is_file():
        shutil.copyfile(source.parent / study.data, target / study.data)
    else:
        population = source.parent / "population.yaml"
        write_simulated(simulate_from_file(population), target / study.data)
    _copy_definitions(study, source.parent, target)
    (target / "README.md").write_text(README.format(name=name, data=study.data), encoding="utf-8")


def _refuse_faulty(study: StudyDefinition, folder: Path) -> None:
    """Read what the example names, so that no study begins with a fault."""
    questionnaire = read_questionnaire(find("questionnaires", study.questionnaire, folder))
    for name in study.model:
        check_against(read_model(find("models", name, folder)), questionnaire)


def _add_workflow(target: Path, service: Service) -> None:
    """Add the service's workflow, the versions that it installs, and what is not to be kept."""
    workflow = target / WORKFLOWS[service]
    workflow.parent.mkdir(parents=True, exist_ok=True)
    examples = shipped_folder("examples")
    shutil.copyfile(examples / "ci" / f"{service}.yml", workflow)
    shutil.copyfile(examples.parent / LOCK, target / LOCK)
    (target / "requirements.txt").write_text(f"loyaltysem=={version('loyaltysem')}\n", "utf-8")
    (target / ".gitignore").write_text(IGNORED, encoding="utf-8")


def _copy_definitions(study: StudyDefinition, source: Path, target: Path) -> None:
    models: list[tuple[Shelf, str]] = [("models", name) for name in study.model]
    for shelf, name in [("questionnaires", study.questionnaire), *models]:
        path = find(shelf, name, source)
        (target / shelf).mkdir(exist_ok=True)
        shutil.copyfile(path, target / shelf / path.name)
