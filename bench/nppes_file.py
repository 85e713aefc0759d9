"""An NPPES Data Dissemination file as CMS publishes it: 330 columns, all cells quoted, CRLF. Everybody is made up."""

import random
from collections.abc import Iterator
from pathlib import Path

from bench.cast import SEED, STATES, SYLLABLES

_ADDRESS = (
    "First Line Business {}",
    "Second Line Business {}",
    "Business {} City Name",
    "Business {} State Name",
    "Business {} Postal Code",
    "Business {} Country Code (If outside U.S.)",
    "Business {} Telephone Number",
    "Business {} Fax Number",
)
COLUMNS: tuple[str, ...] = (
    "NPI",
    "Entity Type Code",
    "Replacement NPI",
    "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)",
    "Provider First Name",
    "Provider Middle Name",
    "Provider Name Prefix Text",
    "Provider Name Suffix Text",
    "Provider Credential Text",
    "Provider Other Organization Name",
    "Provider Other Organization Name Type Code",
    "Provider Other Last Name",
    "Provider Other First Name",
    "Provider Other Middle Name",
    "Provider Other Name Prefix Text",
    "Provider Other Name Suffix Text",
    "Provider Other Credential Text",
    "Provider Other Last Name Type Code",
    *(f"Provider {part.format('Mailing Address')}" for part in _ADDRESS),
    *(f"Provider {part.format('Practice Location Address')}" for part in _ADDRESS),
    "Provider Enumeration Date",
    "Last Update Date",
    "NPI Deactivation Reason Code",
    "NPI Deactivation Date",
    "NPI Reactivation Date",
    "Provider Sex Code",
    "Authorized Official Last Name",
    "Authorized Official First Name",
    "Authorized Official Middle Name",
    "Authorized Official Title or Position",
    "Authorized Official Telephone Number",
    *(
        name.format(slot)
        for slot in range(1, 16)
        for name in (
            "Healthcare Provider Taxonomy Code_{}",
            "Provider License Number_{}",
            "Provider License Number State Code_{}",
            "Healthcare Provider Primary Taxonomy Switch_{}",
        )
    ),
    *(
        name.format(slot)
        for slot in range(1, 51)
        for name in (
            "Other Provider Identifier_{}",
            "Other Provider Identifier Type Code_{}",
            "Other Provider Identifier State_{}",
            "Other Provider Identifier Issuer_{}",
        )
    ),
    "Is Sole Proprietor",
    "Is Organization Subpart",
    "Parent Organization LBN",
    "Parent Organization TIN",
    "Authorized Official Name Prefix Text",
    "Authorized Official Name Suffix Text",
    "Authorized Official Credential Text",
    *(f"Healthcare Provider Taxonomy Group_{slot}" for slot in range(1, 16)),
    "Certification Date",
)
_AT = {name: at for at, name in enumerate(COLUMNS)}


def line(cells: dict[str, str]) -> bytes:
    """One row as the file has it, from its cells by the column's name."""
    row = [""] * len(COLUMNS)
    for name, value in cells.items():
        row[_AT[name]] = value.replace('"', '""')
    return b'"' + '","'.join(row).encode() + b'"\r\n'


def header() -> bytes:
    return b'"' + '","'.join(COLUMNS).encode() + b'"\r\n'


def npi(number: int) -> str:
    """The NPI of nine digits that begin with 1, its check digit added."""
    digits = f"1{number:08d}"
    total = 24
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return f"{digits}{-total % 10}"


def write(path: Path, rows: int, *, physicians: float) -> None:
    """`rows` rows, that share of them physicians, the others organizations and people of other professions."""
    with path.open("wb") as file:
        file.write(header())
        file.writelines(_rows(rows, physicians))


def _rows(rows: int, physicians: float) -> Iterator[bytes]:
    rng = random.Random(SEED)
    for number in range(rows):
        row = [""] * len(COLUMNS)

        def put(name: str, value: str, row: list[str] = row) -> None:
            row[_AT[name]] = value

        put("NPI", npi(number))
        put("Provider First Line Business Mailing Address", f"{number % 9_000} MAIN STREET")
        put("Provider Business Mailing Address City Name", "SPRINGFIELD")
        put("Last Update Date", "07/08/2026")
        put("Provider Enumeration Date", "05/23/2005")
        chance = rng.random()
        state = rng.choice(STATES)
        if chance < physicians or chance > physicians + (1 - physicians) / 4:
            put("Entity Type Code", "1")
            put("Provider Last Name (Legal Name)", _name(rng))
            put("Provider First Name", _name(rng))
            put("Provider Middle Name", rng.choice(("", "A", "JAMES")))
            put("Provider License Number_1", f"{rng.choice('ABD')}{number}")
            put("Provider License Number State Code_1", state)
            put("Healthcare Provider Primary Taxonomy Switch_1", "Y")
            if chance < physicians:
                put("Provider Credential Text", rng.choice(("MD", "M.D.", "MD", "D.O.", "MD, PHD", "")))
                put(
                    "Healthcare Provider Taxonomy Code_1",
                    rng.choice(("207R00000X", "208000000X", "207Q00000X")),
                )
            else:
                put("Provider Credential Text", rng.choice(("RN", "DDS", "LCSW")))
                put(
                    "Healthcare Provider Taxonomy Code_1",
                    rng.choice(("163W00000X", "122300000X", "1041C0700X")),
                )
        else:
            put("Entity Type Code", "2")
            put("Provider Organization Name (Legal Business Name)", f"{_name(rng)} CLINIC, INC.")
            put("Healthcare Provider Taxonomy Code_1", "261QP2300X")
        put("Certification Date", "07/08/2026")
        yield b'"' + '","'.join(row).encode() + b'"\r\n'


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).upper()
