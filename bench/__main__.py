"""`make bench`: the bench of a learners' file; `make bench ARGS=finder`: that of the public finder."""

import sys

if sys.argv[1:2] == ["finder"]:
    from bench import finder

    finder.main(sys.argv[2:])
else:
    from bench import learners_batch

    learners_batch.main()
