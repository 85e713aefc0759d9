-- Everyone of this provider's who waits for a roster, a license or a claim, to be looked at again.
CREATE TEMPORARY TABLE person ON COMMIT DROP AS
SELECT l.fingerprint, l.first_name, l.last_name, l.first_key, l.last_key, l.state, l.board, l.number, l.number_key, l.npi,
    l.birthday, l.id AS learner_id, false AS is_new, l.physician_id
FROM learners_learner l
WHERE l.organization_id = %(organization)s AND l.physician_id IS NULL AND l.verdict IN ('not_found', 'unconfirmed')
