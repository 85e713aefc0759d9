"""NPPES: the national file of everybody who holds an NPI, and its physicians' way into the registry."""
