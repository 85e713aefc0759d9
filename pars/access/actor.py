"""The one answer to «who is acting»: made at the door, handed down, never looked up again."""

from dataclasses import dataclass
from typing import Literal

from .roles import NEWCOMER_PERMISSIONS, PERMISSIONS, OrganizationKind, Permission, Role

Kind = Literal["provider", "board", "physician", "operator", "matcher", "anonymous"]

_KIND_OF: dict[str, Kind] = {
    OrganizationKind.PROVIDER: "provider",
    OrganizationKind.BOARD: "board",
    OrganizationKind.ACCREDITOR: "operator",
}


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom. Row security sees `kind` and the three ids; views see `may()`.

    `system` names a scheduled job that acts without a person.
    """

    kind: Kind
    user_id: int | None = None
    organization_id: int | None = None
    physician_id: int | None = None
    role: Role | None = None
    system: str = ""
    permissions: frozenset[Permission] = frozenset()

    @classmethod
    def member(cls, *, user_id: int, organization_id: int, kind: OrganizationKind, role: Role) -> "Actor":
        """A person acting for an organization."""
        return cls(
            kind=_KIND_OF[kind],
            user_id=user_id,
            organization_id=organization_id,
            role=role,
            permissions=PERMISSIONS[kind, role],
        )

    @classmethod
    def person(cls, *, user_id: int, physician_id: int | None) -> "Actor":
        """A person acting for themselves: a physician, or one about to claim their record."""
        return cls(
            kind="physician", user_id=user_id, physician_id=physician_id, permissions=NEWCOMER_PERMISSIONS
        )

    @classmethod
    def anonymous(cls) -> "Actor":
        return cls(kind="anonymous")

    @classmethod
    def system_job(cls, name: str) -> "Actor":
        """A named job that works across organizations: it sees what an operator sees."""
        return cls(kind="operator", system=name)

    @classmethod
    def matcher(cls, organization_id: int, *, user_id: int | None = None) -> "Actor":
        """Reads the registry and writes one organization's rows; gives verdicts, never registry rows."""
        return cls(kind="matcher", organization_id=organization_id, user_id=user_id)

    @classmethod
    def organization(
        cls, organization_id: int, kind: OrganizationKind, *, user_id: int | None = None
    ) -> "Actor":
        """An organization at work in the background, after one of its people set the work off."""
        return cls(kind=_KIND_OF[kind], organization_id=organization_id, user_id=user_id)

    @property
    def tenant(self) -> int:
        """The organization's id, to filter by; 0, which no row has, for who acts for none."""
        return self.organization_id or 0

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions
