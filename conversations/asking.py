"""Putting a question on the screen: its words and its buttons."""

from collections.abc import Sequence

from conversations import controls, texts
from conversations.effects import Effects, Show
from conversations.flow import Flow
from conversations.kinds import choice, date_buttons, known, place_buttons, review, several, words
from conversations.landmarks import (
    ABOUT_EVENTS,
    CONSENT,
    CONTACT,
    EXHIBIT,
    ORIGIN_SAME,
    REVIEW,
    current_incident,
    of_incident,
)
from conversations.model import Option, Quote, Text
from conversations.questions import (
    Choice,
    Files,
    Known,
    OwnWords,
    Review,
    Several,
    When,
    Where,
    Words,
)
from conversations.state import State
from conversations.steps import Ask, Say
from conversations.way import Stop, way

TOLD = "~told."
"""The mark of what must be said, once it was."""
BURST = "kept"
"""What the status message is called, and the key of the wait before it is brought up to date."""


def ask_question(flow: Flow, state: State, lead: tuple[Text, ...] = ()) -> tuple[State, Effects]:
    """Put the question at `state.at` as a new one, from its first page, after what is said on the
    way to it; what was half done there is forgotten.
    """
    stops = way(flow, state)
    said = said_before(stops, state)
    state = state.flagged(*(TOLD + say.id for say in said if say.must))
    lead = (*lead, *_part(flow, stops, state), *(Text(say.text) for say in said if not say.apart))
    state, shown = ask_again(flow, state.turned(), *lead)
    apart = tuple(
        Show(Text(say.text), path=(say.id,), before=state.asked) for say in said if say.apart
    )
    return state, (*apart, *shown)


def ask_again(flow: Flow, state: State, *lead: Text) -> tuple[State, Effects]:
    """Put the question at `state.at` under a new number, as far as its answer has come."""
    here = question_here(flow, state)
    options = buttons_of(flow, state, here)
    asked = state.asking(state.at, tuple(o.id for o in options))
    return asked, (_question(flow, asked, here, options, lead),)


def repeat_question(flow: Flow, state: State, *lead: Text) -> tuple[State, Effects]:
    """Put the question that is on the screen once more: under its own number while its buttons are
    the same.

    The buttons of a number never change: an older message on the phone still carries them, by their
    place.
    """
    here = question_here(flow, state)
    options = buttons_of(flow, state, here)
    state = numbered(state, options)
    return state, (_question(flow, state, here, options, lead),)


def numbered(state: State, options: tuple[Option, ...]) -> State:
    ids = tuple(o.id for o in options)
    if state.asked and (state.prompts[-1].path, state.prompts[-1].choices) == (state.at, ids):
        return state
    return state.asking(state.at, ids)


# ── buttons ──────────────────────────────────────────────────────────────────


def buttons_of(flow: Flow, state: State, here: Ask) -> tuple[Option, ...]:
    """The buttons of a question: its own, then the controls in their fixed order, Hide alone in the
    last row.
    """
    return (*_own(state, here), *_controls(flow, state, here))


def _own(state: State, here: Ask) -> tuple[Option, ...]:
    match here.question:
        case Choice() as question:
            return choice.buttons(question, state)
        case Several() as question:
            return several.buttons(question, state)
        case Words() | Files() as question:
            return words.buttons(question, state)
        case When():
            return date_buttons.buttons(state)
        case Where() as question:
            return place_buttons.buttons(question, state)
        case Known() as question:
            return known.buttons(question)
        case Review():
            return review.buttons(state)
        case OwnWords():
            return ()


def _controls(flow: Flow, state: State, here: Ask) -> tuple[Option, ...]:
    names: list[str] = []
    if state.at != (flow.steps[0].id,):
        names.append("back")
    if not here.needed and not isinstance(here.question, Review):
        ending = state.settled(CONSENT) and state.something_kept() and flow.ask(REVIEW) is not None
        # its options need the room
        if ending and isinstance(here.question, Several) and len(here.question.pages) > 1:
            names += ["skip", "finish"]
        else:
            about_events = ending and _about_events(flow, state)
            names += [
                "skip",
                "unknown",
                *(("nomore",) if about_events else ()),
                *(("finish",) if ending else ()),
            ]
    return tuple(controls.button(state, name) for name in (*names, "hide"))


def _about_events(flow: Flow, state: State) -> bool:
    """Whether there are still questions about events that "no more" can leave out."""
    return flow.ask(CONTACT) is not None and state.at[0] in ABOUT_EVENTS


# ── words ────────────────────────────────────────────────────────────────────


def _question(
    flow: Flow, state: State, here: Ask, options: tuple[Option, ...], lead: tuple[Text, ...]
) -> Show:
    text, replaces = Text(here.question.text, texts_of(state)), ""
    below: tuple[Text, ...] = ()
    match here.question:
        case Review():
            lead = (*lead, Text(texts.LOCKED)) if state.locked else lead
            below = () if state.locked else review.lines(flow, state)
        case Several() as question:
            replaces, below = f"pick.{state.asked}", several.chosen_line(question, state)
            lead = (*lead, *several.page_line(question, state))
        case Choice(shows=True):
            below = review.lines(flow, state, first=0)
        case When():
            text = date_buttons.text(state) or text
        case Where():
            text = place_buttons.text(state) or text
            mark = state.marks.get(state.at)
            if mark and mark.open and mark.parts and not (state.pending or state.locked):
                lead = (*lead, Text(texts.YOU_WROTE, {"said": Quote(state.at, 200)}))
        case _:
            pass
    return Show(
        text, options, replaces=replaces, lead=lead, below=below, prompt=state.asked, path=state.at
    )


def texts_of(state: State) -> dict[str, Text]:
    """What a question says of the file it is about."""
    if state.at[0] != EXHIBIT:
        return {}
    same = state.marks.get(of_incident(current_incident(state), ORIGIN_SAME))
    if same is not None and same.options == ("same",):
        return {"file": Text(texts.ALL_FILES)}
    return {"file": Text(texts.REVIEW_FILE, {"number": int(state.at[1][1:])})}


def said_before(stops: Sequence[Stop], state: State) -> tuple[Say, ...]:
    """What the flow says between the question before `state.at` and it, after what must be said and
    was passed over.
    """
    said: list[Say] = []
    owed: list[Say] = []
    for stop in stops:
        match stop:
            case Stop(path=path) if path == state.at:
                return tuple({say.id: say for say in (*owed, *said)}.values())
            case Stop(step=Say() as say):
                said.append(say)
            case _:
                owed += [say for say in said if say.must and TOLD + say.id not in state.flags]
                said = []
    return ()


def _part(flow: Flow, stops: Sequence[Stop], state: State) -> tuple[Text, ...]:
    """At the first question of a part: which part of the report this is."""
    here, before = flow.ask(state.at, state), 0
    for stop in stops:
        if stop.path == state.at:
            break
        if isinstance(stop.step, Ask) and stop.step.part:
            before = stop.step.part
    part = here.part if here else 0
    return (Text(texts.PARTS[part]),) if part and part != before else ()


def question_here(flow: Flow, state: State) -> Ask:
    here = flow.ask(state.at, state)
    if here is None:
        raise LookupError(state.at)
    return here
