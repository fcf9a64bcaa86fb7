"""A question with several options: its pages of buttons, and what a press on one does."""

from dataclasses import replace

from conversations import texts
from conversations.events import Happened
from conversations.model import Option, Text
from conversations.questions import Several
from conversations.state import Mark, State

NEXT, SEVERAL, ALL, NONE_OF_THEM, TURN, DONE = (
    "~next",
    "~several",
    "~all",
    "~none",
    "~turn",
    "~done",
)


def buttons(question: Several, state: State) -> tuple[Option, ...]:
    """The options of this page, those chosen marked; then the way to the next page or on."""
    on = chosen_now(state)
    page = question.pages[state.page]
    own = tuple(Option(id_, Text(label), chosen=id_ in on) for id_, label in page.items())
    if not turning(question, state):
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


def turning(question: Several, state: State) -> bool:
    """Whether a press turns an option on or off, rather than being the whole answer."""
    mark = state.marks.get(state.at)
    return not question.one_tap or (mark is not None and mark.open)


def chosen_now(state: State) -> tuple[str, ...]:
    mark = state.marks.get(state.at)
    return mark.options if mark is not None and mark.kind == "picked" else ()


def chosen(question: Several, state: State) -> tuple[Text, ...]:
    """What is chosen so far, in words: a tick alone says nothing to who cannot see it."""
    labels = [Text(question.options[id_]) for id_ in chosen_now(state)]
    if not labels or not turning(question, state):
        return ()
    joined = labels[-1]
    for label in reversed(labels[:-1]):
        joined = Text("{first}; {rest}", {"first": label, "rest": joined})
    return (Text(texts.CHOSEN, {"list": joined}),)


def page(question: Several, state: State) -> tuple[Text, ...]:
    """Where there are several, which it is."""
    if len(question.pages) == 1:
        return ()
    return (Text(texts.PAGE, {"number": state.page + 1, "of": len(question.pages)}),)


def turn(question: Several, state: State, options: tuple[str, ...], event: Happened) -> State:
    """Turn options on or off; the answer stays open until the witness goes on."""
    on = chosen_now(state)
    after = tuple(o for o in question.options if (o in on) is not (o in options))
    return state.marked(state.at, Mark("picked", after, open=True, prompt=state.asked, at=event.at))


def open_up(state: State, event: Happened) -> State:
    """From one answer to several."""
    mark = state.marks.get(state.at) or Mark("picked", prompt=state.asked, at=event.at)
    options = mark.options if mark.kind == "picked" else ()
    return state.marked(state.at, replace(mark, kind="picked", options=options, open=True)).turned(
        0, ""
    )
