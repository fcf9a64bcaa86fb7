"""PURE: what a Telegram message says and carries: its words wherever they stand, its files, places,
cards.

Read from the message as it came (https://core.telegram.org/bots/api#message, version 10.3). Every
field of a message is in one of the sets below; a test compares them with the fields that the
library knows, so that none is passed over because it is new.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.channels.commands import command
from bot.channels.port import Commanded, Edit, Passed, Pointed, Strange, Typed, What
from bot.channels.unread import unnamed
from conversations.model import BARE, About, File, Quoted

Json = Mapping[str, Any]
Key = Callable[[int], str]
"""From the id of a message of the chat to the key by which it is known."""

MEDIA: Final = ("document", "video", "video_note", "audio", "voice")
"""Fields that hold one file; beside them photo (in sizes), live_photo and animation."""
FILES: Final = frozenset({*MEDIA, "photo", "live_photo", "animation"})
WORDS: Final = frozenset({"text", "entities", "caption", "caption_entities", "rich_message"})
ASIDE: Final = ("checklist", "poll", "paid_media", "story")
"""What says something that is not read here: kept as it came."""
EMPTY: Final = ("sticker", "dice", "game", "invoice", "giveaway", "giveaway_winners")
"""What says nothing that a report could lose."""
PLACES: Final = frozenset({"location", "venue", "contact"})
ENVELOPE: Final = frozenset(
    {
        "message_id",
        "date",
        "chat",
        "message_thread_id",
        "direct_messages_topic",
        "from",
        "sender_chat",
        "sender_boost_count",
        "sender_business_bot",
        "sender_tag",
        "guest_query_id",
        "business_connection_id",
        "forward_origin",
        "is_topic_message",
        "is_automatic_forward",
        "reply_to_message",
        "external_reply",
        "quote",
        "reply_to_story",
        "reply_to_checklist_task_id",
        "reply_to_poll_option_id",
        "via_bot",
        "guest_bot_caller_user",
        "guest_bot_caller_chat",
        "edit_date",
        "has_protected_content",
        "is_from_offline",
        "is_paid_post",
        "media_group_id",
        "author_signature",
        "paid_star_count",
        "link_preview_options",
        "suggested_post_info",
        "effect_id",
        "show_caption_above_media",
        "has_media_spoiler",
        "reply_markup",
        "receiver_user",
        "ephemeral_message_id",
        "forward_date",
        "forward_from",
        "forward_from_chat",
        "forward_from_message_id",
        "forward_sender_name",
        "forward_signature",
    }
)
SERVICE: Final = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "chat_owner_left",
        "chat_owner_changed",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "successful_payment",
        "refunded_payment",
        "users_shared",
        "chat_shared",
        "gift",
        "unique_gift",
        "gift_upgrade_sent",
        "connected_website",
        "write_access_allowed",
        "passport_data",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "checklist_tasks_done",
        "checklist_tasks_added",
        "direct_message_price_changed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway_created",
        "giveaway_completed",
        "managed_bot_created",
        "paid_message_price_changed",
        "poll_option_added",
        "poll_option_deleted",
        "suggested_post_approved",
        "suggested_post_approval_failed",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
        "web_app_data",
        "community_chat_added",
        "community_chat_removed",
        "community_chat_joined",
        "user_shared",
    }
)
"""What the app itself writes into a chat: nobody's words, and never answered."""
DEEPEST: Final = 40
"""Blocks within blocks; what lies deeper makes the message one that cannot be read."""


@dataclass(slots=True)
class _Reading:
    """What has been found so far: words, addresses behind words, files."""

    text: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def add(self, words: str) -> None:
        if words:
            self.text.append(words)

    def line(self, words: str) -> None:
        """Words on a new line."""
        if self.text and not self.text[-1].endswith("\n"):
            self.text.append("\n")
        self.add(words)


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


def _read(message: Json) -> _Reading:
    reading = _Reading()
    for file in _files(message):
        reading.files.append(replace(file, album=message.get("media_group_id") or ""))
    for words, entities in (("text", "entities"), ("caption", "caption_entities")):
        if message.get(words):
            reading.text.append(message[words])
            reading.links += _links(message[words], message.get(entities) or ())
    if rich := message.get("rich_message"):
        _blocks(rich.get("blocks") or (), reading, 0)
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


def _files(holder: Json) -> Iterator[File]:
    """The files of a message, or of what it quotes: of a live photo the still and the film."""
    live = holder.get("live_photo")
    if sizes := holder.get("photo") or (live or {}).get("photo"):
        yield _file(
            max(sizes, key=lambda p: (p["width"] * p["height"], p.get("file_size") or 0)), "photo"
        )
    if live:
        yield replace(_file(live, "video"), live=True)
    if holder.get("animation"):
        yield _file(holder["animation"], "animation")
        return  # a document of the same file stands beside it
    for kind in MEDIA:
        if media := holder.get(kind):
            yield _file(media, kind)


def _file(media: Json, kind: Any) -> File:
    claimed = media.get("mime_type") or ("image/jpeg" if kind == "photo" else "")
    size = media.get("file_size")
    return File(
        id=media["file_id"],
        kind=kind,
        name=media.get("file_name") or "",
        claimed_type=claimed,
        size=size if size is not None else -1,
        unique=media.get("file_unique_id") or "",
    )


def _quoted_files(message: Json) -> list[File]:
    """What the message shows of another chat's: somebody else's, as what is forwarded is."""
    other = message.get("external_reply")
    if not other:
        return []
    kind, at, origin = _origin({"forward_origin": other.get("origin"), "chat": message["chat"]})
    about = replace(BARE, origin=origin)
    return [
        replace(f, forwarded=kind or "hidden_user", forwarded_at=at, about=about)
        for f in _files(other)
    ]


# ── articles: words in blocks ────────────────────────────────────────────────


def _blocks(blocks: Any, reading: _Reading, depth: int, mark: str = "") -> None:
    """Every block on a line of its own, as the app shows it."""
    if depth > DEEPEST:
        raise ValueError("blocks nested too deep")
    for block in blocks:
        reading.line(mark)
        mark = ""
        _block(block, reading, depth)


def _block(block: Json, reading: _Reading, depth: int) -> None:
    for name in ("text", "summary", "expression"):
        if name in block:
            reading.add(_rich(block[name], reading))
    if place := block.get("location"):
        reading.add(f"{place['latitude']}, {place['longitude']}")
    reading.files += _files({**block, "voice": block.get("voice_note")})
    for item in block.get("items") or ():
        done = (
            {True: "[x] ", False: "[ ] "}[bool(item.get("is_checked"))]
            if item.get("has_checkbox")
            else ""
        )
        _blocks(
            item.get("blocks") or ({"text": ""},),
            reading,
            depth + 1,
            f"{item.get('label', '')} {done}".lstrip(),
        )
    for row in block.get("cells") or ():
        reading.line(" | ".join(_rich(cell.get("text") or "", reading) for cell in row))
    for button in block.get("buttons") or ():
        reading.add(_rich({"button": button}, reading) + " ")
    _blocks(block.get("blocks") or (), reading, depth + 1)
    for name in ("caption", "credit"):
        if said := block.get(name):
            parts = (
                (said.get("text"), said.get("credit"))
                if isinstance(said, dict) and "type" not in said
                else (said,)
            )
            for part in filter(None, parts):
                reading.line(_rich(part, reading))


def _rich(text: Any, reading: _Reading, depth: int = 0) -> str:
    """Formatted words as plain ones; addresses behind them are noted."""
    if depth > DEEPEST:
        raise ValueError("words nested too deep")
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(_rich(part, reading, depth + 1) for part in text)
    if not isinstance(text, dict):
        return ""
    if button := text.get("button"):
        text = {"text": button.get("text", ""), "url": button.get("url", "")}
    said = _rich(text.get("text", ""), reading, depth + 1) or str(text.get("alternative_text", ""))
    said = said or str(text.get("expression", ""))
    address = text.get("url") or text.get("email_address") or text.get("phone_number") or ""
    if address and address != said:
        reading.links.append((said, str(address)))
    return said


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


def _about(message: Json, reading: _Reading, key: Key, origin: str) -> About:
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
        return (Passed(_card(contact)),)
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
