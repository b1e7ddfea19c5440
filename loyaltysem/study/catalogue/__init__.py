"""The catalogue: loyalty models of the field, each with questionnaire, model and example study."""

from loyaltysem.study.catalogue.entry import Entry, catalogue, catalogue_entry
from loyaltysem.study.catalogue.lacks import lacks
from loyaltysem.study.catalogue.page import entry_page, entry_picture

__all__ = ["Entry", "catalogue", "catalogue_entry", "entry_page", "entry_picture", "lacks"]
