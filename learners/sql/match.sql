-- What the registry says of each learner in `staged` who has no physician yet (design section 7).
-- A candidate is whom the license, the NPI or, with neither given, the name and state point at.
CREATE TEMPORARY TABLE looked ON COMMIT DROP AS
WITH people AS (
    SELECT l.id, l.fingerprint, l.first_key, l.last_key, l.state, l.number_key, l.npi, l.birthday
    FROM learners_learner l
    WHERE l.organization_id = %(organization)s AND l.physician_id IS NULL
        AND EXISTS (SELECT FROM staged s WHERE s.fingerprint = l.fingerprint)
), candidate AS (
    SELECT p.id AS learner_id, 'license' AS via, x.physician_id
    FROM people p JOIN learners_license x ON x.state = p.state AND x.number_key = p.number_key
    WHERE p.number_key <> ''
    UNION
    SELECT p.id, 'npi', y.id
    FROM people p JOIN learners_physician y ON y.npi = p.npi
    UNION
    SELECT p.id, 'name', x.physician_id
    FROM people p JOIN learners_license x
        ON x.state = p.state AND x.last_key = p.last_key AND x.first_key = p.first_key
    WHERE p.number_key = '' AND p.npi IS NULL
), compared AS (
    SELECT c.learner_id, c.via, c.physician_id,
        y.last_key = p.last_key AS name_agrees,
        y.birthday IS NULL AS birthday_unknown,
        y.last_key = p.last_key AND y.birthday IS NOT DISTINCT FROM p.birthday AS agrees
    FROM candidate c
    JOIN people p ON p.id = c.learner_id
    JOIN learners_physician y ON y.id = c.physician_id
), weighed AS (
    SELECT c.learner_id,
        count(DISTINCT c.physician_id) FILTER (WHERE c.agrees) AS agreeing,
        min(c.physician_id) FILTER (WHERE c.agrees) AS physician_id,
        count(DISTINCT c.via) = count(DISTINCT c.via) FILTER (WHERE c.agrees) AS every_way_agrees,
        bool_or(c.name_agrees AND c.birthday_unknown) AS someone_unknown,
        bool_or(c.via = 'name') AS by_name,
        min(c.physician_id) AS first_physician_id
    FROM compared c GROUP BY c.learner_id
)
SELECT p.id AS learner_id, p.fingerprint, w.physician_id,
    CASE
        WHEN w.learner_id IS NULL THEN 'not_found'
        WHEN w.agreeing > 1 THEN 'several'
        WHEN w.agreeing = 1 AND w.every_way_agrees AND NOT (w.by_name AND w.someone_unknown) THEN 'matched'
        WHEN w.agreeing = 0 AND w.someone_unknown THEN 'unconfirmed'
        WHEN w.agreeing = 1 AND w.by_name THEN 'several'
        ELSE 'disagrees'
    END AS verdict,
    -- whom a wrong guess is about: the physician found by number, or the name in a state
    CASE
        WHEN w.by_name THEN 'n:' || p.state || ':' || md5(p.last_key || ' ' || p.first_key)
        WHEN w.learner_id IS NOT NULL THEN 'p:' || w.first_physician_id
    END AS target
FROM people p LEFT JOIN weighed w ON w.learner_id = p.id
