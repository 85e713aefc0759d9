-- Issues, one a row at most for what failed and one for what a person should know of what landed.
INSERT INTO batches_issue (id, batch_id, organization_id, row, "column", value, code, level, params)
SELECT gen_random_uuid(), %(batch)s, %(organization)s, w.row, i."column", coalesce(i.value, ''), i.code, i.level,
    i.params
FROM weighed w
LEFT JOIN LATERAL (
    -- Beside a disagreement stands only what is public: whether that license exists, and the name on it.
    SELECT CASE
            WHEN w.number = '' OR w.state = '' THEN ''
            WHEN count(*) = 0 THEN format('No %%s license %%s is on record.', w.state, w.number)
            ELSE format('License %%s is on record for %%s.', w.number,
                string_agg(DISTINCT y.first_name || ' ' || y.last_name, ' and '))
        END AS says
    FROM learners_license x JOIN learners_physician y ON y.id = x.physician_id
    WHERE x.state = w.state AND x.number_key = w.number_key
) public ON w.code = 'identity'
CROSS JOIN LATERAL (
    SELECT w.code, 'fix' AS level,
        CASE w.code
            WHEN 'activity_unknown' THEN 'activity'
            WHEN 'activity_draft' THEN 'activity'
            WHEN 'amount_over_maximum' THEN 'amount'
            WHEN 'amount_over_session' THEN 'amount'
            WHEN 'amount_over_series' THEN 'amount'
            WHEN 'npi_invalid' THEN 'number'
            WHEN 'identity' THEN CASE WHEN w.board = '' THEN 'number' ELSE 'member' END
            WHEN 'several' THEN 'number'
            WHEN 'board_not_registered' THEN 'board'
            WHEN 'points_not_registered' THEN 'board'
            WHEN 'rems_unreadable' THEN w.rems #>> '{wrong,0}'
            WHEN 'rems_incomplete' THEN 'local_id'
            ELSE 'completed'
        END AS "column",
        CASE w.code
            WHEN 'activity_unknown' THEN w.said_activity
            WHEN 'activity_draft' THEN w.said_activity
            WHEN 'amount_over_maximum' THEN trim_scale(w.amount)::text
            WHEN 'amount_over_session' THEN trim_scale(w.amount)::text
            WHEN 'amount_over_series' THEN trim_scale(w.amount)::text
            WHEN 'npi_invalid' THEN w.number
            WHEN 'identity' THEN w.number
            WHEN 'several' THEN w.number
            WHEN 'board_not_registered' THEN w.points -> 0 ->> 'board'
            WHEN 'points_not_registered' THEN w.points -> 0 ->> 'board'
            WHEN 'rems_unreadable' THEN w.rems #>> '{wrong,1}'
            WHEN 'rems_incomplete' THEN ''
            ELSE to_char(w.completed_on, 'MM/DD/YYYY')
        END AS value,
        CASE w.code
            WHEN 'date_outside_activity' THEN jsonb_build_object(
                'start', to_char(w.start_on, 'MM/DD/YYYY'), 'end', to_char(w.end_on, 'MM/DD/YYYY'))
            WHEN 'amount_over_maximum' THEN jsonb_build_object('maximum', trim_scale(w.maximum)::text)
            WHEN 'amount_over_session' THEN jsonb_build_object('maximum', trim_scale(w.session_maximum)::text)
            WHEN 'amount_over_series' THEN jsonb_build_object(
                'total', trim_scale(w.series_total)::text, 'maximum', trim_scale(w.maximum)::text)
            WHEN 'other_date' THEN jsonb_build_object('known', to_char(w.known_on, 'MM/DD/YYYY'))
            WHEN 'differs_in_file' THEN jsonb_build_object('other', w.other_row)
            WHEN 'board_not_registered' THEN jsonb_build_object('board', w.points -> 0 ->> 'board')
            WHEN 'points_not_registered' THEN jsonb_build_object('board', w.points -> 0 ->> 'board', 'types', (
                SELECT array_to_string(r.credit_types, ', ') FROM activities_boardregistration r
                WHERE r.activity_id = w.activity_id AND r.board = w.points -> 0 ->> 'board'))
            WHEN 'rems_unreadable' THEN jsonb_build_object('do', w.rems #> '{wrong,2}')
            WHEN 'identity' THEN jsonb_build_object('license', coalesce(public.says, ''))
            ELSE '{}'::jsonb
        END AS params
    WHERE w.code IS NOT NULL
    UNION ALL
    SELECT p.code, 'wait', CASE WHEN w.board = '' THEN 'number' ELSE 'member' END, w.number, '{}'::jsonb
    FROM (SELECT CASE w.verdict
            WHEN 'not_found' THEN CASE WHEN w.board = '' THEN 'not_in_registry' ELSE 'board_number_not_known' END
            WHEN 'unconfirmed' THEN 'birthday_unconfirmed'
            WHEN 'review' THEN 'kept_for_review' END AS code) p
    WHERE w.code IS NULL AND NOT w.withdraw AND p.code IS NOT NULL
    UNION ALL
    SELECT CASE WHEN w.alone THEN 'board_credit_beside' ELSE 'repeated_in_file' END, 'note', 'completed',
        to_char(w.completed_on, 'MM/DD/YYYY'), jsonb_build_object('other', w.first_row)
    WHERE w.code IS NULL AND w.nth > 1
    UNION ALL
    SELECT CASE WHEN w.known_amount = 0 THEN 'completes_board_credit' ELSE 'corrected' END, 'note', 'amount',
        trim_scale(w.amount)::text, jsonb_build_object('known', trim_scale(w.known_amount)::text)
    WHERE w.code IS NULL AND w.nth = 1 AND NOT w.withdraw AND w.known_amount <> w.amount
    UNION ALL
    SELECT CASE WHEN w.withdraw THEN 'points_withdrawn' ELSE 'points_changed' END, 'note', 'board',
        w.points -> 0 ->> 'board', '{}'::jsonb
    WHERE w.points IS NOT NULL AND w.code IS NULL AND w.nth = 1 AND w.credit_id IS NOT NULL
        AND w.row IN (SELECT b.first_row FROM board_credit b)
    UNION ALL
    SELECT 'rems_aside', 'note', 'activity', w.said_activity, '{}'::jsonb
    WHERE w.code IS NULL AND w.nth = 1 AND NOT w.withdraw AND w.rems_aside
    UNION ALL
    SELECT 'redated', 'note', 'completed', to_char(w.completed_on, 'MM/DD/YYYY'),
        jsonb_build_object('known', to_char(w.known_on, 'MM/DD/YYYY'))
    WHERE w.code IS NULL AND w.nth = 1 AND NOT w.withdraw AND w.known_on <> w.completed_on
    UNION ALL
    SELECT 'late', 'note', 'completed', to_char(w.completed_on, 'MM/DD/YYYY'),
        jsonb_build_object('due', to_char(w.due_on, 'MM/DD/YYYY'))
    WHERE w.code IS NULL AND w.nth = 1 AND NOT w.withdraw AND w.credit_id IS NULL AND w.due_on < %(reported_on)s
) i
WHERE w.code IS NOT NULL OR w.physician_id IS NULL OR w.nth > 1 OR w.known_amount <> w.amount
    OR w.known_on <> w.completed_on OR w.rems_aside OR w.points IS NOT NULL OR w.due_on < %(reported_on)s
