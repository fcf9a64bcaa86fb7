"""From a chat in which nothing is being written to what can be done about a referral."""

from dataclasses import replace

from conversations.events import Asked, Chose, Event
from conversations.flows.follow_up import FOLLOW_UP
from conversations.landmarks import ACCOUNT, CONSENT, HAS_A_NUMBER, LANGUAGE, REFERENCE
from conversations.model import Path
from conversations.state import Mark, State
from conversations.way import start


def enters(state: State, event: Event) -> bool:
    """Whether the witness asks about a report that is sent, and no report is begun here; what is
    held comes along.
    """
    asks = isinstance(event, Asked) and event.control in ("status", "add")
    asks = asks or (isinstance(event, Chose) and (event.step, event.option) == HAS_A_NUMBER)
    return (
        asks and state.stage == "open" and not state.settled(CONSENT) and state.flow != FOLLOW_UP.id
    )


def enter(state: State, at: int) -> State:
    """The state of the follow-up, in the language of the chat; the buttons of earlier questions
    keep their numbers.

    What came before, such as a photo sent after the receipt, stays as the start of what is added;
    files go on being numbered from there.
    """
    fresh = start(FOLLOW_UP, at)
    marks: dict[Path, Mark] = {
        path: mark for path, mark in state.marks.items() if path[-1] == ACCOUNT
    }
    marks[CONSENT] = Mark("picked", ("go",))
    if state.language:
        marks[LANGUAGE] = state.marks.get(LANGUAGE, Mark("picked", (state.language,)))
    carried = tuple(flag for flag in state.flags if not flag.startswith("~"))
    return replace(
        fresh,
        language=state.language,
        marks=marks,
        exhibits=state.exhibits,
        given={**state.given, **fresh.given},
        flags=(*fresh.flags, *carried),
        counting=state.counting,
        asked=state.asked,
        prompts=state.prompts,
        last=state.last,
        at=REFERENCE if state.language else fresh.at,
    )
