"""A provider's pages for one activity. The list of all counts credits and stands with the learners."""

from .lifecycle import close, copy, delete, reopen
from .repeat import repeat
from .sections import edit, new, section
from .show import show

__all__ = ["close", "copy", "delete", "edit", "new", "reopen", "repeat", "section", "show"]
