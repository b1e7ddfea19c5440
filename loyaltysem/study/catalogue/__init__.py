"""The catalogue: loyalty models of the field, each with questionnaire, model and example study."""

from loyaltysem.study.catalogue.entry import Entry, catalogue, catalogue_entry
from loyaltysem.study.catalogue.index import index_page
from loyaltysem.study.catalogue.lacks import lacks
from loyaltysem.study.catalogue.page import entry_page
from loyaltysem.study.catalogue.picture import entry_picture
from loyaltysem.study.catalogue.shelf import page_file, picture_file

__all__ = [
    "Entry",
    "catalogue",
    "catalogue_entry",
    "entry_page",
    "entry_picture",
    "index_page",
    "lacks",
    "page_file",
    "picture_file",
]
