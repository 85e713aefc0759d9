"""Claims too large for the ordinary suite, held against an oracle that shares no code with the program."""
