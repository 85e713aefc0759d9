"""Learner credit as a batch kind."""

from datetime import date

from pars.access.models import Agreement, Consent
from pars.access.roles import Permission
from pars.batches.kinds import Checker, Kind, Option
from pars.batches.models import Batch
from pars.batches.readers import Header

from .check import STAGING, checker
from .columns import LAYOUT
from .landing import land, statement
from .sentences import SENTENCES


def usual_consent(organization_id: int) -> str:
    """The consent the provider's administrator declared with the agreement; "" before there is one."""
    newest = Agreement.objects.filter(organization_id=organization_id).order_by("-dated").first()
    return newest.consent if newest else ""


def _options(organization_id: int) -> tuple[Option, ...]:
    consent = Option(
        name="consent",
        label="How did the learners consent?",
        choices=tuple(Consent.choices),
        usual=usual_consent(organization_id),
        hint="Your organization's own declaration is chosen. Change it only if this file is different.",
    )
    return (consent,)


def _checker(batch: Batch, header: Header, today: date) -> Checker:
    consent = batch.options.get("consent") or usual_consent(batch.organization_id)
    return checker(header, today=today, consent=consent)


LEARNERS = Kind(
    name="learners",
    title="Learner credit",
    layout=LAYOUT,
    sentences=SENTENCES,
    staging=STAGING,
    checker=_checker,
    land=land,
    permission=Permission.REPORT,
    gather=statement("gather"),
    options=_options,
    template="learner-template",
)
