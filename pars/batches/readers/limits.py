"""How much an uploaded file may ask of us. Numbers only; who enforces each is said beside it.

Source: design section 5, step 2. They hold for every subject; a provider with more rows sends two files.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    # The guard, before anything is parsed.
    workbook_bytes: int = 25 * MIB
    text_bytes: int = 200 * MIB
    entries: int = 200
    inflated_bytes: int = 200 * MIB
    inflated_ratio: int = 100
    ratio_floor_bytes: int = 8 * MIB
    """Up to this a file may inflate at any ratio: a short repetitive sheet packs very well."""
    depth: int = 64
    prolog_bytes: int = 64 * 1024
    """The start of an XML document, up to and with the tag of its root element."""
    row_bytes: int = 4 * MIB
    """One row of a worksheet, or one record of a JSON file."""

    # The guard by cell reference, the child by counting what it reads.
    workbook_rows: int = 100_000
    rows: int = 500_000
    columns: int = 64
    """Of the sender's own: what a workbook of rows to fix adds to them is not counted."""
    header_rows: int = 20
    """The headings must stand in one of the first so many rows of a sheet."""
    cell_characters: int = 32_767
    record_characters: int = MIB
    """One record that is read as a whole, as JSON text. Its depth is bounded by `depth`."""

    # The operating system, on the child.
    child_bytes: int = 512 * MIB
    child_cpu_seconds: int = 20

    # The parent, on what comes through the pipe.
    child_wait_seconds: float = 60.0
    """The time spent waiting for the child in all; time in which the caller works on rows is not counted."""
    block_rows: int = 500
    block_characters: int = 512 * 1024
    line_bytes: int = 16 * MIB


LIMITS = Limits()
