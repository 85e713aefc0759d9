-- Everyone in `staged` becomes, or already is, a learner of this provider: one row for each distinct wording.
INSERT INTO learners_learner (
    organization_id, fingerprint, first_name, last_name, first_key, last_key, state, number, number_key, npi,
    birthday, verdict, rule, created_at
)
SELECT DISTINCT ON (s.fingerprint)
    %(organization)s, s.fingerprint, s.first_name, s.last_name, s.first_key, s.last_key, s.state, s.number,
    s.number_key, s.npi, s.birthday, 'not_found', 0, %(now)s
FROM staged s
ORDER BY s.fingerprint, s.row
ON CONFLICT (organization_id, fingerprint) DO NOTHING
