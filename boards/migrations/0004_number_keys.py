from django.db import migrations

KEY = (
    "regexp_replace(regexp_replace(upper(t.number), '[^0-9A-Z]+', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')"
)
KEYS = f"""
UPDATE boards_licenseaside t SET number_key = {KEY}
WHERE t.number_key <> {KEY} AND NOT EXISTS (
    SELECT FROM boards_licenseaside o
    WHERE o.id <> t.id AND (o.physician_id, o.state, o.number_key) = (t.physician_id, t.state, {KEY})
);
"""


class Migration(migrations.Migration):
    """The keys of licenses set aside, as learners/numbers.py makes them now."""

    dependencies = [("boards", "0003_nppes"), ("learners", "0012_number_keys")]

    operations = [migrations.RunSQL(KEYS, migrations.RunSQL.noop)]
