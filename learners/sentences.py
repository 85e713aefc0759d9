"""Every code a learner row can come back with, and what it tells a person (levels: design section 5).

Codes are the contract; sentences may improve. `{…}` stand for an issue's params; `{rows}` is a counted "3 rows".
"""

from pars.batches.kinds import Sentence
from pars.batches.models import Level

FIX, WAIT, NOTE = Level.FIX, Level.WAIT, Level.NOTE

SENTENCES: dict[str, Sentence] = {
    sentence.code: sentence
    for sentence in (
        Sentence("action_unknown", FIX, "The record action is Add or Delete. To correct a credit, send it again with Add.", "Choose Add or Delete as the record action in {rows}"),
        Sentence("activity_missing", FIX, "Enter the nine-digit activity ID.", "Enter the activity ID in {rows}"),
        Sentence("activity_unknown", FIX, "None of your activities has this ID. Copy the nine digits from your activity list.", "Check the activity ID in {rows}"),
        Sentence("activity_draft", FIX, "This activity is still a draft. Fill in what is missing on its page, then send the row again.", "Complete the draft activity named in {rows}"),
        Sentence("date_missing", FIX, "Enter the day the learner finished.", "Enter the completion date in {rows}"),
        Sentence("date_unreadable", FIX, "This is no date. Write it as MM/DD/YYYY.", "Fix the completion date in {rows}"),
        Sentence("date_in_future", FIX, "Completion date is after today. Enter the day the learner finished.", "Correct a completion date after today in {rows}"),
        Sentence("date_outside_activity", FIX, "The activity ran from {start} to {end}. Enter a day between the two.", "Check the completion date against the activity in {rows}"),
        Sentence("other_date", FIX, "This credit is on record with completion date {known}. If that is wrong, correct the date on the credit's page; an activity of this format is attended once.", "Decide which completion date is right in {rows}"),
        Sentence("name_missing", FIX, "Enter the name as it stands on the license.", "Enter the missing name in {rows}"),
        Sentence("name_unreadable", FIX, "This is no name. Enter the name as it stands on the license.", "Check the name in {rows}"),
        Sentence("formula", FIX, "This cell holds a formula and no value. Type the value itself.", "Type the value instead of the formula in {rows}"),
        Sentence("birthday_missing", FIX, "Enter the month and day of birth as MM/DD.", "Enter the birthday in {rows}"),
        Sentence("birthday_unreadable", FIX, "This is no day of the year. Write month and day as MM/DD; the year is not wanted.", "Fix the birthday in {rows}"),
        Sentence("state_missing", FIX, "Enter the state that issued the license.", "Enter the licensing state in {rows}"),
        Sentence("state_unknown", FIX, "This is no US state or territory. Write its name or its two letters.", "Check the licensing state in {rows}"),
        Sentence("npi_invalid", FIX, "This looks like an NPI, but its last digit does not fit the others. Check it, or give the license number.", "Check the NPI in {rows}"),
        Sentence("amount_missing", FIX, "Enter the number of credits.", "Enter the credits in {rows}"),
        Sentence("amount_unreadable", FIX, "Credits are a number above 0 in steps of 0.25, like 1.5.", "Fix the number of credits in {rows}"),
        Sentence("amount_over_maximum", FIX, "This activity is designated for a maximum of {maximum} credits. Enter what the learner earned of it.", "Check the credits against the activity's maximum in {rows}"),
        Sentence("amount_over_session", FIX, "One session of this series counts for at most {maximum} credits. Enter what the learner earned of it.", "Check the credits against one session's maximum in {rows}"),
        Sentence("amount_over_series", FIX, "With this session the learner would have {total} credits of this series, which is designated for a maximum of {maximum}. Check the credits of all sessions.", "Check the credits against the series' maximum in {rows}"),
        Sentence("consent_refused", FIX, "Credit is reported only with the learner's consent. Leave this row out, or enter Written or Implied.", "Leave out, or correct, the consent in {rows}"),
        Sentence("consent_unreadable", FIX, "Consent is Written or Implied. Leave it empty where your declaration for the file holds.", "Fix the consent in {rows}"),
        Sentence("consent_date_unreadable", FIX, "This is no day up to today. Enter the day of the consent as MM/DD/YYYY, or leave it empty.", "Fix the date of consent in {rows}"),
        Sentence("board_missing", FIX, "These are board points without a board. Name the certifying board, like ABIM, or clear the points.", "Name the certifying board in {rows}"),
        Sentence("board_unknown", FIX, "This is no certifying board that takes credit. {hint}Write its abbreviation, like ABIM, or its name.", "Check the certifying board in {rows}"),
        Sentence("board_number_missing", FIX, "Enter the learner's number with the certifying board, or clear the board credit.", "Enter the learner's number with the board in {rows}"),
        Sentence("board_number_unreadable", FIX, "A learner's number with a certifying board has at most 20 characters. Check it.", "Check the learner's number with the board in {rows}"),
        Sentence("points_missing", FIX, "Enter a credit type and its points beside the board, or clear the board.", "Enter the board points in {rows}"),
        Sentence("points_incomplete", FIX, "A credit type and its points belong together. Enter both, or clear both.", "Complete the board credit in {rows}"),
        Sentence("points_unreadable", FIX, "Points are a number above 0 in steps of 0.25.", "Fix the board points in {rows}"),
        Sentence("points_twice", FIX, "This row gives {type} twice, with different points. Keep the right one.", "Keep one of two amounts of board points in {rows}"),
        Sentence("board_not_registered", FIX, "This activity is not registered with {board}. Clear the board columns to report the credit without points.", "Check the certifying board against the activity in {rows}"),
        Sentence("points_not_registered", FIX, "With {board} this activity is registered for {types}. Choose among these types.", "Check the board credit types in {rows}"),
        Sentence("rems_unreadable", FIX, "This does not answer what a REMS asks. {do}", "Fix what is said for a REMS in {rows}"),
        Sentence("rems_incomplete", FIX, "What a REMS asks of a learner needs your own identifier of the learner. Enter it as the local identifier, or leave all REMS columns empty.", "Enter the local identifier in {rows}"),
        Sentence("identity", FIX, "Name, birthday and number do not belong together. {license} Check all three against the license, then send the row again.", "Check name, birthday and number of the learner in {rows}", beside=("first_name", "last_name", "birthday", "state")),
        Sentence("several", FIX, "More than one physician of this name fits. Add the license number or the NPI.", "Add the license number in {rows}", beside=("first_name", "last_name", "birthday", "state")),
        Sentence("differs_in_file", FIX, "This file holds the same credit twice with different values (see row {other}). Keep the right one.", "Keep one of two differing rows in {rows}", beside=("amount",)),
        Sentence("date_taken", FIX, "This learner has another credit of this activity on that day. Keep the right one, and withdraw the other.", "Check a completion date that is taken in {rows}"),
        Sentence("nothing_to_correct", FIX, "This credit was withdrawn meanwhile, or belongs to somebody else now. Look at it again.", "Check what to correct in {rows}"),
        Sentence("nothing_to_delete", FIX, "No standing credit of this learner for this activity was found, so there is nothing to delete.", "Check what to delete in {rows}"),
        Sentence("not_in_registry", WAIT, "No board has listed this license yet. The credit is kept with today's report date and lands by itself when the board's roster arrives.", "Kept until the licensing board's roster arrives: {rows}"),
        Sentence("board_number_not_known", WAIT, "No physician on record has this number with the board. The credit is kept with today's report date; with the licensing state and license number it can be found.", "Kept until the number with a certifying board is known: {rows}"),
        Sentence("birthday_unconfirmed", WAIT, "Reported; it shows when the physician or the board confirms the birthday.", "Kept until the physician or the board confirms: {rows}"),
        Sentence("kept_for_review", WAIT, "Kept for review: details for this license have been tried too often. The credit keeps today's report date; the accreditor will look at it.", "Kept for review: {rows}"),
        Sentence("repeated_in_file", NOTE, "The same credit stands in row {other} of this file. It counts once.", "Repeated in this file and counted once: {rows}"),
        Sentence("corrected", NOTE, "This credit was on record with {known} credits and now has the new amount.", "Corrected an earlier amount: {rows}"),
        Sentence("board_credit_beside", NOTE, "Board credit of the completion in row {other}; both are one record.", "Board credit that stands with its completion: {rows}"),
        Sentence("completes_board_credit", NOTE, "This completion was on record with board credit alone, and now has its CME credits. The day it was first reported stays.", "CME credits added to board credit on record: {rows}"),
        Sentence("points_changed", NOTE, "The completion was on record; board credit was added to it, or changed.", "Board credit added or changed: {rows}"),
        Sentence("points_withdrawn", NOTE, "The board credit named here was taken back. What else the completion has stays.", "Board credit taken back: {rows}"),
        Sentence("rems_aside", NOTE, "This activity belongs to no REMS, so what the row says for one was left out. If it does belong to one, enter that on the activity's page and send the row again.", "REMS columns left out, as the activity belongs to no REMS: {rows}"),
        Sentence("redated", NOTE, "This credit was on record with completion date {known} and now has the new one. The day it was reported, and the day it was due, stay.", "Corrected an earlier completion date: {rows}"),
        Sentence("late", NOTE, "Reported after {due}, 30 days after the activity. It is accepted and marked late.", "Accepted after the 30 days and marked late: {rows}"),
        Sentence("not_physician", NOTE, "Only MDs and DOs earn this credit. Nothing was reported for this learner; count them among the activity's other learners.", "Other learners, who earn no credit of this type: {rows}"),
        Sentence("changed_since", NOTE, "Left as it is: this credit was corrected since, on screen or by a later upload.", "Left as they are, because they were corrected since: {rows}"),
        Sentence("withdrawn_since", NOTE, "Left as it is: this credit was withdrawn since, or joined to one that is on record.", "Withdrawn since already: {rows}"),
        Sentence("said_again", NOTE, "Left as it is: a later upload or entry reports this credit as well. If that was a mistake too, undo it first.", "Left as they are, because they were reported again since: {rows}"),
        Sentence("reported_again", NOTE, "Left withdrawn: this credit was reported anew since, and that report stands.", "Left withdrawn, because they were reported anew since: {rows}"),
        Sentence("fixed_since", NOTE, "Left as it is: this row was fixed since, on screen or by a later upload.", "Left as they are, because they were fixed since: {rows}"),
        Sentence("set_aside", FIX, "This row could not be processed. It was set aside; the operator knows.", "Set aside; the operator has been told: {rows}"),
    )
}  # fmt: skip

# Of a learner who is only checked: what is said of name, birthday and number is said as of credit.
_OF_A_PERSON = (
    "name_missing",
    "name_unreadable",
    "formula",
    "birthday_missing",
    "birthday_unreadable",
    "state_missing",
    "state_unknown",
    "npi_invalid",
    "several",
    "set_aside",
)
PERSON_SENTENCES: dict[str, Sentence] = {code: SENTENCES[code] for code in _OF_A_PERSON} | {
    sentence.code: sentence
    for sentence in (
        Sentence("identity", FIX, "Name, birthday and number do not belong together. {license} Check all three against the license, then check again.", "Check name, birthday and number of the learner in {rows}"),
        Sentence("not_in_registry", WAIT, "No board has listed this license yet. Credit would be kept, and land by itself when the board's roster arrives.", "Credit would wait for the licensing board's roster: {rows}"),
        Sentence("birthday_unconfirmed", WAIT, "Credit would be kept until the physician or the board confirms the birthday.", "Credit would wait for a birthday to be confirmed: {rows}"),
        Sentence("kept_for_review", WAIT, "Kept for review: details for this license were tried too often. The accreditor looks at it; until then nothing more is said.", "Kept for review, nothing is said about these: {rows}"),
        Sentence("repeated_in_file", NOTE, "The same learner stands in row {other} of this file.", "The same learner again: {rows}"),
        Sentence("matched", NOTE, "These details belong to one physician. Credit reported with them will be on record at once.", "These details belong to one physician: {rows}"),
    )
}  # fmt: skip
