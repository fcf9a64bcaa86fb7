"""What a witness says, kept where it belongs: at the question they saw, one more part of it, or beside the account."""

from dataclasses import replace

from conversations import moves, texts
from conversations.asking import BURST, CONSENT, current, repeat, status
from conversations.flow import Flow
from conversations.model import Edited, Effects, Happened, Keep, Path, Said, Show, Spoken, Text, Wait, Wrote
from conversations.questions import Words, takes_many
from conversations.state import Changed, Mark, State

QUIET_SECONDS = 3
"""How long a burst must be quiet before its status message is brought up to date."""

Stepped = tuple[State, Effects]


def meant(state: State, event: Happened) -> Path:
    """The question that was on the screen when the witness did this; without one, the current question."""
    prompt = state.prompt(event.prompt)
    if prompt is None or prompt.path[0].startswith("~"):
        return state.at
    return prompt.path


def answered_in_words(flow: Flow, state: State, event: Happened, answer: Said | Spoken) -> Stepped:
    """Words at the question on the screen: one answer, or one more part of it."""
    here = flow.ask(state.at)
    many = here is not None and takes_many(here.question)
    old = state.marks.get(state.at)
    state, undone = _replaced(state, event) if state.changing == state.at or not many else (state, ())
    parts = (*(old.parts if old and not undone else ()), event.id)
    prompt = old.prompt if old and many and not undone else state.asked
    mark = Mark("said", parts=parts, open=many, prompt=prompt, at=event.at)
    state = state.marked(state.at, mark)
    kept = (*undone, Keep(state.at, answer, event.id))
    if many:
        state, shown = burst(flow, state)
        return state, (*kept, *shown)
    state, moved = moves.onward(flow, state)
    return state, (*kept, *moved)


def _replaced(state: State, event: Happened) -> Stepped:
    """Destroy the earlier words at the current address, if there are any; a line that they changed stays."""
    state = replace(state, changing=())
    old = state.marks.get(state.at)
    if old is None or old.kind == "passed":
        return state, ()
    state = replace(state, changed=(*state.changed, Changed(state.at, event.at)))
    state, undone = moves.dropped(state, state.at)
    return state.unmarked(state.at), undone


def late(flow: Flow, state: State, event: Wrote, at: Path) -> Stepped:
    """Words typed before the current question was on the screen: they belong to the one that was."""
    here = flow.ask(at)
    mark = state.marks.get(at)
    if here is None or not isinstance(here.question, Words) or mark is None or mark.kind != "said":
        return note(flow, state, event, event.text)
    state = state.marked(at, replace(mark, parts=(*mark.parts, event.id)))
    state, shown = repeat(flow, state, Text(texts.ADDED))
    return state, (Keep(at, Said(event.text), event.id), *shown)


def note(flow: Flow, state: State, event: Wrote | Edited, words: str) -> Stepped:
    """Keep words that answer no question beside the account, so that nothing written is lost."""
    path = ("incident", current(state), "account")
    mark = state.marks.get(path) or Mark("said", open=True, prompt=state.asked, at=event.at)
    mark = replace(mark, kind="said", parts=(*mark.parts, event.id))
    state = state.marked(path, mark)
    keep = Keep(path, Said(words), event.id)
    if not state.settled(CONSENT):
        state, shown = burst(flow, state)
    elif state.stage != "open":
        shown = (Show(Text(texts.NOTE_KEPT)),)
    else:
        state, shown = repeat(flow, state, Text(texts.NOTE_KEPT))
    return state, (keep, *shown)


def edited(flow: Flow, state: State, event: Edited) -> Stepped:
    """An edited message: the words it had are replaced where they are kept, and otherwise the new ones are kept."""
    path = state.where_part(event.of)
    if path is None:
        return note(flow, state, event, event.text)
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    keep = Keep(path, Said(event.text), event.of)
    if state.stage != "open":
        return state, (keep, Show(Text(texts.EDIT_KEPT)))
    state, shown = repeat(flow, state, Text(texts.EDIT_KEPT))
    return state, (keep, *shown)


def burst(flow: Flow, state: State) -> Stepped:
    """Acknowledge the first of a burst at once, and the rest after a moment of quiet."""
    if state.stage != "open":
        return state, ()
    if state.asked and state.status == state.asked:
        return replace(state, waiting=True), (Wait(BURST, QUIET_SECONDS),)
    fresh = not state.asked
    state, shown = repeat(flow, state, *_counts_before(state)) if fresh else status(flow, replace(state, status=0))
    return replace(state, status=state.asked, waiting=False), shown


def _counts_before(state: State) -> tuple[Text, ...]:
    """Said above the very first question, when something came before it."""
    return (Text(texts.HOLDING_FIRST),) if state.something_kept() else ()
