"""From what is to be shown to a message in a language: texts put together, buttons in rows with opaque tokens."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.channels.port import Button, Rendered
from bot.words import Words
from conversations.flow import Flow
from conversations.model import Message, Option, Passed, Picked, Quote, Said, Show, Spoken, Text
from conversations.questions import Choice
from conversations.texts import CONTROLS, KINDS

PAIR = 12
"""Two labels this short stand side by side, as Yes and No do."""
MOVES = ("@back", "@skip", "@unknown")
Kept = Callable[[Quote], Sequence[Picked | Said | Spoken | Passed]]


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders for one conversation: its flow, its language, and the tag that its buttons carry."""

    words: Words
    flow: Flow
    language: str
    tag: str

    def message(self, show: Show, kept: Kept | None = None) -> Rendered:
        """`kept` finds the answers that a text quotes; a Show for which `quotes` is true needs it."""
        quoting = (lambda quote: self.quote(quote, kept(quote))) if kept else None
        parts = ["\n".join(self.words.say(t, self.language, quoting) for t in some) for some in
                 (show.lead, (show.text,), show.below)]  # fmt: skip
        gap = "\n" if show.slot else "\n\n"
        return Rendered(gap.join(part for part in parts if part), tuple(self._buttons(show)))

    def _buttons(self, show: Show) -> Iterator[Button]:
        labels = [self._label(option) for option in show.choices]
        pair = _pair(show.choices, labels)
        row = -1
        last = ""
        for index, option in enumerate(show.choices):
            together = (option.id in MOVES and last in MOVES) or (pair and last and not option.control)
            row += not together
            last = option.id
            yield Button(labels[index], f"{self.tag}.{show.prompt or 0}.{index}", row)

    def _label(self, option: Option) -> str:
        if option.verbatim:
            return str(option.label.id)
        return self.words.say(option.label, self.language)

    def quote(self, quote: Quote, answers: Sequence[Picked | Said | Spoken | Passed]) -> str:
        """What the witness said, as much of it as is asked for."""
        whole = " ".join if quote.first else "\n".join
        text = whole(self._answer(quote, a) for a in answers)
        if quote.first and len(text) > quote.first:
            return " ".join(text[: quote.first].split()) + "…"
        return " ".join(text.split()) if quote.first else text

    def _answer(self, quote: Quote, answer: Picked | Said | Spoken | Passed) -> str:
        match answer:
            case Said(text=text):
                return text
            case Spoken():
                return self._say(KINDS["voice"])
            case Passed(how="unknown"):
                return self._say(CONTROLS["unknown"])
            case Passed():
                return "–"
            case Picked(options=options):
                return ", ".join(self._option(quote, o) for o in options)

    def _option(self, quote: Quote, option: str) -> str:
        here = self.flow.ask(quote.path)
        if here is None or not isinstance(here.question, Choice) or option not in here.question.options:
            return option
        label = here.question.options[option]
        return str(label) if here.question.verbatim else self._say(label)

    def _say(self, message: Message) -> str:
        return self.words.say(Text(message), self.language)


def quotes(show: Show) -> bool:
    """Whether a text quotes the witness, so that the answers must be loaded first."""
    return any(
        isinstance(value, Quote) for text in (*show.lead, show.text, *show.below) for value in text.params.values()
    )


def _pair(options: Sequence[Option], labels: Sequence[str]) -> bool:
    own = [label for option, label in zip(options, labels, strict=True) if not option.control]
    return len(own) == 2 and all(len(label) <= PAIR for label in own)  # noqa: PLR2004 - a pair
