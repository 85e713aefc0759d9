from django.db import migrations

# As learners/numbers.py makes them: punctuation goes first, then the zeros that lead each run of digits.
KEY = (
    "regexp_replace(regexp_replace(upper(t.number), '[^0-9A-Z]+', '', 'g'), '(?<![0-9])0+(?=[0-9])', '', 'g')"
)
KEYS = f"""
UPDATE learners_license t SET number_key = {KEY} WHERE t.number_key <> {KEY};
UPDATE learners_learner t SET number_key = {KEY} WHERE t.number_key <> {KEY};
"""


class Migration(migrations.Migration):
    """ "35.012345" and "35012345" are found by one key: zeros behind punctuation no longer part them."""

    dependencies = [("learners", "0011_activity_held_by_statement")]

    operations = [migrations.RunSQL(KEYS, migrations.RunSQL.noop)]
