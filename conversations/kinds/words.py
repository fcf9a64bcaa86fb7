"""PURE: the witness's own words, written or spoken: one message, or as many as they like until
Done; and files, as many as they like.
"""

from dataclasses import replace
from typing import Literal

from conversations import controls, dropping, texts
from conversations.effects import Keep
from conversations.events import Happened
from conversations.model import Message, Option, Said, Spoken, Text
from conversations.questions import Files, Question, Words, takes_many
from conversations.state import Mark, State
from conversations.turn import Turn


def buttons(question: Words | Files, state: State) -> tuple[Option, ...]:
    """What answers in place of words; where more is asked before them, what opens that."""
    done = (controls.button(state, "done"),) if takes_many(question) else ()
    if isinstance(question, Files):
        return done
    if question.opens:
        return tuple(
            Option(id_, Text(label))
            for id_, label in question.opens.items()
            if id_ not in state.flags
        )
    # of the first event there is nothing that could have been told already
    later = len(state.at) > 1 and state.at[1] != state.members[state.at[0]][0]
    labels = question.instead if later and state.at not in state.marks else {}
    return (*(Option(id_, Text(label)) for id_, label in labels.items()), *done)


def onward_label(question: Question) -> Message:
    """What stands above the buttons once something is kept."""
    if isinstance(question, Files):
        return texts.SEND_ON
    return texts.WRITE_ON if takes_many(question) else question.text


def pressed(question: Words, state: State, option: str) -> Turn:
    """A button in place of words, or one that has more asked before them."""
    if option in question.opens:
        return Turn(state.flagged(option), "onward")
    if option not in question.instead:
        return Turn(state, "repeat")
    mark = state.marks.get(state.at)
    if mark is not None and mark.parts:
        # words came after the button was shown, and are the answer
        return Turn(state, "done")
    return Turn(state, "settle", options=(option,))


def answered(
    state: State,
    event: Happened,
    answer: Said | Spoken,
    *,
    many: bool,
    kind: Literal["said", "dated"] = "said",
) -> Turn:
    """One answer, or one more part of it. `kind`: of which question it is an answer in words."""
    state, undone, old = dropping.begun(state, event, many=many)
    prompt = old.prompt if old and many else state.asked
    options = ("unread",) if kind == "dated" else ()
    parts = (*(old.parts if old else ()), event.id)
    mark = Mark(kind, options, parts, open=many, prompt=prompt, at=event.at)
    state = replace(state.marked(state.at, mark), found=None)
    kept = (*undone, Keep(state.at, answer, event.id))
    return Turn(state, "acknowledge", kept) if many else Turn(state.turned(), "onward", kept)
