"""PURE: typed yes, no, don't know, skip, back and done, in every language that is read.

Only a whole message that is nothing but such a word counts: an account may well begin with "no".
Where a question takes yes or no alone, the first word of a sentence is read, too (begins_with).
"""

import re
from typing import Final, Literal

from conversations.model import Control
from conversations.reading.languages import LANGUAGES

LONGEST_SENTENCE: Final = 120
"""Characters: a longer message tells something, whatever its first word is."""

_BY_WORD: Final[dict[str, Control]] = {
    word: control
    for language in LANGUAGES
    for control, words in language.controls.items()
    for word in words
}
_YES: Final = {word for language in LANGUAGES for word in language.yes}
_NO: Final = {word for language in LANGUAGES for word in language.no}


def bare(typed: str) -> str:
    """The message without what carries no meaning here: case, spaces, end points and the kind of
    apostrophe.
    """
    plain = " ".join(typed.replace("’", "'").replace("ʼ", "'").replace("`", "'").split())
    return plain.strip(' .!…,;:"«»').casefold()


def control(typed: str) -> Control | None:
    """The control that a message names, if it is nothing but its name."""
    return _BY_WORD.get(bare(typed))


def begins_with(typed: str) -> Literal["yes", "no", ""]:
    """The yes or no that a sentence begins with, set off by a comma or a full stop: "yes, I am in
    London".
    """
    first, stop, rest = re.match(
        r"([^\s,.;:!–—-]*)(\s*[,.;:!–—-])?(.*)", typed.strip(), re.DOTALL
    ).groups()  # type: ignore[union-attr]
    return yes_or_no(first) if stop and rest.strip() and len(typed) <= LONGEST_SENTENCE else ""


def yes_or_no(typed: str) -> Literal["yes", "no", ""]:
    """What a message says if it is nothing but a yes or a no; otherwise the empty word."""
    word = bare(typed)
    if word in _YES:
        return "yes"
    return "no" if word in _NO else ""
