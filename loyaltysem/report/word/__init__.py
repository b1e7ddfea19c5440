"""A report as a Word document."""

from loyaltysem.report.word.writer import write_word

__all__ = ["write_word"]
