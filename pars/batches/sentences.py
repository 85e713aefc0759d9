"""What the engine itself says of a row, whatever its kind; the kinds' own sentences stand in theirs."""

from .kinds import Kind, Sentence
from .models import FIXED_MEANWHILE, Level

NOT_UNDONE = "not_undone"

OWN_SENTENCES: dict[str, Sentence] = {
    sentence.code: sentence
    for sentence in (
        Sentence("row_key_unknown", Level.NOTE, "The hidden row key of this row is none of yours, or was changed. The row was read as a new one.", "Read as new, because the row key is not known: {rows}"),
        Sentence("row_key_copied", Level.NOTE, "This row has the hidden row key of row {other}, as a copy has. It was read as a new row.", "Copied together with their row key and read as new: {rows}"),
        Sentence(FIXED_MEANWHILE, Level.NOTE, "This row was fixed meanwhile and is in. What stands here could not be taken; it changed nothing.", "Fixed meanwhile, and in already: {rows}"),
        Sentence(NOT_UNDONE, Level.FIX, "This row could not be undone in three tries, and is as it was. The operator knows.", "Could not be undone; the operator has been told: {rows}"),
    )
}  # fmt: skip


def sentence_of(kind: Kind, code: str) -> Sentence:
    """What a code says: one of the kind's own, or of the engine's; KeyError for any other."""
    return kind.sentences[code] if code in kind.sentences else OWN_SENTENCES[code]
