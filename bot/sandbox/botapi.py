"""The bots' side: the Bot API methods our code calls, with Telegram's own refusals and codes.

Words and codes as observed and documented at https://core.telegram.org/bots/api.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.sandbox.entities import Unparsable, from_html, units
from bot.sandbox.hooks import CONNECTIONS
from bot.sandbox.world import (
    CLOUD_DOWNLOAD,
    CLOUD_UPLOAD,
    LOCAL_UPLOAD,
    TWO_DAYS,
    BotAccount,
    Chat,
    Json,
    World,
)

TEXT_MOST, CAPTION_MOST, DATA_MOST = 4096, 1024, 64
QUERY_SECONDS = 15 * 60
MOST_DELETED = 100
NOT_MODIFIED: Final = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


class Refusal(Exception):
    """Telegram's answer to a call it does not carry out."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass(slots=True)
class Call:
    """A call as it came: parameters are strings or parsed JSON; files lie in the sandbox's
    folder.
    """

    world: World
    bot: BotAccount
    params: Json
    files: dict[str, tuple[Path, str, str]]

    def number(self, name: str) -> int:
        try:
            return int(self.params[name])
        except (KeyError, ValueError, TypeError):
            raise Refusal(400, f"Bad Request: {name} is missing or not a number") from None

    def json(self, name: str) -> Any:
        value = self.params.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value)
            except ValueError:
                raise Refusal(400, f"Bad Request: can't parse {name} JSON object") from None
        return value

    def chat(self) -> Chat:
        chat = self.world.chats.get((self.bot.name, self.number("chat_id")))
        if chat is None:
            person = self.world.people.get(self.number("chat_id"))
            if person is not None:
                raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
            raise Refusal(400, "Bad Request: chat not found")
        person = self.world.people.get(chat.id)
        if person is not None and person.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if person is not None and self.bot.name in person.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat


Method = Callable[[Call], Awaitable[Any]]


async def get_me(call: Call) -> Json:
    return {
        **call.bot.as_user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "has_topics_enabled": call.world.topics,
    }


async def get_updates(call: Call) -> list[Json]:
    """Long polling; a second poller ends the first with a conflict."""
    bot, world = call.bot, call.world
    if bot.webhook is not None:
        text = (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
            "delete it first"
        )
        raise Refusal(409, text)
    offset = int(call.params.get("offset") or 0)
    limit = min(int(call.params.get("limit") or 100), 100)
    bot.updates = [u for u in bot.updates if u["update_id"] >= offset]
    bot.poll += 1
    mine = bot.poll
    bot.came.set()
    ends = asyncio.get_running_loop().time() + min(float(call.params.get("timeout") or 0), 50)
    while True:
        if bot.poll != mine:
            text = (
                "Conflict: terminated by other getUpdates request; make sure that only one bot "
                "instance is running"
            )
            raise Refusal(409, text)
        left = ends - asyncio.get_running_loop().time()
        if bot.updates or left <= 0 or world.closing:
            if world.faults.delay:
                await asyncio.sleep(world.faults.delay)
            return bot.updates[:limit]
        bot.came.clear()
        try:
            async with asyncio.timeout(left):
                await bot.came.wait()
        except TimeoutError:
            continue


async def set_webhook(call: Call) -> bool:
    url = str(call.params.get("url") or "")
    if not url:
        call.bot.webhook = None
    elif not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    else:
        call.bot.webhook = {
            "url": url,
            "secret_token": call.params.get("secret_token") or "",
            "max_connections": min(
                max(int(call.params.get("max_connections") or CONNECTIONS), 1), 100
            ),
        }
    call.bot.poll += 1
    call.bot.came.set()
    return True


async def delete_webhook(call: Call) -> bool:
    call.bot.webhook = None
    return True


async def get_webhook_info(call: Call) -> Json:
    url = call.bot.webhook["url"] if call.bot.webhook else ""
    return {
        "url": url,
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.updates),
    }


async def send_message(call: Call) -> Json:
    chat = call.chat()
    text = _text(call, "message is too long")
    content = {**text, **_markup(call), **_protected(call)}
    _may_post(call, chat)
    _flood(call, chat)
    return call.world.message(call.bot, chat, content, sender=call.bot.as_user())


async def send_document(call: Call) -> Json:
    chat = call.chat()
    named = str(call.params.get("document") or "")
    field = named.removeprefix("attach://") if named.startswith("attach://") else "document"
    if field not in call.files:
        raise Refusal(400, "Bad Request: there is no document in the request")
    path, name, type_ = call.files[field]
    if path.stat().st_size > (LOCAL_UPLOAD if call.world.local else CLOUD_UPLOAD):
        raise Refusal(413, "Request Entity Too Large")
    if not path.stat().st_size:
        raise Refusal(400, "Bad Request: file must be non-empty")
    caption = str(call.params.get("caption") or "")
    if units(caption) > CAPTION_MOST:
        raise Refusal(400, "Bad Request: message caption is too long")
    _flood(call, chat)
    stored = call.world.keep(path, name, type_)
    document = {
        "file_id": stored.id,
        "file_unique_id": stored.id[:16],
        "file_name": name,
        "mime_type": type_,
        "file_size": stored.size,
    }
    content = {
        "document": document,
        **({"caption": caption} if caption else {}),
        **_markup(call),
        **_protected(call),
    }
    return call.world.message(call.bot, chat, content, sender=call.bot.as_user())


async def edit_message_text(call: Call) -> Json:
    chat = call.chat()
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise Refusal(400, "Bad Request: message to edit not found")
    if chat.kind == "private" and message.get("from", {}).get("id") != call.bot.id:
        raise Refusal(400, "Bad Request: message can't be edited")
    text = _text(call, "MESSAGE_TOO_LONG")
    markup = _markup(call)
    if {k: message.get(k) for k in ("text", "entities")} == {
        "entities": None,
        **text,
    } and message.get("reply_markup") == markup.get("reply_markup"):
        raise Refusal(400, NOT_MODIFIED)
    for part in ("reply_markup", "entities"):
        message.pop(part, None)
    return call.world.edited(chat, message, {**text, **markup})


async def edit_message_reply_markup(call: Call) -> Json:
    chat = call.chat()
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise Refusal(400, "Bad Request: message to edit not found")
    if chat.kind == "private" and message.get("from", {}).get("id") != call.bot.id:
        raise Refusal(400, "Bad Request: message can't be edited")
    markup = _markup(call)
    if message.get("reply_markup") == markup.get("reply_markup"):
        raise Refusal(400, NOT_MODIFIED)
    message.pop("reply_markup", None)
    return call.world.edited(chat, message, markup)


async def delete_message(call: Call) -> bool:
    chat = call.chat()
    id_ = call.number("message_id")
    if id_ not in chat.messages:
        raise Refusal(400, "Bad Request: message to delete not found")
    if _too_old(call, chat.messages[id_]):
        raise Refusal(400, "Bad Request: message can't be deleted")
    call.world.deleted(chat, id_)
    return True


async def delete_messages(call: Call) -> bool:
    chat = call.chat()
    ids = call.json("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_DELETED:
        raise Refusal(400, "Bad Request: message identifiers are not specified")
    found = [i for i in dict.fromkeys(ids) if i in chat.messages]
    if any(_too_old(call, chat.messages[i]) for i in found):
        raise Refusal(400, "Bad Request: message can't be deleted")
    for id_ in found:
        call.world.deleted(chat, id_)
    return True


async def answer_callback_query(call: Call) -> bool:
    asked = call.bot.queries.pop(str(call.params.get("callback_query_id")), None)
    if asked is None or call.world.now() - asked > QUERY_SECONDS:
        raise Refusal(
            400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
    return True


async def get_file(call: Call) -> Json:
    stored = call.world.files.get(str(call.params.get("file_id")))
    if stored is None:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if stored.size > CLOUD_DOWNLOAD and not call.world.local:
        raise Refusal(400, "Bad Request: file is too big")
    path = str(call.world.handed_out(stored)) if call.world.local else f"files/{stored.path.name}"
    return {
        "file_id": stored.id,
        "file_unique_id": stored.id[:16],
        "file_size": stored.size,
        "file_path": path,
    }


async def leave_chat(call: Call) -> bool:
    chat = call.chat()
    if chat.kind == "private":
        raise Refusal(400, "Bad Request: chat member status can't be changed in private chats")
    del call.world.chats[call.bot.name, chat.id]
    return True


async def get_chat(call: Call) -> Json:
    return {
        **call.world.as_chat(call.chat()),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


async def get_chat_member(call: Call) -> Json:
    chat, user = call.chat(), call.number("user_id")
    bot = next((b for b in call.world.bots.values() if b.id == user), None)
    if bot is None or (bot.name, chat.id) not in call.world.chats:
        raise Refusal(400, "Bad Request: member not found")
    if chat.kind != "channel" or not call.world.may_post:
        return {"user": bot.as_user(), "status": "member"}
    rights = (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_send_welcome_messages",
    )
    return {
        "user": bot.as_user(),
        "status": "administrator",
        **dict.fromkeys(rights, False),
        "can_manage_chat": True,
        "can_post_messages": True,
        "can_edit_messages": True,
    }


def _may_post(call: Call, chat: Chat) -> None:
    if chat.kind == "channel" and not call.world.may_post:
        raise Refusal(400, "Bad Request: need administrator rights in the channel chat")


PROFILE: Final = {"name": 64, "description": 512, "short_description": 120}
"""What a bot says of itself, and how many characters of it Telegram takes."""
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION_MOST, COMMANDS_MOST = 256, 100


def _set_profile(field: str) -> Method:
    async def set_it(call: Call) -> bool:
        text = str(call.params.get(field) or "")
        if units(text) > PROFILE[field]:
            raise Refusal(400, f"Bad Request: BOT_{field.upper()}_INVALID")
        call.bot.profile[field, str(call.params.get("language_code") or "")] = text
        return True

    return set_it


def _get_profile(field: str) -> Method:
    async def get_it(call: Call) -> Json:
        language = str(call.params.get("language_code") or "")
        found = call.bot.profile.get((field, language)) or call.bot.profile.get((field, ""))
        return {
            field: found
            if found is not None
            else call.bot.as_user()["first_name"]
            if field == "name"
            else ""
        }

    return get_it


async def set_my_commands(call: Call) -> bool:
    commands = call.json("commands")
    if not isinstance(commands, list):
        raise Refusal(400, 'Bad Request: parameter "commands" is required')
    if len(commands) > COMMANDS_MOST:
        raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", ""))):
            raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= units(str(command.get("description", ""))) <= COMMAND_DESCRIPTION_MOST:
            raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[str(call.params.get("language_code") or "")] = commands
    return True


async def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(str(call.params.get("language_code") or ""), [])


METHODS: Final[dict[str, Method]] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
    "getfile": get_file,
    "leavechat": leave_chat,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "setmyname": _set_profile("name"),
    "getmyname": _get_profile("name"),
    "setmydescription": _set_profile("description"),
    "getmydescription": _get_profile("description"),
    "setmyshortdescription": _set_profile("short_description"),
    "getmyshortdescription": _get_profile("short_description"),
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
}


def _text(call: Call, long: str) -> Json:
    """The text of a message, trimmed, and its entities."""
    text, mode = (
        str(call.params.get("text") or "").strip(),
        str(call.params.get("parse_mode") or ""),
    )
    found: list[Json] = []
    if mode.lower() == "html":
        try:
            text, found = from_html(text)
        except Unparsable as why:
            raise Refusal(400, f"Bad Request: can't parse entities: {why}") from None
    elif mode:
        raise Refusal(400, "Bad Request: unsupported parse_mode")
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if units(text) > TEXT_MOST:
        raise Refusal(400, f"Bad Request: {long}")
    return {"text": text, **({"entities": found} if found else {})}


def _markup(call: Call) -> Json:
    markup = call.json("reply_markup")
    if not markup:
        return {}
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(str(button.get("callback_data", "-")).encode()) <= DATA_MOST:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if not str(button.get("text", "")).strip():
                raise Refusal(400, "Bad Request: can't parse inline keyboard button: text is empty")
    return {"reply_markup": markup}


def _protected(call: Call) -> Json:
    return (
        {"has_protected_content": True}
        if str(call.params.get("protect_content")).lower() == "true"
        else {}
    )


def _too_old(call: Call, message: Json) -> bool:
    return bool(call.world.now() - message["date"] > TWO_DAYS)


def _flood(call: Call, chat: Chat) -> None:
    wait = call.world.flood(call.bot, chat)
    if wait:
        raise Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
