"""Who answered, who was left out and why, as records with words in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from pydantic import model_validator

from loyaltysem.documents import Definition, Text, load
from loyaltysem.library import shipped_folder
from loyaltysem.responses.ledger import Action, EntryCode
from loyaltysem.results import CategoryCount, Demographic, Exclusion, LedgerTotal, SampleResult

if TYPE_CHECKING:
    import pandas as pd

    from loyaltysem.questionnaire import Demographic as Question
    from loyaltysem.responses import Responses


class LedgerWords(Definition):
    """Names of what the ledger records: what was met, and what was done about it."""

    met: dict[EntryCode, Text]
    done: dict[Action, Text]

    @model_validator(mode="after")
    def _complete(self) -> LedgerWords:
        lacking = {*get_args(EntryCode), *get_args(Action)} - {*self.met, *self.done}
        if lacking:
            raise ValueError(f"lacks words for {', '.join(sorted(lacking))}")
        return self


def sample_account(responses: Responses) -> SampleResult:
    """Return the account of the respondents; it adds up by the ledger's construction."""
    words = load(shipped_folder("reports") / "ledger.yaml", LedgerWords)
    totals = responses.ledger.totals().to_dict("records")
    return SampleResult(
        n_read=responses.n_read,
        n_analysed=responses.n_analysed,
        exclusions=tuple(
            Exclusion(code=row["code"], reason=words.met[row["code"]], n=row["respondents"])
            for row in totals
            if row["action"] == "excluded"
        ),
        ledger=tuple(
            LedgerTotal(
                code=row["code"],
                action=_joined(words.met[row["code"]], words.done[row["action"]]),
                cells=row["cells"],
                respondents=row["respondents"],
            )
            for row in totals
        ),
        demographics=tuple(
            _demographic(question, responses.demographics[question.code])
            for question in responses.questionnaire.demographics
            if question.code in responses.demographics
        ),
    )


def _joined(met: Text, done: Text) -> Text:
    between = {"zh": "：", "en": ": "}
    return {language: met[language] + between[language] + done[language] for language in between}


def _demographic(question: Question, answers: pd.Series) -> Demographic:
    """Count the answers by option, in the questionnaire's order; shares are of valid answers."""
    found = answers.value_counts()
    counts = [int(found.get(code, 0)) for code in question.options]
    n_valid = max(sum(counts), 1)
    return Demographic(
        code=question.code,
        name=question.name,
        categories=tuple(
            CategoryCount(
                label=label, n=n, share=n / n_valid, cumulative=sum(counts[: k + 1]) / n_valid
            )
            for k, (label, n) in enumerate(zip(question.options.values(), counts, strict=True))
        ),
        n_missing=int(answers.isna().sum()),
    )
