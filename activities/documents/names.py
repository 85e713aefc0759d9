"""The keys of an activity's document, and reading them however they are written.

The published draft (accme-pars-activity.schema v0.1.2, 2025-05-27) contradicts itself: it requires
`participationMetrics` and describes `ParticipationMetrics`; its key for interprofessional activities ends in a blank.
So keys are compared by their letters and digits alone. A dict here is an object with these keys, a list with one dict
is a list of such objects, ANY is a value that is read elsewhere or kept as it came.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from activities.rules import Problem

ANY = None
Path = tuple[str | int, ...]

CREDITS = {"activityCertification": ANY, "numberOfCredits": ANY, "nonAccreditedProvider": ANY}

SHAPE: dict[str, Any] = {
    "ReportDescription": {"ReportingStartDate": ANY, "ReportingEndDate": ANY},
    "ActivityDescription": {
        "commercialSupportAmount": [{"currency": ANY, "supportSource": ANY, "value": ANY}],
    },
    "Lom": {
        "general": {
            "identifier": [{"catalog": ANY, "entry": ANY}],
            "title": ANY,
            "description": ANY,
            "keyword": ANY,
        }
    },
    "healthcareMetadata": {
        "healthcareEducation": {
            "credits": CREDITS,
            "activityLocation": {"city": ANY, "stateOrProvince": ANY, "country": ANY},
            "startDateTime": ANY,
            "endDateTime": ANY,
            "activitySponsorship": ANY,
            "activityFormat": ANY,
            "commercialSupport": ANY,
            "targetAudience": {"profession": ANY, "specialty": ANY},
        }
    },
    "ParticipationMetrics": {"participantsByCategory": [{"category": ANY, "numberOfParticipants": ANY}]},
    "XtensibleInfo": {
        "ProviderID": ANY,
        "isInterprofessional": ANY,
        "CommendationTags": {"CommendationTag": ANY},
        "InKindSupports": {"InKindSupport": [{"source": ANY}]},
        "DeliveryMethods": {"DeliveryMethod": ANY},
        "MeasuredOutcomes": [{"MeasuredOutcome": ANY, "MeasurementType": ANY}],
        "MOCRegistrations": {
            "MOCRegistration": [
                {
                    "boardName": ANY,
                    "mocPoints": ANY,
                    "MOCCreditType": ANY,
                    "CreditClaimDate": ANY,
                    # What boards ask for and the draft has no place for: ours.
                    "PracticeArea": ANY,
                    "ContentArea": ANY,
                    "InternalID": ANY,
                    "FeeForParticipation": ANY,
                    "ActivityRegistration": ANY,
                    "URL": ANY,
                    "Attested": ANY,
                }
            ]
        },
        "ContentOutlines": ANY,
        "ForPublicList": ANY,
        "FeeForParticipation": ANY,
        "ActivityRegistration": ANY,
        "IsMeritBasedIncentivePaymentSystem": ANY,
        "REMS": {"REMSType": ANY, "REMSRelatedIdentifier": ANY},
        "HasStateContentTags": ANY,
        "StateContentTags": {"StateContent": [{"StateContentDomain": ANY, "StateContentTopic": ANY}]},
        "activityRecordAction": ANY,
        "closeActivityRecord": ANY,
        # Credit of further categories beside the one that the draft has a place for: ours.
        "AdditionalCredits": [{"activityCertification": ANY, "numberOfCredits": ANY}],
        # Fields of the record that the draft has no place for: ours.
        "CreditsPerSession": ANY,
        "ReviewDate": ANY,
        "ContentTags": ANY,
    },
}

# Which key each field of a Record is read from.
_PLACES: dict[str, str] = {
    "title": "Lom.general.title",
    "description": "Lom.general.description",
    "activity_id": "Lom.general.identifier",
    "provider_activity_id": "Lom.general.identifier",
    "url": "Lom.general.identifier",
    "format": "healthcareMetadata.healthcareEducation.activityFormat",
    "start_on": "healthcareMetadata.healthcareEducation.startDateTime",
    "end_on": "healthcareMetadata.healthcareEducation.endDateTime",
    "reviewed_on": "XtensibleInfo.ReviewDate",
    "delivery": "XtensibleInfo.DeliveryMethods.DeliveryMethod",
    "city": "healthcareMetadata.healthcareEducation.activityLocation.city",
    "state": "healthcareMetadata.healthcareEducation.activityLocation.stateOrProvince",
    "country": "healthcareMetadata.healthcareEducation.activityLocation.country",
    "credits": "healthcareMetadata.healthcareEducation.credits.numberOfCredits",
    "credits_per_session": "XtensibleInfo.CreditsPerSession",
    "other_credits": "healthcareMetadata.healthcareEducation.credits",
    "providership": "healthcareMetadata.healthcareEducation.activitySponsorship",
    "joint_providers": "healthcareMetadata.healthcareEducation.credits.nonAccreditedProvider",
    "tags": "XtensibleInfo.ContentTags",
    "listed": "XtensibleInfo.ForPublicList",
    "fee": "XtensibleInfo.FeeForParticipation",
    "registration": "XtensibleInfo.ActivityRegistration",
    "professions": "healthcareMetadata.healthcareEducation.targetAudience.profession",
    "specialties": "healthcareMetadata.healthcareEducation.targetAudience.specialty",
    "interprofessional": "XtensibleInfo.isInterprofessional",
    "outcomes": "XtensibleInfo.MeasuredOutcomes",
    "commendations": "XtensibleInfo.CommendationTags.CommendationTag",
    "mips": "XtensibleInfo.IsMeritBasedIncentivePaymentSystem",
    "rems": "XtensibleInfo.REMS",
    "state_topics": "XtensibleInfo.StateContentTags.StateContent",
    "registrations": "XtensibleInfo.MOCRegistrations.MOCRegistration",
    "commercial_support": "healthcareMetadata.healthcareEducation.commercialSupport",
    "support": "ActivityDescription.commercialSupportAmount",
    "counts": "ParticipationMetrics.participantsByCategory",
}

_NO_LETTER = re.compile(r"[^a-z0-9]")


def place(found: Problem) -> str:
    """Where in the document a problem stands, as keys with dots: for whoever sent the document."""
    if found.top not in _PLACES:
        return found.field
    return _PLACES[found.top] + found.field.removeprefix(found.top)


def folded(key: str) -> str:
    """A key's letters and digits, without case."""
    return _NO_LETTER.sub("", key.lower())


def canonical(said: Any, shape: Any = SHAPE, *, lists: bool = True) -> Any:
    """The document with every known key as it is spelled here. With `lists` false, what stands in lists stays as it is.

    Of a key that stands there in two spellings one keeps its own: `twice` finds it.
    """
    if isinstance(shape, dict) and isinstance(said, dict):
        return {
            name: canonical(value, shape.get(name), lists=lists)
            for name, value in zip(_names(said, shape), said.values(), strict=True)
        }
    if lists and isinstance(said, list) and (isinstance(shape, list) or shape is CREDITS):
        of_each = shape[0] if isinstance(shape, list) else shape
        return [canonical(one, of_each) for one in said]
    return said


def renamed(said: Any, shape: Any = SHAPE, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where a key is spelled otherwise than here, outside lists: its path in canonical keys, and how it is spelled."""
    if isinstance(shape, dict) and isinstance(said, dict):
        for name, key in zip(_names(said, shape), said, strict=True):
            if name != key:
                yield (*path, name), key
            yield from renamed(said[key], shape.get(name), (*path, name))


def twice(document: Any, shape: Any = SHAPE, path: str = "") -> Iterator[str]:
    """The paths of known keys that stand in a canonical document once more, in another spelling."""
    if isinstance(document, list):
        of_each = shape[0] if isinstance(shape, list) else shape
        for number, one in enumerate(document):
            yield from twice(one, of_each, f"{path}{number}.")
    elif isinstance(shape, dict) and isinstance(document, dict):
        known = {folded(key) for key in shape}
        for key, value in document.items():
            if key in shape:
                yield from twice(value, shape[key], f"{path}{key}.")
            elif folded(key) in known:
                yield path + key


def _names(said: Mapping[str, Any], shape: Mapping[str, Any]) -> list[str]:
    """The canonical spelling of each key, or its own where it is unknown or the name is taken."""
    known = {folded(key): key for key in shape}
    taken = set(said)
    names = []
    for key in said:
        name = key if key in shape else known.get(folded(key), key)
        names.append(name if name == key or name not in taken else key)
        taken.add(names[-1])
    return names
