"""The kinds of question, a closed set: what each asks, which buttons it has, and how it reads typed
words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Literal

from conversations.model import Message


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options. The labels of `verbatim` are never translated: they are names of
    languages.

    `yes`: the option that a typed yes means, where none is called so. `more`: what Read more says.
    `counts`: the options that typed numbers from 0 on mean, the last also what is above; elsewhere
    they are a place. `withdrawn`: options that are no longer offered, in whatever version; those
    who chose them before are understood.
    """

    text: Message
    options: Mapping[str, Message]
    verbatim: tuple[str, ...] = ()
    yes: str = ""
    more: Message = ""
    counts: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    adult: bool = False
    """It asks for the age of 18: a number in what is typed answers it."""
    shows: bool = False
    """What was answered so far stands beneath it, whole."""

    @property
    def offered(self) -> Mapping[str, Message]:
        if not self.withdrawn:
            return self.options
        return {id_: label for id_, label in self.options.items() if id_ not in self.withdrawn}


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of options, on pages of at most eight buttons; a press on one turns it on or off.

    `one_tap`: the first press is the whole answer, as it is for most people; a button leads to
    several.
    """

    text: Message
    pages: tuple[Mapping[str, Message], ...]
    one_tap: bool = False
    all_or_none: bool = False
    """Two more buttons choose all of them, or none."""
    turned: bool = False
    """Its pages are turned over and over, and Done on any of them ends it; else the last page does.
    """

    @property
    def options(self) -> dict[str, Message]:
        return dict(chain.from_iterable(page.items() for page in self.pages))


@dataclass(frozen=True, slots=True)
class Words:
    """The witness's own words, written or spoken; with `many`, over as many messages as they like
    until Done.

    `instead`: buttons that answer in place of words. `opens`: buttons that have more asked before
    these words; each sets the mark of the report that it is called by.
    """

    text: Message
    many: bool = False
    instead: Mapping[str, Message] = field(default_factory=dict)
    opens: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class When:
    """A date: typed as people say it, or by year, month and day. `since`: the appeal asks for
    nothing before. `first_day`: what the first day of the war means; None: no words do.
    """

    text: Message
    since: date
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """A place: in words, or a point on the map; with `regions`, also by the regions of Ukraine."""

    text: Message
    regions: bool = True


@dataclass(frozen=True, slots=True)
class Files:
    """Photos, videos, documents, as many as they like until Done."""

    text: Message


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The witness's own return words; they are not kept, only what finds the report by them."""

    text: Message


@dataclass(frozen=True, slots=True)
class Known:
    """Something only who sent the report knows: its number, or its return words. It is checked, not
    kept.
    """

    text: Message
    what: Literal["reference", "words"]
    instead: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """Everything said so far, to change, remove or send."""

    text: Message


Question = Choice | Several | Words | When | Where | Files | OwnWords | Known | Review


def takes_many(question: Question) -> bool:
    """Whether the question stays open until the witness says Done."""
    return isinstance(question, Files) or (isinstance(question, Words) and question.many)
