"""Cutting a long text into messages, counted in the channel's own unit, at the end of a sentence
where there is one.
"""

import re
from typing import Literal

Unit = Literal["utf-16", "code points"]
_ENDS = re.compile(r"\n\n|\n|[.!?…।。！？؟]+[\s»”\")]*|\s")


def length(text: str, unit: Unit) -> int:
    """How long the channel says a text is."""
    if unit == "code points":
        return len(text)
    # outside the basic plane: two units
    return len(text) + sum(ord(c) > 0xFFFF for c in text)  # noqa: PLR2004


def split(text: str, most: int, unit: Unit) -> list[str]:
    """Parts of at most `most` units that put together are the text; never empty ones."""
    parts = []
    while length(text, unit) > most:
        cut = _cut(text, most, unit)
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text] if text or not parts else parts


def _cut(text: str, most: int, unit: Unit) -> int:
    """Where to cut: the last paragraph, line, sentence or word end in the second half; else where
    it is full.
    """
    full = most
    while length(text[:full], unit) > most:
        full -= 1
    ends = [m for m in _ENDS.finditer(text, 0, full) if m.end() > full // 2]
    for kind in ("\n\n", "\n", "."):
        found = [
            m.end() for m in ends if m.group() == kind or (kind == "." and not m.group().isspace())
        ]
        if found:
            return found[-1]
    return ends[-1].end() if ends else max(full, 1)
