"""What a press of a button does: an answer, a move, or nothing when its question is behind."""

from dataclasses import replace

from conversations import (
    beside,
    dating,
    dropping,
    finishing,
    locating,
    moves,
    picking,
    review,
    texts,
)
from conversations.arriving import send_without
from conversations.asking import ask_again, ask_beside, ask_question, repeat_question
from conversations.effects import (
    WHOLE,
    Discard,
    DropWords,
    Effects,
    Keep,
    Look,
    MakeWords,
    Show,
    Wait,
)
from conversations.events import Chose, Happened
from conversations.flow import Flow
from conversations.model import Path, Picked, Text
from conversations.questions import Choice, Known, Review, Several, When, Where, Words
from conversations.state import Changed, Mark, State
from conversations.steps import Ask
from conversations.telling import press_instead

Stepped = tuple[State, Effects]
NOTHING = Mark("passed")
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
        case Review():
            return _reviewing(flow, state, event)
        case Choice(options=options) if event.option in options:
            return pick_option(flow, state, event, path, event.option)
        case Several() as question:
            return press_several(flow, state, event, question, (event.option,))
        case When():
            return of_date(flow, state, event, event.option)
        case Known(what="words") if event.option == "none":
            return state, (Look(state.reference, words_asked=True),)
        case Known(instead=options) if event.option in options and event.option == "leave":
            return pick_option(flow, state, event, path, event.option)
        case Known(instead=options) if event.option in options:
            return moves.settle(flow, state, event, path, (event.option,))
        case Words(opens=options) if event.option in options:
            return moves.onward(flow, state.flagged(event.option))
        case Words(instead=options) if (
            event.option in options and state.marks.get(path, NOTHING).parts
        ):
            # words came after the button was shown, and are the answer
            return moves.end_of_many(flow, state, event)
        case Words(instead=options) if event.option in options:
            return press_instead(flow, state, event)
        case Where():
            return locating.pressed(flow, state, event, event.option)
        case _:
            return repeat_question(flow, state)


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
            return moves.not_leaving(flow, state)
        case "write again":
            state = state.marked(path, Mark("picked", (option,), prompt=state.asked, at=event.at))
            state, shown = moves.back_to(flow, state, (*path[:-1], "account"))
            return state, (Keep(path, Picked((option,)), WHOLE), *shown)
        case "make words":
            state, moved = moves.settle(flow, state, event, path, (option,))
            return state, (*(e for e in moved if not isinstance(e, Show)), MakeWords())
        case "drop words" if path in state.marks:
            told = (Show(Text(texts.WORDS_DROPPED)),) if state.words else ()
            state, moved = moves.settle(flow, replace(state, words=False), event, path, (option,))
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


def press_several(
    flow: Flow, state: State, event: Happened, question: Several, options: tuple[str, ...]
) -> Stepped:
    """A press on one of several; the first may be the whole answer."""
    match options:
        case (picking.ALL,) | (picking.NONE_OF_THEM,):
            chosen = tuple(question.options) if options == (picking.ALL,) else ()
            return moves.settle(flow, state, event, state.at, chosen)
        case (picking.SEVERAL,):
            return ask_again(flow, picking.open_up(state, event))
        case (picking.TURN,):
            return ask_again(flow, state.turned((state.page + 1) % len(question.pages), ""))
        case (picking.NEXT,) if state.page + 1 < len(question.pages):
            return ask_again(flow, state.turned(state.page + 1, ""))
        case (picking.NEXT,) | (picking.DONE,):
            return _chosen(flow, state, event, question)
        case _ if not set(options) <= set(question.options):
            return repeat_question(flow, state)
        case _ if not picking.turning(question, state) and len(options) == 1:
            return moves.settle(flow, state, event, state.at, options)
        case _:
            state = picking.turn(question, state, options, event)
            return repeat_question(flow, state)


def _chosen(flow: Flow, state: State, event: Happened, question: Several) -> Stepped:
    chosen = picking.chosen_now(state)
    if not chosen and not question.all_or_none:
        return moves.pass_over(flow, state, event, "skipped")
    return moves.settle(flow, state, event, state.at, chosen)


def of_date(flow: Flow, state: State, event: Happened, option: str) -> Stepped:
    """A button of the date that is being put together."""
    if option not in {o.id for o in dating.buttons(state)} and not option.startswith("d:"):
        return repeat_question(flow, state)
    what, _, value = option.partition(":")
    part = value if what == "p" else dating.part(state)
    state, finished = dating.pressed(state, option)
    if option == "other":  # what was read is taken back; the words stay
        unread = moves.date_unread(state, event, part)
        state, shown = ask_again(flow, state)
        return state, (*unread, *shown)
    if finished is None:
        return ask_again(flow, state)
    return moves.date_settled(flow, state, event, finished, part)


def _stale(flow: Flow, state: State, path: Path, event: Chose) -> Stepped:
    """A button of an earlier question changes nothing by itself."""
    mark = state.marks.get(path)
    if mark is None or mark.kind != "picked" or path == ("send",) or state.locked:
        return repeat_question(flow, state, Text(texts.OLD_BUTTON))
    if mark.options == (event.option,) and event.prompt == mark.prompt:
        return state, ()  # pressed twice: once; the next question is already on its way
    return beside.ask_to_change(state, path)


def _reviewing(flow: Flow, state: State, event: Chose) -> Stepped:
    what, _, where = event.option.partition(":")
    path = tuple(where.split("."))
    if state.locked and what != "go":
        return repeat_question(flow, state)
    match what:
        case "go" if moves.point_waits(state):
            return moves.point_again(flow, state)
        case "go":
            return moves.settle(
                flow, finishing.unasked_again(flow, state), event, state.at, ("go",)
            )
        case "all":
            state, more = ask_question(flow, state)
            return state, (*review.in_full(flow, state), *more)
        case "list":
            return ask_beside(
                state, state.at, Text(texts.REVIEW_PICK), review.page(flow, state, int(where))
            )
        case "item" if dropping.known(flow, state, path):
            return ask_beside(
                state, state.at, review.question(flow, state, path), review.item(state, path)
            )
        case "change" if flow.ask(path):
            return moves.back_to(flow, state, path)
        case "remove" if dropping.known(flow, state, path):
            return _removed(flow, state, event, path)
        case _:
            return ask_question(flow, state)


def _removed(flow: Flow, state: State, event: Chose, path: Path) -> Stepped:
    """Destroy one answer or file at the witness's word; the question counts as skipped."""
    before = state
    state = replace(state, changed=(*state.changed, Changed(path, event.at)))
    if path[0] == "exhibit" and len(path) == 2:  # noqa: PLR2004 - a file
        gone = path[1]
        state = replace(state, exhibits=tuple(x for x in state.exhibits if x.id != gone))
        undone: Effects = (Discard(gone),)
        # where it is from is said of nothing else
        for about in [p for p in state.marks if p[:2] == path]:
            state, forgotten = dropping.dropped(state, about)
            state, undone = state.unmarked(about), (*undone, *forgotten)
    else:
        state, undone = dropping.dropped(state, path)
        state = state.marked(path, Mark("passed", ("skipped",), prompt=state.asked, at=event.at))
    state, dropped, told = dropping.unreachable(flow, before, state, event.at)
    state, shown = ask_question(flow, state, (Text(texts.REMOVED), *told))
    return state, (*undone, *dropped, *shown)
