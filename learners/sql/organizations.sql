-- The providers some of whose waiting people the licenses of %(physicians)s may be about: by number, NPI or name.
WITH arrived AS (
    SELECT x.state, x.number_key, x.last_key, x.first_key, y.npi
    FROM learners_license x JOIN learners_physician y ON y.id = x.physician_id
    WHERE x.physician_id = ANY (%(physicians)s)
)
SELECT l.organization_id
FROM arrived a JOIN learners_learner l ON l.state = a.state AND l.number_key = a.number_key
WHERE l.physician_id IS NULL AND l.verdict IN ('not_found', 'unconfirmed') AND a.number_key <> ''
UNION
SELECT l.organization_id
FROM arrived a JOIN learners_learner l ON l.npi = a.npi
WHERE l.physician_id IS NULL AND l.verdict IN ('not_found', 'unconfirmed')
UNION
SELECT l.organization_id
FROM arrived a JOIN learners_learner l ON l.state = a.state AND l.number_key = '' AND l.last_key = a.last_key
WHERE l.physician_id IS NULL AND l.verdict IN ('not_found', 'unconfirmed') AND l.npi IS NULL
ORDER BY 1
