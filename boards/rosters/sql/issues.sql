-- Issues: why a row failed, and what a board should know of those that landed.
INSERT INTO batches_issue (id, batch_id, organization_id, row, "column", value, code, level, params)
SELECT gen_random_uuid(), %(batch)s, %(organization)s, w.row, i."column", coalesce(i.value, ''), i.code, i.level,
    i.params
FROM weighed w
CROSS JOIN LATERAL (
    SELECT w.code, 'fix' AS level,
        CASE w.code WHEN 'npi_differs_in_file' THEN 'npi' ELSE 'number' END AS "column",
        CASE w.code WHEN 'npi_differs_in_file' THEN w.npi ELSE w.number END AS value,
        CASE w.code
            WHEN 'differs_in_file' THEN jsonb_build_object('other', w.other_row)
            WHEN 'npi_differs_in_file' THEN jsonb_build_object('other', w.other_npi_row)
            ELSE jsonb_build_object('known', w.known)
        END AS params
    WHERE w.code IS NOT NULL
    UNION ALL
    SELECT 'repeated_in_file', 'note', 'number', w.number, jsonb_build_object('other', w.first_row)
    WHERE w.code IS NULL AND w.nth > 1
    UNION ALL
    SELECT 'not_a_physician', 'note', 'degree', '', '{}'::jsonb
    WHERE w.code IS NULL AND w.nth = 1 AND w.passed_over
    UNION ALL
    SELECT n.code, 'note', n."column", n.value, n.params
    FROM (
        VALUES
            (w.birthday_kept, 'birthday_kept', 'birthday', '', '{}'::jsonb),
            (w.npi_kept, 'npi_kept', 'npi', w.npi, '{}'::jsonb),
            (w.npi_taken, 'npi_of_another', 'npi', w.npi, '{}'::jsonb),
            (w.renames AND w.o_source = 'roster', 'name_changed', 'last_name', w.last_name,
                jsonb_build_object('known', w.known))
    ) n (told, code, "column", value, params)
    WHERE n.told AND w.code IS NULL AND w.nth = 1 AND NOT w.passed_over
) i
WHERE w.code IS NOT NULL OR w.nth > 1 OR w.passed_over OR w.birthday_kept OR w.npi_kept OR w.npi_taken OR w.renames
