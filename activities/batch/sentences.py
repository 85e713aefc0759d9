"""What a batch of activities says beyond the record's own sentences: of cells nobody can read, and of what landed."""

from activities.sentences import SENTENCES as OF_THE_RECORD
from pars.batches.kinds import Sentence
from pars.batches.models import Level

FIX, NOTE = Level.FIX, Level.NOTE

OF_THE_ROW: dict[str, Sentence] = {
    sentence.code: sentence
    for sentence in (
        Sentence("action_unknown", FIX, "The record action is Add, Update, Delete or Close; left empty, the ID decides between the first two.", "Choose Add, Update, Delete or Close as the record action in {rows}"),
        Sentence("example_row", FIX, "This is the template's example. Delete the row, or enter an activity of your own.", "Delete the template's example: {rows}"),
        Sentence("formula", FIX, "This cell holds a formula and no value. Type the value itself.", "Type the value instead of the formula in {rows}"),
        Sentence("date_unreadable", FIX, "This is no date. Write it as MM/DD/YYYY.", "Fix the date in {rows}"),
        Sentence("answer_unreadable", FIX, "Answer this with Yes or No.", "Answer with Yes or No in {rows}"),
        Sentence("draft", NOTE, "It is kept as a draft: credit cannot be reported for it yet. {todo}", "Kept as drafts, with what is missing named: {rows}"),
        Sentence("set_aside", FIX, "This row could not be processed. It was set aside; the operator knows.", "Set aside; the operator has been told: {rows}"),
    )
}  # fmt: skip

SENTENCES = OF_THE_RECORD | OF_THE_ROW
