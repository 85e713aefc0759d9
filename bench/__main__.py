"""`make bench`: a file of learners. `make bench ARGS=activities` (errors, finder, matching): what else has a bench."""

import sys
from importlib import import_module

OTHERS = {
    "activities": False,
    "errors": True,
    "finder": True,
    "matching": True,
}  # whether it takes arguments of its own

name = sys.argv[1] if sys.argv[1:2] and sys.argv[1] in OTHERS else "learners_batch"
bench = import_module(f"bench.{name}")
bench.main(sys.argv[2:]) if OTHERS.get(name) else bench.main()
