-- Each staged row beside its learner, its activity and the credit it would touch, with the code it fails by, if any.
-- A row that names no activity asks about its person alone. `new_id` is the id of the credit that a row becomes.
CREATE TEMPORARY TABLE weighed ON COMMIT DROP AS
WITH joined AS MATERIALIZED (
    SELECT s.row, s.withdraw, s.amount, s.completed_on, s.consent, s.points, s.number, s.number_key, s.state, s.npi_doubtful,
        s.activity_id AS said_activity,
        p.learner_id, coalesce(p.physician_id, k.physician_id) AS physician_id, coalesce(k.verdict, 'matched') AS verdict,
        a.id AS activity_id, a.is_complete, a.start_on, a.end_on, a.credits AS maximum,
        CASE WHEN a.repeats THEN s.completed_on END AS occasion_on,
        learners_due_on(a.self_paced, s.completed_on, a.end_on) AS due_on
    FROM staged s
    JOIN person p ON p.fingerprint = s.fingerprint
    LEFT JOIN looked k ON k.learner_id = p.learner_id
    LEFT JOIN activities_activity a ON a.activity_id = s.activity_id AND a.organization_id = %(organization)s
), known AS (
    SELECT j.*, c.id AS credit_id, c.amount AS known_amount, c.completed_on AS known_on,
        row_number() OVER same AS nth,
        first_value(j.row) OVER same AS first_row,
        CASE WHEN row_number() OVER same = 1 THEN last_value(j.row) OVER same ELSE first_value(j.row) OVER same END
            AS other_row,
        (min(j.amount) OVER same <> max(j.amount) OVER same
            OR min(j.completed_on) OVER same <> max(j.completed_on) OVER same) AS differs
    FROM joined j
    LEFT JOIN LATERAL (
        SELECT c.id, c.amount, c.completed_on
        FROM learners_credit c
        WHERE j.physician_id IS NOT NULL AND c.physician_id IS NOT NULL AND c.physician_id = j.physician_id
            AND c.activity_id = j.activity_id AND c.credit_type = 1
            AND c.occasion_on IS NOT DISTINCT FROM j.occasion_on AND c.withdrawn_at IS NULL
        UNION ALL
        SELECT c.id, c.amount, c.completed_on
        FROM learners_credit c
        WHERE j.physician_id IS NULL AND c.physician_id IS NULL AND c.learner_id = j.learner_id
            AND c.activity_id = j.activity_id AND c.credit_type = 1
            AND c.occasion_on IS NOT DISTINCT FROM j.occasion_on AND c.withdrawn_at IS NULL
    ) c ON true
    WINDOW same AS (
        PARTITION BY coalesce(j.physician_id, -j.learner_id), j.activity_id, j.occasion_on, j.withdraw
        ORDER BY j.row ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
), judged AS (
    SELECT k.*,
        CASE
            WHEN k.activity_id IS NULL AND k.said_activity <> '' THEN 'activity_unknown'
            WHEN NOT k.is_complete THEN 'activity_draft'
            WHEN k.completed_on NOT BETWEEN k.start_on AND k.end_on THEN 'date_outside_activity'
            WHEN NOT k.withdraw AND k.amount > k.maximum THEN 'amount_over_maximum'
            WHEN k.npi_doubtful AND k.verdict = 'not_found' THEN 'npi_invalid'
            WHEN k.verdict = 'disagrees' THEN 'identity'
            WHEN k.verdict = 'several' THEN 'several'
            WHEN k.differs AND NOT k.withdraw THEN 'differs_in_file'
            WHEN k.withdraw AND (k.credit_id IS NULL OR k.known_on <> k.completed_on) THEN 'nothing_to_delete'
            WHEN NOT k.withdraw AND k.known_on <> k.completed_on THEN 'other_date'
            WHEN k.points IS NOT NULL AND EXISTS (
                SELECT FROM jsonb_to_recordset(k.points) AS p (board text, type text)
                WHERE NOT EXISTS (
                    SELECT FROM activities_boardregistration r
                    WHERE r.activity_id = k.activity_id AND r.board = p.board AND p.type = ANY (r.credit_types)
                )
            ) THEN 'points_not_registered'
        END AS code
    FROM known k
)
SELECT j.*,
    CASE
        WHEN %(land)s AND j.code IS NULL AND j.nth = 1 AND NOT j.withdraw AND j.credit_id IS NULL
        THEN nextval('learners_credit_id_seq')
    END AS new_id
FROM judged j
