from django.db import migrations


class Migration(migrations.Migration):
    """An activity with credits, withdrawn ones too, stays in its group of formats (design section 4).

    Whether a completion is one of many or the only one is part of a credit's key, so the group cannot change under
    it. That such an activity cannot be deleted, the credit's own foreign key sees to. The provider who changes an
    activity sees every credit of it, so the function needs no rights beyond the caller's.
    """

    dependencies = [("learners", "0001_initial"), ("activities", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION learners_activity_keeps_its_group() RETURNS trigger
            LANGUAGE plpgsql AS
            'BEGIN
                IF EXISTS (SELECT FROM learners_credit c WHERE c.activity_id = NEW.id) THEN
                    RAISE EXCEPTION USING ERRCODE = ''check_violation'', CONSTRAINT = ''activity_keeps_its_group'',
                        MESSAGE = ''an activity with credits keeps its group of formats'';
                END IF;
                RETURN NULL;
            END';
            CREATE TRIGGER activity_keeps_its_group AFTER UPDATE OF format ON activities_activity
                FOR EACH ROW WHEN (OLD.repeats <> NEW.repeats)
                EXECUTE FUNCTION learners_activity_keeps_its_group();
            """,
            """
            DROP TRIGGER activity_keeps_its_group ON activities_activity;
            DROP FUNCTION learners_activity_keeps_its_group();
            """,
        )
    ]
