"""What was answered: files read, answers checked and recoded, everything entered in a ledger."""

from __future__ import annotations

from loyaltysem.responses.answers import Responses, complete_cases, exclude_marked
from loyaltysem.responses.ledger import Ledger
from loyaltysem.responses.reading import read_responses

__all__ = ["Ledger", "Responses", "complete_cases", "exclude_marked", "read_responses"]
