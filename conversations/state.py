"""What a conversation remembers between two events: ids, counts and positions, never a word of the
witness.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from conversations.model import Path
from conversations.pending import Found, Pending

PROMPTS_REMEMBERED = 40
"""Questions whose buttons still mean something; a press on an older one is answered with the
current question.
"""


VERSIONS: Final = "~versions"
"""The mark of a report whose changed words are kept: the law its operator works under requires it.
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one answer: which options, how many parts, whether the witness is done with
    it.

    Of a date the options are what the flow asks of it: recent, before, unread; of a place, the
    region if it is known.

    `prompt` is the number of the question it answered, so that officers see the very wording and
    language.
    """

    kind: Literal["picked", "said", "dated", "placed", "passed"]
    options: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    open: bool = False
    prompt: int = 0
    at: int = 0


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it was put: its number, its address and what its buttons stand for, in
    order.
    """

    number: int
    path: Path
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A received file; `incident` is empty where it belongs to none. `size` in bytes, once it is
    kept.
    """

    id: str
    incident: str
    said_at: Path
    kind: str
    status: Literal["coming", "held", "lost"]
    part: str
    size: int = 0
    at: int = 0
    why: str = ""
    unique: str = ""
    """By which an edit of its message tells whether this file is still the one."""
    forwarded: str = ""
    replaces: str = ""
    """The exhibit in whose place the witness put this one; that one is destroyed."""
    live: bool = False
    """The film of the live photo before it."""

    @property
    def message(self) -> str:
        """The event of the message that brought it."""
        return self.part.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Changed:
    """The line that stays of words that were changed or removed: where and when, no words."""

    path: Path
    at: int


Stage = Literal["open", "waiting", "sending", "filed", "gone"]
"""open: the witness's; waiting: Send was pressed, files are on their way; sending: being sealed;
then over.
"""


@dataclass(frozen=True, slots=True)
class State:
    """`members` and `given` are by group: the living member ids in order, and how many were ever
    given.
    """

    flow: str
    version: int
    language: str
    at: Path
    stage: Stage = "open"
    asked: int = 0
    prompts: tuple[Prompt, ...] = ()
    marks: Mapping[Path, Mark] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)
    exhibits: tuple[Exhibit, ...] = ()
    changed: tuple[Changed, ...] = ()
    changing: Path = ()
    """The answer that is being given anew; its old words go when the first new ones come."""
    status: int = 0
    """The question under which the status message stands; 0: none yet."""
    counting: bool = False
    """A look at the burst is due after a moment of quiet."""
    began: int = 0
    page: int = 0
    """Which page of its buttons is on the screen, from 0."""
    pending: Pending = None
    """The date or the place that is being put together at this question."""
    flags: tuple[str, ...] = ()
    """Marks that words or answers left on the report: danger, insider, sensitive, minor …"""
    last: int = 0
    """When the witness last did something, as received."""
    return_words: bool = False
    """Return words are taken: Hide keeps the report."""
    locked: bool = False
    """Earlier answers are shown only after the return words."""
    hidden: bool = False
    reference: str = ""
    """The referral that a follow-up is about."""
    aside: int = 0
    """Messages that could not be read and go with the report as they came."""
    finished: Path = ()
    """Where Finish was pressed: Back from the review leads there again."""
    hide_pressed: int = 0
    """When Hide was pressed once by whoever took no return words; twice within the hour hides and
    erases.
    """
    found: Found | None = None
    """Settlements that are offered for what was written, or a point that waits to be confirmed."""

    def prompt(self, number: int | None) -> Prompt | None:
        """The question of that number, if its buttons still mean something."""
        return next((p for p in reversed(self.prompts) if p.number == number), None)

    def asking(self, path: Path, choices: tuple[str, ...]) -> "State":
        """Put a question: it gets the next number."""
        number = self.asked + 1
        kept = self.prompts[1 - PROMPTS_REMEMBERED :]
        return replace(self, asked=number, prompts=(*kept, Prompt(number, path, choices)))

    def turned(self, page: int = 0, pending: Pending = None) -> "State":
        """At this page of the question, with so much of its answer in hand."""
        if (self.page, self.pending) == (page, pending):
            return self
        return replace(self, page=page, pending=pending)

    def marked(self, path: Path, mark: Mark) -> "State":
        return replace(self, marks={**self.marks, path: mark})

    def unmarked(self, path: Path) -> "State":
        if path not in self.marks:
            return self
        return replace(self, marks={p: m for p, m in self.marks.items() if p != path})

    def settled(self, path: Path) -> bool:
        mark = self.marks.get(path)
        return mark is not None and not mark.open

    def where_part(self, part: str) -> Path | None:
        """The address of the answer that the event `part` became, or none."""
        return next((path for path, mark in self.marks.items() if part in mark.parts), None)

    def files(self, *statuses: str) -> tuple[Exhibit, ...]:
        return tuple(x for x in self.exhibits if x.status in statuses)

    def something_kept(self) -> bool:
        """Words, a voice or a file: the least that can be sent."""
        kept = any(m.kind in ("said", "dated", "placed") and m.parts for m in self.marks.values())
        return kept or bool(self.files("coming", "held")) or self.aside > 0

    def unflagged(self, *flags: str) -> "State":
        """The report without these marks."""
        if not any(flag in self.flags for flag in flags):
            return self
        return replace(self, flags=tuple(f for f in self.flags if f not in flags))

    def flagged(self, *flags: str) -> "State":
        """The report with these marks, each once."""
        if all(flag in self.flags for flag in flags):
            return self
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *flags))))
