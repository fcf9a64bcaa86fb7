"""What could not be read, as it came, but for names and accounts: none is ever kept of who
wrote.
"""

import json
from typing import Any, Final

import structlog

from bot.channels.incoming import Unread

log = structlog.get_logger()

OF_PEOPLE: Final = frozenset(
    {
        "from",
        "sender_chat",
        "sender_business_bot",
        "via_bot",
        "author_signature",
        "forward_from",
        "forward_from_chat",
        "forward_sender_name",
        "forward_signature",
        "sender_user",
        "sender_user_name",
        "reply_to_message",
        "quote",
        "external_reply",
        "user",
        "completed_by_user",
        "completed_by_chat",
        "added_by_user",
        "added_by_chat",
        "voter_chat",
        "receiver_user",
        "guest_bot_caller_user",
        "guest_bot_caller_chat",
    }
)
DEEPEST: Final = 200
"""No app nests deeper; what pretends to is cut off there."""
OF_CHATS: Final = frozenset({"id", "type"})


def unnamed(message: dict[str, Any]) -> dict[str, Any]:
    """A message as Telegram sent it (https://core.telegram.org/bots/api#message), without who sent
    or forwarded it.
    """
    kept: dict[str, Any] = _without_people(message)
    if isinstance(chat := kept.get("chat"), dict):
        kept["chat"] = {key: value for key, value in chat.items() if key in OF_CHATS}
    if isinstance(origin := kept.get("forward_origin"), dict):
        kept["forward_origin"] = {
            key: value for key, value in origin.items() if key in ("type", "date")
        }
    return kept


def _without_people(value: Any, depth: int = 0) -> Any:
    """However deep they stand: whoever ticked off a line of a list, or is mentioned by their
    account.
    """
    if depth > DEEPEST:
        return "…"
    if isinstance(value, list):
        return [_without_people(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {
        key: _without_people(each, depth + 1) for key, each in value.items() if key not in OF_PEOPLE
    }
    return {
        key: each for key, each in kept.items() if not (isinstance(each, dict) and "is_bot" in each)
    }


def unread(raw: dict[str, Any], why: str, account: str) -> Unread | None:
    """None where it is of no private chat. `why`: the class of what went wrong."""
    for kind in ("message", "edited_message"):
        body = raw.get(kind)
        chat = body.get("chat") if isinstance(body, dict) else None
        if isinstance(body, dict) and isinstance(chat, dict) and chat.get("type") == "private":
            edited = f"e{body.get('edit_date')}" if kind == "edited_message" else ""
            key = f"{account}.m{body.get('message_id')}{edited}"
            kept = json.dumps({**raw, kind: unnamed(body)}).encode()
            return Unread(
                str(chat.get("id")), key, kept, why, delivery=f"{account}.{raw.get('update_id')}"
            )
    log.warning("update without a chat", error=why)
    return None
