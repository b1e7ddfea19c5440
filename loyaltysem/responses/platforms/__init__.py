"""Survey platforms as sources of files: which one a file comes from, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loyaltysem.responses.platforms import (
    googleforms,
    kobo,
    limesurvey,
    plain,
    qualtrics,
    surveyjs,
    wenjuanxing,
)
from loyaltysem.responses.platforms.platform import Heading, Platform, Technical

if TYPE_CHECKING:
    from loyaltysem.responses.tables import RawTable

__all__ = ["PLAIN", "PLATFORMS", "Heading", "Platform", "Technical", "platform_title", "recognised"]

PLAIN = plain.PLATFORM

PLATFORMS = (
    plain.PAGE,
    qualtrics.PLATFORM,
    wenjuanxing.PLATFORM,
    limesurvey.PLATFORM,
    kobo.PLATFORM,
    surveyjs.PLATFORM,
    googleforms.PLATFORM,
    PLAIN,
)
"""All platforms; the first that recognises a file reads it."""


def platform_title(name: str) -> str:
    """Return what a platform is called."""
    return next(one.title for one in PLATFORMS if one.name == name)


def recognised(table: RawTable) -> tuple[Platform, RawTable]:
    """Return the platform that a file comes from, and the table without further heading rows."""
    platform = next(one for one in PLATFORMS if one.recognises(table))
    return platform, platform.opened(table) if platform.opened else table
