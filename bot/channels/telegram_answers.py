"""PURE: what Telegram says yes with. A proxy, or a page to sign in at, may answer in its place."""

import json
from typing import Any, TypeGuard


def result(raw: str) -> Any:
    """The result of a call; None where it says no, or this is no answer of Telegram's."""
    try:
        answer = json.loads(raw)
    except ValueError:
        return None
    return answer.get("result") if isinstance(answer, dict) and answer.get("ok") is True else None


def are_updates(found: Any) -> TypeGuard[list[dict[str, Any]]]:
    """Whether these are updates, each with its number."""
    return isinstance(found, list) and all(
        isinstance(each, dict) and isinstance(each.get("update_id"), int) for each in found
    )


def sent_message(found: Any) -> int:
    """The id of the message that stands in the chat now. Raises ValueError where it is none."""
    if not isinstance(found, dict) or not isinstance(found.get("message_id"), int):
        raise ValueError("no message")  # noqa: TRY004 - what came is wrong, not who calls
    return int(found["message_id"])
