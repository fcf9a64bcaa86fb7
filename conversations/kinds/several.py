"""PURE: a question with several options: its pages of buttons, and what a press on one does."""

import re
from dataclasses import replace
from typing import Final

from conversations import texts
from conversations.events import Happened
from conversations.model import Option, Text
from conversations.questions import Several
from conversations.state import Mark, State
from conversations.turn import Turn

NEXT, SEVERAL, TURN, DONE = "~next", "~several", "~turn", "~done"
ALL, NONE_OF_THEM = "~all", "~none"
NUMBERS: Final = re.compile(r"\d{1,2}(?:[\s,;.]+\d{1,2})*")


# ── shown ────────────────────────────────────────────────────────────────────


def buttons(question: Several, state: State) -> tuple[Option, ...]:
    """The options of this page, those chosen marked; then the way to the next page or on."""
    on = chosen_now(state)
    page = question.pages[state.page]
    own = tuple(Option(id_, Text(label), chosen=id_ in on) for id_, label in page.items())
    if not is_toggled(question, state):
        last = state.page + 1 == len(question.pages)
        more = () if last else (Option(NEXT, Text(texts.OTHER_OPTIONS), row=0),)
        return (*own, *more, Option(SEVERAL, Text(texts.SEVERAL_OF_THESE), row=0))
    if question.all_or_none:
        labels = {
            ALL: texts.ALL_OF_THEM,
            NONE_OF_THEM: texts.NONE_OF_THEM,
            NEXT: texts.CONTROLS["done"],
        }
        return (*own, *(Option(id_, Text(label), row=0) for id_, label in labels.items()))
    if question.turned:
        turn_over = Option(TURN, Text(texts.OTHER_OPTIONS), row=0)
        return (*own, turn_over, Option(DONE, Text(texts.CONTROLS["done"]), row=0))
    return (*own, Option(NEXT, Text(texts.GO_ON)))


def is_toggled(question: Several, state: State) -> bool:
    """Whether a press turns an option on or off, rather than being the whole answer."""
    mark = state.marks.get(state.at)
    return not question.one_tap or (mark is not None and mark.open)


def chosen_now(state: State) -> tuple[str, ...]:
    """The options that are on."""
    mark = state.marks.get(state.at)
    return mark.options if mark is not None and mark.kind == "picked" else ()


def chosen_line(question: Several, state: State) -> tuple[Text, ...]:
    """What is chosen so far, in words: a tick alone says nothing to who cannot see it."""
    labels = [Text(question.options[id_]) for id_ in chosen_now(state)]
    if not labels or not is_toggled(question, state):
        return ()
    joined = labels[-1]
    for label in reversed(labels[:-1]):
        joined = Text("{first}; {rest}", {"first": label, "rest": joined})
    return (Text(texts.CHOSEN, {"list": joined}),)


def page_line(question: Several, state: State) -> tuple[Text, ...]:
    """Where there are several, which it is."""
    if len(question.pages) == 1:
        return ()
    return (Text(texts.PAGE, {"number": state.page + 1, "of": len(question.pages)}),)


# ── pressed and typed ────────────────────────────────────────────────────────


def pressed(question: Several, state: State, event: Happened, *options: str) -> Turn:
    """A press on one of several, or typed numbers of some; the first may be the whole answer."""
    match options:
        case ("~all",):
            return Turn(state, "settle", options=tuple(question.options))
        case ("~none",):
            return Turn(state, "settle")
        case ("~several",):
            return Turn(open_up(state, event), "ask again")
        case ("~turn",):
            return Turn(state.turned((state.page + 1) % len(question.pages)), "ask again")
        case ("~next",) if state.page + 1 < len(question.pages):
            return Turn(state.turned(state.page + 1), "ask again")
        case ("~next",) | ("~done",):
            return done(question, state)
        case _ if not set(options) <= set(question.options):
            return Turn(state, "repeat")
        case _ if not is_toggled(question, state) and len(options) == 1:
            return Turn(state, "settle", options=options)
        case _:
            return Turn(_toggled(question, state, options, event), "repeat")


def done(question: Several, state: State) -> Turn:
    """What is on is the answer; where nothing is, none was given."""
    chosen = chosen_now(state)
    if not chosen and not question.all_or_none:
        return Turn(state, "pass over")
    return Turn(state, "settle", options=chosen)


def read(question: Several, state: State, words: str) -> tuple[str, ...]:
    """The options that typed numbers of this page mean, "1, 3", or its English label; none if the
    words are something else.
    """
    page = question.pages[state.page]
    here = tuple(page)
    if NUMBERS.fullmatch(words.strip()):
        numbers = [int(n) for n in re.findall(r"\d+", words)]
        known = all(1 <= n <= len(here) for n in numbers)
        return tuple(here[n - 1] for n in numbers) if known else ()
    said = words.strip().casefold()
    return tuple(i for i in here if str(page[i]).casefold() == said)


def _toggled(question: Several, state: State, options: tuple[str, ...], event: Happened) -> State:
    """With these turned on or off; the answer stays open until the witness goes on."""
    on = chosen_now(state)
    after = tuple(o for o in question.options if (o in on) is not (o in options))
    return state.marked(state.at, Mark("picked", after, open=True, prompt=state.asked, at=event.at))


def open_up(state: State, event: Happened) -> State:
    """From one answer to several."""
    mark = state.marks.get(state.at) or Mark("picked", prompt=state.asked, at=event.at)
    wider = replace(mark, kind="picked", options=chosen_now(state), open=True)
    return state.marked(state.at, wider).turned()
