"""What can be said: texts by their English sentence, what is put into them, and what is written on
a button.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[str, ...]
"""The address of an answer: ("consent",), ("incident", "i2", "when"), ("exhibit", "x7", "origin").
"""

Message = str | tuple[str, str]
"""The English sentence that is the text's id; a pair is singular and plural, chosen by the
parameter `count`.
"""


def N_(text: str) -> str:  # noqa: N802 - the gettext world's own name
    """Mark a text for translation where it is written down; only bot/language/translate.py
    translates.
    """
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - the gettext world's own name
    """Mark a text that counts something, by its parameter `count`."""
    return one, many


@dataclass(frozen=True, slots=True)
class Quote:
    """Stands in a text for what the witness said at `path`; `first` characters of it, 0 for all."""

    path: Path
    first: int = 0


@dataclass(frozen=True, slots=True)
class Size:
    """A number of bytes, to be said as people say it."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Date:
    """A date to be said as people say it: EDTF, and a part of the day by id."""

    edtf: str = field(repr=False)
    part_of_day: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence and what is put into it."""

    id: Message
    params: Mapping[str, "Param"] = field(default_factory=dict, repr=False)


Param = str | int | Quote | Size | Date | Text


@dataclass(frozen=True, slots=True)
class Option:
    """A button: what it stands for and what is written on it; `verbatim` labels are never
    translated.

    `chosen`: one of several that stands chosen now. `row`: options with the same number stand side
    by side.
    """

    id: str
    label: Text
    control: bool = False
    verbatim: bool = False
    chosen: bool = False
    row: int = -1
