"""The kinds of question, a closed set: what each asks, which buttons it has, and how it reads typed words."""

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.model import Message
from conversations.reading.typed import yes_or_no


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options. `verbatim` labels (names of languages) are never translated.

    `yes`: the option that a typed yes means, where none is called so.
    """

    text: Message
    options: Mapping[str, Message]
    verbatim: bool = False
    yes: str = ""

    def read(self, typed: str) -> str | None:
        """The option that typed words mean: its number, yes or no, or its very label; None if they mean none."""
        ids = tuple(self.options)
        if typed.isdecimal() and 1 <= int(typed[:3]) <= len(ids):
            return ids[int(typed[:3]) - 1]
        word: str = yes_or_no(typed)
        word = self.yes if word == "yes" and self.yes else word
        if word in self.options:
            return word
        return next((i for i, label in self.options.items() if typed.casefold() == str(label).casefold()), None)


@dataclass(frozen=True, slots=True)
class Words:
    """The witness's own words, written or spoken; with `many`, over as many messages as they like until Done."""

    text: Message
    many: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """Photos, videos, documents, as many as they like until Done."""

    text: Message


@dataclass(frozen=True, slots=True)
class Review:
    """Everything said so far, to change, remove or send."""

    text: Message


Question = Choice | Words | Files | Review


def takes_many(question: Question) -> bool:
    """Whether the question stays open until the witness says Done."""
    return isinstance(question, Files) or (isinstance(question, Words) and question.many)
