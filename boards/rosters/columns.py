"""The columns of a roster, by every heading boards put over them."""

from pars.batches.readers import Layout

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": (
        "License Number",
        "License No",
        "License #",
        "License ID",
        "License",
        "Lic No",
        "Lic Number",
        "Credential Number",
    ),
    "degree": ("License Type", "Degree", "Profession", "Credential", "Credential Type", "License Type Name"),
    "first_name": ("First Name", "Given Name", "First"),
    "middle_name": ("Middle Name", "Middle Initial", "Middle", "MI"),
    "last_name": ("Last Name", "Family Name", "Surname", "Last"),
    "suffix": ("Suffix", "Name Suffix", "Generation"),
    "birthday": (
        "Birth MM/DD",
        "Date of Birth",
        "DOB",
        "Birthday",
        "Birth Date",
        "Month and Day of Birth",
    ),
    "npi": ("NPI", "NPI Number", "National Provider Identifier"),
    "status": ("Status", "License Status", "Current Status"),
    "issued": (
        "Issued",
        "Issue Date",
        "Issued On",
        "Date Issued",
        "Original Issue Date",
        "License Issue Date",
    ),
    "expires": (
        "Expires",
        "Expiration Date",
        "Expiration",
        "Expires On",
        "Expiry Date",
        "License Expiration Date",
        "Renewal Date",
    ),
    "corrects": ("Correction", "Corrects the Record"),
}

LAYOUT = Layout(
    headings=HEADINGS,
    needed=frozenset({"number", "first_name", "last_name"}),
    birthday="birthday",
    dates=frozenset({"issued", "expires"}),
)
