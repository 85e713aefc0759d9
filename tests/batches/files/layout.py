"""A small layout in the manner of the learners' one, and rows that fit it."""

from pars.batches.readers import Layout, RecordField, RecordLayout

_CERTIFICATE = "Activity/Module/CreditCertificate"

RECORD = RecordLayout(
    record="ACCMELearnerReports/ActivityReports/ActivityReport",
    unit=_CERTIFICATE,
    fields={
        "activity_id": RecordField(("Activity/Module/ModuleName/moduleID",), "moduleID"),
        "completed_on": RecordField(("Activity/Module/CompletedDateTime",), "CompletedDateTime"),
        "last_name": RecordField(("Member/Name/FamilyName",), "FamilyName"),
        "birthday": RecordField(("Member/PersonalInfo/BirthDate",), "BirthDate"),
        "state": RecordField(
            (f"{_CERTIFICATE}/UniqueID",),
            "UniqueID domain",
            where="domain",
            matching="[A-Z]{2}",
            take="domain",
        ),
        "license_number": RecordField(
            (f"{_CERTIFICATE}/UniqueID",), "UniqueID", where="domain", matching="[A-Z]{2}"
        ),
        "npi": RecordField((f"{_CERTIFICATE}/UniqueID",), "UniqueID NPI", where="domain", matching="NPI"),
        "credits": RecordField(
            (f"{_CERTIFICATE}/CreditReceived/numberOfCredits", f"{_CERTIFICATE}/CreditReceived"),
            "CreditReceived",
        ),
        "ccid": RecordField((f"{_CERTIFICATE}/CreditID",), "CreditID"),
    },
)

LAYOUT = Layout(
    headings={
        "activity_id": ("ACCME Activity ID", "Activity ID"),
        "completed_on": ("Completion Date",),
        "last_name": ("Last Name",),
        "birthday": ("Date of Birth",),
        "credits": ("Number of CME Credits",),
        "credit_type": ("Credit Type", "Additional Credit Type"),
    },
    needed=frozenset({"activity_id", "completed_on", "last_name"}),
    repeated=frozenset({"credit_type"}),
    birthday="birthday",
    dates=frozenset({"completed_on"}),
    record=RECORD,
)

HEADINGS = ("ACCME Activity ID", "Completion Date", "Last Name", "Date of Birth", "Number of CME Credits")
