-- The verdicts become, or bring up to date, this provider's learners: one row for each distinct wording.
INSERT INTO learners_learner AS l (
    organization_id, fingerprint, first_name, last_name, first_key, last_key, state, number, number_key, npi,
    birthday, physician_id, verdict, rule, matched_at, created_at
)
SELECT %(organization)s, p.fingerprint, p.first_name, p.last_name, p.first_key, p.last_key, p.state, p.number,
    p.number_key, p.npi, p.birthday, CASE WHEN k.verdict = 'matched' THEN k.physician_id END, k.verdict, %(rule)s,
    %(now)s, %(now)s
FROM person p JOIN looked k ON k.fingerprint = p.fingerprint
ON CONFLICT (organization_id, fingerprint)
DO UPDATE SET verdict = excluded.verdict, physician_id = excluded.physician_id, rule = excluded.rule,
    matched_at = excluded.matched_at
    WHERE (l.verdict, l.rule) IS DISTINCT FROM (excluded.verdict, excluded.rule)
