"""From an untrusted uploaded file to rows: xlsx, xls, ods, csv, xml and json. Imports no Django.

    with read(path, layout=LAYOUT, name="learners.xlsx") as reading:
        reading.header
        for number, cells in reading: ...

Everything that can be wrong with the file raises Refused, with a stable code and a sentence for its sender.
"""

from pars.batches.readers.blanks import stripped
from pars.batches.readers.days import read_numbers
from pars.batches.readers.formats import detect
from pars.batches.readers.layout import (
    FORMULA,
    Cell,
    Formula,
    Header,
    Layout,
    RecordField,
    RecordLayout,
    Row,
)
from pars.batches.readers.limits import LIMITS, Limits
from pars.batches.readers.reading import ChildKilled, Reading, read
from pars.batches.readers.refusal import Refused

__all__ = [
    "FORMULA",
    "LIMITS",
    "Cell",
    "ChildKilled",
    "Formula",
    "Header",
    "Layout",
    "Limits",
    "Reading",
    "RecordField",
    "RecordLayout",
    "Refused",
    "Row",
    "detect",
    "read",
    "read_numbers",
    "stripped",
]
