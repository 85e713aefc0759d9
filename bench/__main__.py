"""`make bench`: a learners' file. `make bench ARGS=finder`: the public finder. `ARGS=matching`: the match rule."""

import sys

if sys.argv[1:2] == ["finder"]:
    from bench import finder

    finder.main(sys.argv[2:])
elif sys.argv[1:2] == ["matching"]:
    from bench import matching

    matching.main(sys.argv[2:])
else:
    from bench import learners_batch

    learners_batch.main()
