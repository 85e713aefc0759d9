"""The activity record. What others may read stands on `Activity` and on what is registered or offered with it; support
and learner counts stand in tables that only the provider and the operator read.

`record` says what each field means; `actions` writes them.
"""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower

from pars.access.actor import Actor
from pars.access.models import Organization

from .formats import DELIVERED, REPEATING, SELF_PACED, Delivery, Format
from .staging import StagedActivity  # noqa: F401 (Django finds an app's models through this module)
from .status import Status, status_on

_IN_PERSON = Q(delivery__contains=[Delivery.IN_PERSON])
# What Active asks for (pars-facts 2.1); `rules.missing` says the same in words.
_COMPLETE = (
    (~Q(delivery=[]) | ~Q(format__in=sorted(DELIVERED)))
    & Q(credits__isnull=False)
    & (~_IN_PERSON | (~Q(city="") & ~Q(country="") & (~Q(country="USA") | ~Q(state=""))))
    & ~Q(description="")
    & ~Q(providership="")
    & (Q(listed=False) | (~Q(fee="") & ~Q(registration="") & ~Q(url="")))
)


def _in_quarters(column: str) -> Q:
    """Nothing, or a number above 0 in steps of 0.25."""
    return Q(**{column: None}) | (
        Q(**{f"{column}__gt": 0}) & Q(**{column: models.functions.Round(F(column) * 4) / 4})
    )


def _texts(longest: int) -> "ArrayField[Any, Any]":
    """A list of short texts; empty where nothing was said."""
    return ArrayField(models.CharField(max_length=longest), default=list, db_default=[])


def in_status(status: Status, today: date) -> Q:
    """The activities that are in a status on a day; `status_on` says the same of one."""
    return {
        Status.CLOSED: Q(closed_at__isnull=False),
        Status.DRAFT: Q(closed_at=None, is_complete=False),
        Status.ACTIVE: Q(closed_at=None, is_complete=True, end_on__gte=today),
        Status.READY: Q(closed_at=None, is_complete=True, end_on__lt=today),
    }[status]


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, actor: Actor) -> "ActivityQuerySet":
        """A provider's own; complete ones to boards, physicians and operators; listed ones to the public."""
        if actor.kind in ("provider", "matcher"):
            return self.filter(organization_id=actor.tenant)
        if actor.kind == "operator":
            return self
        complete = self.filter(is_complete=True)
        return complete if actor.kind in ("board", "physician") else complete.filter(listed=True)

    def with_status(self, status: Status, today: date) -> "ActivityQuerySet":
        return self.filter(in_status(status, today))

    def latest_in_person(self) -> "Activity | None":
        """The latest activity held in person: the next one is probably held there, too."""
        return self.filter(_IN_PERSON).exclude(city="").newest_first().first()

    def newest_first(self) -> "ActivityQuerySet":
        return self.order_by("-start_on", "-pk")


class Activity(models.Model):
    """One activity. `activity_id` is the nine-digit number we issue; `provider_activity_id` the provider's own.

    `credits` is the designated maximum in AMA PRA Category 1 Credits, in steps of 0.25. `is_complete` says that
    everything the Active status asks for is filled in (pars-facts 2.1).
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    activity_id = models.CharField(max_length=9, unique=True)
    provider_activity_id = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=250)
    description = models.TextField(max_length=2500, blank=True)
    format = models.CharField(max_length=40, choices=Format)
    delivery = ArrayField(models.CharField(max_length=20, choices=Delivery), default=list)
    start_on = models.DateField()
    end_on = models.DateField()
    city = models.CharField(max_length=100, blank=True)
    state = models.TextField(blank=True)
    country = models.CharField(max_length=3, blank=True)
    credits = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    listed = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=60), default=list)
    reviewed_on = models.DateField(null=True)
    credits_per_session = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    providership = models.CharField(max_length=10, blank=True, default="", db_default="")
    joint_providers = _texts(200)
    fee = models.CharField(max_length=20, blank=True, default="", db_default="")
    registration = models.CharField(max_length=20, blank=True, default="", db_default="")
    url = models.CharField(max_length=2000, blank=True, default="", db_default="")
    professions = _texts(60)
    specialties = _texts(120)
    interprofessional = models.BooleanField(null=True)
    outcomes = models.JSONField(default=list, db_default=[])
    commendations = _texts(80)
    mips = models.BooleanField(null=True)
    rems_type = models.CharField(max_length=40, blank=True, default="", db_default="")
    rems_identifier = models.CharField(max_length=40, blank=True, default="", db_default="")
    state_topics = models.JSONField(default=list, db_default=[])
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    repeats = models.GeneratedField(
        expression=Q(format__in=sorted(REPEATING)),  # type: ignore[arg-type]  # the stubs do not know a Q
        output_field=models.BooleanField(),
        db_persist=True,
    )
    self_paced = models.GeneratedField(
        expression=Q(format__in=sorted(SELF_PACED)),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_complete = models.GeneratedField(
        expression=_COMPLETE,  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # What its provider finds it by, a line each, in small letters: folded once when written, not at each search.
    searched = models.GeneratedField(
        expression=Lower(Concat("title", Value("\n"), "provider_activity_id", Value("\n"), "activity_id")),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects: ClassVar[ActivityQuerySet] = ActivityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(activity_id__regex=r"^[0-9]{9}$"), name="activity_id_has_nine_digits"
            ),
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")), name="activity_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=_in_quarters("credits"), name="activity_credits_in_quarters"),
            models.CheckConstraint(
                condition=_in_quarters("credits_per_session"), name="activity_session_credits_in_quarters"
            ),
            models.CheckConstraint(
                condition=Q(rems_identifier="") | ~Q(rems_type=""), name="activity_rems_identifier_has_type"
            ),
            models.UniqueConstraint(
                fields=["organization", "provider_activity_id"],
                condition=~Q(provider_activity_id=""),
                name="provider_activity_id_once",
            ),
            models.UniqueConstraint(fields=["id", "organization"], name="activity_of_organization"),
        ]
        # All that the list, its search and the counts beside its statuses ask of a row, and the policy with them.
        indexes = [
            models.Index(
                fields=["organization", "-start_on", "-id"],
                include=["searched", "end_on", "closed_at", "is_complete", "listed"],
                name="activity_list",
            ),
            models.Index(fields=["organization", "searched", "id"], name="activity_by_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def status(self, today: date) -> Status:
        """The status on a day of the provider's calendar."""
        return status_on(today, is_complete=self.is_complete, end_on=self.end_on, closed_at=self.closed_at)


class BoardRegistration(models.Model):
    """The activity counts for a certifying board's programme (MOC / continuing certification; pars-facts 2.7)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="registrations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    board = models.CharField(max_length=8)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    credit_types = ArrayField(models.CharField(max_length=80), default=list)
    practice_areas = _texts(120)
    content_areas = _texts(120)
    claim_by = models.DateField(null=True)
    internal_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    fee = models.CharField(max_length=20, blank=True, default="", db_default="")
    registration = models.CharField(max_length=20, blank=True, default="", db_default="")
    url = models.CharField(max_length=2000, blank=True, default="", db_default="")
    attested = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "board"], name="registered_once"),
            models.CheckConstraint(condition=_in_quarters("points"), name="registration_points_in_quarters"),
        ]


class CreditOffered(models.Model):
    """Credit of another kind than AMA PRA Category 1, which stands on the activity itself."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="offered")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=6, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "category"], name="offered_once"),
            models.CheckConstraint(condition=_in_quarters("amount"), name="offered_in_quarters"),
        ]


class Figures(models.Model):
    """What of an activity only its provider and the operator read: whether there was commercial support, how many
    learners of which profession took part, and how a document worded it.
    """

    activity = models.OneToOneField(
        Activity, on_delete=models.CASCADE, primary_key=True, related_name="figures"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    commercial_support = models.BooleanField(null=True)
    counts = models.JSONField(default=dict)
    wording = models.JSONField(default=list)


class Support(models.Model):
    """What one commercial supporter gave to an activity, in whole US dollars, in kind or both."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="support")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=0, null=True)
    in_kind = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "source"], name="supporter_once"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="support_above_zero"),
        ]


class ListedActivityQuerySet(models.QuerySet["ListedActivity"]):
    def visible_to(self, actor: Actor) -> "ListedActivityQuerySet":
        """All of it, to anyone: the table holds nothing but what is public."""
        return self


class ListedActivity(models.Model):
    """What anyone may find: the public face of an activity that is listed, complete and not closed.

    Triggers keep it, in the transaction of the act, and nothing else writes it (docs/adr/0020). `facets` holds what one
    can filter by, each as name=value; `head` the words of title, tags, specialties and provider, `words` those of the
    description too. It refers to the activity by a key with the organization, which the database holds alone.
    """

    activity = models.OneToOneField(
        Activity, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=9, unique=True)
    title = models.CharField(max_length=250)
    title_key = models.TextField()
    provider_name = models.CharField(max_length=200)
    summary = models.CharField(max_length=300)
    format = models.CharField(max_length=40)
    delivery = ArrayField(models.CharField(max_length=20))
    start_on = models.DateField()
    end_on = models.DateField()
    city = models.CharField(max_length=100)
    state = models.TextField()
    country = models.CharField(max_length=3)
    credits = models.DecimalField(max_digits=6, decimal_places=2)
    fee = models.CharField(max_length=20)
    boards = ArrayField(models.CharField(max_length=8))
    categories = ArrayField(models.CharField(max_length=40))
    facets = ArrayField(models.TextField())
    head = SearchVectorField()
    words = SearchVectorField()

    objects: ClassVar[ListedActivityQuerySet] = ListedActivityQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            GinIndex(fields=["facets", "head", "words"], name="listed_search", fastupdate=False),
            models.Index(fields=["end_on", "activity"], name="listed_ends"),
            # What is open on one's own time lasts for years, and would all stand far behind what ends soon.
            models.Index(fields=["format", "end_on", "activity"], name="listed_format_ends"),
            models.Index(fields=["start_on", "activity"], name="listed_starts"),
            models.Index(fields=["title_key", "activity"], name="listed_title"),
        ]

    def __str__(self) -> str:
        return self.title


class ListedWord(models.Model):
    """A word that stood in a public title, to guess misspelled ones by. Lower case, without accents."""

    word = models.CharField(max_length=30, primary_key=True)

    class Meta:
        indexes = [GinIndex(fields=["word"], name="listed_spelling", opclasses=["gin_trgm_ops"])]
