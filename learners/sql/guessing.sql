-- Whoever counts wrong guesses about somebody counts alone until the transaction ends: providers that try at the same
-- moment share one budget. Taken in one order, so that two never wait for each other; few enough for the table of locks.
SELECT pg_advisory_xact_lock(0x67E55, s.slot)
FROM (SELECT DISTINCT hashtext(k.target) & 255 AS slot FROM looked k WHERE k.verdict = 'disagrees' ORDER BY slot) s
