-- What a person has of a series is added up over all of their credit: chunks that name a series land one at a time.
SELECT pg_advisory_xact_lock(0x5E12E5, hashint8(%(organization)s))
WHERE EXISTS (
    SELECT FROM (SELECT DISTINCT s.activity_id FROM staged s) n
    JOIN activities_activity a ON a.activity_id = n.activity_id AND a.organization_id = %(organization)s
    WHERE a.format = 'Regularly Scheduled Series'
)
