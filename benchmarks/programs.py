"""Both programs as processes that wait for requests, so that they can be timed in turns."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from benchmarks.cases import Case

ONE_CORE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """CPU seconds of every repeat, and a value that tells that the work was done."""

    seconds: tuple[float, ...]
    value: float

    @property
    def median(self) -> float:
        """The middle one of the repeats."""
        return statistics.median(self.seconds)


class Program:
    """A process that answers a line with a line."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ONE_CORE,
            cwd=HERE.parent,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, line: str) -> str:
        """Send a request and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer:
            raise SystemExit(f"No answer to: {line}")
        return answer


class Contestant(Protocol):
    """Times one call of a case."""

    def time(self, case: Case) -> tuple[float, float]:
        """Return CPU seconds and the value that tells that the work was done."""
        ...


class Lavaan(Program):
    """lavaan, through Rscript."""

    def __init__(self, folder: Path) -> None:
        super().__init__(["Rscript", str(HERE / "lavaan.R"), str(folder)])

    def time(self, case: Case) -> tuple[float, float]:
        """Time one call of ``sem`` and ``fitMeasures``, or of ``bootstrapLavaan``."""
        return _pair(self.ask(f"{case.name}|{case.draws_lavaan}|{r_arguments(case)}"))


class Loyaltysem(Program):
    """This package."""

    def __init__(self, folder: Path) -> None:
        super().__init__([sys.executable, "-m", "benchmarks.worker", str(folder)])

    def time(self, case: Case) -> tuple[float, float]:
        """Time one call of ``fit`` and ``measures``, or of ``bootstrap``."""
        asked = {"name": case.name, "draws": case.draws, "options": case.options}
        return _pair(self.ask(json.dumps(asked)))


def has_lavaan() -> bool:
    """Tell whether Rscript is there and finds lavaan."""
    if shutil.which("Rscript") is None:
        return False
    found = subprocess.run(["Rscript", "-e", "library(lavaan)"], capture_output=True, check=False)
    return found.returncode == 0


def r_arguments(case: Case) -> str:
    """Return the options as further arguments of ``sem``."""
    return "".join(f", {name} = {_in_r(value)}" for name, value in case.options.items())


def in_turns(case: Case, ours: Loyaltysem, theirs: Lavaan | None) -> tuple[Timing, Timing | None]:
    """Time both programs alternately, after one call each that does not count."""
    ours.time(case)
    if theirs is None:
        return _timing([ours.time(case) for _ in range(case.repeats)]), None
    if case.repeats_lavaan > 1:
        theirs.time(case)
    mine, other = [], []
    for turn in range(max(case.repeats, case.repeats_lavaan)):
        if turn < case.repeats:
            mine.append(ours.time(case))
        if turn < case.repeats_lavaan:
            other.append(theirs.time(case))
    return _timing(mine), _timing(other)


def _timing(pairs: list[tuple[float, float]]) -> Timing:
    return Timing(seconds=tuple(seconds for seconds, _ in pairs), value=pairs[-1][1])


def _pair(answer: str) -> tuple[float, float]:
    seconds, value = answer.split()
    return float(seconds), float(value)


def _in_r(value: object) -> str:
    return str(value).upper() if isinstance(value, bool) else json.dumps(value)
