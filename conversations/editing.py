"""An edited message: what it says and carries now takes the place of what it said and carried
before.

Words that went are destroyed, a file that was exchanged is destroyed and the new one fetched, a
caption that was added or taken away is added or taken away. The report keeps a line that there was
a change, and none of what it was.
"""

from dataclasses import replace

from conversations import beside, dropping, moves, texts
from conversations.arriving import taken_in
from conversations.asking import repeat_question
from conversations.effects import Drop, Effects, Fetch, Keep, Show
from conversations.events import Edited
from conversations.flow import Flow
from conversations.flows.follow_up import FOLLOW_UP
from conversations.kinds import own_words, when, where
from conversations.landmarks import ACCOUNT, CHILD_DETAILS, EXHIBIT, SEND, WHERE, sibling
from conversations.model import Path, Said, Text
from conversations.questions import OwnWords, When, Where
from conversations.state import Changed, Exhibit, Mark, State
from conversations.telling import (
    heed_warnings,
    keep_beside_account,
    not_here,
    question_meant,
    where_it_stands,
)

Stepped = tuple[State, Effects]


def edited(flow: Flow, state: State, event: Edited) -> Stepped:
    """Files first, then words; where neither was known before, what is said now is kept beside the
    account.
    """
    path, part = _words_of(state, event.of)
    if "minor" in state.flags and path != CHILD_DETAILS:
        return not_here(flow, state, event.text)
    under = any(x.message == event.of for x in state.exhibits) or bool(event.files)
    state, exchanged = _files_now(state, event, path or question_meant(state, event))
    if path is None and not event.text:
        lead = Text(texts.FILE_EXCHANGED if exchanged else texts.NOT_KEPT)
        state, shown = (
            (state, (Show(lead),)) if state.stage != "open" else where_it_stands(flow, state, lead)
        )
    elif (
        path is None and flow.id == FOLLOW_UP.id and not under
    ):  # a number or return words, most likely
        state, shown = repeat_question(flow, state, Text(texts.NOT_KEPT))
    elif path is None:
        added = replace(event, id=f"{event.of}.words" if under else event.of)
        about = replace(event.about, under=event.of) if under else event.about
        state, shown = keep_beside_account(flow, state, added, Said(event.text, about=about))
    elif event.text:
        about = replace(event.about, under=event.of) if part != event.of else event.about
        state, shown = _words_now(
            flow, state, replace(event, of=part, about=about), path, _said(exchanged)
        )
    else:
        state, shown = _words_gone(flow, state, event, path, part, _said(exchanged))
    return state, (*exchanged, *shown)


def _words_of(state: State, message: str) -> tuple[Path | None, str]:
    """Where the words of a message are kept, and as which part: under a file they have an id of
    their own.
    """
    for part in (f"{message}.words", message):
        if path := state.where_part(part):
            return path, part
    return None, message


def _said(exchanged: Effects) -> tuple[Text, ...]:
    """That the words are changed; and of a file that came instead, that it is not here yet."""
    fetches = any(isinstance(effect, Fetch) for effect in exchanged)
    return (
        (Text(texts.EDIT_KEPT), Text(texts.FILE_EXCHANGED)) if fetches else (Text(texts.EDIT_KEPT),)
    )


# ── files ────────────────────────────────────────────────────────────────────


def _files_now(state: State, event: Edited, said_at: Path) -> Stepped:
    """Destroy the files that the message no longer carries, and fetch those that it carries
    instead.
    """
    if event.files is None:
        return state, ()
    before = [x for x in state.exhibits if x.message == event.of]
    same = {x.unique for x in before} & {file.unique for file in event.files}
    gone = [x for x in before if x.unique and x.unique not in same]
    new = [file for file in event.files if file.unique not in same]
    # begun on a release that did not note which file it was
    if len(before) > len(gone) + len(same):
        new = new[len(before) - len(gone) - len(same) :]
    undone: Effects = ()
    fetched: tuple[Fetch, ...] = ()
    for place, file in enumerate(new):
        old = gone[place] if place < len(gone) else None
        part = f"{event.of}.e{state.given.get('exhibit', 0) + 1}"
        state, fetch = taken_in(
            state, file, part, old.said_at if old else said_at, event.at, old.id if old else ""
        )
        if old is not None:
            state = _asked_about_instead(state, old.id, fetch.exhibit)
        fetched += (fetch,)
    for exhibit in gone:
        state, dropped = _file_gone(state, exhibit, event.at)
        undone += dropped
    return state, (*undone, *fetched)


def _asked_about_instead(state: State, old: str, new: str) -> State:
    """Where a file is from is asked of the one that takes its place."""
    asked = state.members.get(EXHIBIT)
    if asked is None or old not in asked:
        return state
    return replace(
        state, members={**state.members, EXHIBIT: tuple(new if x == old else x for x in asked)}
    )


def _file_gone(state: State, exhibit: Exhibit, at: int) -> Stepped:
    spoken = state.where_part(exhibit.id)
    state = replace(state, changed=(*state.changed, Changed((EXHIBIT, exhibit.id), at)))
    state, undone = dropping.file_gone(state, exhibit.id)
    if spoken is not None:
        state = _without(state, spoken, exhibit.id, at)
        undone = (*undone, Drop(spoken, exhibit.id))
    return state, undone


# ── words ────────────────────────────────────────────────────────────────────


def _words_gone(
    flow: Flow, state: State, event: Edited, path: Path, part: str, lead: tuple[Text, ...]
) -> Stepped:
    """The caption was taken away: those words are destroyed, what was said beside them stays."""
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    state, also = where.rest_edited(state, sibling(path, WHERE), f"{part}.rest", "")
    state = _without(state, path, part, event.at)
    state = state.turned() if state.at == path else state
    gone: Effects = (Drop(path, part), *also)
    if state.stage != "open":
        return state, (*gone, *map(Show, lead))
    state, shown = where_it_stands(flow, dropping.flag_before_window(state), *lead)
    return state, (*gone, *shown)


def _without(state: State, path: Path, part: str, at: int) -> State:
    """The state without one part of an answer; one that had no other part counts as skipped."""
    mark = state.marks[path]
    parts = tuple(p for p in mark.parts if p != part)
    if parts or mark.kind == "placed":
        return state.marked(path, replace(mark, parts=parts))
    if mark.open:
        return state.unmarked(path)
    return state.marked(path, Mark("passed", ("skipped",), prompt=mark.prompt, at=at))


def _words_now(
    flow: Flow, state: State, event: Edited, path: Path, lead: tuple[Text, ...]
) -> Stepped:
    """New words in the place of those before; `event.of` is the part they were kept as."""
    taken = flow.ask(path, state)
    if taken is not None and isinstance(taken.question, OwnWords):
        return moves.take(flow, own_words.edited(state, event), event)
    # a yes or no that was typed: it is asked about, and nothing read into it
    if state.marks[path].kind == "picked":
        asked = state.stage == "open" and not state.locked and path != SEND
        return beside.ask_to_change(state, path) if asked else repeat_question(flow, state)
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    keep = Keep(path, Said(event.text, about=event.about), event.of)
    state, told = heed_warnings(flow, state, event.text, many=path[-1] == ACCOUNT)
    if state.stage != "open":
        return state, (keep, *map(Show, lead))
    here = flow.ask(path, state)
    match here.question if here else None:
        case When() as question:
            state, read, rest = when.edited(question, state, event, path)
            state, moved = where.rest_edited(state, sibling(path, WHERE), f"{event.of}.rest", rest)
            read = (*read, *moved)
        case Where() if where.awaits(state, path):
            return where.look_again(state, event, keep)
        case Where():
            state, read = where.unplaced(state, path)
        case _:
            read = ()
    state, shown = where_it_stands(flow, state, *lead)
    return state, (keep, *read, *told, *shown)
