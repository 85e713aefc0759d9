"""Two records of one person become one, and two again, every row as it was (docs/adr/0021-merge-and-split.md)."""
