from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION learners_day_of(moment timestamptz, time_zone text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (moment AT TIME ZONE time_zone)::date;

CREATE FUNCTION learners_due_on(self_paced boolean, completed_on date, end_on date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE WHEN self_paced THEN completed_on ELSE end_on END + 30;

-- Six years after 29 February PostgreSQL's own calendar says 28 February, which is a day too early.
CREATE FUNCTION learners_kept_until(completed_on date, end_on date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    (greatest(completed_on, end_on) + interval '6 years')::date
    + CASE WHEN extract(month FROM greatest(completed_on, end_on)) = 2
        AND extract(day FROM greatest(completed_on, end_on)) = 29 THEN 1 ELSE 0 END;
"""
DROP_FUNCTIONS = """
DROP FUNCTION learners_kept_until(date, date);
DROP FUNCTION learners_due_on(boolean, date, date);
DROP FUNCTION learners_day_of(timestamptz, text);
"""

BACKFILL = """
UPDATE learners_credit c SET due_on = learners_due_on(a.self_paced, c.completed_on, a.end_on)
FROM activities_activity a WHERE a.id = c.activity_id
"""

# A report date only ever becomes earlier, when two wordings of one completion are joined; a due date never moves.
NEVER_REDATED = """
CREATE FUNCTION learners_refuse_redating() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN
    RAISE EXCEPTION USING ERRCODE = ''check_violation'', CONSTRAINT = ''credit_is_never_redated'',
        MESSAGE = ''the day a credit was first reported, and the day it was due, stay as they are'';
END';
CREATE TRIGGER credit_is_never_redated BEFORE UPDATE OF first_reported_at, due_on ON learners_credit
    FOR EACH ROW WHEN (NEW.first_reported_at > OLD.first_reported_at OR NEW.due_on <> OLD.due_on)
    EXECUTE FUNCTION learners_refuse_redating();
"""
REDATED = """
DROP TRIGGER credit_is_never_redated ON learners_credit;
DROP FUNCTION learners_refuse_redating();
"""


class Migration(migrations.Migration):
    """When a credit was due stands on the credit; the day it was first reported can only become earlier."""

    dependencies = [("learners", "0002_activity_keeps_its_group")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.AddField("credit", "due_on", models.DateField(null=True)),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AlterField("credit", "due_on", models.DateField()),
        migrations.RunSQL(NEVER_REDATED, REDATED),
    ]
