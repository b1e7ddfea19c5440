"""Results to reports: what a study found, in words and tables, as HTML and Word.

Nothing is computed here. A report is described once (:mod:`~loyaltysem.report.compose`), and
written in several formats; numbers are rounded in :mod:`~loyaltysem.report.numbers` alone.
"""

from loyaltysem.report.pictures import path_pictures
from loyaltysem.report.render import FORMATS, render_report

__all__ = ["FORMATS", "path_pictures", "render_report"]
