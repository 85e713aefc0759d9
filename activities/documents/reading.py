"""A document of the published schema as a Record: tolerant of its defects, exact about what it cannot read."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal

from activities import rules
from activities.codes import code_list
from activities.record import AMA, CreditOffered, Outcome, Record, Registration, Rems, StateTopic, Support
from activities.rules.problem import problem

from .names import canonical, folded, twice
from .parts import Part, bounded
from .wording import wording
from .writing import ACTIVITY_ID, OWN_ID, URL, write

Action = Literal["add", "update", "delete"]
_YEAR = 4  # digits

# What stays as it is on record where a document does not speak of it: what closing asks for, which staff answer on
# pages after the platform has sent the activity, and what the draft has no place for.
STAYS = frozenset(
    {
        "joint_providers", "outcomes", "commercial_support", "support", "counts",
        "other_credits", "credits_per_session", "reviewed_on", "tags",
    }
)  # fmt: skip
_ALL = frozenset(field.name for field in fields(Record)) - {"activity_id", "provider_activity_id"}


@dataclass(frozen=True)
class Reading:
    """What a document says. `said` are the fields it is to be kept in; `problems` what could not be read.

    Add and Update are the same for an own ID that is known; an Update must name one. `close` asks to close the activity
    once it stands as the document says.
    """

    record: Record
    said: frozenset[str]
    problems: tuple[rules.Problem, ...] = ()
    action: Action = "add"
    close: bool = False
    provider: str = ""


def read(document: object) -> Reading:
    """One element of MedicalEducationMetrics. Raises nothing: what is wrong stands in the problems.

    The field of a problem is a path in the document; `rules` then judge the record by its own fields.
    """
    found = bounded(document)
    if found or not isinstance(document, dict):
        wrong = found or [problem("document_shape", "", type(document).__name__, wanted="an object")]
        return Reading(Record(), frozenset(), tuple(wrong))
    named = canonical(document)
    if again := next(twice(named), None):
        return Reading(Record(), frozenset(), (problem("key_twice", again, again),))
    reader = _Reader(named)
    record = rules.tidied(Record(**reader.fields()))
    if reader.found:
        return Reading(record, frozenset(), tuple(reader.found))
    kept = replace(record, wording=wording(document, write(record)))
    return Reading(kept, _ALL - (STAYS - set(reader.said)), (), reader.action, reader.close, reader.provider)


class _Reader:
    """Reads one document, and notes what it speaks of."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.found: list[rules.Problem] = []
        self.said: dict[str, Any] = {}
        top = Part(document, "", self.found)
        self.report = top.part("ReportDescription")
        self.general = top.part("Lom").part("general")
        self.education = top.part("healthcareMetadata").part("healthcareEducation")
        self.money = top.part("ActivityDescription")
        self.people = top.part("ParticipationMetrics")
        self.more = top.part("XtensibleInfo")
        self.close = bool(self.more.flag("closeActivityRecord"))
        self.provider = self.more.text("ProviderID").strip()
        self.action: Action = self._action()

    def fields(self) -> Mapping[str, Any]:
        """Field → value, of those the document speaks of."""
        self._identifiers()
        self._general()
        self._credits()
        self._place()
        self._listing()
        self._audience()
        self._aims()
        self._boards()
        self._support()
        self._counts()
        return self.said

    def _action(self) -> Action:
        said = self.more.text("activityRecordAction").strip().lower()
        actions: tuple[Action, ...] = ("add", "update", "delete")
        if said and said not in actions:
            self.found.append(problem("action_unknown", "XtensibleInfo.activityRecordAction", said))
        return next((action for action in actions if action == said), "add")

    def _identifiers(self) -> None:
        fields = {
            folded(ACTIVITY_ID): "activity_id",
            folded(OWN_ID): "provider_activity_id",
            folded(URL): "url",
        }
        for one in self.general.parts("identifier"):
            if name := fields.get(folded(one.text("catalog"))):
                self.said[name] = one.text("entry")

    def _general(self) -> None:
        general, education, report = (self.general, self.education, self.report)
        for part, key, field in (
            (general, "title", "title"),
            (general, "description", "description"),
            (education, "activityFormat", "format"),
            (education, "activitySponsorship", "providership"),
        ):
            if part.says(key):
                self.said[field] = part.text(key)
        for key, field in (("startDateTime", "start_on"), ("endDateTime", "end_on")):
            if education.says(key):
                self.said[field] = education.day(key)
        if self.more.says("ReviewDate"):
            self.said["reviewed_on"] = self.more.day("ReviewDate")
        for key, field in (("ReportingStartDate", "start_on"), ("ReportingEndDate", "end_on")):
            day, year = (self.said.get(field), report.text(key).strip()[:_YEAR])
            if day and year and year != f"{day.year:04d}":
                self.found.append(
                    problem("report_year", f"ReportDescription.{key}", report.text(key), year=day.year)
                )

    def _credits(self) -> None:
        if self.education.says("credits"):
            offered = self.education.parts("credits")
            partners = [name for one in offered for name in one.texts("nonAccreditedProvider")]
            if any(one.says("nonAccreditedProvider") for one in offered):
                self.said["joint_providers"] = tuple(partners)
            self._offered([*offered, *self.more.parts("AdditionalCredits")])
        if self.more.says("CreditsPerSession"):
            self.said["credits_per_session"] = self.more.number("CreditsPerSession")

    def _offered(self, offered: list[Part]) -> None:
        others = []
        for one in offered:
            category, amount = (one.text("activityCertification"), one.number("numberOfCredits"))
            known = code_list("credit_category").find(category)
            if known and known.code == AMA and "credits" not in self.said:
                self.said["credits"] = amount
            elif category or amount is not None:
                others.append(CreditOffered(category, amount))
        if others or self.more.says("AdditionalCredits"):
            self.said["other_credits"] = tuple(others)

    def _place(self) -> None:
        if self.education.says("activityLocation"):
            place = self.education.part("activityLocation")
            self.said |= {
                "city": place.text("city"),
                "state": place.text("stateOrProvince"),
                "country": place.text("country"),
            }
        if self.more.says("DeliveryMethods"):
            self.said["delivery"] = self.more.part("DeliveryMethods").texts("DeliveryMethod")

    def _listing(self) -> None:
        if self.more.says("ForPublicList"):
            self.said["listed"] = bool(self.more.flag("ForPublicList"))
        for field, key in (("fee", "FeeForParticipation"), ("registration", "ActivityRegistration")):
            if self.more.says(key):
                self.said[field] = self.more.text(key)

    def _audience(self) -> None:
        audience = self.education.part("targetAudience")
        for field, key in (("professions", "profession"), ("specialties", "specialty")):
            if audience.says(key):
                self.said[field] = audience.texts(key)
        for field, key in (
            ("interprofessional", "isInterprofessional"),
            ("mips", "IsMeritBasedIncentivePaymentSystem"),
        ):
            if self.more.says(key):
                self.said[field] = self.more.flag(key)
        if self.more.says("ContentTags"):
            self.said["tags"] = self.more.texts("ContentTags")

    def _aims(self) -> None:
        more = self.more
        if more.says("MeasuredOutcomes"):
            self.said["outcomes"] = self._outcomes()
        if more.says("CommendationTags"):
            self.said["commendations"] = more.part("CommendationTags").texts("CommendationTag")
        if more.says("REMS"):
            rems = more.part("REMS")
            said = Rems(rems.text("REMSType"), rems.text("REMSRelatedIdentifier"))
            self.said["rems"] = said if said != Rems("") else None
        if more.says("StateContentTags"):
            self.said["state_topics"] = tuple(
                StateTopic(one.text("StateContentDomain"), one.text("StateContentTopic"))
                for one in more.part("StateContentTags").parts("StateContent")
            )

    def _outcomes(self) -> tuple[Outcome, ...]:
        """Each outcome once: a document may name it for each way of measuring."""
        measured: dict[str, tuple[str, ...]] = {}
        for one in self.more.parts("MeasuredOutcomes"):
            what = one.text("MeasuredOutcome")
            measured[what] = (*measured.get(what, ()), *one.texts("MeasurementType"))
        return tuple(Outcome(what, how) for what, how in measured.items())

    def _boards(self) -> None:
        if not self.more.says("MOCRegistrations"):
            return
        self.said["registrations"] = tuple(
            Registration(
                board=one.text("boardName"),
                points=one.number("mocPoints"),
                credit_types=one.texts("MOCCreditType"),
                practice_areas=one.texts("PracticeArea"),
                content_areas=one.texts("ContentArea"),
                claim_by=one.day("CreditClaimDate"),
                internal_id=one.text("InternalID"),
                fee=one.text("FeeForParticipation"),
                registration=one.text("ActivityRegistration"),
                url=one.text("URL"),
                attested=bool(one.flag("Attested")),
            )
            for one in self.more.part("MOCRegistrations").parts("MOCRegistration")
        )

    def _support(self) -> None:
        if self.education.says("commercialSupport"):
            self.said["commercial_support"] = self.education.flag("commercialSupport")
        given: dict[str, Support] = {}
        for place, one in enumerate(self.money.parts("commercialSupportAmount")):
            source = one.text("supportSource")
            if one.text("currency").strip().upper() not in ("USD", ""):
                self.found.append(
                    problem(
                        "currency",
                        f"ActivityDescription.commercialSupportAmount.{place}.currency",
                        one.text("currency"),
                    )
                )
            earlier = given.get(source, Support(source)).amount
            given[source] = Support(source, (earlier or Decimal(0)) + (one.number("value") or Decimal(0)))
        for one in self.more.part("InKindSupports").parts("InKindSupport"):
            source = one.text("source")
            given[source] = replace(given.get(source, Support(source)), in_kind=True)
        if self.money.says("commercialSupportAmount") or self.more.says("InKindSupports"):
            self.said["support"] = tuple(given.values())

    def _counts(self) -> None:
        if not self.people.says("participantsByCategory"):
            return
        counts: dict[str, int] = {}
        for place, one in enumerate(self.people.parts("participantsByCategory")):
            category = one.text("category")
            if category in counts:
                at = f"ParticipationMetrics.participantsByCategory.{place}.category"
                self.found.append(problem("participant_twice", at, category))
            counts[category] = one.count("numberOfParticipants")
        self.said["counts"] = counts
