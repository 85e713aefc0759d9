-- Each wording in `staged` once, with the learner it is or is about to become: a person is matched once, not once a
-- credit. `physician_id` is the match from before, where there is one. Each wording is looked up by itself: what a chunk
-- costs must not grow with the number of people a provider has had.
CREATE TEMPORARY TABLE person ON COMMIT DROP AS
SELECT DISTINCT ON (s.fingerprint) s.fingerprint, s.first_name, s.last_name, s.first_key, s.last_key, s.state,
    s.board, s.number, s.number_key, s.npi, s.birthday,
    coalesce(l.id, nextval('learners_learner_id_seq')) AS learner_id, l.id IS NULL AS is_new, l.physician_id
FROM staged s
LEFT JOIN LATERAL (
    SELECT x.id, x.physician_id FROM learners_learner x
    WHERE x.organization_id = %(organization)s AND x.fingerprint = s.fingerprint
    LIMIT 1
) l ON true
ORDER BY s.fingerprint, s.row
