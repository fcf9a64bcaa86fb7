"""PURE: Send: at once, later when the last file is here, or not yet since nothing is told."""

from dataclasses import replace

from conversations import texts
from conversations.asking import ask_question
from conversations.effects import Append, Effects, Show, Submit
from conversations.flow import Flow
from conversations.landmarks import ACCOUNT, CONTACT, REVIEW, SEND, WITHDRAW
from conversations.model import Option, Text
from conversations.state import State
from conversations.steps import Ask
from conversations.way import way

Stepped = tuple[State, Effects]


def submit(flow: Flow, state: State) -> Stepped:
    """Send was pressed: at once, when the last file is here, or not yet because there is nothing to
    send.
    """
    if not state.something_kept() and not _wants_contact(state) and not state.settled(WITHDRAW):
        return _nothing_yet(flow, state)
    if not state.files("coming"):
        return replace(state, stage="sending"), (Show(Text(texts.SENDING)), submission(state))
    return tell_sent_soon(replace(state, stage="waiting"))


def submission(state: State) -> Submit | Append:
    """A report is submitted; a follow-up is added to the referral it is about."""
    return Append(state.reference) if state.reference else Submit()


def _wants_contact(state: State) -> bool:
    """Somebody who tells nothing here may still ask to be spoken with."""
    mark = state.marks.get(CONTACT)
    return mark is not None and mark.kind == "picked" and mark.options != ("no",)


def _nothing_yet(flow: Flow, state: State) -> Stepped:
    state = state.unmarked(SEND).unmarked(REVIEW)
    first = flow.groups()[0]
    account = (first.id, state.members[first.id][0], ACCOUNT)
    reached = [stop.path for stop in way(flow, state) if isinstance(stop.step, Ask)]
    path = next((p for p in (account, CONTACT) if p in reached), reached[-1])
    return ask_question(flow, replace(state.unmarked(path), at=path), (Text(texts.NOTHING_YET),))


def tell_sent_soon(state: State) -> Stepped:
    """Send was pressed while files are on their way: the report goes by itself, or at once without
    them.
    """
    state = state.asking(("~sending",), ("without",))
    text = Text(texts.SENDING_SOON, {"count": len(state.files("coming"))})
    options = (Option("without", Text(texts.SEND_WITHOUT)),)
    return state, (Show(text, options, replaces="sending", prompt=state.asked, path=("~sending",)),)
