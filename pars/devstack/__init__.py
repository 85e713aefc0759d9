"""The development stack: PostgreSQL, a Redis-protocol broker and PARS itself under one supervisor.

`python -m pars.devstack up` serves the demo on http://localhost:8000/ and keeps its data in `.local/`.
`python -m pars.devstack exec -- CMD` runs CMD against throw-away services, migrated and empty.
`python -m pars.devstack clean` removes everything that `up` keeps.

Standard library only, and imported by nothing: it has to run, and to clean up, when the application cannot.
"""
