"""What was answered: files read, answers checked and recoded, everything entered in a ledger."""

from __future__ import annotations

from loyaltysem.responses.answers import (
    Responses,
    complete_cases,
    exclude_marked,
    read_responses,
)
from loyaltysem.responses.ledger import Ledger

__all__ = ["Ledger", "Responses", "complete_cases", "exclude_marked", "read_responses"]
