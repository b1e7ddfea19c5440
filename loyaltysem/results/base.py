"""What all records share: immutable, closed, with texts in every language of a study."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Text = dict[str, str]


class Record(BaseModel):
    """Base of all records: immutable, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class NoticeRecord(Record):
    """Something the reader must know; ``code`` picks the wording, ``facts`` fill it."""

    code: str
    text: str
    facts: dict[str, object] = Field(default_factory=dict)
    about: str = ""
