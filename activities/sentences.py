"""Every code an activity can come back with, and what it tells a person.

Codes are the contract; sentences may improve. `{…}` stand for a problem's params; `{hint}` is “Did you mean …? ” or
nothing. `{rows}` is a counted "3 rows". What is only missing for a later step is in MISSING, what is wrong in WRONG.
"""

from pars.batches.kinds import Sentence
from pars.batches.models import Level

FIX = Level.FIX


def _catalogue(*sentences: Sentence) -> dict[str, Sentence]:
    return {sentence.code: sentence for sentence in sentences}


WRONG = _catalogue(
    Sentence("title_too_long", FIX, "A title has at most {longest} characters; this one has {length}.", "Shorten the title in {rows}"),
    Sentence("title_html", FIX, "This title holds HTML, like {tag}. Write it as plain text.", "Take the HTML out of the title in {rows}"),
    Sentence("title_unreadable", FIX, "This title holds characters that nobody can read. Type it again.", "Type the title again in {rows}"),
    Sentence("description_too_long", FIX, "A description has at most {longest} characters; this one has {length}.", "Shorten the description in {rows}"),
    Sentence("description_html", FIX, "This description holds HTML, like {tag}. Write it as plain text.", "Take the HTML out of the description in {rows}"),
    Sentence("text_unreadable", FIX, "This holds characters that nobody can read. Type it again.", "Type the text again in {rows}"),
    Sentence("text_too_long", FIX, "This has at most {longest} characters; here are {length}.", "Shorten the text in {rows}"),
    Sentence("too_many", FIX, "At most {most} of these fit into one activity; here are {number}.", "Shorten the list in {rows}"),
    Sentence("tags_too_many", FIX, "Enter at most {most} tags of up to {longest} characters, separated by commas.", "Shorten the tags in {rows}"),
    Sentence("format_unknown", FIX, "This is no activity format. {hint}Choose one of the eleven.", "Check the format in {rows}"),
    Sentence("start_implausible", FIX, "An activity that starts on {start} is too far from today. Check the year.", "Check the first day in {rows}"),
    Sentence("end_before_start", FIX, "The last day is before the first day. Enter the same or a later day.", "Correct a last day before the first in {rows}"),
    Sentence("too_long", FIX, "An activity of this format covers at most {months} months, here until {latest}. Enter an earlier day, and a further activity for the time after it.", "Shorten the time that one activity covers in {rows}"),
    Sentence("review_date", FIX, "Only enduring material is reviewed, on a day between its first and its last.", "Check the review date in {rows}"),
    Sentence("delivery_unknown", FIX, "This is no delivery method. {hint}Choose In-Person, Live-Streamed, Online or Print/Other.", "Check the delivery method in {rows}"),
    Sentence("delivery_of_format", FIX, "{format} reaches its learners {fitting}. Choose one of these, or another format.", "Match delivery method and format in {rows}"),
    Sentence("place_not_in_person", FIX, "A place belongs to activities held in person. Choose In-Person, or leave it empty.", "Take the place out, or choose In-Person, in {rows}"),
    Sentence("state_without_country", FIX, "A state needs its country. Enter USA, or leave the state empty.", "Enter the country of the state in {rows}"),
    Sentence("state_unknown", FIX, "This is no US state or territory. {hint}Write its name or its two letters.", "Check the state in {rows}"),
    Sentence("country_unknown", FIX, "This is no country. {hint}Write its name or its three letters.", "Check the country in {rows}"),
    Sentence("credits_unreadable", FIX, "Credits are a number above 0 in steps of 0.25, like 1.5.", "Fix the number of credits in {rows}"),
    Sentence("session_credits", FIX, "Credits for one session belong to a series, and are no more than those of the whole series.", "Check the credits of one session in {rows}"),
    Sentence("category_unknown", FIX, "This is no credit category. {hint}Choose one from the list.", "Check the credit category in {rows}"),
    Sentence("category_twice", FIX, "This credit category stands here twice. Keep one amount.", "Keep one amount for each credit category in {rows}"),
    Sentence("providership_unknown", FIX, "Providership is Direct or Joint.", "Check the providership in {rows}"),
    Sentence("joint_but_direct", FIX, "Joint providers are named, but the providership is Direct. Choose Joint, or take the names out.", "Match providership and joint providers in {rows}"),
    Sentence("fee_unknown", FIX, "The fee is Yes, “No, it’s free” or Variable. {hint}", "Check the fee in {rows}"),
    Sentence("registration_unknown", FIX, "Registration is Open to all or Limited. {hint}", "Check the registration in {rows}"),
    Sentence("url_unreadable", FIX, "This is no web address. Copy it from the browser; it begins with https:// or http://.", "Check the web address in {rows}"),
    Sentence("profession_unknown", FIX, "This is no profession on the list. {hint}", "Check the professions in {rows}"),
    Sentence("outcome_unknown", FIX, "This is no outcome that can be measured. {hint}Choose knowledge, competence, performance, patient or community health.", "Check the outcomes in {rows}"),
    Sentence("outcome_twice", FIX, "This outcome stands here twice. Name it once, with both ways of measuring.", "Name each outcome once in {rows}"),
    Sentence("measurement_unknown", FIX, "An outcome is measured Objective or Subjective. {hint}", "Check how outcomes were measured in {rows}"),
    Sentence("commendation_unknown", FIX, "This is no commendation criterion. {hint}Choose one of C23 to C38.", "Check the commendation criteria in {rows}"),
    Sentence("rems_unknown", FIX, "This is no REMS. {hint}Choose Opioid Analgesic or Mycophenolate.", "Check the REMS in {rows}"),
    Sentence("rems_identifier", FIX, "REMS needs its type and the identifier that the program company gave, like EG-123456-001.", "Complete the REMS in {rows}"),
    Sentence("topic_incomplete", FIX, "State content needs its domain and its topic.", "Complete the state content in {rows}"),
    Sentence("board_missing", FIX, "Points, credit types or a claim date are given, but no certifying board. Name the board.", "Name the certifying board in {rows}"),
    Sentence("board_unknown", FIX, "Activities cannot be registered for this board. {hint}Choose one from the list.", "Check the certifying board in {rows}"),
    Sentence("board_twice", FIX, "This board stands here twice. Keep one registration for each board.", "Keep one registration for each board in {rows}"),
    Sentence("points_unreadable", FIX, "Points are a number above 0 in steps of 0.25.", "Fix the points of a board in {rows}"),
    Sentence("claim_too_early", FIX, "The last day to claim points is before the activity starts. Enter a later day.", "Check the claim date in {rows}"),
    Sentence("support_but_none", FIX, "Commercial supporters are named, but commercial support is No. Choose Yes, or take them out.", "Match commercial support and its sources in {rows}"),
    Sentence("support_source", FIX, "An amount or a gift in kind needs the name of the supporter.", "Name the supporter in {rows}"),
    Sentence("support_twice", FIX, "This supporter stands here twice. Enter one amount for each.", "Enter each supporter once in {rows}"),
    Sentence("support_amount", FIX, "Support is whole US dollars above 0. For gifts in kind leave the amount empty.", "Fix the amount of support in {rows}"),
    Sentence("participant_unknown", FIX, "This is no category of learners. {hint}Choose one from the list.", "Check the categories of learners in {rows}"),
    Sentence("count_unreadable", FIX, "The number of learners is a whole number, 0 or more.", "Fix the number of learners in {rows}"),
    Sentence("document_shape", FIX, "Here stands something else than {wanted}.", "Correct the type of a value in {rows}"),
    Sentence("key_twice", FIX, "This key stands here in two spellings. Keep one of them.", "Keep one spelling of each key in {rows}"),
    Sentence("document_too_large", FIX, "This activity's document is too large or too deeply nested to be kept.", "Shorten the document in {rows}"),
    Sentence("action_unknown", FIX, "The record action is Add, Update or Delete.", "Choose Add, Update or Delete as the record action in {rows}"),
    Sentence("report_year", FIX, "The reporting dates and the days of the activity are of different years. Enter {year} here, or leave the reporting dates out.", "Match reporting dates and days in {rows}"),
    Sentence("other_provider", FIX, "ProviderID names another provider. Yours is {own}.", "Correct the provider ID in {rows}"),
    Sentence("currency", FIX, "Amounts are in US dollars. Convert the amount, and enter USD.", "Convert amounts to US dollars in {rows}"),
    Sentence("participant_twice", FIX, "This category of learners stands here twice. Enter one number for each.", "Enter each category of learners once in {rows}"),
    Sentence("own_id_missing", FIX, "Enter your own ID of the activity, or its nine-digit activity ID. Without one, sending the file again would enter the activity twice.", "Enter your own ID in {rows}"),
    Sentence("own_id_twice", FIX, "Another row of this file has the same ID (see row {other}). Give each activity an ID of its own.", "Give each activity an ID of its own in {rows}"),
    Sentence("own_id_taken", FIX, "Another of your activities has this ID. Enter a different one, or open that activity instead.", "Check your own ID in {rows}"),
    Sentence("activity_unknown", FIX, "None of your activities has this ID. Copy the nine digits from your activity list.", "Check the activity ID in {rows}"),
    Sentence("activity_closed", FIX, "This activity is closed, so its details can no longer be changed. An administrator of your organization can reopen it.", "Reopen closed activities, or leave them out, in {rows}"),
    Sentence("credits_hang_on_format", FIX, "Credits are reported for this activity, and the new format would count them differently: once for the whole activity instead of each time, or the other way round. Enter a new activity.", "Enter a new activity instead of another format in {rows}"),
    Sentence("credits_hang_on_activity", FIX, "Credits are reported for this activity, or the accreditor keeps it on hold, so it stays. Credit that was withdrawn counts, too.", "Leave activities with credits in place in {rows}"),
)  # fmt: skip

MISSING = _catalogue(
    Sentence("title_missing", FIX, "Enter the title.", "Enter the title in {rows}"),
    Sentence("format_missing", FIX, "Choose a format.", "Choose a format in {rows}"),
    Sentence("start_missing", FIX, "Enter the first day.", "Enter the first day in {rows}"),
    Sentence("end_missing", FIX, "Enter the last day. For a single day it is the same as the first.", "Enter the last day in {rows}"),
    Sentence("delivery_missing", FIX, "Choose how the activity reaches its learners.", "Choose the delivery method in {rows}"),
    Sentence("city_missing", FIX, "Enter the city where the activity is held.", "Enter the city in {rows}"),
    Sentence("country_missing", FIX, "Choose the country where the activity is held.", "Enter the country in {rows}"),
    Sentence("state_missing", FIX, "Choose the state where the activity is held.", "Enter the state in {rows}"),
    Sentence("credits_missing", FIX, "Enter the number of credits the activity is designated for.", "Enter the credits in {rows}"),
    Sentence("description_missing", FIX, "Describe what the activity teaches and for whom.", "Enter the description in {rows}"),
    Sentence("providership_missing", FIX, "Say whether you provided it alone (Direct) or with a partner that is not accredited (Joint).", "Enter the providership in {rows}"),
    Sentence("fee_missing", FIX, "Say whether taking part costs a fee. The public list shows it.", "Enter the fee of listed activities in {rows}"),
    Sentence("registration_missing", FIX, "Say who may register. The public list shows it.", "Enter the registration of listed activities in {rows}"),
    Sentence("url_missing", FIX, "Enter the web address of the activity. The public list leads there.", "Enter the web address of listed activities in {rows}"),
    Sentence("not_ended", FIX, "The activity ends on {end}. It can be closed from the day after.", "Close after the last day: {rows}"),
    Sentence("joint_provider_missing", FIX, "Name the partner of this jointly provided activity.", "Name the joint provider in {rows}"),
    Sentence("outcome_missing", FIX, "Say what was measured: at least one outcome.", "Enter an outcome in {rows}"),
    Sentence("support_missing", FIX, "Say whether there was commercial support.", "Answer commercial support in {rows}"),
    Sentence("supporter_missing", FIX, "Name at least one commercial supporter.", "Name the supporter in {rows}"),
    Sentence("support_amount_missing", FIX, "Enter what {source} gave: an amount in US dollars, or in kind.", "Enter the amount of support in {rows}"),
    Sentence("physicians_missing", FIX, "Enter how many physicians took part; 0 if none.", "Enter the number of physicians in {rows}"),
    Sentence("others_missing", FIX, "Enter how many other learners took part; 0 if none.", "Enter the number of other learners in {rows}"),
    Sentence("attestation_missing", FIX, "Attest that the activity meets the requirements of {board}.", "Attest to the board's requirements in {rows}"),
    Sentence("practice_area_missing", FIX, "Name at least one practice area for {board}.", "Name a practice area in {rows}"),
    Sentence("credit_type_missing", FIX, "Name at least one credit type for {board}.", "Name a credit type of the board in {rows}"),
    Sentence("points_missing", FIX, "Enter the points for {board}.", "Enter the points of the board in {rows}"),
    Sentence("board_fee_missing", FIX, "Say whether taking part costs a fee; {board} publishes it.", "Enter the fee in {rows}"),
    Sentence("board_registration_missing", FIX, "Say who may register; {board} publishes it.", "Enter the registration in {rows}"),
    Sentence("board_url_missing", FIX, "Enter the web address of the activity; {board} publishes it.", "Enter the web address in {rows}"),
    Sentence("claim_by_missing", FIX, "Enter the last day to claim points of {board}.", "Enter the claim date in {rows}"),
)  # fmt: skip

SENTENCES = WRONG | MISSING
