-- The verdicts, on the learners.
UPDATE learners_learner l
SET verdict = k.verdict, physician_id = CASE WHEN k.verdict = 'matched' THEN k.physician_id END,
    rule = %(rule)s, matched_at = %(now)s
FROM looked k
WHERE l.id = k.learner_id AND (l.verdict, l.rule) IS DISTINCT FROM (k.verdict, %(rule)s)
