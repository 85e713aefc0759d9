"""The operator's pages about physicians: find one, see where its record comes from, join two, part them again."""
