"""Roles, and what each may do (design section 6). Data, not code: views ask for a Permission, never for a role."""

from django.db.models import TextChoices


class OrganizationKind(TextChoices):
    """The three kinds of organization. A kind decides which roles its people can have."""

    PROVIDER = "provider", "Accredited provider"
    BOARD = "board", "State board"
    ACCREDITOR = "accreditor", "Accreditor"


class Role(TextChoices):
    """What a person is within one organization."""

    ADMIN = "admin", "Administrator"
    REPORTER = "reporter", "Reporter"
    VIEWER = "viewer", "Viewer"
    REVIEWER = "reviewer", "Reviewer"
    OPERATOR = "operator", "Operator"
    AUDITOR = "auditor", "Auditor"


class Permission(TextChoices):
    """What a route may ask of the person at the door."""

    SIGNED_IN = "signed_in"
    PROVIDER_LOOK = "provider_look"
    REPORT = "report"
    PROVIDER_MANAGE = "provider_manage"
    BOARD_LOOK_UP = "board_look_up"
    BOARD_MANAGE = "board_manage"
    ACCEPT_AGREEMENT = "accept_agreement"
    MANAGE_PEOPLE = "manage_people"
    OPERATE = "operate"
    OVERSEE = "oversee"
    OWN_RECORD = "own_record"


ROLES_OF: dict[OrganizationKind, tuple[Role, ...]] = {
    OrganizationKind.PROVIDER: (Role.ADMIN, Role.REPORTER, Role.VIEWER),
    OrganizationKind.BOARD: (Role.ADMIN, Role.REVIEWER),
    OrganizationKind.ACCREDITOR: (Role.OPERATOR, Role.AUDITOR),
}

_EVERYONE = frozenset({Permission.SIGNED_IN})
_PEOPLE = frozenset({Permission.MANAGE_PEOPLE, Permission.ACCEPT_AGREEMENT})
_VIEWER = _EVERYONE | {Permission.PROVIDER_LOOK}
_REPORTER = _VIEWER | {Permission.REPORT}
_REVIEWER = _EVERYONE | {Permission.BOARD_LOOK_UP}
_AUDITOR = _EVERYONE | {Permission.OVERSEE}

PERMISSIONS: dict[tuple[OrganizationKind, Role], frozenset[Permission]] = {
    (OrganizationKind.PROVIDER, Role.VIEWER): _VIEWER,
    (OrganizationKind.PROVIDER, Role.REPORTER): _REPORTER,
    (OrganizationKind.PROVIDER, Role.ADMIN): _REPORTER | _PEOPLE | {Permission.PROVIDER_MANAGE},
    (OrganizationKind.BOARD, Role.REVIEWER): _REVIEWER,
    (OrganizationKind.BOARD, Role.ADMIN): _REVIEWER | _PEOPLE | {Permission.BOARD_MANAGE},
    (OrganizationKind.ACCREDITOR, Role.AUDITOR): _AUDITOR,
    (OrganizationKind.ACCREDITOR, Role.OPERATOR): _AUDITOR | {Permission.OPERATE, Permission.MANAGE_PEOPLE},
}
PHYSICIAN_PERMISSIONS = _EVERYONE | {Permission.OWN_RECORD}
NEWCOMER_PERMISSIONS = PHYSICIAN_PERMISSIONS
