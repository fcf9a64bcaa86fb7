"""A language is one file, locales/CODE/LC_MESSAGES/witness.po; its names and its direction are
Unicode's (CLDR).
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po

LOCALES: Final = Path(__file__).parents[2] / "locales"
SOURCE: Final = "en"
"""The language that stands in the code; it needs no file."""
ISOLATE: Final = "\u2068"
END: Final = "\u2069"
"""First strong isolate and its end: UAX #9, so that a foreign word does not turn the order of those
around it.
"""
CONTROLS: Final = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""What turns the order of letters about; a name or an answer shown again has none of it."""


@cache
def own_name(language: str) -> str:
    """As its speakers write it, for a button: "Українська"."""
    return (Locale.parse(language).get_display_name(language) or language).capitalize()


@cache
def english_name(language: str) -> str:
    """For officers; the code itself where there is no such language."""
    try:
        return str(Locale.parse(language).english_name or language)
    except (UnknownLocaleError, ValueError):
        return language


@cache
def _foreign(language: str) -> tuple[str, ...]:
    """The classes of letters (UAX #9) that run against this language."""
    return ("L",) if Locale.parse(language).text_direction == "rtl" else ("R", "AL")


def isolated(text: str, language: str) -> str:
    """Somebody's words or a number inside a text of this language: lines that run the other way are
    kept apart.
    """
    return "\n".join(
        f"{ISOLATE}{line}{END}"
        if any(unicodedata.bidirectional(c) in _foreign(language) for c in line)
        else line
        for line in text.translate(CONTROLS).split("\n")
    )


@cache
def _texts(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The ids in a language's file, and those of them that are translated."""
    path = LOCALES / language / "LC_MESSAGES" / "witness.po"
    if not path.exists():
        return frozenset(), frozenset()
    with path.open("rb") as file:
        messages = [m for m in read_po(file, locale=language) if m.id]
    done = [m for m in messages if not m.fuzzy and all(_forms(m.string))]
    return frozenset(_forms(m.id)[0] for m in messages), frozenset(_forms(m.id)[0] for m in done)


def _forms(text: object) -> tuple[str, ...]:
    """A text, or the forms of one that counts something."""
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text or ""),)


def missing(language: str) -> int:
    """How many texts that any language has are not translated into this one."""
    if language == SOURCE:
        return 0
    known = (
        _texts(folder.name)[0] for folder in LOCALES.iterdir() if (folder / "LC_MESSAGES").is_dir()
    )
    return len(frozenset().union(*known) - _texts(language)[1])


def complete(languages: Iterable[str]) -> tuple[str, ...]:
    """Those that have every text: no witness is led into a conversation half of which is in another
    language.
    """
    return tuple(language for language in languages if not missing(language))


def reviewed(language: str) -> bool:
    """Whether a person has read the whole file, as its head says in the line "Reviewed by:"."""
    path = LOCALES / language / "LC_MESSAGES" / "witness.po"
    if language == SOURCE or not path.exists():
        return language == SOURCE
    head = path.read_text("utf-8").partition("msgid")[0]
    said = next((line for line in head.splitlines() if "Reviewed by:" in line), "")
    return bool(said) and "machine" not in said and "nobody" not in said
