"""Has a number moved: a study computed again and compared with its stored results."""

from loyaltysem.study.checking.changes import Change, find_changes
from loyaltysem.study.checking.check import StudyCheck, check_study
from loyaltysem.study.checking.output import github_annotations, junit_xml

__all__ = [
    "Change",
    "StudyCheck",
    "check_study",
    "find_changes",
    "github_annotations",
    "junit_xml",
]
