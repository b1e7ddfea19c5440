"""What the journeys share: the command line, and studies made from the shipped example."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from loyaltysem.study import new_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def loyaltysem(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in an empty folder, as a user would."""

    def run(*arguments: object, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "loyaltysem", *map(str, arguments)]
        return subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return run


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A fresh copy of the example study: English, HTML only."""
    path = new_study(tmp_path / "thesis")
    text = path.read_text(encoding="utf-8")
    text = text.replace("language: [zh, en]", "language: en").replace("[html, docx]", "html")
    path.write_text(text, encoding="utf-8")
    return path
