"""PURE: phrases after which something must be said: present danger, taking part, sexual violence or
torture.

Danger is the first person in the present or the future; killing and tanks in an account of the past
are not it. Nothing is removed, refused or changed because of what is found here.
"""

import re
from typing import Final, Literal

from conversations.reading.languages import LANGUAGES
from conversations.reading.tokens import plain


def _any(kind: Literal["danger", "insider", "sensitive"]) -> re.Pattern[str]:
    patterns = [pattern for language in LANGUAGES for pattern in getattr(language, kind)]
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)")


KINDS: Final = {
    "danger": _any("danger"),
    "insider": _any("insider"),
    "sensitive": _any("sensitive"),
}


QUOTED: Final = re.compile('[«„“"][^«»„“”"]*[»“”"]')
"""What somebody else is told to have said: nobody is in danger now, or did anything, because of
that.
"""


def found(words: str) -> tuple[str, ...]:
    """Which of danger, insider and sensitive the words carry."""
    text = " ".join(plain(words).split())
    own = QUOTED.sub(" ", text)
    return tuple(
        kind
        for kind, pattern in KINDS.items()
        if pattern.search(text if kind == "sensitive" else own)
    )
