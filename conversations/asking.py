"""Putting a question on the screen: its words and its buttons."""

from collections.abc import Sequence

from conversations import controls, dating, picking, placing, review, texts
from conversations.effects import Effects, Show
from conversations.flow import Flow
from conversations.model import Message, Option, Path, Quote, Text
from conversations.questions import (
    Choice,
    Files,
    Known,
    Question,
    Review,
    Several,
    When,
    Where,
    Words,
    takes_many,
)
from conversations.state import State
from conversations.steps import Ask, Say
from conversations.way import Stop, way

CONSENT: Path = ("consent",)
CONTACT: Path = ("contact",)
REVIEW: Path = ("review",)
SEND: Path = ("send",)
TOLD = "~told."
"""The mark of what must be said, once it was."""
RECOMPRESSED = ("photo", "video")
"""Kinds that the app sends smaller than they are: how to send the next one whole is said at once.
"""
BURST = "kept"
"""The slot of the status message, and the key of the wait before it is brought up to date."""


def ask_question(flow: Flow, state: State, lead: tuple[Text, ...] = ()) -> tuple[State, Effects]:
    """Put the question at `state.at` as a new one, after what is said on the way to it."""
    stops = way(flow, state)
    said = said_before(stops, state)
    state = state.flagged(*(TOLD + say.id for say in said if say.must))
    lead = (*lead, *_part(flow, stops, state), *(Text(say.text) for say in said if not say.apart))
    state, shown = ask_again(flow, replace_page(state), *lead)
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


def replace_page(state: State) -> State:
    """From the first page of a question; a date that was half put together is forgotten."""
    return state.turned(0, "")


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


def ask_beside(
    state: State, path: Path, text: Text, options: tuple[Option, ...], lead: tuple[Text, ...] = ()
) -> tuple[State, Effects]:
    """Ask something beside the flow (erase? change?); the question under it stays where it is."""
    asked = state.asking(path, tuple(o.id for o in options))
    return asked, (Show(text, options, lead=lead, prompt=asked.asked, path=path),)


def current_incident(state: State, at: Path = ()) -> str:
    """The incident the witness is at, or the last one they were at; or that of the question they
    had before them.
    """
    at = at or state.at
    found = state.members["incident"][-1]
    # group, member, step
    if len(at) == 3 and at[0] == "incident" and at[1] in state.members["incident"]:  # noqa: PLR2004
        found = at[1]
    elif at[0] == "exhibit":
        found = next((x.incident for x in state.exhibits if x.id == at[1]), found)
    return found


# ── buttons ──────────────────────────────────────────────────────────────────


def buttons_of(flow: Flow, state: State, here: Ask) -> tuple[Option, ...]:
    """The buttons of a question: its own, then the controls in their fixed order, Hide alone in the
    last row.
    """
    return (*_own(state, here), *_controls(flow, state, here))


def _own(state: State, here: Ask) -> tuple[Option, ...]:
    match here.question:
        case Choice(verbatim=verbatim, more=more) as choice:
            own = tuple(
                Option(id_, Text(label), verbatim=id_ in verbatim)
                for id_, label in choice.offered.items()
            )
            return (*own, controls.button(state, "more")) if more else own
        case Several() as question:
            return picking.buttons(question, state)
        case When():
            return dating.buttons(state)
        case Where():
            return placing.buttons(state)
        case Review():
            return review.buttons(state)
        case Known(instead=instead):
            return tuple(Option(id_, Text(label)) for id_, label in instead.items())
        case Words(opens=opens) if opens:
            return tuple(
                Option(id_, Text(label)) for id_, label in opens.items() if id_ not in state.flags
            )
        case Words(instead=instead, many=many):
            later = len(state.at) > 1 and state.at[1] != state.members[state.at[0]][0]
            labels = instead if later and state.at not in state.marks else {}
            own = tuple(Option(id_, Text(label)) for id_, label in labels.items())
            return (*own, *((controls.button(state, "done"),) if many else ()))
        case question if takes_many(question):
            return (controls.button(state, "done"),)
        case _:
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
    return flow.ask(CONTACT) is not None and state.at[0] in (
        "incident",
        "exhibit",
        "forwarded",
        "official",
        "official_who",
    )


# ── words ────────────────────────────────────────────────────────────────────


def _question(
    flow: Flow, state: State, here: Ask, options: tuple[Option, ...], lead: tuple[Text, ...]
) -> Show:
    text, slot = Text(here.question.text, texts_of(state)), ""
    below: tuple[Text, ...] = ()
    match here.question:
        case Review():
            lead = (*lead, Text(texts.LOCKED)) if state.locked else lead
            below = () if state.locked else review.lines(flow, state)
        case Several() as question:
            slot, below = f"pick.{state.asked}", picking.chosen(question, state)
            lead = (*lead, *picking.page(question, state))
        case Choice(shows=True):
            below = review.lines(flow, state, first=0)
        case When():
            text = dating.text(state) or text
        case Where():
            text = placing.text(state) or text
            mark = state.marks.get(state.at)
            if mark and mark.open and mark.parts and not (state.date or state.locked):
                lead = (*lead, Text(texts.YOU_WROTE, {"said": Quote(state.at, 200)}))
        case _:
            pass
    return Show(text, options, slot=slot, lead=lead, below=below, prompt=state.asked, path=state.at)


def texts_of(state: State) -> dict[str, Text]:
    """What a question says of the file it is about."""
    if state.at[0] != "exhibit":
        return {}
    same = state.marks.get(("incident", current_incident(state), "origin_same"))
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


def onward_label(question: Question) -> Message:
    if isinstance(question, Files):
        return texts.SEND_ON
    return texts.WRITE_ON if takes_many(question) else question.text
