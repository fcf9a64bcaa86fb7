"""PURE: what came from a channel as the conversation's own events, bound to the question it was
said to.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypedDict, cast

from bot.channels.incoming import (
    Commanded,
    ContactCard,
    Edit,
    LeftUs,
    Pointed,
    Pressed,
    Strange,
    Typed,
    What,
)
from conversations.engine import IDLE
from conversations.events import (
    Asked,
    Began,
    Blocked,
    Chose,
    Edited,
    Event,
    Other,
    Pinned,
    Sent,
    SharedContact,
    Wrote,
)
from conversations.landmarks import CONSENT
from conversations.model import About, Control, File
from conversations.state import State

Named = Callable[[str], str]
"""From the key of a message to the id of the event that it was."""


class Bound(TypedDict):
    """What every event has; `prompt`: the number of the question that was on the screen, if any."""

    id: str
    at: int
    received: int
    prompt: int | None


def part_of(message: str, number: int, what: object, *, under: str) -> str:
    """The id of one thing that a message says or carries: the first has the message's own, a
    caption one of its own.
    """
    if not number:
        return message
    return f"{message}.words" if under and isinstance(what, Typed) else f"{message}.{number + 1}"


def of_press(token: str, tag: str, state: State, when: Bound) -> Event:
    """What a button stands for; a token that is not this conversation's stands for an old
    button.
    """
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


def of_edit(edit: Edit, of: str, named: Named, when: Bound) -> Event:
    """What an earlier message says now; `of` is the id of the event that it was."""
    files = None if edit.files is None else tuple(_about_events(file, named) for file in edit.files)
    return Edited(of=of, text=edit.text, files=files, about=_bound(edit.about, named), **when)


def of_words(typed: Typed, button: str, under: str, named: Named, when: Bound) -> Event:
    """Words, and the button whose label they are, if of any; what is forwarded presses none.

    `under`: the event of the file whose caption they are.
    """
    about = replace(_bound(typed.about, named), under=under)
    return Wrote(
        text=typed.text,
        button=button,
        forwarded=typed.forwarded,
        forwarded_at=typed.forwarded_at,
        about=about,
        **when,
    )


def _bound(about: About, named: Named) -> About:
    return replace(about, reply_to=named(about.reply_to)) if about.reply_to else about


def _about_events(file: File, named: Named) -> File:
    return replace(file, about=_bound(file.about, named)) if file.about.reply_to else file


def _unbound(when: Bound) -> Bound:
    return {**when, "prompt": None}


def of_other(
    what: Commanded | File | Pointed | ContactCard | Strange | LeftUs, named: Named, when: Bound
) -> Event:
    """Anything that means the same whatever is on the screen."""
    match what:
        case Commanded(control="start", code=code):
            return Began(code=code, **when)
        case Commanded(control=control):
            return Asked(control=cast("Control", control), **_unbound(when))
        case File() as file:
            return Sent(file=_about_events(file, named), **when)
        case Pointed(lat=lat, lon=lon, accuracy=accuracy, live=live, venue=venue):
            return Pinned(lat=lat, lon=lon, accuracy=accuracy, live=live, venue=venue, **when)
        case ContactCard(card=card):
            return SharedContact(card=card, **when)
        case Strange(kind=kind, raw=raw):
            return Other(kind=kind, raw=raw, **when)
        case LeftUs():
            return Blocked(**when)


def begins(what: What) -> bool:
    """Whether this begins a conversation where there is none: an old button, an edit or a goodbye
    does not.

    After Hide the chat must stay empty, whatever is pressed in it a second time, and whatever the
    app of next year writes into it by itself.
    """
    return not isinstance(what, (Pressed, LeftUs, Edit)) and not (
        isinstance(what, Strange) and not what.known
    )


def is_voice(what: What) -> bool:
    """Whether this is a voice message."""
    return isinstance(what, File) and what.kind == "voice"


def is_written(state: State, now: int) -> bool:
    """Whether what is typed is part of a report, and not perhaps the words that unlock it."""
    locked = state.locked or (state.return_words and state.last and now - state.last > IDLE)
    return (
        state.settled(CONSENT)
        and not state.hidden
        and not locked
        and state.stage not in ("gone", "filed")
    )
