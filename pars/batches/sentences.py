"""What the engine itself says of a row, whatever its kind; the kinds' own sentences stand in theirs."""

from .kinds import Kind, Sentence
from .models import Level

OWN_SENTENCES: dict[str, Sentence] = {
    sentence.code: sentence
    for sentence in (
        Sentence("row_key_unknown", Level.NOTE, "The hidden row key of this row is none of yours, or was changed. The row was read as a new one.", "Read as new, because the row key is not known: {rows}"),
        Sentence("row_key_copied", Level.NOTE, "This row has the hidden row key of row {other}, as a copy has. It was read as a new row.", "Copied together with their row key and read as new: {rows}"),
        Sentence("fixed_meanwhile", Level.NOTE, "This row was fixed meanwhile and is in. What stands here could not be taken; it changed nothing.", "Fixed meanwhile, and in already: {rows}"),
    )
}  # fmt: skip


def sentence_of(kind: Kind, code: str) -> Sentence:
    """What a code says: one of the kind's own, or of the engine's; KeyError for any other."""
    return kind.sentences[code] if code in kind.sentences else OWN_SENTENCES[code]
