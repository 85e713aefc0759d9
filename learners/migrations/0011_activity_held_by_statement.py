from django.db import migrations

# A foreign key looks at the activity once for each credit, which was a twentieth of a batch; this looks once for each
# statement. Credit is written in the organization's turn (pars/batches/turns.py, whose number this is), and the removal
# of an activity waits for that turn: so credit that is not committed yet keeps its activity, too.
HELD_BY_STATEMENT = """
ALTER TABLE learners_credit ALTER CONSTRAINT credit_activity_same_organization NOT ENFORCED;

CREATE FUNCTION learners_credit_has_its_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh n
        LEFT JOIN activities_activity a ON a.id = n.activity_id AND a.organization_id = n.organization_id
        WHERE a.id IS NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'credit_activity_same_organization',
            MESSAGE = 'a credit is for an activity of the organization that reports it';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_has_its_activity AFTER INSERT ON learners_credit
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION learners_credit_has_its_activity();

CREATE FUNCTION learners_credit_keeps_its_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'credit_activity_same_organization',
        MESSAGE = 'a credit keeps its activity and its organization';
END $$;
CREATE TRIGGER credit_keeps_its_activity BEFORE UPDATE OF activity_id, organization_id ON learners_credit
    FOR EACH ROW WHEN ((OLD.activity_id, OLD.organization_id) <> (NEW.activity_id, NEW.organization_id))
    EXECUTE FUNCTION learners_credit_keeps_its_activity();

CREATE FUNCTION learners_activity_keeps_its_credits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(47740, hashint8(OLD.organization_id));
    IF EXISTS (SELECT FROM learners_credit c WHERE c.activity_id = OLD.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'credit_activity_same_organization',
            MESSAGE = 'an activity with credits stays where it is';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER activity_keeps_its_credits AFTER DELETE ON activities_activity
    FOR EACH ROW EXECUTE FUNCTION learners_activity_keeps_its_credits();
CREATE TRIGGER activity_stays_with_its_credits AFTER UPDATE OF id, organization_id ON activities_activity
    FOR EACH ROW WHEN ((OLD.id, OLD.organization_id) <> (NEW.id, NEW.organization_id))
    EXECUTE FUNCTION learners_activity_keeps_its_credits();
"""
HELD_BY_KEY = """
DROP TRIGGER activity_stays_with_its_credits ON activities_activity;
DROP TRIGGER activity_keeps_its_credits ON activities_activity;
DROP TRIGGER credit_keeps_its_activity ON learners_credit;
DROP TRIGGER credit_has_its_activity ON learners_credit;
DROP FUNCTION learners_activity_keeps_its_credits();
DROP FUNCTION learners_credit_keeps_its_activity();
DROP FUNCTION learners_credit_has_its_activity();
ALTER TABLE learners_credit ALTER CONSTRAINT credit_activity_same_organization ENFORCED;
"""


class Migration(migrations.Migration):
    """What was left of the cost of a credit beyond itself: its activity looked at once a row (docs/adr/0005)."""

    dependencies = [("activities", "0001_initial"), ("learners", "0010_consented_on")]

    operations = [migrations.RunSQL(HELD_BY_STATEMENT, HELD_BY_KEY)]
