"""What each act in the audit trail is called: verb → what the person or job did. The one place for these words.

Whoever reads the trail knows what a provider, a board and a credit are, and nothing of the program. A test compares
these verbs with those that the code records.
"""

ACTS: dict[str, str] = {
    "acting.switched": "Switched to another organization",
    "activity.changed": "Changed an activity",
    "activity.closed": "Closed an activity",
    "activity.counted": "Entered how many learners an activity had",
    "activity.deleted": "Deleted an activity",
    "activity.entered": "Entered an activity",
    "activity.exported": "Took the list of activities away as a file",
    "activity.put": "Entered or changed an activity",
    "activity.reopened": "Reopened an activity",
    "activity.repeated": "Entered an activity several times over",
    "agreement.accepted": "Accepted the terms",
    "arrival.read": "Took note of credit that had found its physician",
    "audit.verified": "Verified the audit trail",
    "batch.answered": "Answered what a file asked",
    "batch.asked": "Asked how to read a file",
    "batch.chunk": "Processed part of a file",
    "batch.chunk_set_aside": "Set part of a file aside after three tries",
    "batch.done": "Finished a file",
    "batch.entered": "Entered a row by hand",
    "batch.errors_downloaded": "Downloaded the rows to fix",
    "batch.forgotten": "Deleted a stored file",
    "batch.original_downloaded": "Downloaded a file as it was sent",
    "batch.received": "Sent a file",
    "batch.refused": "Refused a file",
    "batch.result_downloaded": "Downloaded the result of a file",
    "batch.row_fixed": "Fixed a row of a file on screen",
    "batch.row_read": "Looked at a row to fix",
    "board.profile_changed": "Changed how the board takes part",
    "claim.confirmed": "Confirmed whose record it is",
    "claim.disagrees": "Claimed a record with details that do not agree",
    "claim.refused": "Refused a claim",
    "claim.seen": "Looked at claims",
    "claim.waiting": "Claimed a record that staff have to decide on",
    "credit.listed": "Looked through credits",
    "credit.moved": "Moved a credit with its physician’s record",
    "credit.read": "Opened a credit",
    "credit.searched": "Searched credits by the learner’s name",
    "credit.reworded": "Corrected the details of a waiting credit’s learner",
    "credit.withdrawn": "Withdrew a credit",
    "disposal.batch_destroyed": "Destroyed an upload after six years",
    "disposal.destroyed": "Destroyed credits after six years",
    "disposal.finished": "Finished destroying records",
    "disposal.hurried": "Ended the notice before destroying",
    "disposal.planned": "Counted records to destroy",
    "disposal.wording_destroyed": "Destroyed names that no credit needs",
    "headings.forgotten": "Forgot what a heading means",
    "headings.remembered": "Said which columns a file has",
    "hold.placed": "Placed a hold",
    "hold.released": "Released a hold",
    "invitation.accepted": "Accepted an invitation",
    "invitation.made": "Invited somebody",
    "invitation.renewed": "Sent an invitation again",
    "invitation.revoked": "Took an invitation back",
    "learner.matched_later": "Found the physicians of credit that had waited",
    "learners.check_template_downloaded": "Downloaded the template for learners to check",
    "learners.collection_sheet_downloaded": "Downloaded the sheet to collect learners’ details in",
    "learners.template_downloaded": "Downloaded the template for learner credit",
    "licensee.searched": "Searched for a licensee",
    "mail.chosen": "Chose what mail to get",
    "mail.given_up": "Gave a mail up",
    "mail.posted": "Posted mail",
    "mail.tried_again": "Had mail tried again",
    "mail.unknown": "Lost sight of a mail",
    "member.removed": "Removed a member",
    "member.role_changed": "Changed a member’s role",
    "nppes.imported": "Read in the national list of physicians",
    "nppes.started": "Began to read in the national list of physicians",
    "organization.founded": "Added an organization",
    "physician.birthday_corrected": "Corrected a birthday",
    "physician.enrolled": "Began a physician’s record",
    "physician.merged": "Joined two physicians’ records",
    "physician.renamed": "Changed a physician’s name",
    "physician.searched": "Searched for a physician",
    "physician.seen": "Opened a licensee’s transcript",
    "physician.split": "Parted two physicians’ records",
    "record.exported": "Took records away as a file",
    "record.listed": "Looked through records",
    "record.seen": "Opened a record",
    "roster.absent_lapsed": "Set licenses missing from a roster to lapsed",
    "roster.absent_seen": "Looked at the licenses missing from a roster",
    "roster.template_downloaded": "Downloaded the template for rosters",
    "year.agreed": "Accepted a year’s reporting agreement",
    "year.closed": "Attested a year as complete",
    "year.counted": "Entered a year’s learners of enduring materials",
    "year.reopened": "Reopened a year",
    "year.summarized": "Entered a year’s income and support",
}

# For whom a person acted; a job acts for nobody.
ACTORS: dict[str, str] = {
    "provider": "for a provider",
    "board": "for a board",
    "operator": "for the accreditor",
    "physician": "for themselves",
    "matcher": "while a file was processed",
    "anonymous": "not signed in",
}


def words(verb: str) -> str:
    """ "invitation.made" → "Invited somebody"; a verb that is recorded no longer is spelled out from its name."""
    return ACTS.get(verb) or verb.replace(".", ": ").replace("_", " ").capitalize()


def choices() -> list[tuple[str, str]]:
    """(verb, words) by the words, to choose from."""
    return sorted(ACTS.items(), key=lambda act: act[1])
