"""The columns of a learner file, by every heading they come under (pars-facts 4.1; published learner schema v0.5)."""

from pars.batches.readers import Layout, RecordField, RecordLayout

HEADINGS: dict[str, tuple[str, ...]] = {
    "action": ("Record Action", "Action", "LearnerRecordAction"),
    "activity": ("ACCME Activity ID", "Activity ID", "PARS Activity ID", "moduleID"),
    "completed": ("Completion Date", "Date Completed", "Completed On", "CompletedDateTime"),
    "first_name": ("First Name", "Given Name", "GivenName"),
    "last_name": ("Last Name", "Family Name", "Surname", "FamilyName"),
    "birthday": ("Date of Birth", "Birth MM/DD", "Birthday", "DOB", "Month and Day of Birth", "BirthDate"),
    "state": ("Licensing State", "State", "State of Licensure", "License State"),
    "number": (
        "Licensing ID or NPI",
        "License Number or NPI",
        "Licensing ID",
        "License Number",
        "License ID",
    ),
    "npi": ("NPI", "NPI Number"),
    "amount": ("Number of CME Credits", "CME Credits", "Credits", "numberOfCredits"),
    "degree": ("Degree", "Degrees", "Credential", "Credentials", "Profession", "Learner Type"),
    "consent": ("Consent", "Consent Type", "Learner Consent"),
    "consented": ("Consent Date", "Date of Consent", "Consented On"),
    "board": ("Certifying Board",),
    "member": ("Certifying Board ID",),
    "points": ("Total Board Credits",),
    "points_type": ("Credit Type", "Additional Credit Type"),
    "points_amount": ("Credits Awarded for Credit Type", "Credits Awarded for Additional Credit Type"),
    "local_id": ("Local Identifier",),
    "local_domain": ("Local Identifier Domain",),
    "practice_state": ("State of Primary Practice",),
    "dea": ("DEA Registration",),
    "practice_area": ("Practice Area",),
    "surgical": ("Surgical Procedures",),
    "in_practice": ("Time in Practice",),
    "regulation": ("Compliant to Regulation",),
}

NEEDED = frozenset({"activity", "completed", "first_name", "last_name", "birthday", "amount"})
REPEATED = frozenset({"points_type", "points_amount"})

_CERTIFICATE = "Activity/Module/CreditCertificate"
_UNIQUE_ID = (f"{_CERTIFICATE}/UniqueID",)
_STATE = "[A-Z]{2}"
_BOARD = "(?!NPI$).{3,}"  # of what is no state and no NPI; the check knows the boards
_PARTICIPANT = "Participants/Participant"

# The published learner report (schema v0.5), as XML and as JSON: each credit certificate is a row, of CME or of board
# credit. A board's certificate need not repeat the license (docs/adr/0028).
RECORD = RecordLayout(
    record="ACCMELearnerReports/ActivityReports/ActivityReport",
    unit=_CERTIFICATE,
    fields={
        "action": RecordField(("XtensibleInfo/LearnerRecordAction",), "LearnerRecordAction"),
        "activity": RecordField(("Activity/Module/ModuleName/moduleID",), "moduleID"),
        "completed": RecordField(("Activity/Module/CompletedDateTime",), "CompletedDateTime"),
        "first_name": RecordField(("Member/Name/GivenName",), "GivenName"),
        "last_name": RecordField(("Member/Name/FamilyName",), "FamilyName"),
        "birthday": RecordField(("Member/PersonalInfo/BirthDate",), "BirthDate"),
        "state": RecordField(
            _UNIQUE_ID, "UniqueID domain", where="domain", matching=_STATE, take="domain", of_record=True
        ),
        "number": RecordField(_UNIQUE_ID, "UniqueID", where="domain", matching=_STATE, of_record=True),
        "npi": RecordField(_UNIQUE_ID, "UniqueID NPI", where="domain", matching="NPI", of_record=True),
        "board": RecordField(_UNIQUE_ID, "UniqueID board", where="domain", matching=_BOARD, take="domain"),
        "member": RecordField(_UNIQUE_ID, "UniqueID of the board", where="domain", matching=_BOARD),
        "certification": RecordField(
            (f"{_CERTIFICATE}/CreditReceived/activityCertification",), "activityCertification"
        ),
        "amount": RecordField(
            (f"{_CERTIFICATE}/CreditReceived/numberOfCredits", f"{_CERTIFICATE}/CreditReceived"),
            "numberOfCredits",
        ),
        "degree": RecordField((f"{_PARTICIPANT}/Profession",), "Profession"),
        "local_id": RecordField((f"{_PARTICIPANT}/LocalIdentifier",), "LocalIdentifier"),
        "local_domain": RecordField((f"{_PARTICIPANT}/LocalIdentifier/domain",), "LocalIdentifier domain"),
        "practice_state": RecordField((f"{_PARTICIPANT}/StateOfPrimaryPractice",), "StateOfPrimaryPractice"),
        "dea": RecordField((f"{_PARTICIPANT}/DEARegistration",), "DEARegistration"),
        "practice_area": RecordField((f"{_PARTICIPANT}/PracticeArea",), "PracticeArea"),
        "surgical": RecordField((f"{_PARTICIPANT}/SurgicalProcedures",), "SurgicalProcedures"),
        "in_practice": RecordField((f"{_PARTICIPANT}/TimeInPractice",), "TimeInPractice"),
        "regulation": RecordField(
            ("Activity/RegulatoryInformation/CompliantToRegulation/label",), "CompliantToRegulation"
        ),
    },
)

LAYOUT = Layout(
    headings=HEADINGS,
    needed=NEEDED,
    repeated=REPEATED,
    birthday="birthday",
    dates=frozenset({"completed", "consented"}),
    record=RECORD,
)
