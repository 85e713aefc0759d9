-- The verdicts become, or bring up to date, this provider's learners: one row for each distinct wording. Whoever
-- writes learners has the organization's turn, so what was new when `person` was made is new still.
WITH brought_up_to_date AS (
    UPDATE learners_learner l
    SET verdict = k.verdict, physician_id = k.physician_id, rule = %(rule)s, matched_at = %(now)s
    FROM looked k
    WHERE l.id = k.learner_id AND NOT k.is_new AND (l.verdict, l.rule) IS DISTINCT FROM (k.verdict, %(rule)s)
        -- By their own key: what a chunk costs must not grow with the number of people a provider has had.
        AND l.id = ANY (ARRAY(SELECT o.learner_id FROM looked o WHERE NOT o.is_new))
)
INSERT INTO learners_learner (
    id, organization_id, fingerprint, first_name, last_name, first_key, last_key, state, board, number, number_key, npi,
    birthday, physician_id, verdict, rule, matched_at, created_at
)
SELECT p.learner_id, %(organization)s, p.fingerprint, p.first_name, p.last_name, p.first_key, p.last_key, p.state,
    p.board, p.number, p.number_key, p.npi, p.birthday, k.physician_id, k.verdict, %(rule)s, %(now)s, %(now)s
FROM person p JOIN looked k ON k.learner_id = p.learner_id
WHERE p.is_new
