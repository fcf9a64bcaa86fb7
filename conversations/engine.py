"""PURE: one step of a conversation: what it becomes because of an event, and what must be done.

The rules of the machine, in the order in which an event meets them:

1. A conversation that is over (filed, gone) does nothing, whatever comes.
2. What comes of itself (a file is here, a wait is over, settlements are found) changes only what it
   is about; the conversation goes on from there where that was waited for.
3. What the witness does is bound to the question they saw, by its number; where that is not the
   question of now, it is taken for what it was said to, and presses nothing.
4. Half an hour without a word locks a report that has return words: from then on nothing that was
   answered is shown, and what is written may be the words.
5. What a word or press means is for the kind of question to say (conversations/kinds/); where the
   conversation goes then follows from the answers alone (way.py), never from where it was.
6. What is not understood changes no answer and is not lost: words are kept beside the account, and
   the question comes again.
7. After twelve hours, and at a new start, a report in which something is kept answers with where
   they stopped; what is said once, and danger, is said all the same.
8. Of a child only whom to call is kept, and danger is answered.
"""

from dataclasses import replace

from conversations import beside, commands, moves, pinning, pressing, sending, texts
from conversations.arriving import (
    file_lost,
    file_sealed,
    take_file,
    tell_receipt,
    warn_before_limit,
)
from conversations.asking import ask_question, repeat_question
from conversations.burst import status
from conversations.editing import edited
from conversations.effects import Effects, Look, Show, Wait
from conversations.events import (
    Asked,
    Began,
    Blocked,
    Chose,
    Edited,
    Event,
    Filed,
    Looked,
    Lost,
    Nearing,
    Other,
    Pinned,
    PlacesFound,
    Recalled,
    Sealed,
    Sent,
    SharedContact,
    Waited,
    WordsMade,
    Wrote,
)
from conversations.flow import Flow
from conversations.kinds import known, where
from conversations.landmarks import CONSENT, REFERENCE, is_point
from conversations.model import Text
from conversations.pending import DateInHand
from conversations.questions import Known
from conversations.state import State
from conversations.writing import take_written

Stepped = tuple[State, Effects]
SILENCE = 12 * 3600
"""After so many seconds the next thing a witness does is answered with where they stopped."""
IDLE = 30 * 60
"""After so many seconds earlier answers are shown only after the return words, if words were taken.
"""
BY_WITNESS = (Began, Wrote, Chose, Asked, Sent, Edited, Pinned, SharedContact, Other)


def step(flow: Flow, state: State, event: Event) -> Stepped:
    """Return what the conversation becomes because of `event`, and what must be done about it.

    What is not understood changes no answer and repeats the question.
    """
    if state.stage in ("filed", "gone"):
        return state, ()
    if not isinstance(event, BY_WITNESS):
        return _happened(flow, state, event)
    first, before, endangered = not state.last, state.last, "danger" in state.flags
    silent = event.received - before if before else 0
    state = replace(
        _locked(state) if state.return_words and silent > IDLE else state, last=event.received
    )
    state, effects = _did(flow, state, event)
    if first and not state.settled(CONSENT):
        effects = (Wait("consent", pressing.UNDECIDED), *effects)
    if _stopped(state, silent, event):
        # what is said once is said, and danger at once; a question comes after [Go on]
        effects = tuple(e for e in effects if not isinstance(e, Show) or _said_once(e))
        urgent = "danger" in state.flags and not endangered
        told = any(isinstance(e, Show) and e.text.id == texts.DANGER for e in effects)
        lead = (Text(texts.DANGER),) if urgent and not told else ()
        state, shown = beside.tell_where_they_stopped(flow, state, lead)
        effects = (*effects, *shown)
    return state, effects


def _said_once(show: Show) -> bool:
    """Whether it is neither a question nor said on the way to one, nor a count."""
    return not show.prompt and not show.before and not show.replaces


def _locked(state: State) -> State:
    """From here on nothing that was answered is shown; a date that waits for a yes is asked for
    anew.
    """
    in_hand = isinstance(state.pending, DateInHand)
    return replace(state.turned() if in_hand else state, locked=True)


def _stopped(state: State, silent: int, event: Event) -> bool:
    """Whether this is the first sign after a long silence, or a start in the middle of a report."""
    kept = (
        state.stage == "open"
        and not state.hidden
        and state.settled(CONSENT)
        and state.something_kept()
    )
    if not state.language or state.at == REFERENCE:
        return False  # of a report that is not found yet there is nothing to go on with
    return kept and (silent > SILENCE or isinstance(event, Began))


def _did(flow: Flow, state: State, event: Event) -> Stepped:
    """Something the witness did."""
    if state.stage != "open" and isinstance(event, (Began, Pinned, SharedContact)):
        return _after_send(state, event)
    match event:
        case Began(code=code) if code and state.at == REFERENCE:
            return state, (Look(code),)
        case Began():
            return repeat_question(flow, state) if state.asked else ask_question(flow, state)
        case Wrote():
            return take_written(flow, state, event)
        case Chose():
            return pressing.take_press(flow, state, event)
        case Asked():
            return commands.asked(flow, state, event)
        case Sent():
            return take_file(flow, state, event)
        case Edited():
            return edited(flow, state, event)
        case Pinned():
            return pinning.take_point(flow, state, event)
        case SharedContact():
            return beside.take_contact_card(flow, state, event)
        case Other():
            return beside.set_aside_strange(flow, state, event)
        case _:
            return repeat_question(flow, state, Text(texts.NOT_KEPT))


def _after_send(state: State, event: Began | Pinned | SharedContact) -> Stepped:
    """While files are on their way, or all of it is being sealed: nothing is asked any more."""
    match event:
        case Pinned():
            return state, (Show(Text(texts.PLACE_IN_WORDS)),)
        case SharedContact():
            return state, (Show(Text(texts.NO_CONTACTS)),)
        case Began() if state.stage == "waiting":
            return sending.tell_sent_soon(state)
        case Began():
            return state, (Show(Text(texts.SENDING)),)


def _happened(flow: Flow, state: State, event: Event) -> Stepped:
    """Something that came of itself: a file is here, a wait is over, the report is filed."""
    match event:
        case Sealed():
            return file_sealed(state, event)
        case Lost():
            return file_lost(flow, state, event)
        case Nearing():
            return warn_before_limit(state, event)
        case Waited(key="kept"):
            return status(flow, replace(state, counting=False))
        case Waited(key=key):
            return beside.end_of_wait(state, key)
        case Filed():
            return tell_receipt(flow, state, event)
        case WordsMade():
            return _words_made(flow, state, event)
        case Looked():
            return _looked(flow, state, event)
        case Recalled():
            return beside.tell_where_they_stopped(
                flow, replace(state, hidden=False, locked=False, last=event.received)
            )
        case PlacesFound() if is_point(event.for_path):
            return pinning.ask_about_point(state, event)
        case PlacesFound():
            return moves.take(flow, where.offer_found(state, event), event)
        case Blocked() | _:
            return state, ()


def _words_made(flow: Flow, state: State, event: WordsMade) -> Stepped:
    """Five words to be noted, in a message that Hide removes like any other; the question comes
    once more below.
    """
    if state.stage != "open":
        return replace(state, return_words=True), ()
    told = (
        Show(Text(texts.FIVE_WORDS, {"words": event.words}))
        if event.words
        else Show(Text(texts.OWN_TAKEN))
    )
    state, shown = ask_question(flow, replace(state, return_words=True))
    return state, (told, *shown)


def _looked(flow: Flow, state: State, event: Looked) -> Stepped:
    """A referral was looked for; nothing, where the witness has gone on meanwhile."""
    here = flow.ask(state.at, state)
    if here is None or not isinstance(here.question, Known):
        return state, ()
    return moves.take(flow, known.take_lookup(here.question, state, event), event)
