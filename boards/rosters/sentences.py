"""Every code a roster row can come back with, and what it tells a board (levels: design section 5).

Codes are the contract; sentences may improve. `{…}` stand for an issue's params; `{rows}` is a counted "3 rows".
"""

from pars.batches.kinds import Sentence
from pars.batches.models import Level

FIX, NOTE = Level.FIX, Level.NOTE

SENTENCES: dict[str, Sentence] = {
    sentence.code: sentence
    for sentence in (
        Sentence("number_missing", FIX, "Enter the license number.", "Enter the license number in {rows}"),
        Sentence("number_unreadable", FIX, "A license number has at least one letter or digit and at most 40 characters.", "Check the license number in {rows}"),
        Sentence("degree_missing", FIX, "Your board licenses MDs and DOs. Write MD or DO as the license type.", "Write MD or DO in {rows}"),
        Sentence("degree_of_another_board", FIX, "Your board is on file as licensing {licensed}s only. Leave the row out, or ask the operator to change whom your board licenses.", "Leave out licenses of another board in {rows}"),
        Sentence("name_missing", FIX, "Enter the name as it stands on the license.", "Enter the missing name in {rows}"),
        Sentence("name_unreadable", FIX, "This is no name. Enter the name as it stands on the license.", "Check the name in {rows}"),
        Sentence("birthday_unreadable", FIX, "This is no day of the year. Write month and day as MM/DD; the year is not wanted.", "Fix the birthday in {rows}"),
        Sentence("npi_invalid", FIX, "The last digit of this NPI does not fit the others. Check it, or leave it empty.", "Check the NPI in {rows}"),
        Sentence("status_unknown", FIX, "This status is not known here. Write Active, Lapsed, Suspended or Revoked.", "Check the status in {rows}"),
        Sentence("date_unreadable", FIX, "This is no date. Write it as MM/DD/YYYY.", "Fix the date in {rows}"),
        Sentence("correction_unknown", FIX, "Write Yes where the row corrects what is on record, else leave the cell empty.", "Write Yes or nothing under Correction in {rows}"),
        Sentence("formula", FIX, "This cell holds a formula and no value. Type the value itself.", "Type the value instead of the formula in {rows}"),
        Sentence("differs_in_file", FIX, "This file holds the same license twice with different values (see row {other}). Keep the right one.", "Keep one of two differing rows in {rows}"),
        Sentence("npi_differs_in_file", FIX, "This file gives the same NPI to two people (see row {other}). An NPI belongs to one person: check both.", "Check an NPI that two people have in {rows}"),
        Sentence("license_of_another", FIX, "This license is on record for {known}, and too little else agrees. If it is the same person, write Yes under Correction and give the month and day of birth or the NPI; if the number was issued anew to somebody else, tell the operator.", "Say whether it is the same person in {rows}"),
        Sentence("birthday_kept", NOTE, "The license is in. Another month and day of birth is on record and stays. If yours is right, write Yes under Correction and send the row again.", "Compare the birthday, which was not changed: {rows}"),
        Sentence("npi_kept", NOTE, "The license is in. Another NPI is on record for this person and stays. If yours is right, write Yes under Correction and send the row again.", "Compare the NPI, which was not changed: {rows}"),
        Sentence("npi_of_another", NOTE, "The license is in, without this NPI: it is on record for a person whose name or birthday differs. Check it; if it is the same person, the operator can join the two records.", "Compare an NPI that another person has: {rows}"),
        Sentence("name_changed", NOTE, "This license was on record for {known}. Both names lead to the record now.", "Took a changed name: {rows}"),
        Sentence("not_a_physician", NOTE, "Passed over: PARS keeps the licenses of MDs and DOs.", "Passed over, no physician's license: {rows}"),
        Sentence("repeated_in_file", NOTE, "The same license stands in row {other} of this file. It counts once.", "Repeated in this file and counted once: {rows}"),
        Sentence("set_aside", FIX, "This row could not be processed after three tries. The operator has been told; send it again later.", "Send again later, could not be processed: {rows}"),
    )
}  # fmt: skip
