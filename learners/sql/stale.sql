-- Whether a wording in `person` is another learner now, or another physician's, than when it was looked at; or whether
-- the record found was joined to another one. Each is looked up by itself, as for `person`.
SELECT EXISTS (
    SELECT FROM person p
    LEFT JOIN LATERAL (
        SELECT x.id, x.physician_id FROM learners_learner x
        WHERE x.organization_id = %(organization)s AND x.fingerprint = p.fingerprint
        LIMIT 1
    ) l ON true
    WHERE l.id IS DISTINCT FROM CASE WHEN NOT p.is_new THEN p.learner_id END
        OR l.physician_id IS DISTINCT FROM p.physician_id
) OR EXISTS (
    SELECT FROM looked k JOIN learners_merger m ON m.absorbed_id = k.physician_id WHERE m.split_at IS NULL
)
