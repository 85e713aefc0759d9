"""Who provides it, and how it stands in the public list."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from activities.codes import code_list
from activities.record import Record

from .base import several, unreadable
from .problem import Problem, hint, problem

DIRECT, JOINT = "direct", "joint"
LONGEST_NAME, MOST_PARTNERS, LONGEST_URL = 200, 50, 2_000
_LONGEST_HOST = 253


def providership(record: Record) -> Iterator[Problem]:
    if record.providership not in ("", DIRECT, JOINT):
        yield problem("providership_unknown", "providership", record.providership)
    elif record.joint_providers and record.providership == DIRECT:
        yield problem("joint_but_direct", "joint_providers", ", ".join(record.joint_providers))
    yield from several("joint_providers", record.joint_providers, most=MOST_PARTNERS, longest=LONGEST_NAME)


def listing(record: Record) -> Iterator[Problem]:
    yield from public("", record.fee, record.registration, record.url)


def public(within: str, fee: str, registration: str, url: str) -> Iterator[Problem]:
    """Fee, registration and address, of the activity or of one board's registration."""
    if fee and not code_list("fee").get(fee):
        yield problem("fee_unknown", f"{within}fee", fee, hint=hint(code_list("fee"), fee))
    if registration and not code_list("registration").get(registration):
        known = code_list("registration")
        yield problem(
            "registration_unknown", f"{within}registration", registration, hint=hint(known, registration)
        )
    if url and not is_web_address(url):
        yield problem("url_unreadable", f"{within}url", url)


def is_web_address(url: str) -> bool:
    """Whether the text has the shape of a public web address; nobody goes there to look."""
    if len(url) > LONGEST_URL or unreadable(url) or any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or len(host) > _LONGEST_HOST:
        return False
    labels = host.rstrip(".").split(".")
    return len(labels) > 1 and all(
        label and label[0] != "-" and label[-1] != "-" and label.replace("-", "a").isalnum()
        for label in labels
    )
