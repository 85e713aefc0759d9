"""Documents of the accreditor's published draft schema for activities, in and out.

A document becomes a Record and comes out as it was sent: what the record has no field for, and words that mean the
same, are kept beside it (`wording`). A document is the whole activity but for `STAYS`: staff who answer for support or
outcomes or attest for a board on a page lose nothing when their platform sends its document again; an empty value
clears. `schema.json` restates the draft.
"""

from .exchange import ELEMENTS, ROOT, NoActivities, accept, elements, show
from .names import place
from .reading import Reading, read
from .writing import write
from .xml import from_xml, write_xml

__all__ = [
    "ELEMENTS",
    "ROOT",
    "NoActivities",
    "Reading",
    "accept",
    "elements",
    "from_xml",
    "place",
    "read",
    "show",
    "write",
    "write_xml",
]
