-- What the registry says of each `person` (design section 7).
-- A candidate is whom the license, the NPI or, with neither given, the name and state point at.
CREATE TEMPORARY TABLE looked ON COMMIT DROP AS
WITH candidate AS (
    SELECT p.fingerprint, p.last_key, p.birthday, 'license' AS via, x.physician_id
    FROM person p JOIN learners_license x ON x.state = p.state AND x.number_key = p.number_key
    WHERE p.number_key <> ''
    UNION ALL
    SELECT p.fingerprint, p.last_key, p.birthday, 'npi', y.id
    FROM person p JOIN learners_physician y ON y.npi = p.npi
    UNION ALL
    SELECT p.fingerprint, p.last_key, p.birthday, 'name', x.physician_id
    FROM person p JOIN learners_license x
        ON x.state = p.state AND x.last_key = p.last_key AND x.first_key = p.first_key
    WHERE p.number_key = '' AND p.npi IS NULL
), compared AS (
    SELECT c.fingerprint, c.via, c.physician_id,
        y.last_key = c.last_key AS name_agrees,
        y.birthday IS NULL AS birthday_unknown,
        y.last_key = c.last_key AND y.birthday IS NOT DISTINCT FROM c.birthday AS agrees
    FROM candidate c
    JOIN learners_physician y ON y.id = c.physician_id
), weighed AS (
    SELECT c.fingerprint,
        count(DISTINCT c.physician_id) FILTER (WHERE c.agrees) AS agreeing,
        min(c.physician_id) FILTER (WHERE c.agrees) AS physician_id,
        count(DISTINCT c.via) = count(DISTINCT c.via) FILTER (WHERE c.agrees) AS every_way_agrees,
        bool_or(c.name_agrees AND c.birthday_unknown) AS someone_unknown,
        bool_or(c.via = 'name') AS by_name,
        min(c.physician_id) AS first_physician_id
    FROM compared c GROUP BY c.fingerprint
)
SELECT p.fingerprint, w.physician_id,
    CASE
        WHEN w.fingerprint IS NULL THEN 'not_found'
        WHEN w.agreeing > 1 THEN 'several'
        WHEN w.agreeing = 1 AND w.every_way_agrees AND NOT (w.by_name AND w.someone_unknown) THEN 'matched'
        WHEN w.agreeing = 0 AND w.someone_unknown THEN 'unconfirmed'
        WHEN w.agreeing = 1 AND w.by_name THEN 'several'
        ELSE 'disagrees'
    END AS verdict,
    -- whom a wrong guess is about: the physician found by number, or the name in a state
    CASE
        WHEN w.by_name THEN 'n:' || p.state || ':' || md5(p.last_key || ' ' || p.first_key)
        WHEN w.fingerprint IS NOT NULL THEN 'p:' || w.first_physician_id
    END AS target
FROM person p LEFT JOIN weighed w ON w.fingerprint = p.fingerprint
