"""Finding a licensee by what board staff have at hand: a name, a license number or an NPI, in one box.

Prefixes are compared with `~>=~` and `~<~`: the only prefix search that PostgreSQL runs inside an index
behind a row security policy, because those operators are leakproof and LIKE is not.
"""

from django.db.models import BooleanField, Expression, F, Func, Q, Value

from learners.models import Alias, License
from learners.names import fold
from learners.numbers import license_key, looks_like_npi

LONGEST_NAME_WORDS = 6  # more words than that are searched as one last name
_LAST = "\U0010ffff"  # sorts after every character a key can hold


def condition(text: str) -> Q:
    """Which licenses `text` may mean; Q that matches nothing where it has no letter and no digit.

    With a digit in it, it is the beginning of a license number, or an NPI. Otherwise it is the beginning of a
    name: "Osei", "Osei, Amara", "Amara Osei", and any first part of these.
    """
    if any(character.isdigit() for character in text):
        return _number(text)
    if "," in text:
        last, first = text.split(",", 1)
        if fold(last) and fold(first):
            return _name(last, first)
    return _words(text.replace(",", " ").split())


def physicians(text: str) -> Q:
    """Which physicians `text` may mean, by a name they go or went by, a license number or an NPI, as above."""
    if any(character.isdigit() for character in text):
        digits = "".join(character for character in text if character.isdigit())
        holders = Q(pk__in=License.objects.filter(_number(text)).values("physician"))
        return holders | Q(npi=digits) if looks_like_npi(digits) else holders
    named = condition(text)
    return named | Q(pk__in=Alias.objects.filter(named).values("physician"))


def _number(text: str) -> Q:
    key = license_key(text)
    digits = "".join(character for character in text if character.isdigit())
    found = _begins("number_key", key) if key else Q(pk__in=[])
    return found | Q(npi=digits) if looks_like_npi(digits) else found


def _words(words: list[str]) -> Q:
    """Every way to part the words into first and last name, in either order, or all of them a last name."""
    whole = fold(" ".join(words))
    if not whole:
        return Q(pk__in=[])
    found = _begins("last_key", whole)
    if len(words) <= LONGEST_NAME_WORDS:
        for cut in range(1, len(words)):
            one, other = " ".join(words[:cut]), " ".join(words[cut:])
            if fold(one) and fold(other):
                found |= _name(other, one) | _name(one, other)
    return found


def _name(last: str, first: str) -> Q:
    return _begins("last_key", fold(last)) & _begins("first_key", fold(first))


def _begins(field: str, prefix: str) -> Q:
    return Q(_in_byte_order(field, "~>=~", prefix)) & Q(_in_byte_order(field, "~<~", prefix + _LAST))


def _in_byte_order(field: str, operator: str, bound: str) -> Expression:
    return Func(
        F(field),
        Value(bound),
        template="(%(expressions)s)",
        arg_joiner=f" {operator} ",
        output_field=BooleanField(),
    )
