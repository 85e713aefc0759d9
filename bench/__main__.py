"""`make bench`: every bench, one after another."""

from bench import learners_batch

learners_batch.main()
