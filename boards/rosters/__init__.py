"""Rosters: a board's own list of licenses, from its file into the registry (design sections 4 and 7)."""
