"""What a press of a button does: an answer, a move, or nothing when its question is behind."""

from dataclasses import replace
from typing import Final

from conversations import beside, finishing, going_back, moves, texts
from conversations.arriving import send_without
from conversations.asking import repeat_question
from conversations.effects import WHOLE, DropWords, Effects, Keep, MakeWords, Show, Wait
from conversations.events import Chose, Happened
from conversations.flow import Flow
from conversations.kinds import known, review, several, when, where, words
from conversations.landmarks import ACCOUNT, SEND, sibling
from conversations.model import Path, Picked, Text
from conversations.questions import Choice, Known, Review, Several, When, Where, Words
from conversations.state import Mark, State
from conversations.steps import Ask
from conversations.turn import Turn

Stepped = tuple[State, Effects]
ENDING: Final = (several.DONE, several.NEXT, several.ALL, several.NONE_OF_THEM)
"""Buttons that end a question with several options, whichever were on."""
UNDECIDED = 24 * 3600
"""What is held before consent is destroyed after so many seconds without a yes."""


def take_press(flow: Flow, state: State, event: Chose) -> Stepped:
    if state.stage != "open" and event.step == "~erase" and event.prompt == state.asked:
        return beside.erase_answered(state, yes=event.option == "yes")
    if event.step == "~sending" or state.stage != "open":
        return send_without(state, event)
    if event.step.startswith("~"):
        return beside.press_beside(flow, state, event)
    path = flow.address(event.step, event.member)
    here = flow.ask(path, state)
    if here is None:
        return repeat_question(flow, state, Text(texts.OLD_BUTTON))
    if path != state.at:
        return _stale(flow, state, path, event)
    match here.question:
        case Choice(options=options) if event.option in options:
            return pick_option(flow, state, event, path, event.option)
        case Known(instead=options) if event.option in options and event.option in here.does:
            return pick_option(flow, state, event, path, event.option)
        case Review() if event.option == "go" and moves.point_waits(state):
            return moves.point_again(flow, state)
        case _:
            return moves.take(flow, _pressed(flow, state, event, here), event)


def _pressed(flow: Flow, state: State, event: Chose, here: Ask) -> Turn:
    match here.question:
        case Review():
            return review.pressed(flow, state, event)
        case Several() as question:
            return several.pressed(question, state, event, event.option)
        case When() as question:
            return when.pressed(question, state, event, event.option)
        case Where() as question:
            return where.pressed(question, state, event, event.option)
        case Words() as question:
            return words.pressed(question, state, event.option)
        case Known() as question:
            return known.pressed(question, state, event.option)
        case _:
            return Turn(state, "repeat")


def pick_option(flow: Flow, state: State, event: Happened, path: Path, option: str) -> Stepped:
    """One option of the question on the screen; what it does beside is said in its Ask."""
    here = flow.ask(path, state)
    if here is None or (here.locked and state.locked):
        return repeat_question(flow, state, Text(texts.LOCKED))
    state = _noted(here, state, option)
    match here.does.get(option):
        case "pause":
            return moves.pause(flow, state)
        case "finish" if path in state.marks:  # what was answered behind it stays
            return finishing.finish(flow, state, event)
        case "stay":
            return going_back.not_leaving(flow, state)
        case "write again":
            state = state.marked(path, Mark("picked", (option,), prompt=state.asked, at=event.at))
            state, shown = going_back.back_to(flow, state, sibling(path, ACCOUNT))
            return state, (Keep(path, Picked((option,)), WHOLE), *shown)
        case "make words":
            state, moved = moves.settle(flow, state, event, path, (option,))
            return state, (*(e for e in moved if not isinstance(e, Show)), MakeWords())
        case "drop words" if path in state.marks:
            told = (Show(Text(texts.WORDS_DROPPED)),) if state.return_words else ()
            state, moved = moves.settle(
                flow, replace(state, return_words=False), event, path, (option,)
            )
            return state, (DropWords(), *told, *moved)
        case "wait a day":
            state, moved = moves.settle(flow, state, event, path, (option,))
            return state, (Wait("elsewhere", UNDECIDED), *moved)
        case "keep held" if state.something_kept():
            state = state.flagged("~kept")
        case _:
            pass
    return moves.settle(flow, state, event, path, (option,))


def _noted(here: Ask, state: State, option: str) -> State:
    """The report with the flags that this answer sets, and without those that it takes back."""
    state = state.unflagged(*here.marks.values())
    return state.flagged(*(flags[option] for flags in (here.marks, here.notes) if option in flags))


def _stale(flow: Flow, state: State, path: Path, event: Chose) -> Stepped:
    """A button of an earlier question changes nothing by itself."""
    mark = state.marks.get(path)
    again = mark is not None and (mark.options == (event.option,) or event.option in ENDING)
    if again and mark and event.prompt == mark.prompt:
        return state, ()  # pressed twice: once; the next question is already on its way
    if mark is None or mark.kind != "picked" or path == SEND or state.locked:
        return repeat_question(flow, state, Text(texts.OLD_BUTTON))
    return beside.ask_to_change(state, path)
