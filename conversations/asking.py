"""Putting a question on the screen: its words, its buttons, and the one status message beneath a burst."""

from conversations import review, texts
from conversations.flow import Ask, Flow, Say, Stop, way
from conversations.model import Effects, Message, Option, Path, Show, Size, Text
from conversations.questions import Choice, Files, Question, Review, takes_many
from conversations.state import Exhibit, State

CONSENT: Path = ("consent",)
BURST = "kept"
"""The slot of the status message, and the key of the wait before it is brought up to date."""


def ask(flow: Flow, state: State, lead: tuple[Text, ...] = ()) -> tuple[State, Effects]:
    """Put the question at `state.at` as a new one, after what is said on the way to it."""
    here = _here(flow, state)
    options = choices(flow, state, here)
    asked = state.asking(state.at, tuple(o.id for o in options))
    lead = (*lead, *said_before(flow, state))
    return asked, (_question(flow, asked, here, options, lead),)


def repeat(flow: Flow, state: State, *lead: Text) -> tuple[State, Effects]:
    """Put the question that is on the screen once more: under its own number while its buttons are the same.

    The buttons of a number never change: an older message on the phone still carries them, by their place.
    """
    here = _here(flow, state)
    options = choices(flow, state, here)
    state = _numbered(state, options)
    return state, (_question(flow, state, here, options, lead),)


def _numbered(state: State, options: tuple[Option, ...]) -> State:
    ids = tuple(o.id for o in options)
    if state.asked and (state.prompts[-1].path, state.prompts[-1].choices) == (state.at, ids):
        return state
    return state.asking(state.at, ids)


def overlay(state: State, path: Path, text: Text, options: tuple[Option, ...]) -> tuple[State, Effects]:
    """Ask something beside the flow (erase? change?); the question under it stays where it is."""
    asked = state.asking(path, tuple(o.id for o in options))
    return asked, (Show(text, options, prompt=asked.asked, path=path),)


def status(flow: Flow, state: State) -> tuple[State, Effects]:
    """Say what is kept and what is on its way; under the current question it repeats that question's buttons."""
    if state.stage != "open":
        return state, ()
    lines = counts(state)
    if not lines:
        return state, ()
    if state.status and state.status != state.asked:
        return state, (Show(lines[-1], slot=BURST, lead=lines[:-1]),)
    here = _here(flow, state)
    options = choices(flow, state, here)
    state = _numbered(state, options)
    text = Text(_onward(here.question))
    show = Show(text, options, slot=BURST, lead=lines, prompt=state.asked, path=state.at)
    return state, (show,)


def counts(state: State) -> tuple[Text, ...]:
    """What is kept for the incident the witness is telling of, in numbers."""
    member = current(state)
    mark = state.marks.get(("incident", member, "account"))
    words = len(mark.parts) if mark else 0
    mine = tuple(x for x in state.exhibits if x.incident == member)
    if not state.settled(CONSENT):
        held = words + len(mine)
        if held and not state.language:
            return (Text(texts.HOLDING_FIRST),)
        return (Text(texts.HOLDING, {"count": held}), Text(texts.HELD_UNTIL)) if held else ()
    return _counted(words, mine)


def _counted(words: int, files: tuple[Exhibit, ...]) -> tuple[Text, ...]:
    held = [x for x in files if x.status == "held"]
    coming = [x for x in files if x.status == "coming"]
    voices = sum(x.kind == "voice" for x in held)
    lines: list[Text] = []
    if words:
        lines.append(Text(texts.KEPT_WORDS, {"count": words}))
    if voices:
        lines.append(Text(texts.KEPT_VOICES, {"count": voices}))
    if len(held) > voices:
        size = Size(sum(x.size for x in held if x.kind != "voice"))
        lines.append(Text(texts.RECEIVED, {"count": len(held) - voices, "size": size}))
    if coming:
        lines.append(Text(texts.COMING, {"count": len(coming)}))
    return tuple(lines)


def current(state: State) -> str:
    """The incident the witness is at, or the last one they were at."""
    if len(state.at) == 3 and state.at[0] == "incident":  # noqa: PLR2004 - group, member, step
        return state.at[1]
    return state.members["incident"][-1]


def choices(flow: Flow, state: State, here: Ask) -> tuple[Option, ...]:
    """The buttons of a question: its own, then the controls in their fixed order, Hide alone in the last row."""
    return (*_own(here), *_controls(flow, state, here))


def _own(here: Ask) -> tuple[Option, ...]:
    match here.question:
        case Choice(options=options, verbatim=verbatim):
            return tuple(Option(id_, Text(label), verbatim=verbatim) for id_, label in options.items())
        case Review():
            return review.buttons()
        case question if takes_many(question):
            return (_control("done"),)
        case _:
            return ()


def _controls(flow: Flow, state: State, here: Ask) -> tuple[Option, ...]:
    names: list[str] = []
    if state.at != (flow.steps[0].id,):
        names.append("back")
    if not here.needed and not isinstance(here.question, Review):
        names += ["skip", "unknown"]
        if state.settled(CONSENT) and state.something_kept():
            names.append("finish")
    return tuple(_control(name) for name in (*names, "hide"))


def _control(name: str) -> Option:
    labels: dict[str, Message] = {str(k): v for k, v in texts.CONTROLS.items()}
    return Option(f"@{name}", Text(labels[name]), control=True)


def _question(flow: Flow, state: State, here: Ask, options: tuple[Option, ...], lead: tuple[Text, ...]) -> Show:
    below = review.lines(flow, state) if isinstance(here.question, Review) else ()
    return Show(Text(here.question.text), options, lead=lead, below=below, prompt=state.asked, path=state.at)


def said_before(flow: Flow, state: State) -> tuple[Text, ...]:
    """What the flow says between the question before `state.at` and it."""
    said: list[Text] = []
    for stop in way(flow, state):
        match stop:
            case Stop(path=path) if path == state.at:
                return tuple(said)
            case Stop(step=Say(text=text)):
                said.append(Text(text))
            case _:
                said = []
    return ()


def _here(flow: Flow, state: State) -> Ask:
    here = flow.ask(state.at)
    if here is None:
        raise LookupError(state.at)
    return here


def _onward(question: Question) -> Message:
    if isinstance(question, Files):
        return texts.SEND_ON
    return texts.WRITE_ON if takes_many(question) else question.text
