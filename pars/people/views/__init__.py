"""Pages about who belongs where, what was agreed, and the operator's view of all of it."""
