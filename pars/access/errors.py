"""What a refusal is."""


class DomainError(Exception):
    """A refusal its reader can act on; `str()` is the sentence to show. One subclass per reason.

    `field` names the form field the sentence belongs to, empty where it belongs to none.
    """

    field = ""
