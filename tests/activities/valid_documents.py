"""Documents that the published schema calls valid and that break no rule of ours, for Hypothesis."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from activities.codes import code_list
from activities.formats import Delivery, latest_end

Strategy = st.SearchStrategy[Any]

_letters = st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters="<>&")
words = st.text(_letters, max_size=40)
filled = words.filter(lambda text: bool(text.strip()))
names = filled.map(lambda text: " ".join(text.split()))
quarters = st.integers(1, 400).map(lambda number: number / 4)
yes_no = st.booleans()
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
_unknown = st.dictionaries(st.sampled_from(["Vendor", "vendorNote", "x-id"]), anything, max_size=1)

BOARDS = ["ABA", "ABIM", "ABOHNS", "ABOS", "ABP", "ABPATH", "ABS", "ABTS"]


def codes(name: str, **facts: str) -> list[str]:
    return [one.code for one in code_list(name).where(**facts).codes]


def code(name: str) -> Strategy:
    return st.sampled_from(codes(name))


def some(values: Iterable[str]) -> Strategy:
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=4)


def objects(required: dict[str, Strategy], **optional: Strategy) -> Strategy:
    """Objects with these keys, and now and then one that nobody knows."""
    known = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda inner, more: more | inner, known, st.just({}) | st.just({}) | _unknown)


def lists(*each: Strategy) -> Strategy:
    """A list with one value of each."""
    return st.tuples(*each).map(list)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """One element of MedicalEducationMetrics: every optional key may be there or not."""
    chosen = draw(st.sampled_from(code_list("format").codes))
    start_on = draw(st.dates(date(2020, 1, 1), date(2027, 12, 31)))
    end_on = draw(st.dates(start_on, latest_end(chosen.code, start_on)))
    delivery = draw(some(chosen.several("delivery")))
    supporters = draw(st.lists(names, unique_by=str.casefold, max_size=3))
    general = _general(f"P-{draw(st.integers(0, 10**9))}")
    education = _education([chosen.code, *chosen.aliases, chosen.code.upper()], start_on, end_on)
    education["commercialSupport"] = st.just(True) if supporters else yes_no
    if not delivery or Delivery.IN_PERSON in delivery:
        education["activityLocation"] = _location()
    if draw(yes_no):
        education["activitySponsorship"] = st.just("joint")
        education["credits"] = _credits(nonAccreditedProvider=st.lists(filled, max_size=3))
    whole = objects(
        {
            "ReportDescription": _report(start_on, end_on),
            "ActivityDescription": objects({}, commercialSupportAmount=_money(supporters)),
            "Lom": st.fixed_dictionaries({"general": general}),
            "healthcareMetadata": st.fixed_dictionaries({"healthcareEducation": _some_optional(education)}),
            "ParticipationMetrics": objects({}, participantsByCategory=_participants()),
            "XtensibleInfo": objects({}, **_extensible(delivery, supporters, start_on)),
        }
    )
    return dict(draw(whole))


def _report(start_on: date, end_on: date) -> Strategy:
    begins = st.sampled_from([start_on.isoformat(), f"{start_on.year}-01-01"])
    return objects({"ReportingStartDate": begins, "ReportingEndDate": st.just(f"{end_on.year}-12-31")})


def _general(own_id: str) -> Strategy:
    address = st.integers(0, 99).map(lambda n: {"catalog": "URL", "entry": f"https://x.example/{n}"})
    vendors = words.map(lambda entry: {"catalog": "Vendor ID", "entry": entry})
    own = {"catalog": "Provider Activity ID", "entry": own_id}
    keyword = objects({"id": st.just("Tag ID"), "source": st.just("01_ABAMCO"), "string": words})
    return objects(
        {
            "identifier": st.lists(address | vendors, max_size=2).map(lambda more: [own, *more]),
            "title": filled,
            "description": words,
        },
        keyword=st.lists(keyword, max_size=2),
    )


def _education(formats: list[str], start_on: date, end_on: date) -> dict[str, Strategy]:
    clock = st.sampled_from(["T00:00:00", "T09:30:00-05:00", "T23:59:59Z"])
    audience = objects({"profession": some(codes("profession"))}, specialty=some(codes("specialty")))
    return {
        "credits": _credits(),
        "startDateTime": clock.map(lambda time: f"{start_on}{time}"),
        "endDateTime": clock.map(lambda time: f"{end_on}{time}"),
        "activitySponsorship": st.just("direct"),
        "activityFormat": st.sampled_from(formats),
        "targetAudience": audience,
    }


def _some_optional(education: dict[str, Strategy]) -> Strategy:
    optional = {"commercialSupport", "activityLocation", "targetAudience"} & education.keys()
    required = {key: value for key, value in education.items() if key not in optional}
    return objects(required, **{key: education[key] for key in optional})


def _credits(**more: Strategy) -> Strategy:
    said = {"activityCertification": code("credit_category"), "numberOfCredits": quarters}
    return objects(said, **more)


def _location() -> Strategy:
    at_home = objects({"country": st.just("USA")}, stateOrProvince=code("state"), city=filled)
    return at_home | objects({"country": st.just("CAN")}, city=filled)


def _money(supporters: list[str]) -> Strategy:
    given = [
        objects({"currency": st.just("USD"), "supportSource": st.just(name), "value": st.integers(1, 10**6)})
        for name in supporters
    ]
    return st.integers(0, len(given)).flatmap(lambda count: lists(*given[:count]))


def _participants() -> Strategy:
    counted = objects({"category": code("participant"), "numberOfParticipants": st.integers(0, 5000)})
    return st.lists(counted, unique_by=lambda one: one["category"], max_size=4)


def _boards(start_on: date) -> Strategy:
    def registration(board: str) -> Strategy:
        types = codes("moc_credit_type", board=board)
        claim_by = st.dates(start_on, date(2031, 1, 1)).map(str)
        said = {"boardName": st.just(board), "mocPoints": quarters, "MOCCreditType": some(types)}
        return objects(said, CreditClaimDate=claim_by)

    chosen = st.lists(st.sampled_from(BOARDS), unique=True, max_size=3)
    return chosen.flatmap(lambda boards: lists(*map(registration, boards)))


def _extensible(delivery: list[str], supporters: list[str], start_on: date) -> dict[str, Strategy]:
    in_kind = [objects({"source": st.just(name)}) for name in supporters]
    outcome = objects({"MeasuredOutcome": code("outcome")}, MeasurementType=some(codes("measurement")))
    keys = st.lists(objects({}, ContentKeyword=words, ContentKeywordValue=words), max_size=2)
    outline = {"ContentOutlineSource": st.just("ABA"), "ContentOutlineKeys": keys}
    topic = objects({"StateContentDomain": filled, "StateContentTopic": filled})
    tags = [one.label for one in code_list("commendation").codes]
    return {
        "DeliveryMethods": objects({}, DeliveryMethod=st.just(delivery)),
        "isInterprofessional": yes_no,
        "CommendationTags": objects({}, CommendationTag=some(tags)),
        "InKindSupports": objects({}, InKindSupport=lists(*reversed(in_kind))),
        "MeasuredOutcomes": st.lists(outcome, max_size=4),
        "MOCRegistrations": objects({}, MOCRegistration=_boards(start_on)),
        "ContentOutlines": objects({"ContentOutlineSelections": lists(objects({}, **outline))}),
        "ForPublicList": yes_no,
        "FeeForParticipation": code("fee"),
        "ActivityRegistration": code("registration"),
        "IsMeritBasedIncentivePaymentSystem": yes_no,
        "REMS": objects({"REMSType": code("rems"), "REMSRelatedIdentifier": filled}),
        "PharmacyActivityType": st.sampled_from(["Knowledge", "Application", "Certificate Program"]),
        "PharmacySequenceNumber": words,
        "HasPharmacyContentTags": st.sampled_from(["true", "false", "not sure"]),
        "HasStateContentTags": yes_no,
        "StateContentTags": objects({}, StateContent=st.lists(topic, max_size=3)),
        "activityRecordAction": st.just("Add"),
        "closeActivityRecord": st.just(False),
    }
