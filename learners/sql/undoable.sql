-- What undoing a batch does to each of its rows from `first` to before `end`, as things stand now: `outcome` is that of
-- the row which undoes it, `code` why its credit is left as it is. Changed by somebody since is a credit whose last
-- word is another batch's. What it said before is the version that this batch's word replaced; without one, it was new.
CREATE TEMPORARY TABLE undoable ON COMMIT DROP AS
WITH again AS MATERIALIZED (
    -- What another batch reported as well without having the last word, and until when it may have done so.
    SELECT r.target, max(coalesce(b.finished_at, 'infinity')) AS until
    FROM batches_batch b
    JOIN batches_row r ON r.batch_id = b.id AND r.outcome IN ('unchanged', 'parked')
    WHERE b.organization_id = %(organization)s AND b.kind = 'learners' AND b.undoes_id IS NULL AND NOT b.check_only
        AND b.created_at > %(since)s::timestamptz - interval '1 day' AND b.id <> %(batch)s
        AND (b.unchanged > 0 OR b.parked > 0 OR b.finished_at IS NULL) AND r.target IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM batches_issue i WHERE i.batch_id = b.id AND i.row = r.number AND i.code = 'fixed_meanwhile'
        )
    GROUP BY r.target
), landed AS (
    -- A row whose credit waited already, with the same amount, changed nothing either.
    SELECT r.number AS row, r.target, c.withdrawn_at, c.batch_id, c.activity_id, c.credit_type, c.occasion_on,
        c.learner_id, coalesce(c.physician_id, l.physician_id) AS physician_id,
        least(c.changed_at, ours.said_at) AS said_at,
        CASE WHEN r.outcome = 'parked' AND c.batch_id <> %(batch)s AND ours.said_at IS NULL THEN 'unchanged'
            ELSE r.outcome END AS was
    FROM batches_row r
    LEFT JOIN learners_credit c ON c.id = r.target AND c.organization_id = %(organization)s
        AND r.outcome IN ('added', 'updated', 'parked', 'withdrawn')
    LEFT JOIN learners_learner l ON l.id = c.learner_id AND r.outcome = 'withdrawn'
    LEFT JOIN LATERAL (
        SELECT min(v.said_at) AS said_at FROM learners_creditversion v
        WHERE v.credit_id = c.id AND v.batch_id = %(batch)s
    ) ours ON r.outcome IN ('updated', 'parked')
    WHERE r.batch_id = %(batch)s AND r.number >= %(first)s AND r.number < %(end)s
        AND r.outcome IN ('added', 'updated', 'unchanged', 'withdrawn', 'parked', 'failed', 'fixed')
), twins AS (
    -- Of completions that were two people's when they were withdrawn, and are one person's now, one can stand again.
    SELECT d.row, row_number() OVER (
        PARTITION BY coalesce(d.physician_id, -d.learner_id), d.activity_id, d.credit_type, d.occasion_on
        ORDER BY d.row
    ) AS nth
    FROM landed d WHERE d.was = 'withdrawn'
), judged AS (
    SELECT d.*, before.amount AS amount_before, before.rems AS rems_before, before.points AS points_before,
        before.batch_id AS batch_before, before.row AS row_before,
        CASE
            WHEN d.was = 'fixed' THEN 'fixed_since'
            WHEN d.was IN ('unchanged', 'failed') THEN NULL
            WHEN d.was = 'withdrawn' AND d.withdrawn_at IS NULL THEN 'changed_since'
            WHEN d.was = 'withdrawn' THEN
                CASE WHEN EXISTS (
                    SELECT FROM learners_credit e
                    WHERE e.physician_id = d.physician_id AND e.activity_id = d.activity_id
                        AND e.credit_type = d.credit_type AND e.occasion_on IS NOT DISTINCT FROM d.occasion_on
                        AND e.withdrawn_at IS NULL
                ) OR EXISTS (
                    SELECT FROM learners_credit e
                    WHERE d.physician_id IS NULL AND e.physician_id IS NULL AND e.learner_id = d.learner_id
                        AND e.activity_id = d.activity_id AND e.credit_type = d.credit_type
                        AND e.occasion_on IS NOT DISTINCT FROM d.occasion_on AND e.withdrawn_at IS NULL
                ) OR t.nth > 1 THEN 'reported_again' END
            WHEN d.withdrawn_at IS NOT NULL THEN 'withdrawn_since'
            WHEN d.batch_id <> %(batch)s THEN 'changed_since'
            WHEN a.until > d.said_at THEN 'said_again'
        END AS code
    FROM landed d
    LEFT JOIN again a ON a.target = d.target
    LEFT JOIN twins t ON t.row = d.row
    LEFT JOIN LATERAL (
        SELECT v.amount, v.rems, v.points, v.batch_id, v.row FROM learners_creditversion v
        WHERE v.credit_id = d.target AND v.replaced_at = d.said_at
        ORDER BY v.id DESC LIMIT 1
    ) before ON d.was IN ('updated', 'parked')
)
SELECT j.row, j.was, j.target, j.code, j.amount_before, j.rems_before, j.points_before, j.batch_before, j.row_before,
    j.physician_id,
    CASE
        WHEN j.code IS NOT NULL OR j.was IN ('unchanged', 'failed') THEN 'unchanged'
        WHEN j.was = 'withdrawn' THEN 'added'
        WHEN j.amount_before IS NOT NULL THEN 'updated'
        ELSE 'withdrawn'
    END AS outcome
FROM judged j
