"""An activity for machines: as JSON of our own, and as schema.org describes events and courses."""

from typing import Any

from activities.finder import FREE, PublicActivity
from activities.formats import Delivery, Format
from activities.models import ListedActivity
from activities.record import AMA, Record

_EVENTS = (Format.LIVE, Format.SERIES)
_SCHEMA = "https://schema.org"


def listed_as_json(row: ListedActivity, *, page: str) -> dict[str, Any]:
    """One result; `page` is its absolute address for people."""
    return {
        "id": row.number,
        "title": row.title,
        "provider": row.provider_name,
        "page": page,
        "summary": row.summary,
        "format": row.format,
        "delivery": row.delivery,
        "starts": row.start_on.isoformat(),
        "ends": row.end_on.isoformat(),
        "city": row.city,
        "state": row.state,
        "country": row.country,
        "ama_pra_category_1_credits": float(row.credits),
        "credit": row.categories,
        "boards": row.boards,
        "fee": row.fee,
    }


def as_json(public: PublicActivity, *, page: str) -> dict[str, Any]:
    """All that anyone may read of one activity."""
    record = public.record
    return {
        "id": record.activity_id,
        "title": record.title,
        "provider": public.provider.name,
        "page": page,
        "over": public.over,
        "description": record.description,
        "format": record.format,
        "delivery": record.delivery,
        "starts": public.activity.start_on.isoformat(),
        "ends": public.activity.end_on.isoformat(),
        "city": record.city,
        "state": record.state,
        "country": record.country,
        "credit": [
            {"category": AMA, "amount": float(public.activity.credits or 0)},
            *(
                {"category": one.category, "amount": float(one.amount) if one.amount is not None else None}
                for one in record.other_credits
            ),
        ],
        "boards": [
            {
                "board": one.board,
                "points": float(one.points) if one.points is not None else None,
                "credit_types": one.credit_types,
                "practice_areas": one.practice_areas or record.specialties,
                "claim_by": one.claim_by.isoformat() if one.claim_by else None,
            }
            for one in record.registrations
        ],
        "fee": record.fee,
        "registration": record.registration,
        "url": record.url,
        "specialties": record.specialties,
        "professions": record.professions,
        "tags": record.tags,
        "state_topics": [{"domain": one.domain, "topic": one.topic} for one in record.state_topics],
        "rems": record.rems.type if record.rems else None,
        "mips": record.mips,
        "outcomes": [{"what": one.what, "how": one.how} for one in record.outcomes],
        "providership": record.providership,
        "joint_providers": record.joint_providers,
    }


def as_schema_org(public: PublicActivity, *, page: str) -> dict[str, Any]:
    """An EducationEvent where people meet on days, a Course where each learns in their own time."""
    record, provider = public.record, {"@type": "Organization", "name": public.provider.name}
    said = {
        "@context": _SCHEMA,
        "@id": page,
        "url": page,
        "identifier": record.activity_id,
        "name": record.title,
        "description": record.description,
        "isAccessibleForFree": record.fee == FREE,
    }
    days = {
        "startDate": public.activity.start_on.isoformat(),
        "endDate": public.activity.end_on.isoformat(),
    }
    if record.format in _EVENTS:
        return said | days | {
            "@type": "EducationEvent",
            "organizer": provider,
            "eventStatus": f"{_SCHEMA}/EventScheduled",
            "eventAttendanceMode": f"{_SCHEMA}/{_attendance(record)}EventAttendanceMode",
            "location": _locations(record, page),
        }  # fmt: skip
    mode = "onsite" if record.delivery == (Delivery.IN_PERSON,) else "online"
    return said | {
        "@type": "Course",
        "provider": provider,
        "hasCourseInstance": [{"@type": "CourseInstance", "courseMode": mode, **days}],
    }


def _attendance(record: Record) -> str:
    on_site = Delivery.IN_PERSON in record.delivery
    return ("Mixed" if len(record.delivery) > 1 else "Offline") if on_site else "Online"


def _locations(record: Record, page: str) -> list[dict[str, Any]]:
    locations: list[dict[str, Any]] = []
    if Delivery.IN_PERSON in record.delivery:
        address = {
            "@type": "PostalAddress",
            "addressLocality": record.city,
            "addressRegion": record.state,
            "addressCountry": record.country,
        }
        locations.append({"@type": "Place", "name": record.city, "address": address})
    if set(record.delivery) - {Delivery.IN_PERSON}:
        locations.append({"@type": "VirtualLocation", "url": record.url or page})
    return locations
