"""Controls, by button, by command or by word: back, skip, done, hide, finish, help and the rest."""

from dataclasses import replace

from conversations import beside, finishing, going_back, moves, texts
from conversations.asking import buttons_of, repeat_question
from conversations.effects import Effects, Forget, Hide, Show
from conversations.events import Asked, Happened
from conversations.flow import Flow
from conversations.model import Control, Text
from conversations.questions import Choice
from conversations.state import State
from conversations.telling import question_meant

Stepped = tuple[State, Effects]
WITHIN = 3600
"""Seconds within which two presses of Hide are two."""


def asked(flow: Flow, state: State, event: Asked) -> Stepped:
    """A control by button, by command or by word; Back, Skip and Done count only for the question
    on the screen.
    """
    stale = event.prompt is not None and question_meant(state, event) != state.at
    if stale and event.control in ("back", "skip", "unknown", "done"):
        return (state, ()) if _twice(state, event) else repeat_question(flow, state)
    return control(flow, state, event, event.control)


def _must_be_pressed_again(state: State, event: Happened) -> bool:
    """Whether this is the first of two presses: a slip of a thumb erases nothing that was told."""
    pressed = isinstance(event, Asked) and event.prompt is not None
    again = bool(state.hide_pressed) and event.received - state.hide_pressed <= WITHIN
    return pressed and state.something_kept() and not again


def _once_more(flow: Flow, state: State) -> Stepped:
    """The button itself says it: no text, no question, on the message it stands on."""
    here = flow.ask(state.at, state)
    if here is None or state.prompts[-1].path != state.at:  # something is asked beside the flow
        return repeat_question(flow, state)
    options = buttons_of(flow, state, here)
    return state, (
        Show(Text(texts.HIDE_AGAIN), options, prompt=state.asked, path=state.at, buttons_only=True),
    )


def _twice(state: State, event: Asked) -> bool:
    """Whether this very press has moved on from the question before: the next one is already on its
    way.
    """
    mark = state.marks.get(question_meant(state, event))
    if mark is None or mark.open or state.locked or event.prompt != state.asked - 1:
        return False
    settled = {
        "done": mark.kind != "passed",
        "skip": mark.options == ("skipped",),
        "unknown": mark.options == ("unknown",),
    }
    return settled.get(event.control, False)


def control(flow: Flow, state: State, event: Happened, named: Control) -> Stepped:
    """Do what a control asks for; once a report is being sent only hiding and erasing still
    can be.
    """
    if state.stage != "open" and named not in ("hide", "erase", "delete"):
        return state, (Show(Text(texts.SENDING)),)
    match named:
        case "back":
            return going_back.back(flow, state)
        case "skip" | "unknown":
            return moves.pass_over(flow, state, event, "skipped" if named == "skip" else "unknown")
        case "done":
            return moves.end_of_many(flow, state, event)
        case "finish" | "review":
            return finishing.finish(flow, state, event)
        case "nomore":
            return finishing.no_more(flow, state, event)
        case "hide" if state.return_words:
            return replace(state, hidden=True, locked=True), (Hide(),)
        case "hide" if state.stage != "open":
            return replace(state, hidden=True), (Hide(),)  # it was sent: only the chat is cleared
        case "hide" if _must_be_pressed_again(state, event):
            return _once_more(flow, replace(state, hide_pressed=event.received))
        case "hide":
            return replace(state, stage="gone"), (Hide(), Forget())
        case "erase" | "delete" if not state.something_kept():
            return repeat_question(flow, state, Text(texts.STATUS_NOTHING))
        case "erase" | "delete":
            return beside.ask_to_erase(state)
        case "language":
            return beside.language(flow, state)
        case "pause":
            return moves.pause(flow, state)
        case "help":
            return repeat_question(flow, state, Text(texts.HELP))
        case "privacy":
            return repeat_question(flow, state, Text(texts.PRIVACY))
        case "more":
            here = flow.ask(state.at, state)
            more = here.question.more if here and isinstance(here.question, Choice) else ""
            return repeat_question(flow, state, Text(more or texts.PRIVACY))
        case "add":
            return repeat_question(flow, state, Text(texts.ADD_LATER))
        case "status":
            kept = texts.STATUS_DRAFT if state.something_kept() else texts.STATUS_NOTHING
            return repeat_question(flow, state, Text(kept))
