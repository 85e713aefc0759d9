-- Each staged row beside its learner, its activity and the credit it would touch, with the code it fails by, if any.
-- A row that names no activity asks about its person alone. `new_id` is the id of the credit that a row becomes.
-- Where %(corrects)s is not null, the one row says anew what that credit says, and becomes no other.
CREATE TEMPORARY TABLE weighed ON COMMIT DROP AS
WITH joined AS MATERIALIZED (
    SELECT s.row, s.withdraw, s.completed_on, s.consent, s.consented_on, s.points, s.number, s.number_key, s.state,
        s.npi_doubtful, s.board, s.amount AS said_amount, s.amount = 0 AND s.points IS NOT NULL AS alone,
        s.activity_id AS said_activity,
        p.learner_id, coalesce(p.physician_id, k.physician_id) AS physician_id, coalesce(k.verdict, 'matched') AS verdict,
        a.id AS activity_id, a.is_complete, a.start_on, a.end_on, a.credits AS maximum,
        a.format = 'Regularly Scheduled Series' AS is_series, a.credits_per_session AS session_maximum,
        CASE WHEN a.repeats THEN s.completed_on END AS occasion_on,
        learners_due_on(a.self_paced, s.completed_on, a.end_on) AS due_on,
        CASE WHEN a.rems_type <> '' THEN s.rems END AS rems, a.rems_type = '' AND s.rems IS NOT NULL AS rems_aside
    FROM staged s
    JOIN person p ON p.fingerprint = s.fingerprint
    LEFT JOIN looked k ON k.learner_id = p.learner_id
    LEFT JOIN activities_activity a ON a.activity_id = s.activity_id AND a.organization_id = %(organization)s
), known AS (
    SELECT j.*, c.id AS credit_id, c.amount AS known_amount, c.completed_on AS known_on, c.rems AS known_rems,
        -- Board credit alone leaves the credits as they are.
        CASE WHEN j.alone THEN coalesce(c.amount, 0) ELSE j.said_amount END AS amount,
        CASE WHEN row_number() OVER same = 1 THEN last_value(j.row) OVER same ELSE first_value(j.row) OVER same END
            AS other_row,
        CASE
            WHEN j.alone THEN min(j.completed_on) OVER same <> max(j.completed_on) OVER same
            ELSE min(j.said_amount) FILTER (WHERE NOT j.alone) OVER same <> max(j.said_amount) OVER same
                OR min(j.completed_on) FILTER (WHERE NOT j.alone) OVER same
                    <> max(j.completed_on) FILTER (WHERE NOT j.alone) OVER same
        END AS differs
    FROM joined j
    LEFT JOIN LATERAL (
        SELECT c.id, c.amount, c.completed_on, c.rems
        FROM learners_credit c
        WHERE j.physician_id IS NOT NULL AND c.physician_id IS NOT NULL AND c.physician_id = j.physician_id
            AND c.activity_id = j.activity_id AND c.credit_type = 1
            AND c.occasion_on IS NOT DISTINCT FROM j.occasion_on AND c.withdrawn_at IS NULL
            AND %(corrects)s::bigint IS NULL
        UNION ALL
        SELECT c.id, c.amount, c.completed_on, c.rems
        FROM learners_credit c
        WHERE j.physician_id IS NULL AND c.physician_id IS NULL AND c.learner_id = j.learner_id
            AND c.activity_id = j.activity_id AND c.credit_type = 1
            AND c.occasion_on IS NOT DISTINCT FROM j.occasion_on AND c.withdrawn_at IS NULL
            AND %(corrects)s::bigint IS NULL
        UNION ALL
        SELECT c.id, c.amount, c.completed_on, c.rems
        FROM learners_credit c
        WHERE c.id = %(corrects)s::bigint AND c.activity_id = j.activity_id AND c.withdrawn_at IS NULL
            AND c.physician_id IS NOT DISTINCT FROM j.physician_id
            AND (c.physician_id IS NOT NULL OR c.learner_id = j.learner_id)
    ) c ON true
    WINDOW same AS (
        PARTITION BY coalesce(j.physician_id, -j.learner_id), j.activity_id, j.occasion_on, j.withdraw
        ORDER BY j.row ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
), contradicted AS (
    -- Points of one completion and type that rows of the file say differently.
    SELECT coalesce(k.physician_id, -k.learner_id) AS person, k.activity_id, k.occasion_on, p.board, p.type
    FROM known k
    CROSS JOIN LATERAL jsonb_to_recordset(k.points) AS p (board text, member text, type text, points numeric)
    WHERE k.points IS NOT NULL AND NOT k.withdraw
    GROUP BY 1, 2, 3, 4, 5
    HAVING min(p.points) <> max(p.points) OR min(p.member) <> max(p.member)
), judged AS (
    SELECT k.*,
        CASE
            WHEN k.activity_id IS NULL AND k.said_activity <> '' THEN 'activity_unknown'
            WHEN NOT k.is_complete THEN 'activity_draft'
            WHEN k.completed_on NOT BETWEEN k.start_on AND k.end_on THEN 'date_outside_activity'
            WHEN NOT k.withdraw AND k.amount > k.maximum THEN 'amount_over_maximum'
            WHEN NOT k.withdraw AND k.is_series AND k.amount > k.session_maximum THEN 'amount_over_session'
            WHEN k.npi_doubtful AND k.verdict = 'not_found' THEN 'npi_invalid'
            WHEN k.verdict = 'disagrees' THEN 'identity'
            WHEN k.verdict = 'several' THEN 'several'
            WHEN k.differs AND NOT k.withdraw THEN 'differs_in_file'
            WHEN k.withdraw AND (k.credit_id IS NULL OR k.known_on <> k.completed_on) THEN 'nothing_to_delete'
            WHEN k.withdraw AND k.alone AND NOT EXISTS (
                SELECT FROM learners_creditpoints q JOIN jsonb_to_recordset(k.points) AS p (board text, type text)
                    ON q.board = p.board AND q.credit_type = p.type
                WHERE q.credit_id = k.credit_id AND q.withdrawn_at IS NULL
            ) THEN 'nothing_to_delete'
            WHEN %(corrects)s::bigint IS NOT NULL AND k.credit_id IS NULL THEN 'nothing_to_correct'
            WHEN %(corrects)s::bigint IS NOT NULL AND EXISTS (
                SELECT FROM learners_credit c
                WHERE c.activity_id = k.activity_id AND c.credit_type = 1 AND c.occasion_on = k.occasion_on
                    AND c.withdrawn_at IS NULL AND c.id <> k.credit_id
                    AND c.physician_id IS NOT DISTINCT FROM k.physician_id
                    AND (c.physician_id IS NOT NULL OR c.learner_id = k.learner_id)
            ) THEN 'date_taken'
            WHEN NOT k.withdraw AND k.known_on <> k.completed_on AND %(corrects)s::bigint IS NULL THEN 'other_date'
            WHEN k.points IS NOT NULL AND NOT k.withdraw AND EXISTS (
                SELECT FROM contradicted x
                JOIN jsonb_to_recordset(k.points) AS p (board text, type text) ON (p.board, p.type) = (x.board, x.type)
                WHERE x.person = coalesce(k.physician_id, -k.learner_id) AND x.activity_id = k.activity_id
                    AND x.occasion_on IS NOT DISTINCT FROM k.occasion_on
            ) THEN 'differs_in_file'
            WHEN k.points IS NOT NULL AND NOT k.withdraw AND NOT EXISTS (
                SELECT FROM activities_boardregistration r
                WHERE r.activity_id = k.activity_id AND r.board = k.points -> 0 ->> 'board'
            ) THEN 'board_not_registered'
            WHEN k.points IS NOT NULL AND NOT k.withdraw AND EXISTS (
                SELECT FROM jsonb_to_recordset(k.points) AS p (board text, type text)
                WHERE NOT EXISTS (
                    SELECT FROM activities_boardregistration r
                    WHERE r.activity_id = k.activity_id AND r.board = p.board AND p.type = ANY (r.credit_types)
                )
            ) THEN 'points_not_registered'
            WHEN NOT k.withdraw AND k.rems ? 'wrong' THEN 'rems_unreadable'
            WHEN NOT k.withdraw AND NOT k.rems ? 'local_id' THEN 'rems_incomplete'
        END AS own_code
    FROM known k
), repeated AS (
    -- Of the rows that pass and say one completion, the first that says its credits stands for it; the others, like board
    -- credit alone, count with it.
    SELECT j.row, row_number() OVER same AS nth, first_value(j.row) OVER same AS first_row,
        first_value(j.amount) OVER same AS first_amount
    FROM judged j
    WHERE j.other_row <> j.row
    WINDOW same AS (
        PARTITION BY coalesce(j.physician_id, -j.learner_id), j.activity_id, j.occasion_on, j.withdraw,
            j.own_code IS NULL
        ORDER BY j.alone, j.row
    )
), standing AS (
    -- What each person of a series has of it already.
    SELECT w.learner_id, w.physician_id, w.activity_id, sum(c.amount) AS amount
    FROM (SELECT DISTINCT k.learner_id, k.physician_id, k.activity_id FROM known k WHERE k.is_series) w
    JOIN LATERAL (
        SELECT c.amount FROM learners_credit c
        WHERE w.physician_id IS NOT NULL AND c.physician_id IS NOT NULL AND c.physician_id = w.physician_id
            AND c.activity_id = w.activity_id AND c.credit_type = 1 AND c.withdrawn_at IS NULL
        UNION ALL
        SELECT c.amount FROM learners_credit c
        WHERE w.physician_id IS NULL AND c.physician_id IS NULL AND c.learner_id = w.learner_id
            AND c.activity_id = w.activity_id AND c.credit_type = 1 AND c.withdrawn_at IS NULL
    ) c ON true
    GROUP BY w.learner_id, w.physician_id, w.activity_id
), summed AS (
    -- ... and would have of it after this row: without what the file changes or takes back, with what it says so far.
    SELECT j.*, coalesce(r.nth, 1) AS nth, coalesce(r.first_row, j.row) AS first_row,
        coalesce(r.first_amount, j.amount) AS first_amount, s.series_total
    FROM judged j
    LEFT JOIN repeated r ON r.row = j.row
    LEFT JOIN (
        SELECT n.row, coalesce(t.amount, 0) - coalesce(sum(n.known_amount) OVER person, 0)
            + sum(n.amount) FILTER (WHERE NOT n.withdraw) OVER (
                person ORDER BY n.row ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS series_total
        FROM judged n
        LEFT JOIN repeated m ON m.row = n.row
        LEFT JOIN standing t ON t.learner_id = n.learner_id AND t.activity_id = n.activity_id
        WHERE n.is_series AND n.own_code IS NULL AND coalesce(m.nth, 1) = 1
        WINDOW person AS (PARTITION BY coalesce(n.physician_id, -n.learner_id), n.activity_id)
    ) s ON s.row = coalesce(r.first_row, j.row)
), capped AS (
    SELECT s.*,
        CASE
            WHEN s.own_code IS NULL AND NOT s.withdraw AND s.series_total > s.maximum
                AND s.first_amount > coalesce(s.known_amount, 0)
            THEN 'amount_over_series'
        END AS series_code
    FROM summed s
)
SELECT c.*, coalesce(c.own_code, c.series_code) AS code,
    CASE
        WHEN %(land)s AND c.own_code IS NULL AND c.series_code IS NULL AND c.nth = 1 AND NOT c.withdraw
            AND c.credit_id IS NULL
        THEN nextval('learners_credit_id_seq')
    END AS new_id
FROM capped c
