"""PURE: what a Telegram message says and carries: its words wherever they stand, its files, places,
cards.

Read from the message as it came (https://core.telegram.org/bots/api#message, version 10.3). Every
field of a message is in one of the sets of message_fields.py; a test compares them with the fields
that the library knows, so that none is passed over because it is new.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from bot.channels.commands import command
from bot.channels.incoming import Commanded, ContactCard, Edit, Pointed, Strange, Typed, What
from bot.channels.message_fields import ASIDE, EMPTY, ENVELOPE, FILES, PLACES, SERVICE, WORDS, Json
from bot.channels.rich_message import Reading, files_of, read_blocks
from bot.channels.unread import unnamed
from conversations.model import BARE, About, File, Quoted

Key = Callable[[int], str]
"""From the id of a message of the chat to the key by which it is known."""


def contents(message: Json, key: Key) -> tuple[What, ...]:
    """Everything the message says and carries: files first, then words, then a command. Nothing:
    the app wrote it.
    """
    reading = _read(message)
    kind, at, origin = _origin(message)
    about = _about(message, reading, key, origin)
    beside = replace(BARE, origin=origin, reply_to=about.reply_to)
    files = [replace(file, forwarded=kind, forwarded_at=at, about=beside) for file in reading.files]
    files += _quoted_files(message)
    text = "".join(reading.text).strip("\n")
    found: list[What] = [*files]
    commanded = command(text) if not kind else None
    if commanded is not None:
        control, rest = commanded
        lost = control.control in ("hide", "delete")  # whatever stands behind these is to be gone
        found += [Typed(rest, about=about), control] if rest and not lost else [control]
    elif text or about.quote:
        found.append(Typed(text, kind, at, about))
    return tuple(found) or _wordless(message)


def is_nobodys(message: Json) -> bool:
    """Whether the app itself wrote it, as far as the names of its fields tell."""
    return not SERVICE.isdisjoint(message) and set(message) <= ENVELOPE | SERVICE


def edit(message: Json, key: Key) -> What | None:
    """What an edited message is now; None where an edit says nothing: a point that moves, a
    card.
    """
    if "location" in message or "contact" in message:
        return None
    found = contents(message, key)
    for part in found:
        if isinstance(part, Commanded) and part.control in ("hide", "delete"):
            return part
        if isinstance(part, Strange):
            return part
    if not found:
        return None
    reading = _read(message)
    about = _about(message, reading, key, _origin(message)[2])
    return Edit(
        "".join(reading.text).strip("\n"), tuple(f for f in found if isinstance(f, File)), about
    )


# ── words and files ──────────────────────────────────────────────────────────


def _read(message: Json) -> Reading:
    reading = Reading()
    for file in files_of(message):
        reading.files.append(replace(file, album=message.get("media_group_id") or ""))
    for words, entities in (("text", "entities"), ("caption", "caption_entities")):
        if message.get(words):
            reading.text.append(message[words])
            reading.links += _links(message[words], message.get(entities) or ())
    if rich := message.get("rich_message"):
        read_blocks(rich.get("blocks") or (), reading, 0)
    return reading


def _links(text: str, entities: Any) -> Iterator[tuple[str, str]]:
    """The addresses behind words; offsets count in UTF-16, and one that lies outside names no
    words.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in entities:
        if entity.get("type") == "text_link" and entity.get("url"):
            first = max(0, int(entity.get("offset", 0))) * 2
            last = first + max(0, int(entity.get("length", 0))) * 2
            yield units[first:last].decode("utf-16-le", "replace"), str(entity["url"])


def _quoted_files(message: Json) -> list[File]:
    """What the message shows of another chat's: somebody else's, as what is forwarded is."""
    other = message.get("external_reply")
    if not other:
        return []
    kind, at, origin = _origin({"forward_origin": other.get("origin"), "chat": message["chat"]})
    about = replace(BARE, origin=origin)
    return [
        replace(f, forwarded=kind or "hidden_user", forwarded_at=at, about=about)
        for f in files_of(other)
    ]


# ── whose it is, and what it means ───────────────────────────────────────────


def _origin(message: Json) -> tuple[str, int, str]:
    """Whose it is, in kind; when it was first sent; names and ids as JSON. Empty where it is not
    forwarded.

    What somebody forwards of their own is theirs: no name of a witness is kept, in whatever part.
    """
    origin = message.get("forward_origin")
    if not origin:
        return "", 0, ""
    kind, at = str(origin["type"]), int(origin["date"])
    who = origin.get("sender_user") or origin.get("sender_chat") or origin.get("chat") or {}
    if kind == "user" and who.get("id") == message["chat"]["id"]:
        return "self", at, ""
    names = ("id", "first_name", "last_name", "title", "username")
    known = {name: who[name] for name in names if who.get(name)}
    known |= {
        name: origin[name]
        for name in ("sender_user_name", "author_signature", "message_id")
        if origin.get(name)
    }
    return kind, at, json.dumps(known, ensure_ascii=False, sort_keys=True)


def _about(message: Json, reading: Reading, key: Key, origin: str) -> About:
    """What is said beside the words: whose, which addresses, what they answer and quote."""
    meant, other = message.get("reply_to_message"), message.get("external_reply")
    mine = meant and not (meant.get("from") or {}).get("is_bot")
    quoted, quote = (message.get("quote") or {}).get("text", ""), None
    if other:
        kind, at, whose = _origin({"forward_origin": other.get("origin"), "chat": message["chat"]})
        quote = Quoted(quoted, kind or "hidden_user", at, whose)
    elif quoted and mine:
        quote = Quoted(quoted)
    return About(
        origin, tuple(reading.links), key(meant["message_id"]) if meant and mine else "", quote
    )


# ── what has neither words nor files ─────────────────────────────────────────


def _wordless(message: Json) -> tuple[What, ...]:
    if place := message.get("location"):
        accuracy = round(place["horizontal_accuracy"]) if place.get("horizontal_accuracy") else -1
        venue = message.get("venue") or {}
        named = ", ".join(part for part in (venue.get("title"), venue.get("address")) if part)
        lat, lon = round(place["latitude"] * 1e6), round(place["longitude"] * 1e6)
        return (Pointed(lat, lon, accuracy, place.get("live_period") is not None, named),)
    if contact := message.get("contact"):
        return (ContactCard(_card(contact)),)
    for kind in ASIDE:
        if message.get(kind) is not None:
            return (
                Strange(kind, json.dumps({"message": unnamed(dict(message))}, ensure_ascii=False)),
            )
    for kind in EMPTY:
        if message.get(kind) is not None:
            return (Strange(kind),)
    if set(message) - ENVELOPE - SERVICE - FILES - WORDS - PLACES and not is_nobodys(message):
        raw = json.dumps({"message": unnamed(dict(message))}, ensure_ascii=False)
        return (Strange("unknown", raw, known=False),)
    return ()


def _card(contact: Json) -> str:
    """A contact card as lines: name and number, then each line of its vCard (RFC 6350) that says
    more.
    """
    names = " ".join(part for part in (contact.get("first_name"), contact.get("last_name")) if part)
    lines = [names, str(contact.get("phone_number") or "")]
    unfolded = (
        str(contact.get("vcard") or "").replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    )
    for line in unfolded.split("\n"):
        name, colon, value = line.partition(":")
        kind = name.partition(";")[0].rpartition(".")[2].upper()
        value = (
            value.replace("\\n", " ")
            .replace("\\,", ",")
            .replace("\\;", ";")
            .replace("\\\\", "\\")
            .strip()
        )
        if not colon or not value.strip("; ") or kind in ("BEGIN", "END", "VERSION", "PRODID", "N"):
            continue
        if not (kind in ("TEL", "FN") and _same(value, lines)):
            lines.append(f"{kind}: {value}")
    return "\n".join(line for line in lines if line)


def _same(value: str, lines: list[str]) -> bool:
    """Whether a number or name stands there already, however it is spaced."""
    plain = "".join(c for c in value if c.isalnum())
    return any("".join(c for c in line if c.isalnum()).endswith(plain) for line in lines[:2])
