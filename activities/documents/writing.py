"""A record as a document of the published schema, in its own spelling."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from activities.codes import code_list
from activities.record import AMA, CreditOffered, Record, Registration

ACTIVITY_ID, OWN_ID, URL = ("ACCME Activity ID", "Provider Activity ID", "URL")


def write(record: Record) -> dict[str, Any]:
    """One element of MedicalEducationMetrics. The number we issued is left out: `identified` adds it."""
    return {
        "ReportDescription": _given(
            ReportingStartDate=record.start_on and record.start_on.isoformat(),
            ReportingEndDate=record.end_on and record.end_on.isoformat(),
        ),
        "ActivityDescription": _given(
            commercialSupportAmount=[
                {"currency": "USD", "supportSource": one.source, "value": number(one.amount)}
                for one in record.support
                if one.amount is not None
            ]
        ),
        "Lom": {
            "general": {
                "identifier": [
                    {"catalog": catalog, "entry": entry}
                    for catalog, entry in ((OWN_ID, record.provider_activity_id), (URL, record.url))
                    if entry
                ],
                "title": record.title,
                "description": record.description,
            }
        },
        "healthcareMetadata": {"healthcareEducation": _education(record)},
        "ParticipationMetrics": _given(participantsByCategory=_participants(record.counts)),
        "XtensibleInfo": _extensible(record),
    }


def identified(document: dict[str, Any], activity_id: str) -> dict[str, Any]:
    """The document, changed in place, with the number we issued among its identifiers, where it is not yet."""
    general = document["Lom"]["general"]
    said = general.get("identifier") or []
    identifiers = said if isinstance(said, list) else [said]
    if not any(one.get("entry") == activity_id for one in identifiers):
        general["identifier"] = [{"catalog": ACTIVITY_ID, "entry": activity_id}, *identifiers]
    return document


def number(amount: Decimal | None) -> int | float | None:
    """A whole number as such; quarters are exact as a float."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _education(record: Record) -> dict[str, Any]:
    main, *_ = (*_offered(record), CreditOffered(""))
    return _given(
        credits=_given(
            activityCertification=main.category,
            numberOfCredits=number(main.amount),
            nonAccreditedProvider=list(record.joint_providers),
        ),
        activityLocation=_given(city=record.city, stateOrProvince=record.state, country=record.country),
        startDateTime=_midnight(record.start_on),
        endDateTime=_midnight(record.end_on),
        activitySponsorship=record.providership,
        activityFormat=record.format,
        commercialSupport=record.commercial_support,
        targetAudience=_given(profession=list(record.professions), specialty=list(record.specialties)),
    )


def _extensible(record: Record) -> dict[str, Any]:
    return {"ForPublicList": record.listed} | _given(
        isInterprofessional=record.interprofessional,
        CommendationTags=_given(
            CommendationTag=[code_list("commendation").label(code) for code in record.commendations]
        ),
        InKindSupports=_given(
            InKindSupport=[{"source": one.source} for one in record.support if one.in_kind]
        ),
        DeliveryMethods=_given(DeliveryMethod=list(record.delivery)),
        MeasuredOutcomes=[
            _given(MeasuredOutcome=one.what, MeasurementType=list(one.how)) for one in record.outcomes
        ],
        MOCRegistrations=_given(MOCRegistration=[_registration(one) for one in record.registrations]),
        FeeForParticipation=record.fee,
        ActivityRegistration=record.registration,
        IsMeritBasedIncentivePaymentSystem=record.mips,
        REMS=_given(REMSType=record.rems.type, REMSRelatedIdentifier=record.rems.identifier)
        if record.rems
        else None,
        HasStateContentTags=True if record.state_topics else None,
        StateContentTags=_given(
            StateContent=[
                {"StateContentDomain": one.domain, "StateContentTopic": one.topic}
                for one in record.state_topics
            ]
        ),
        AdditionalCredits=[
            _given(activityCertification=one.category, numberOfCredits=number(one.amount))
            for one in _offered(record)[1:]
        ],
        CreditsPerSession=number(record.credits_per_session),
        ReviewDate=record.reviewed_on and record.reviewed_on.isoformat(),
        ContentTags=list(record.tags),
    )


def _offered(record: Record) -> list[CreditOffered]:
    """AMA PRA Category 1 first: the draft has a place for one category only."""
    ama = [] if record.credits is None else [CreditOffered(AMA, record.credits)]
    return [*ama, *record.other_credits]


def _registration(one: Registration) -> dict[str, Any]:
    return {
        "boardName": one.board,
        "mocPoints": number(one.points),
        "MOCCreditType": list(one.credit_types),
    } | _given(
        CreditClaimDate=one.claim_by and one.claim_by.isoformat(),
        PracticeArea=list(one.practice_areas),
        ContentArea=list(one.content_areas),
        InternalID=one.internal_id,
        FeeForParticipation=one.fee,
        ActivityRegistration=one.registration,
        URL=one.url,
        Attested=one.attested or None,
    )


def _participants(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """In the order of the list, so that the same counts are always written the same."""
    order = [code.code for code in code_list("participant").codes]
    known = sorted(counts, key=lambda category: order.index(category) if category in order else len(order))
    return [{"category": category, "numberOfParticipants": counts[category]} for category in known]


def _midnight(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00" if day else None


def _given(**values: Any) -> dict[str, Any]:
    """Only what was said: no empty text, list or object, and nothing for None. False and 0 were said."""
    return {name: value for name, value in values.items() if not _empty(value)}


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str | Iterable) and not value)
