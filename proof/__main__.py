"""make proof: every claim of this folder; exit status 1 where one does not hold."""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")
os.environ["PARS_DB_ROLE"] = "pars_web"
django.setup()

from django.db import transaction

from proof import dates

SHOWN = 5


def main() -> int:
    begun = time.perf_counter()
    told = [(case, dates.answer(case)) for case in dates.cases()]
    in_python = [case for case, right in told if dates.by_python(case) != right]
    with transaction.atomic():
        in_sql = dates.disagreements_of_sql(told)
    seconds = time.perf_counter() - begun
    print(
        f"dates: {len(told):,} cases, {len(in_python):,} wrong in Python, {len(in_sql):,} wrong in SQL, "
        f"{seconds:.0f} s"
    )
    for wrong in [*in_python[:SHOWN], *in_sql[:SHOWN]]:
        print(f"  {wrong}")
    return 1 if in_python or in_sql else 0


if __name__ == "__main__":
    sys.exit(main())
