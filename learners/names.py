"""Names as they are compared: folded, so that spelling habits do not part a person from their record."""

import re
import unicodedata
from functools import lru_cache

# Letters that no Unicode decomposition turns into plain ones.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
    }
)
_SUFFIX = re.compile(r"[\s,]+(jr|sr|ii|iii|iv|v|2nd|3rd|4th|md|do|m\.d|d\.o)\.?$")
_NOT_LETTER = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65_536)
def fold(name: str) -> str:
    """Lower case, accents, hyphens, apostrophes and blanks gone, generational and degree suffixes gone.

    "O'Connor" and "OConnor", "Núñez" and "NUNEZ", "Smith Jr." and "Smith" fold alike. A name without any Latin letter
    folds to its own letters.
    """
    text = name.strip().casefold()
    if text.isascii() and text.isalnum():
        return text
    if not text.isascii():
        # Letters may come apart into capitals ("𝖠") and into plain ones of no decomposition ("ǿ").
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = plain.casefold().translate(_LETTERS)
    while (shorter := _SUFFIX.sub("", text)) != text:
        text = shorter
    return _NOT_LETTER.sub("", text) or re.sub(r"[\W_]+", "", text)
