"""A witness's update that could not be read: set aside as it came, but for names and accounts; none is ever kept."""

import json
from typing import Any, Final

import structlog

from bot.channels.port import Unread

log = structlog.get_logger()

OF_PEOPLE: Final = frozenset({"from", "sender_chat", "sender_business_bot", "via_bot", "author_signature",
                              "forward_from", "forward_from_chat", "forward_sender_name", "forward_signature",
                              "sender_user", "sender_user_name", "reply_to_message", "quote"})  # fmt: skip
OF_CHATS: Final = frozenset({"id", "type"})


def _unnamed(message: dict[str, Any]) -> dict[str, Any]:
    """A message as Telegram sent it (https://core.telegram.org/bots/api#message), without who sent or forwarded it."""
    kept = {key: value for key, value in message.items() if key not in OF_PEOPLE}
    if isinstance(chat := kept.get("chat"), dict):
        kept["chat"] = {key: value for key, value in chat.items() if key in OF_CHATS}
    if isinstance(origin := kept.get("forward_origin"), dict):
        kept["forward_origin"] = {key: value for key, value in origin.items() if key in ("type", "date")}
    return kept


def unread(raw: dict[str, Any], why: str) -> Unread | None:
    """None where it is of no private chat. `why`: the class of what went wrong."""
    for kind in ("message", "edited_message"):
        body = raw.get(kind)
        chat = body.get("chat") if isinstance(body, dict) else None
        if isinstance(body, dict) and isinstance(chat, dict) and chat.get("type") == "private":
            edited = f"e{body.get('edit_date')}" if kind == "edited_message" else ""
            raw = {**raw, kind: _unnamed(body)}
            return Unread(str(chat.get("id")), f"m{body.get('message_id')}{edited}", json.dumps(raw).encode(), why)
    log.warning("update without a chat", error=why)
    return None
