"""A referral's public number: 40 random bits and two check characters, easy to say, with no order
or date in it.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
MODULUS = 1021
"""The largest prime below 32²: every single wrong character and every swap of two neighbours is
noticed.
"""
_HEARD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_LOOKS = str.maketrans("АВЕКМНРСТХУІО", "ABEKMHPCTXY10")
"""Cyrillic letters that look like ours: a phone's keyboard seldom stands on Latin."""
_WRITTEN = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b")


def written(number: int) -> str:
    """The reference of a number of 40 bits, as in "7K3M-9QXW-WK"."""
    body = _base32(number, 8)
    return f"{body[:4]}-{body[4:]}-{_base32(number * 1024 % MODULUS, 2)}"


def read(typed: str) -> str | None:
    """The reference that somebody typed or said, however spaced; None if its check characters
    disagree.
    """
    plain = "".join(c for c in typed.upper() if c.isalnum()).translate(_LOOKS).translate(_HEARD)
    if len(plain) != 10 or any(c not in ALPHABET for c in plain):  # noqa: PLR2004 - eight and two
        return None
    number = 0
    for c in plain[:8]:
        number = number * 32 + ALPHABET.index(c)
    whole = written(number)
    return whole if whole.replace("-", "") == plain else None


def found(text: str) -> str:
    """The first reference that stands in a text as we write them; empty where none does."""
    return next((found for match in _WRITTEN.findall(text) if (found := read(match))), "")


def _base32(number: int, width: int) -> str:
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(width - 1, -1, -1))
