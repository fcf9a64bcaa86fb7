"""What a witness says, kept where it belongs: at the question they saw, one more part of it, or
beside the account.
"""

from dataclasses import replace

from conversations import dating, dropping, locating, moves, texts
from conversations.asking import BURST, CONSENT, ask_again, current_incident, repeat_question
from conversations.burst import status
from conversations.effects import WHOLE, Effects, FindPlace, Keep, Show, Wait
from conversations.events import Chose, Edited, Happened, Wrote
from conversations.finding import RETURN_WORDS, look, own_words
from conversations.flow import Flow
from conversations.flows.follow_up import FOLLOW_UP
from conversations.model import Dated, Path, Said, Spoken, Text
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
from conversations.reading import dates, warnings
from conversations.reading.calendar import needs_year
from conversations.state import Mark, State
from conversations.steps import Ask
from conversations.way import way

QUIET_SECONDS = 3
"""How long a burst must be quiet before its status message is brought up to date."""
CHILD_DETAILS: Path = ("child_details",)
"""The only words that are taken from a child: whom to call."""

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
    match here.question if here else None:
        case Words():
            return answered_in_words(flow, state, event, event.said)
        case When():
            state, _ = heed_warnings(flow, state, event.text, many=False)
            return _dated(flow, state, event)
        case Where():
            state, _ = heed_warnings(flow, state, event.text, many=False)
            state, undone, old = _begun(state, event, many=False)
            return locating.looking(state, event, old, undone)
        case Known(what=what):
            return look(state, event, what)
        case OwnWords():
            return own_words(flow, state, event)
        case _:
            return None


def answered_in_words(flow: Flow, state: State, event: Happened, answer: Said | Spoken) -> Stepped:
    """Words at the question on the screen: one answer, or one more part of it."""
    here, before = flow.ask(state.at, state), state
    many = here is not None and takes_many(here.question)
    state, undone, old = _begun(state, event, many=many)
    state, told = heed_warnings(
        flow, state, answer.text if isinstance(answer, Said) else "", many=many
    )
    prompt = old.prompt if old and many else state.asked
    kind = "dated" if here is not None and isinstance(here.question, When) else "said"
    options = ("unread",) if kind == "dated" else ()
    parts = (*(old.parts if old else ()), event.id)
    mark = Mark(kind, options, parts, open=many, prompt=prompt, at=event.at)  # type: ignore[arg-type]
    state = state.marked(state.at, mark)
    state = replace(state, places=())
    kept = (*undone, Keep(state.at, answer, event.id), *told)
    if many:
        urgent = "danger" in state.flags and "danger" not in before.flags
        state, shown = (
            status(flow, acknowledge_burst(flow, state)[0])
            if urgent
            else acknowledge_burst(flow, state)
        )
        return state, (*kept, *shown)
    state, moved = moves.onward(flow, state.turned(0, ""))
    return state, (*kept, *moved)


def heed_warnings(flow: Flow, state: State, words: str, *, many: bool) -> Stepped:
    """What the words say that must be answered: of an account all of it, elsewhere that somebody is
    in danger.

    A report has a question for that; after sending it is said at once.
    """
    found = [kind for kind in warnings.found(words) if many or kind == "danger"]
    new = "danger" in found and "danger" not in state.flags
    told: Effects = (
        (Show(Text(texts.DANGER)),) if new and flow.id == FOLLOW_UP.id and not many else ()
    )
    if "danger" in found and "minor" in state.flags:
        told = (Show(Text(texts.CHILD_IN_DANGER)),)
    return state.flagged(*found), told


def _begun(state: State, event: Happened, *, many: bool) -> tuple[State, Effects, Mark | None]:
    """What is there already: an open answer is added to, a changed or skipped one gives way."""
    old = state.marks.get(state.at)
    if old is None:
        return replace(state, changing=()), (), None
    if state.changing == state.at or (not many and not old.open) or old.kind == "passed":
        state, undone = dropping.replaced(state, event)
        return state, undone, None
    return state, (), old if old.parts else None


def _dated(flow: Flow, state: State, event: Wrote) -> Stepped:
    """A date in words: kept as said, beside it what it was read as; what counts from something is
    asked back.
    """
    state, undone, old = _begun(state, event, many=False)
    found = dates.read(event.text, dating.day_here(state, event.at))
    parts = (*(old.parts if old else ()), event.id)
    tries = len(parts)
    prompt = old.prompt if old else state.asked
    state = state.marked(
        state.at, Mark("dated", ("unread",), parts, open=True, prompt=prompt, at=event.at)
    )
    kept: Effects = (*undone, Keep(state.at, event.said, event.id))
    edtf, part = (found.edtf, found.part) if found else ("", "")
    if found and found.rest and edtf:
        state, offered = _place_offered(state, event, found.rest)
        kept += offered
    if edtf and not found_unsure(found) and not needs_year(edtf):
        state, moved = moves.date_settled(flow, state, event, edtf, part)
        return state, (*kept, *moved)
    if edtf:
        state = state.turned(0, dating.waiting(edtf, part))
        unsure = Dated(
            dating.unconfirmed(state), part, dating.day_here(state, event.at).isoformat()
        )
        # as it is if it is left without a yes, whichever way
        kept += (Keep(state.at, unsure, WHOLE),)
        state, shown = ask_again(flow, state)
        return state, (*kept, *shown)
    if made := dating.unconfirmed(state):
        state, moved = moves.date_settled(flow, state, event, made, part or dating.part(state))
        return state, (*kept, *moved)
    if tries == 1:
        state, shown = ask_again(flow, state.turned(0, ""), Text(texts.DATE_UNREAD))
        return state, (*kept, *shown)
    state, moved = moves.date_settled(flow, state, event, "", part)
    return state, (*kept, *moved)


def found_unsure(found: dates.Read | None) -> bool:
    return found is not None and found.confirm


def _place_offered(state: State, event: Wrote, rest: str) -> Stepped:
    """Words behind a date that may be the place: kept where the place is asked, and offered
    there.
    """
    path = (*state.at[:-1], "where")
    if path in state.marks:
        return state, ()
    part = f"{event.id}.rest"
    state = state.marked(
        path, Mark("said", parts=(part,), open=True, prompt=state.asked, at=event.at)
    )
    said = replace(event.said, text=rest)
    return state, (Keep(path, said, part), FindPlace(rest, path, part))


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
    state, warned = heed_warnings(flow, state, event.text, many=at[-1] == "account")
    state, shown = where_it_stands(flow, state, Text(texts.ADDED))
    return state, (Keep(at, event.said, event.id), *warned, *shown)


def keep_beside_account(flow: Flow, state: State, event: Wrote | Edited, words: Said) -> Stepped:
    """Keep words that answer no question beside the account of the event that was asked about;
    nothing is lost.

    Words under a file, and words among files, are counted with them instead of being answered one
    by one.
    """
    if "minor" in state.flags:
        return not_here(flow, state, words.text)
    path = ("incident", current_incident(state, question_meant(state, event)), "account")
    mark = state.marks.get(path) or Mark("said", open=True, prompt=state.asked, at=event.at)
    mark = replace(mark, kind="said", parts=(*mark.parts, event.id))
    state = state.marked(path, mark).flagged(*warnings.found(words.text))
    keep = Keep(path, words, event.id)
    here = flow.ask(state.at, state)
    if not state.settled(CONSENT) or (state.stage == "open" and _among_files(here, words)):
        state, shown = acknowledge_burst(flow, state)
    elif state.stage != "open":
        shown = (Show(Text(texts.NOTE_KEPT)),)
    else:
        state, shown = where_it_stands(flow, state, *_noted(here, state))
    return state, (keep, *shown)


def not_here(flow: Flow, state: State, words: str, *lead: Text) -> Stepped:
    """No account is taken from a child; danger is answered all the same, and officers see it."""
    danger = "danger" in warnings.found(words)
    told = (Text(texts.CHILD_IN_DANGER),) if danger else ()
    return repeat_question(
        flow, state.flagged(*(("danger",) if danger else ())), *told, *lead, Text(texts.NOT_HERE)
    )


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


def _among_files(here: Ask | None, words: Said) -> bool:
    return bool(words.about.under) or (here is not None and isinstance(here.question, Files))


def where_it_stands(flow: Flow, state: State, *lead: Text) -> Stepped:
    """The question on the screen once more, or, where the words open or close questions, where the
    way leads now.
    """
    if state.at in [stop.path for stop in way(flow, state)]:
        return repeat_question(flow, state, *lead)
    return moves.onward(flow, state, lead)


def press_instead(flow: Flow, state: State, event: Chose) -> Stepped:
    """A button in place of words: told already."""
    return moves.settle(flow, state, event, state.at, (event.option,))


def acknowledge_burst(flow: Flow, state: State) -> Stepped:
    """Acknowledge the first of a burst at once, and the rest after a moment of quiet."""
    if state.stage != "open":
        return state, ()
    if state.asked and state.status == state.asked:
        return replace(state, waiting=True), (Wait(BURST, QUIET_SECONDS),)
    fresh = not state.asked
    state, shown = (
        repeat_question(flow, state, *_counts_before(state))
        if fresh
        else status(flow, replace(state, status=0))
    )
    return replace(state, status=state.asked, waiting=False), shown


def _counts_before(state: State) -> tuple[Text, ...]:
    """Said above the very first question, when something came before it."""
    return (Text(texts.HOLDING_FIRST),) if state.something_kept() else ()
