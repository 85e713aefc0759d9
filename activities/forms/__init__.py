"""The forms of an activity: the sections of its record, and what is asked when it is copied, repeated or reopened."""

from .basics import Basics
from .boards import Boards
from .content import Content
from .credit import Credit
from .learners import Learners
from .lifecycle import CopyForm, ReopenForm
from .listing import Listing
from .repeat import RepeatForm
from .section import Line, Section, Setting
from .support import Support

SECTIONS: dict[str, type[Section]] = {
    section.name: section for section in (Basics, Credit, Content, Listing, Boards, Support, Learners)
}

__all__ = ["SECTIONS", "Basics", "CopyForm", "Line", "ReopenForm", "RepeatForm", "Section", "Setting"]
