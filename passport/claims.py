"""What the registry says of a claim (design section 7). None of it reaches the person who claims."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from learners import birthday
from learners.models import Alias, Credit, Learner, License, Physician
from learners.names import fold
from learners.numbers import license_key
from pars.access.actor import Actor
from pars.access.scope import acting_as

from .models import Claim, Passport

# So many different wrong claims by one user, or about one physician, and only the operator decides.
WRONG_GUESSES = 5
GUESSES_COUNT_FOR = timedelta(days=90)

_MATCHER = Actor(kind="matcher")
_CLAIMS = Actor.system_job("claims")


@dataclass(frozen=True)
class Details:
    """What the person says of themselves. `month_day` is "MMDD", `state` a postal code."""

    first_name: str
    last_name: str
    month_day: str
    state: str
    number: str

    @classmethod
    def of(cls, claim: Claim) -> "Details":
        """What a claim said."""
        return cls(
            first_name=claim.first_name,
            last_name=claim.last_name,
            month_day=birthday.decrypt(bytes(claim.birthday)),
            state=claim.state,
            number=claim.number,
        )

    @property
    def birthday(self) -> bytes:
        return birthday.encrypt(self.month_day)

    @property
    def number_key(self) -> str:
        return license_key(self.number)

    def same_as(self, claim: Claim) -> bool:
        """True where the claim says the same: the same guess again is no new guess."""
        return (
            fold(claim.first_name) == fold(self.first_name)
            and fold(claim.last_name) == fold(self.last_name)
            and bytes(claim.birthday) == self.birthday
            and claim.state == self.state
            and license_key(claim.number) == self.number_key
        )


@dataclass(frozen=True)
class Verdict:
    """What becomes of the claim, and whom it is about where anybody has the license."""

    status: Claim.Status
    physician: Physician | None
    fills_birthday: bool = False


@dataclass(frozen=True)
class Compared:
    """A holder of the license beside what was said, for the operator: never for the person who claims."""

    physician: Physician
    name_agrees: bool
    birthday: str
    taken: bool


def compare(details: Details, holder: Physician) -> Compared:
    """`birthday` in a word: agrees, differs or unknown. The registry's own is not shown."""
    known = {True: "agrees", False: "differs"}
    return Compared(
        physician=holder,
        name_agrees=_goes_by(holder, details.last_name),
        birthday="unknown" if holder.birthday is None else known[bytes(holder.birthday) == details.birthday],
        taken=Passport.objects.filter(physician=holder).exists(),
    )


def pointed_at(details: Details) -> list[Physician]:
    """Holders of the license: none, one, or an MD and a DO of one number."""
    with acting_as(_MATCHER):
        return list(
            Physician.objects.filter(
                pk__in=License.objects.filter(state=details.state, number_key=details.number_key).values(
                    "physician"
                )
            ).order_by("pk")
        )


def decide(details: Details, holders: list[Physician], *, user_id: int, at: datetime) -> Verdict:
    """Confirmed when last name, month and day agree with one holder of the license, claimed by nobody else.

    Where no roster has said the birthday, one provider's standing report for that license takes its place. Out of
    guesses, taken by another account, or fitting two people: it waits for the operator. The rest disagrees.
    """
    # Whom it is about: of two with one number, the one of that name.
    named = (holder for holder in holders if _goes_by(holder, details.last_name))
    first = next(named, holders[0] if holders else None)
    if out_of_guesses(holders, user_id=user_id, at=at):
        return Verdict(Claim.Status.WAITING, first)
    agreeing = [holder for holder in holders if _agrees(details, holder)]
    if len(agreeing) > 1:
        agreeing = [holder for holder in agreeing if holder.first_key == fold(details.first_name)] or agreeing
    if not agreeing:
        return Verdict(Claim.Status.DISAGREES, first)
    if len(agreeing) > 1 or Passport.objects.filter(physician=agreeing[0]).exists():
        return Verdict(Claim.Status.WAITING, agreeing[0])
    return Verdict(Claim.Status.CONFIRMED, agreeing[0], fills_birthday=agreeing[0].birthday is None)


def out_of_guesses(holders: list[Physician], *, user_id: int, at: datetime) -> bool:
    """True once WRONG_GUESSES claims disagreed: of this user, or about one of these physicians."""
    with acting_as(_CLAIMS):
        wrong = Claim.objects.filter(status=Claim.Status.DISAGREES, made_at__gt=at - GUESSES_COUNT_FOR)
        return any(
            claims.count() >= WRONG_GUESSES
            for claims in (
                wrong.filter(user_id=user_id),
                *(wrong.filter(physician=holder) for holder in holders),
            )
        )


def _goes_by(holder: Physician, last_name: str) -> bool:
    """Whether this is the holder's last name, or one they went by."""
    last_key = fold(last_name)
    if holder.last_key == last_key:
        return True
    with acting_as(_MATCHER):
        return Alias.objects.filter(physician=holder, last_key=last_key).exists()


def _agrees(details: Details, holder: Physician) -> bool:
    if not _goes_by(holder, details.last_name):
        return False
    if holder.birthday is not None:
        return bytes(holder.birthday) == details.birthday
    with acting_as(_CLAIMS):
        return Learner.objects.filter(
            state=details.state,
            number_key=details.number_key,
            last_key=holder.last_key,
            birthday=details.birthday,
            pk__in=Credit.objects.standing().values("learner"),  # reported: to check a learner is not enough
        ).exists()
