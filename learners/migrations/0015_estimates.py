from django.db import migrations

from pars.access import rls

# While it plans, PostgreSQL looks a setting's value up in its statistics. An organization that is new since these were
# made is not in them, is taken to have one row, and its rows are then read for each row that is joined: 10,000 rows took
# minutes. Asked for in a subquery, the value is not known yet, and an organization is taken for one of the usual size.
ASKED = f"(SELECT {rls.ORGANIZATION_ID})"
PLAIN = rls.ORGANIZATION_ID
BOARD = (
    "({kind} AND EXISTS (SELECT FROM learners_license x "
    "WHERE x.physician_id = learners_credit.physician_id AND x.board_id = {organization}))"
)


def _own(table: str, organization: str, *kinds: str) -> str:
    return f"({rls.kind_is(*kinds)} AND {table}.organization_id = {organization})"


def _policies(organization: str) -> str:
    learner, credit = "learners_learner", "learners_credit"
    seen = {
        learner: rls.any_of(rls.OPERATOR, _own(learner, organization, "provider", "matcher")),
        credit: rls.any_of(
            rls.OPERATOR,
            _own(credit, organization, "provider", "matcher"),
            f"({rls.kind_is('physician')} AND {credit}.physician_id = {rls.PHYSICIAN_ID})",
            BOARD.format(kind=rls.kind_is("board"), organization=PLAIN),
        ),
    }
    statements = []
    for table, see in seen.items():
        write = _own(table, organization, "matcher")
        statements += [
            f"ALTER POLICY see ON {table} USING ({see})",
            f"ALTER POLICY change ON {table} USING ({write}) WITH CHECK ({_own(table, PLAIN, 'matcher')})",
        ]
    return ";\n".join(statements)


class Migration(migrations.Migration):
    dependencies = [
        ("learners", "0014_matcher_sees_mergers"),
    ]

    operations = [
        migrations.RunSQL(_policies(ASKED), _policies(PLAIN)),
    ]
