"""An entry of the catalogue, and all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loyaltysem.library import available, find
from loyaltysem.questionnaire import read_questionnaire
from loyaltysem.questionnaire.design import minutes_to_fill_in
from loyaltysem.structural.definition import check_against, read_model
from loyaltysem.structural.simulation import read_population
from loyaltysem.study.definition import read_study

if TYPE_CHECKING:
    from pathlib import Path

    from loyaltysem.questionnaire import Questionnaire
    from loyaltysem.structural.definition import Hypothesis, ModelDefinition
    from loyaltysem.structural.simulation import Population
    from loyaltysem.study.definition import StudyDefinition
    from loyaltysem.study.settings.moderation import ModerationHypothesis


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: what is asked, what is claimed, and an example study with its population."""

    name: str
    folder: Path
    questionnaire: Questionnaire
    model: ModelDefinition
    study: StudyDefinition
    population: Population

    @property
    def n_items(self) -> int:
        """How many items the questionnaire has."""
        return len(self.questionnaire.item_codes)

    @property
    def hypotheses(self) -> tuple[Hypothesis | ModerationHypothesis, ...]:
        """Those of the model, and those on moderators that the example study adds."""
        moderating = [one.hypothesis for one in self.study.moderation if one.hypothesis]
        return (*self.model.hypotheses, *moderating)

    def names(self, language: str) -> dict[str, str]:
        """Return the names of constructs and demographics by code."""
        names = dict(self.model.names)
        names |= {one.code: one.name for one in self.questionnaire.constructs}
        names |= {one.code: one.name for one in self.questionnaire.demographics}
        return {code: name[language] for code, name in names.items()}

    def minutes(self, language: str = "en") -> float:
        """Return how long the questionnaire takes to fill in."""
        return minutes_to_fill_in(self.questionnaire, language)


def catalogue() -> tuple[Entry, ...]:
    """Return all entries by name."""
    return tuple(catalogue_entry(name) for name in available("examples"))


def catalogue_entry(name: str) -> Entry:
    """Return one entry, all its files read and checked against one another.

    Raises
    ------
    StudyError
        There is no entry of this name; the message lists those that exist.
    LoyaltysemError
        A file of the entry is faulty; file and line are named.
    """
    folder = find("examples", name)
    study = read_study(folder / "study.yaml")
    questionnaire = read_questionnaire(find("questionnaires", study.questionnaire, folder))
    model = read_model(find("models", study.model[0], folder))
    check_against(model, questionnaire)
    return Entry(
        name=folder.name,
        folder=folder,
        questionnaire=questionnaire,
        model=model,
        study=study,
        population=read_population(folder / "population.yaml"),
    )
