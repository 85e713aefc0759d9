-- The guess budget (design section 7): 5 different wrong wordings a provider and 10 in all within 90 days for one
-- target; then nothing more is said about it, right or wrong, and the credit is kept for review. Only wordings that were
-- told they are wrong are counted: those are told so again, and whoever repeats a list learns nothing from what is left.
WITH before AS (
    SELECT g.target,
        count(*) FILTER (WHERE g.organization_id = %(organization)s) AS ours,
        count(*) AS everyones
    FROM learners_guess g
    WHERE g.guessed_at > %(now)s - interval '90 days'
        AND EXISTS (SELECT FROM looked k WHERE k.target = g.target)
    GROUP BY g.target
), known AS (
    SELECT k.fingerprint
    FROM looked k JOIN learners_guess g ON g.target = k.target AND g.organization_id = %(organization)s
        AND g.fingerprint = k.fingerprint AND g.guessed_at > %(now)s - interval '90 days'
), fresh AS (
    SELECT k.fingerprint, k.target,
        row_number() OVER (PARTITION BY k.target ORDER BY k.fingerprint) AS nth
    FROM looked k
    WHERE k.verdict = 'disagrees' AND NOT EXISTS (SELECT FROM known n WHERE n.fingerprint = k.fingerprint)
), wrong AS (
    SELECT f.target, count(*) AS fresh FROM fresh f GROUP BY f.target
), spent AS (
    SELECT k.fingerprint
    FROM looked k
    LEFT JOIN before b ON b.target = k.target
    LEFT JOIN fresh f ON f.fingerprint = k.fingerprint
    LEFT JOIN wrong w ON w.target = k.target
    WHERE k.verdict IN ('disagrees', 'matched', 'several')
        AND NOT EXISTS (SELECT FROM known n WHERE n.fingerprint = k.fingerprint AND k.verdict = 'disagrees')
        AND (
            coalesce(b.ours, 0) + coalesce(f.nth, w.fresh + 1, 1) > 5
            OR coalesce(b.everyones, 0) + coalesce(f.nth, w.fresh + 1, 1) > 10
        )
), counted AS (
    INSERT INTO learners_guess (organization_id, target, fingerprint, guessed_at)
    SELECT %(organization)s, k.target, k.fingerprint, %(now)s
    FROM looked k JOIN fresh f ON f.fingerprint = k.fingerprint
    WHERE NOT EXISTS (SELECT FROM spent s WHERE s.fingerprint = k.fingerprint)
    ON CONFLICT (target, organization_id, fingerprint) DO UPDATE SET guessed_at = excluded.guessed_at
)
UPDATE looked k SET verdict = 'review', physician_id = NULL
FROM spent s WHERE s.fingerprint = k.fingerprint
