"""From what is to be shown to a message in a language: texts put together, buttons in rows with
opaque tokens.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.channels.port import Button, Rendered
from bot.language.translate import Translator
from conversations.check import options_of
from conversations.effects import Show
from conversations.flow import Flow
from conversations.model import (
    Answer,
    Date,
    Dated,
    Message,
    Option,
    Param,
    Passed,
    Picked,
    Placed,
    Quote,
    Said,
    Settlement,
    Spoken,
    Text,
)
from conversations.questions import Choice
from conversations.regions import REGIONS
from conversations.texts import CONTROLS, KINDS, NO, POINT

STATUS = ("kept", "sending")
"""Slots whose lines stand close together: they are counts, not a question."""
PAIR = 14
"""Two labels this short stand side by side, as Yes and No do."""
TOGETHER = (("@back", "@skip", "@unknown"), ("@nomore", "@finish"), ("@back", "@skip", "@finish"))
"""Controls that share a row, where they stand beside each other."""
TICK = "✓ "
OMITTED = "…"
_NONE = Option("", Text(""))
Kept = Callable[[Quote], Sequence[Answer]]


def render(translator: Translator, show: Show, language: str, tag: str) -> Rendered:
    """A message of what is to be shown; what it quotes must be filled in (`Renderer.filled`).

    `tag`: which conversation's its buttons are.
    """
    buttons = tuple(_buttons(translator, show, language, tag))
    return Rendered(_words(translator, show, language), buttons, show.prompt or 0)


def _words(translator: Translator, show: Show, language: str) -> str:
    gap = "\n" if show.replaces in STATUS else "\n\n"
    lead = gap.join(translator.say(text, language) for text in show.lead)
    below = "\n".join(translator.say(text, language) for text in show.below)
    parts = (lead, translator.say(show.text, language), below)
    return gap.join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders for one conversation: its flow, its language, and the tag that its buttons carry."""

    translator: Translator
    flow: Flow
    language: str
    tag: str

    def message(self, show: Show, kept: Kept | None = None) -> Rendered:
        """`kept` finds the answers that a text quotes; a Show for which `quotes` is true
        needs it.
        """
        return render(self.translator, self.filled(show, kept), self.language, self.tag)

    def filled(self, show: Show, kept: Kept | None) -> Show:
        """The Show with the words themselves wherever it quotes them."""
        if kept is None:
            return show

        def quoted(value: Param) -> Param:
            return self.quote(value, kept(value)) if isinstance(value, Quote) else value

        return _with_params(show, quoted)

    def wording(self, show: Show) -> str:
        """A question's words as they stay with the report: without what they quote, which may be
        taken back yet.
        """
        return _words(self.translator, _with_params(show, _left), self.language)

    def label(self, message: Message) -> str:
        """A button's text."""
        return self._say(message)

    def quote(self, quote: Quote, answers: Sequence[Answer]) -> str:
        """What the witness said, as much of it as is asked for."""
        whole = " ".join if quote.first else "\n".join
        told = [a for a in answers if isinstance(a, Said | Spoken)]
        read = [a for a in answers if isinstance(a, Dated | Settlement)]
        rest = [
            a
            for a in answers
            if a not in told and a not in read and not (told and isinstance(a, Passed))
        ]
        in_order = (*told, *rest, *read)  # the words first, then what they were read as
        parts = [self._answer(quote, a) for a in in_order]
        # in no brackets: its name may have some
        if len(parts) > 1 and isinstance(in_order[-1], Settlement):
            parts[-1] = f"– {parts[-1]}"
        text = whole(part for part in parts if part)
        if quote.first and len(text) > quote.first:
            cut = text[: quote.first].rpartition(" ")[0] or text[: quote.first]
            return " ".join(cut.split()) + " …"
        return " ".join(text.split()) if quote.first else text

    def _answer(self, quote: Quote, answer: Answer) -> str:
        match answer:
            case Said(text=text):
                return text
            case Spoken():
                return self._say(KINDS["voice"])
            case Dated(edtf=edtf, part_of_day=part):
                return (
                    f"({self.translator.date(Date(edtf, part), self.language)})"
                    if edtf or part
                    else ""
                )
            case Settlement(code=code, name=name):
                return name or self._say(REGIONS[code])
            case Placed():
                return self._say(POINT)
            case Passed(how="unknown"):
                return self._say(CONTROLS["unknown"])
            case Passed():
                return "–"
            case Picked(options=()):
                return self._say(NO)
            case Picked(options=options):
                return "; ".join(self._option(quote, o) for o in options)

    def _option(self, quote: Quote, option: str) -> str:
        here = self.flow.ask(quote.path)
        label = options_of(here.question).get(option) if here else None
        if here is None or label is None:
            return option
        verbatim = isinstance(here.question, Choice) and option in here.question.verbatim
        return str(label) if verbatim else self._say(cast("Message", label))

    def _say(self, message: Message) -> str:
        return self.translator.say(Text(message), self.language)


def _with_params(show: Show, changed: Callable[[Param], Param]) -> Show:
    """The Show with what its texts say changed, however deep it stands."""

    def deep(value: Param) -> Param:
        return inside(value) if isinstance(value, Text) else changed(value)

    def inside(text: Text) -> Text:
        if not text.params:
            return text
        return replace(text, params={name: deep(value) for name, value in text.params.items()})

    return replace(
        show,
        lead=tuple(inside(text) for text in show.lead),
        text=inside(show.text),
        below=tuple(inside(text) for text in show.below),
    )


def _left(value: Param) -> Param:
    """An ellipsis for everything that came from the witness."""
    return OMITTED if isinstance(value, Quote | Date | str) else value


def quotes(show: Show) -> bool:
    """Whether a text quotes the witness, so that the answers must be loaded first."""
    return any(
        isinstance(value, Quote)
        for text in (*show.lead, show.text, *show.below)
        for value in text.params.values()
    )


def is_ours(show: Show) -> bool:
    """Whether nothing in it came from the witness, neither words nor what they pressed."""
    return all(map(_is_ours, (*show.lead, show.text, *show.below))) and all(
        not (option.verbatim or option.chosen) and _is_ours(option.label) for option in show.choices
    )


def _is_ours(text: Text) -> bool:
    """Counts are; a text within may be the label of what was pressed."""
    return all(isinstance(value, int) for value in text.params.values())


def _buttons(translator: Translator, show: Show, language: str, tag: str) -> Iterator[Button]:
    labels = [_label(translator, option, language) for option in show.choices]
    row, alone, last = -1, False, _NONE
    for index, option in enumerate(show.choices):
        controls = any(option.id in group and last.id in group for group in TOGETHER)
        given = option.row >= 0 and option.row == last.row
        short = (
            index and alone and _short(option, labels[index]) and _short(last, labels[index - 1])
        )
        together = controls or given or short
        row += not together
        alone, last = not together, option
        yield Button(labels[index], f"{tag}.{show.prompt or 0}.{index}", row)


def _label(translator: Translator, option: Option, language: str) -> str:
    label = str(option.label.id) if option.verbatim else translator.say(option.label, language)
    return TICK + label if option.chosen else label


def _short(option: Option, label: str) -> bool:
    """Whether a button of the question's own fits beside another."""
    return not option.control and option.row < 0 and len(label) <= PAIR
