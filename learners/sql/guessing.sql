-- Whoever counts wrong guesses about somebody counts alone until the transaction ends: providers, and the lanes of one
-- file, that try at the same moment share one budget. The table of locks is small: a chunk of very many wrong guesses
-- has everybody to itself. Taken in one order, so that two never wait for each other. Whoever is right about somebody
-- about whom guesses were counted waits like the others: how long an answer takes must not tell it.
WITH guessed AS MATERIALIZED (
    SELECT DISTINCT hashtextextended(k.target, 0) AS target FROM looked k
    WHERE k.verdict = 'disagrees'
        OR k.verdict IN ('matched', 'several') AND EXISTS (SELECT FROM learners_guess g WHERE g.target = k.target)
), everybody AS MATERIALIZED (
    SELECT n.guesses <= 500 AS one_by_one,
        CASE WHEN n.guesses <= 500 THEN pg_advisory_xact_lock_shared(0x67E55, 0) ELSE pg_advisory_xact_lock(0x67E55, 0) END
    FROM (SELECT count(*) AS guesses FROM guessed) n
)
SELECT pg_advisory_xact_lock(t.target)
FROM everybody e CROSS JOIN LATERAL (SELECT g.target FROM guessed g WHERE e.one_by_one ORDER BY g.target OFFSET 0) t
