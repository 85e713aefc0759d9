-- Each staged row beside the license it names and the person it means, with the code it fails by, if any.
-- Two records become one only where it is sure (docs/adr/0014-whose-license.md): doubt makes a new person and a note.
CREATE TEMPORARY TABLE weighed ON COMMIT DROP AS
WITH said AS (
    SELECT s.*,
        row_number() OVER same_license AS nth,
        first_value(s.row) OVER same_license AS first_row,
        CASE WHEN row_number() OVER same_license = 1 THEN max(s.row) OVER (PARTITION BY s.number)
            ELSE first_value(s.row) OVER same_license END AS other_row,
        min(s.words) OVER (PARTITION BY s.number) <> max(s.words) OVER (PARTITION BY s.number) AS differs,
        s.npi IS NOT NULL AND (
            min(s.last_key) OVER (PARTITION BY s.npi) <> max(s.last_key) OVER (PARTITION BY s.npi)
            OR min(s.birthday) OVER (PARTITION BY s.npi) <> max(s.birthday) OVER (PARTITION BY s.npi)
        ) AS npi_differs,
        CASE WHEN row_number() OVER (PARTITION BY s.npi ORDER BY s.row) = 1 THEN max(s.row) OVER (PARTITION BY s.npi)
            ELSE min(s.row) OVER (PARTITION BY s.npi) END AS other_npi_row
    FROM (
        SELECT t.*, md5(ROW(t.degree, t.first_key, t.last_key, t.birthday, t.npi, t.status, t.issued_on, t.expires_on,
            t.corrects)::text) AS words
        FROM staged t
    ) s
    WINDOW same_license AS (PARTITION BY s.number ORDER BY s.row)
), named AS (
    -- The license by its number as issued; a number that only NPPES or a claim has told counts in any spelling.
    SELECT DISTINCT ON (s.row) s.*, x.id AS x_id, x.number = s.number AS exact
    FROM said s
    LEFT JOIN learners_license x ON x.board_id = %(organization)s AND x.number_key = s.number_key AND (
        x.number = s.number OR (x.source <> 'roster' AND x.degree = s.degree AND x.last_key = s.last_key)
    )
    ORDER BY s.row, (x.number = s.number) DESC NULLS LAST, x.id
), held AS (
    SELECT n.*, CASE WHEN row_number() OVER (PARTITION BY n.x_id ORDER BY n.exact DESC, n.row) = 1 THEN n.x_id END
        AS license_id
    FROM named n
), meant AS (
    SELECT h.*, x.physician_id AS holder_id, p.id AS npi_holder_id,
        coalesce(x.physician_id, p.id) AS known_id,
        x.number AS x_number, x.degree AS x_degree, x.status AS x_status, x.issued_on AS x_issued_on,
        x.expires_on AS x_expires_on, x.first_key AS x_first_key, x.last_key AS x_last_key, x.npi AS x_npi,
        x.source AS x_source
    FROM held h
    LEFT JOIN learners_license x ON x.id = h.license_id
    LEFT JOIN learners_physician p ON p.npi = h.npi
), compared AS (
    SELECT m.*, o.first_name || ' ' || o.last_name AS known, o.birthday AS o_birthday, o.npi AS o_npi,
        o.source AS o_source, o.first_key AS o_first_key, o.last_key AS o_last_key, o.degree AS o_degree,
        o.middle_name AS o_middle_name, o.suffix AS o_suffix,
        o.last_key = m.last_key OR m.x_last_key IS NOT DISTINCT FROM m.last_key OR EXISTS (
            SELECT FROM learners_alias a WHERE a.physician_id = o.id AND a.last_key = m.last_key
        ) AS name_agrees,
        -- "Robert" and "Robert James", "Rob": one begins with the other
        m.first_key IN (o.first_key, m.x_first_key)
            OR (least(length(o.first_key), length(m.first_key)) >= 3
                AND (starts_with(o.first_key, m.first_key) OR starts_with(m.first_key, o.first_key)))
            OR EXISTS (
                SELECT FROM learners_alias a WHERE a.physician_id = o.id AND a.first_key = m.first_key
            ) AS first_agrees,
        coalesce(o.birthday = m.birthday, false) AS birthday_agrees,
        coalesce(o.birthday <> m.birthday, false) AS birthday_differs,
        coalesce(o.npi = m.npi, false) AS npi_agrees,
        coalesce(o.npi <> m.npi, false) AS npi_differs_from_record
    FROM meant m
    LEFT JOIN learners_physician o ON o.id = m.known_id
), judged AS (
    SELECT c.*,
        CASE
            WHEN c.license_id IS NULL
                THEN c.name_agrees AND (c.birthday_agrees OR (NOT c.birthday_differs AND c.first_agrees))
            WHEN c.corrects THEN c.name_agrees OR c.birthday_agrees OR c.npi_agrees
            ELSE (c.name_agrees AND NOT (c.birthday_differs AND (c.npi_differs_from_record OR NOT c.first_agrees)))
                OR (c.birthday_agrees AND NOT c.npi_differs_from_record AND (c.first_agrees OR c.npi_agrees))
                OR (c.npi_agrees AND c.first_agrees AND NOT c.birthday_differs)
        END AS same_person
    FROM compared c
), persons AS (
    -- Two rows of one NPI mean one person: a row that found nobody goes with the row that did.
    SELECT j.*,
        CASE WHEN j.known_id IS NOT NULL AND j.same_person THEN j.known_id END AS sure_id,
        min(CASE WHEN j.known_id IS NOT NULL AND j.same_person THEN j.known_id END)
            OVER (PARTITION BY coalesce(j.npi, 'row ' || j.row)) AS first_sure_id
    FROM judged j
), placed AS (
    SELECT p.*,
        coalesce(p.sure_id, CASE WHEN p.known_id IS NULL THEN p.first_sure_id END) AS physician_id,
        p.npi IS NOT NULL AND (
            (p.npi_holder_id IS NOT NULL AND p.npi_holder_id IS DISTINCT FROM p.sure_id)
            OR coalesce(p.sure_id <> p.first_sure_id, false)
        ) AS npi_taken
    FROM persons p
), final AS (
    SELECT p.*,
        CASE
            WHEN p.npi IS NULL OR p.npi_taken THEN CASE WHEN p.sure_id IS NOT NULL THEN p.o_npi END
            WHEN p.sure_id IS NULL OR p.o_npi IS NULL OR p.corrects THEN p.npi
            ELSE p.o_npi
        END AS new_npi,
        coalesce(p.status, CASE
            WHEN p.expires_on < %(reported_on)s THEN 'lapsed'
            WHEN p.expires_on IS NOT NULL OR p.x_status IS NULL OR p.x_status = 'unconfirmed' THEN 'active'
            ELSE p.x_status
        END) AS new_status,
        coalesce(p.issued_on, p.x_issued_on) AS new_issued_on,
        coalesce(p.expires_on, p.x_expires_on) AS new_expires_on,
        p.sure_id IS NOT NULL AND p.birthday IS NOT NULL
            AND (p.o_birthday IS NULL OR (p.corrects AND p.birthday_differs)) AS sets_birthday,
        -- A board renames whom it named before; a spelling of NPPES or of a claim gives way to a board's.
        p.sure_id IS NOT NULL AND (p.first_key, p.last_key) <> (p.o_first_key, p.o_last_key) AND (
            NOT p.name_agrees OR p.o_source <> 'roster'
            OR (p.x_first_key, p.x_last_key) IS NOT DISTINCT FROM (p.o_first_key, p.o_last_key)
        ) AS renames
    FROM placed p
)
SELECT f.row, f.number, f.number_key, f.degree, f.first_name, f.middle_name, f.last_name, f.suffix, f.first_key,
    f.last_key, f.birthday, f.npi, f.nth, f.first_row, f.other_row, f.other_npi_row, f.license_id, f.physician_id,
    coalesce('npi ' || CASE WHEN NOT f.npi_taken THEN f.npi END, 'row ' || f.row) AS newcomer,
    f.new_npi, f.new_status, f.new_issued_on, f.new_expires_on, f.sets_birthday, f.renames, f.name_agrees, f.known,
    f.corrects, f.sure_id, f.o_source, f.o_npi, f.degree = '' AS passed_over,
    f.birthday_differs AND f.sure_id IS NOT NULL AND NOT f.corrects AS birthday_kept,
    f.npi_differs_from_record AND f.sure_id IS NOT NULL AND NOT f.corrects AND NOT f.npi_taken AS npi_kept,
    f.npi_taken,
    f.license_id IS NULL OR f.sets_birthday OR f.renames OR f.x_source <> 'roster'
        OR (f.o_npi, f.o_degree) IS DISTINCT FROM (f.new_npi, f.degree)
        OR (f.middle_name <> '' AND f.o_middle_name = '') OR (f.suffix <> '' AND f.o_suffix = '')
        OR (f.x_number, f.x_degree, f.x_status, f.x_issued_on, f.x_expires_on, f.x_first_key, f.x_last_key)
            IS DISTINCT FROM
            (f.number, f.degree, f.new_status, f.new_issued_on, f.new_expires_on, f.first_key, f.last_key) AS changes,
    CASE
        WHEN f.differs THEN 'differs_in_file'
        WHEN f.npi_differs THEN 'npi_differs_in_file'
        WHEN f.degree = '' THEN NULL
        WHEN f.license_id IS NOT NULL AND NOT f.same_person THEN 'license_of_another'
    END AS code
FROM final f
