"""Results to document: the sections of a report in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.measurement.cutoffs import read_cutoffs
from loyaltysem.report.context import Context, ModelPictures
from loyaltysem.report.document import Block, Document, numbered, printable
from loyaltysem.report.numbers import style_of
from loyaltysem.report.references import read_references
from loyaltysem.report.sections.appendix import appendix
from loyaltysem.report.sections.behaviour import behaviour
from loyaltysem.report.sections.careless import careless
from loyaltysem.report.sections.chapters import has_paths
from loyaltysem.report.sections.checklist import checklist
from loyaltysem.report.sections.choice import choice
from loyaltysem.report.sections.confirmatory import confirmatory
from loyaltysem.report.sections.descriptives import descriptives
from loyaltysem.report.sections.dimensions import dimensions
from loyaltysem.report.sections.discriminant import discriminant
from loyaltysem.report.sections.factors import factors
from loyaltysem.report.sections.fit import comparison
from loyaltysem.report.sections.instrument import instrument
from loyaltysem.report.sections.items import items
from loyaltysem.report.sections.limitations import limitations
from loyaltysem.report.sections.method_variance import method_variance
from loyaltysem.report.sections.missing import missing
from loyaltysem.report.sections.model import model
from loyaltysem.report.sections.normality import normality
from loyaltysem.report.sections.opening import opening
from loyaltysem.report.sections.preregistration import preregistration
from loyaltysem.report.sections.references import references
from loyaltysem.report.sections.reliability import reliability
from loyaltysem.report.sections.sample import sample
from loyaltysem.report.sections.scores import associations
from loyaltysem.report.wording import read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from loyaltysem.results import StudyResults

LABELS = (
    "table",
    "figure",
    "heading",
    "note",
    "contents",
    "tables",
    "figures",
    "pages",
    "to_top",
    "code",
)


def compose(
    results: StudyResults,
    language: str,
    *,
    pictures: Mapping[str, ModelPictures] | None = None,
    folder: Path | None = None,
) -> Document:
    """Put the report of a study together in one language.

    Parameters
    ----------
    results
        What the study found.
    language
        ``en`` or ``zh``.
    pictures
        Path diagrams in this language, by model name.
    folder
        The study's folder; its ``reports/`` may replace sentences, references and cut-offs.

    Raises
    ------
    ReportError
        A sentence of the catalogue is missing or faulty.
    """
    wanted = results.study.style
    style = style_of(wanted)
    context = Context(
        results=results,
        words=read_words(language, folder, style),
        cutoffs={rule.quantity: rule for rule in read_cutoffs(results.study.profile, folder)},
        references=read_references(folder),
        pictures=pictures or {},
    )
    words = context.words
    return Document(
        language=language,
        title=printable(context.text(results.study.title)),
        subtitle=context.say(
            "report.subtitle",
            n=results.sample.n_analysed,
            models=[context.text(one.title) for one in results.models],
        ),
        colophon=context.say("report.generated", version=results.provenance.loyaltysem),
        blocks=numbered(_blocks(context)),
        labels={key: words.label(f"report.{key}") for key in LABELS},
        style=words.style,
        tables=wanted.tables,
    )


def _blocks(context: Context) -> list[Block]:
    """Return the chapters: respondents, measurement, structure, what to make of it."""
    structural = {index for index, one in enumerate(context.results.models, 1) if has_paths(one)}
    body = [
        *opening(context),
        *preregistration(context),
        *sample(context),
        *instrument(context),
        *careless(context),
        *missing(context),
        *descriptives(context),
        *normality(context),
        *items(context),
        *reliability(context),
        *factors(context),
        *confirmatory(context),
        *_models(context, lambda index: index not in structural),
        *discriminant(context),
        *dimensions(context),
        *method_variance(context),
        *associations(context),
        *behaviour(context),
        *comparison(context),
        *choice(context),
        *_models(context, lambda index: index in structural),
        *limitations(context),
    ]
    after = appendix(context)
    after += checklist(context, [*body, *after])
    return [*body, *references(context, [*body, *after]), *after]


def _models(context: Context, wanted: Callable[[int], bool]) -> list[Block]:
    """Return the chapters of some of the models, told by their positions."""
    models = enumerate(context.results.models, start=1)
    return [block for index, one in models if wanted(index) for block in model(context, one, index)]
