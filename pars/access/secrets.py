"""Keys for single purposes, derived from the one field key, so that no two uses share a key."""

from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def key_for(purpose: str, length: int = 32) -> bytes:
    """`length` bytes for one named purpose ("birthday", "upload", …), the same on every machine with the field key."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose.encode()).derive(
        settings.FIELD_KEY
    )
