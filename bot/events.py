"""PURE: what came from a channel as the conversation's own events, bound to the question it was said to."""

from typing import TypedDict, cast

from bot.channels.port import Commanded, LeftUs, Passed, Pointed, Strange, Typed
from conversations.model import (
    Asked,
    Began,
    Blocked,
    Chose,
    Control,
    Edited,
    Event,
    File,
    Other,
    Pinned,
    Sent,
    SharedContact,
    Wrote,
)  # fmt: skip
from conversations.state import State


class Bound(TypedDict):
    """What every event has; `prompt`: the number of the question that was on the screen, if any."""

    id: str
    at: int
    received: int
    prompt: int | None


def of_press(token: str, tag: str, state: State, when: Bound) -> Event:
    """What a button stands for; a token that is not this conversation's stands for an old button."""
    whose, _, rest = token.partition(".")
    number, _, index = rest.partition(".")
    mine = whose == tag and number.isdecimal() and index.isdecimal()
    prompt = state.prompt(int(number[:9])) if mine else None
    if prompt is None or int(index[:9]) >= len(prompt.choices):
        return Chose(step="", option="", **_unbound(when))
    option = prompt.choices[int(index[:9])]
    bound: Bound = {**when, "prompt": prompt.number}
    if option.startswith("@"):
        return Asked(control=cast("Control", option[1:]), **bound)
    member = prompt.path[1] if len(prompt.path) == 3 else ""  # noqa: PLR2004 - group, member, step
    return Chose(step=prompt.path[-1], member=member, option=option, **bound)


def of_edit(text: str, of: str, when: Bound) -> Event:
    """New words of an earlier message; `of` is the id of the event that it was."""
    return Edited(of=of, text=text, **when)


def of_words(typed: Typed, button: str, when: Bound) -> Event:
    """Words, and the button whose label they are, if of any; what is forwarded presses none."""
    return Wrote(text=typed.text, button=button, forwarded=typed.forwarded, forwarded_at=typed.forwarded_at, **when)


def _unbound(when: Bound) -> Bound:
    return {**when, "prompt": None}


def of_other(what: Commanded | File | Pointed | Passed | Strange | LeftUs, when: Bound) -> Event:
    """Anything that means the same whatever is on the screen."""
    match what:
        case Commanded(control="start", code=code):
            return Began(code=code, **when)
        case Commanded(control=control):
            return Asked(control=cast("Control", control), **_unbound(when))
        case File() as file:
            return Sent(file=file, **when)
        case Pointed(lat=lat, lon=lon, accuracy=accuracy, live=live):
            return Pinned(lat=lat, lon=lon, accuracy=accuracy, live=live, **when)
        case Passed(name=who, phone=phone):
            return SharedContact(name=who, phone=phone, **when)
        case Strange(kind=kind):
            return Other(kind=kind, **when)
        case LeftUs():
            return Blocked(**when)
