-- The wordings in `staged` that have no physician yet, new ones among them: a person is matched once, not once a credit.
CREATE TEMPORARY TABLE person ON COMMIT DROP AS
SELECT DISTINCT ON (s.fingerprint) s.fingerprint, s.first_name, s.last_name, s.first_key, s.last_key, s.state,
    s.number, s.number_key, s.npi, s.birthday
FROM staged s
WHERE NOT EXISTS (
    SELECT FROM learners_learner l
    WHERE l.organization_id = %(organization)s AND l.fingerprint = s.fingerprint AND l.physician_id IS NOT NULL
)
ORDER BY s.fingerprint, s.row
