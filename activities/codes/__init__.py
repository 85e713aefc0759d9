"""The activity record's code lists: dated data with its source, one TOML file a list beside this text.

    formats = code_list("format")
    formats.find("rss").code                              "Regularly Scheduled Series"
    code_list("certifying_board").on(start_on).choices()  [("ABA", "American Board of Anesthesiology"), …]
    code_list("moc_credit_type").where(board="ABIM")      the list of one board

`python -m activities.codes` writes the page of all lists for readers, docs/codes.md.
"""

from activities.codes.files import NAMES, BrokenList, code_list
from activities.codes.lists import Code, CodeList

__all__ = ["NAMES", "BrokenList", "Code", "CodeList", "code_list"]
