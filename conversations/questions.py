"""The kinds of question, a closed set: what each asks, which buttons it has, and how it reads typed
words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Literal

from conversations.model import Message
from conversations.reading.typed import yes_or_no

OF_AGE = 18
LONGEST_AGE = 3  # digits
YEARS = r"роки|років|року|рік|лет|год|года|годов|годик|годиков|years?(?:\s+old)?"
NOT_YET = r"ні|нема|немає|нет|no|менше|молодше|меньше|младше|моложе|under|below"
OF_AN_AGE = re.compile(
    rf"{YEARS}|{NOT_YET}|р|л|г|y|o|old|і|и|and|так|да|yes|мені|мне|я|i|am|m|im|my|is|вже|уже|already"
    r"|зараз|сейчас|now|виповнил\w+|исполнил\w+|повних|полных|вік|возраст|age|aged|доросл\w+|взросл\w+|adult"
    r"|повнолітн\w+|совершеннолетн\w+|понад|больше|більше|over|ще|еще|ещё"
)
"""Words that say how old somebody is, and nothing else; hours are none of them."""
SAID_TO_BE_AGE = re.compile(
    r"\b(?:мені|мне|i am|i['’]?m)\s+"
    r"(?:вже |уже |already |only |just |лише |тільки |только |всего )?(\d{1,3})"
    rf"(?:\s+(?:{YEARS}))?"
    r"(?=$|[.,;:!?)…]+(?:$|\s+(?!\d))|\s+[-–—]\s|\s+(?:і|й|та|и|а|but|and)\s+(?!\d))",
    re.IGNORECASE,
)
"""In a sentence that says more, only what somebody says of themselves, with nothing hanging on it:
another number may be a day, an hour, a house, a sentence served, how long ago something was, or how
old a child was.
"""
NUMBERS = re.compile(r"\d{1,2}(?:[\s,;.]+\d{1,2})*")


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

    def read(self, typed: str) -> str | None:
        """The option that typed words mean: its number, yes or no, or its very label; None if they
        mean none.
        """
        ids = tuple(self.offered)
        if typed.isdecimal() and self.counts:
            return self.counts[min(int(typed[:3]), len(self.counts) - 1)]
        if (
            typed.isdecimal()
            and 1 <= int(typed[:3]) <= len(ids)
            and not (self.adult and len(typed) > 1)
        ):
            return ids[int(typed[:3]) - 1]
        word: str = yes_or_no(typed)
        word = self.yes if word == "yes" and self.yes else word
        if word in ids:
            return word
        if self.adult and (ages := _ages(typed)):
            return _of_age(ages[0], typed) if len(ages) == 1 else None
        return next(
            (i for i, label in self.offered.items() if typed.casefold() == str(label).casefold()),
            None,
        )


def _ages(typed: str) -> list[int]:
    """The numbers that may be the age of whoever wrote; a year or a date is none."""
    if tells_more(typed):
        return [int(age) for age in SAID_TO_BE_AGE.findall(typed)]
    numbers = re.findall(r"\d+", typed)
    return [int(n) for n in numbers] if all(len(n) <= LONGEST_AGE for n in numbers) else []


def _of_age(age: int, typed: str) -> str:
    """Under 18, or not 18 yet, is no, though the number is 18."""
    words = re.findall(r"[^\W\d_]+", typed.casefold())
    not_yet = not tells_more(typed) and any(re.fullmatch(NOT_YET, word) for word in words)
    if age == OF_AGE and not_yet:
        return "no"
    return "yes" if age >= OF_AGE else "no"


def tells_more(typed: str) -> bool:
    """Whether words that may say an age say something else, too: one word is enough, "12 March"."""
    words = re.findall(r"[^\W\d_]+", typed.casefold())
    return not all(OF_AN_AGE.fullmatch(word) for word in words)


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

    def read(self, typed: str, page: int) -> tuple[str, ...]:
        """The options that typed numbers of this page mean, "1, 3"; none if the words are something
        else.
        """
        here = tuple(self.pages[page])
        if NUMBERS.fullmatch(typed.strip()):
            numbers = [int(n) for n in re.findall(r"\d+", typed)]
            return (
                tuple(here[n - 1] for n in numbers)
                if all(1 <= n <= len(here) for n in numbers)
                else ()
            )
        return tuple(
            i for i in here if str(self.pages[page][i]).casefold() == typed.strip().casefold()
        )


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
    nothing before.
    """

    text: Message
    since: date


@dataclass(frozen=True, slots=True)
class Where:
    """A place: in words, or a point on the map."""

    text: Message


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
