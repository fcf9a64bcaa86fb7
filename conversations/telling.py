"""What a witness says, kept where it belongs: at the question they saw, one more part of it, or
beside the account.
"""

from dataclasses import replace
from typing import Literal

from conversations import moves, texts
from conversations.asking import repeat_question
from conversations.burst import acknowledge_burst
from conversations.effects import Effects, Keep, Show
from conversations.events import Edited, Happened, Wrote
from conversations.flow import Flow
from conversations.flows.follow_up import FOLLOW_UP
from conversations.kinds import known, own_words, when, where, words
from conversations.landmarks import ACCOUNT, CONSENT, RETURN_WORDS, current_incident, of_incident
from conversations.model import Path, Said, Spoken, Text
from conversations.questions import (
    Choice,
    Files,
    Known,
    OwnWords,
    Several,
    When,
    Where,
    Words,
    takes_many,
)
from conversations.reading import warnings
from conversations.state import Mark, State
from conversations.steps import Ask
from conversations.turn import Turn
from conversations.way import way

Stepped = tuple[State, Effects]


def question_meant(state: State, event: Happened) -> Path:
    """The question that was on the screen when the witness did this; without one, the current
    question.
    """
    prompt = state.prompt(event.prompt)
    if prompt is None or prompt.path[0].startswith("~"):
        return state.at
    return prompt.path


def answered(flow: Flow, state: State, event: Wrote) -> Stepped | None:
    """Words at a question that takes words; None if the question on the screen does not."""
    here = flow.ask(state.at, state)
    turn: Turn | None = None
    match here.question if here else None:
        case Words():
            return answered_in_words(flow, state, event, event.said)
        case When() as question:
            state, _ = heed_warnings(flow, state, event.text, many=False)
            turn = when.answered(question, state, event)
        case Where():
            state, _ = heed_warnings(flow, state, event.text, many=False)
            turn = where.answered(state, event)
        case Known() as question:
            turn = known.answered(question, state, event)
        case OwnWords():
            turn = own_words.answered(state, event)
        case _:
            pass
    return moves.take(flow, turn, event) if turn else None


def answered_in_words(flow: Flow, state: State, event: Happened, answer: Said | Spoken) -> Stepped:
    """Words at the question on the screen: one answer, or one more part of it."""
    here = flow.ask(state.at, state)
    many = here is not None and takes_many(here.question)
    kind: Literal["said", "dated"] = (
        "dated" if here is not None and isinstance(here.question, When) else "said"
    )
    text = answer.text if isinstance(answer, Said) else ""
    before = "danger" in state.flags
    state, told = heed_warnings(flow, state, text, many=many)
    turn = words.answered(state, event, answer, many=many, kind=kind)
    urgent = many and "danger" in state.flags and not before
    turn = replace(turn, effects=(*turn.effects, *told), then="count" if urgent else turn.then)
    return moves.take(flow, turn, event)


def heed_warnings(flow: Flow, state: State, text: str, *, many: bool) -> Stepped:
    """What the words say that must be answered: of an account all of it, elsewhere that somebody is
    in danger.

    A report has a question for that; after sending it is said at once.
    """
    found = [kind for kind in warnings.found(text) if many or kind == "danger"]
    new = "danger" in found and "danger" not in state.flags
    told: Effects = (
        (Show(Text(texts.DANGER)),) if new and flow.id == FOLLOW_UP.id and not many else ()
    )
    if "danger" in found and "minor" in state.flags:
        told = (Show(Text(texts.CHILD_IN_DANGER)),)
    return state.flagged(*found), told


def take_late_words(flow: Flow, state: State, event: Wrote, at: Path) -> Stepped:
    """Words typed before the current question was on the screen: they belong to the one
    that was.
    """
    here = flow.ask(at, state)
    mark = state.marks.get(at)
    takes = here is not None and isinstance(here.question, (Words, When, Where))
    if not takes or mark is None or mark.kind not in ("said", "dated"):
        return keep_beside_account(flow, state, event, event.said)
    state = state.marked(at, replace(mark, parts=(*mark.parts, event.id)))
    state, warned = heed_warnings(flow, state, event.text, many=at[-1] == ACCOUNT)
    state, shown = where_it_stands(flow, state, Text(texts.ADDED))
    return state, (Keep(at, event.said, event.id), *warned, *shown)


def keep_beside_account(flow: Flow, state: State, event: Wrote | Edited, said: Said) -> Stepped:
    """Keep words that answer no question beside the account of the event that was asked about;
    nothing is lost.

    Words under a file, and words among files, are counted with them instead of being answered one
    by one.
    """
    if "minor" in state.flags:
        return not_here(flow, state, said.text)
    path = of_incident(current_incident(state, question_meant(state, event)), ACCOUNT)
    mark = state.marks.get(path) or Mark("said", open=True, prompt=state.asked, at=event.at)
    mark = replace(mark, kind="said", parts=(*mark.parts, event.id))
    state = state.marked(path, mark).flagged(*warnings.found(said.text))
    keep = Keep(path, said, event.id)
    here = flow.ask(state.at, state)
    if not state.settled(CONSENT) or (state.stage == "open" and _among_files(here, said)):
        state, shown = acknowledge_burst(flow, state)
    elif state.stage != "open":
        shown = (Show(Text(texts.NOTE_KEPT)),)
    else:
        state, shown = where_it_stands(flow, state, *_noted(here, state))
    return state, (keep, *shown)


def not_here(flow: Flow, state: State, text: str, *lead: Text) -> Stepped:
    """No account is taken from a child; danger is answered all the same, and officers see it."""
    told: tuple[Text, ...] = ()
    if "danger" in warnings.found(text):
        state, told = state.flagged("danger"), (Text(texts.CHILD_IN_DANGER),)
    return repeat_question(flow, state, *told, *lead, Text(texts.NOT_HERE))


def _noted(here: Ask | None, state: State) -> tuple[Text, ...]:
    """What is said of words that answer nothing: that they are kept, and, where only buttons
    answer, that they do.
    """
    match here.question if here else None:
        case Known() if not state.settled(RETURN_WORDS):
            return (Text(texts.KEPT_TO_ADD),)
        case Choice() | Several():
            return (Text(texts.NOTE_KEPT), Text(texts.PRESS_A_BUTTON))
        case _:
            return (Text(texts.NOTE_KEPT),)


def _among_files(here: Ask | None, said: Said) -> bool:
    return bool(said.about.under) or (here is not None and isinstance(here.question, Files))


def where_it_stands(flow: Flow, state: State, *lead: Text) -> Stepped:
    """The question on the screen once more, or, where the words open or close questions, where the
    way leads now.
    """
    if state.at in [stop.path for stop in way(flow, state)]:
        return repeat_question(flow, state, *lead)
    return moves.onward(flow, state, lead)
