"""Telegram for witnesses: update to event, message to call; the only module that imports aiogram.

A transport and no more: updates are fetched raw and read one by one, so that a bad one spoils no
other, and the offset moves only when the batch is accepted
(https://core.telegram.org/bots/api#getupdates).
"""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiofiles
import structlog
from aiohttp import ClientError, ClientTimeout

from bot.channels import message as said
from bot.channels.incoming import Batch, Incoming, LeftUs, Pressed, Unread
from bot.channels.port import (
    Away,
    Broken,
    Button,
    Gone,
    Introduction,
    Limits,
    Rendered,
    TooBig,
    Undelivered,
)
from bot.channels.sentences import TELEGRAM
from bot.channels.telegram_answers import are_updates, result, sent_message
from bot.channels.unbuilt import unbuilt
from bot.channels.unread import unread
from bot.errors import Misconfigured

with unbuilt("aiogram"):
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import (
        AiogramError,
        ClientDecodeError,
        TelegramBadRequest,
        TelegramConflictError,
        TelegramForbiddenError,
        TelegramNetworkError,
        TelegramRetryAfter,
        TelegramUnauthorizedError,
    )
    from aiogram.methods.base import Response, TelegramMethod
    from aiogram.types import BotCommand, CallbackQuery, Update

log = structlog.get_logger()
POLL_SECONDS: Final = 25
CHUNK: Final = 512 * 1024
WANTED: Final = ["message", "edited_message", "callback_query", "my_chat_member"]
NOT_HERE: Final = (
    "a file of the Bot API server cannot be read: is its folder here, as FIRSTHAND_TELEGRAM_FILES "
    "says?"
)
UNKNOWN: Final = "FIRSTHAND_WITNESS_BOT_TOKEN: Telegram does not know this token"


class Asked(TelegramMethod[Any]):
    """Whatever was called without the library's types for it."""

    __returning__ = Any
    __api_method__ = ""


HELD: Final = [Response[Any], Response[bool]]
"""What answers are read with: pydantic forgets a class that nobody holds, and each call would make
it anew.
"""
CALL_SECONDS: Final = 60


class Telegram:
    """One bot. `local`: the Bot API server is self-hosted with --local and hands out files of any
    size as paths.

    `folder`: where such a server keeps them. Nothing outside it is opened or removed, whatever path
    the server names.
    """

    def __init__(
        self, name: str, token: str, server: str, *, local: bool, folder: Path | None = None
    ) -> None:
        self.name = name
        self._folder = folder.resolve() if folder else None
        self.account = (
            f"{token.partition(':')[0]}@{hashlib.sha256(server.encode()).hexdigest()[:8]}"
        )
        self._local = local
        api = TelegramAPIServer.from_base(server, is_local=local)
        self._bot = Bot(token, session=AiohttpSession(api=api))
        self._offset = 0
        self.sentences = TELEGRAM
        self.limits = Limits(
            text=4096, file=2_000_000_000 if local else 20_000_000, edits=True, unit="utf-16"
        )

    async def receive(self) -> AsyncIterator[Batch]:
        """Batches as they come, for ever; one that is not accepted comes again."""
        while True:
            asked = {"offset": self._offset, "timeout": POLL_SECONDS, "allowed_updates": WANTED}
            try:
                raw = await self._call("getUpdates", asked, seconds=POLL_SECONDS + 15)
            except TelegramUnauthorizedError:
                raise Misconfigured(UNKNOWN) from None
            except TelegramRetryAfter as flood:
                await asyncio.sleep(flood.retry_after)
            except TelegramConflictError:
                log.error(
                    "another program takes this bot's updates: does a second installation have its "
                    "token?"
                )
                await asyncio.sleep(3)
            except (AiogramError, OSError) as failure:
                log.warning("no updates", error=type(failure).__name__)
                await asyncio.sleep(1)
            else:
                if not are_updates(raw):
                    log.warning("no updates", error="something else answers in Telegram's place")
                    await asyncio.sleep(1)
                elif raw:
                    yield Batch(
                        tuple(i for u in raw if (i := self.read(u))),
                        self._accepting(raw[-1]["update_id"]),
                    )

    async def push_to(self, url: str, secret: str) -> None:
        """Have updates pushed from now on, those that wait included. Raises Misconfigured,
        OSError.
        """
        try:
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=WANTED)
        except TelegramUnauthorizedError:
            raise Misconfigured(UNKNOWN) from None
        except TelegramBadRequest as refusal:
            raise Misconfigured(f"FIRSTHAND_WEBHOOK_URL: {refusal.message}") from None
        except AiogramError as failure:
            raise OSError(type(failure).__name__) from None

    def _accepting(self, last: int) -> Callable[[], Coroutine[Any, Any, None]]:
        async def accept() -> None:
            self._offset = last + 1

        return accept

    def read(self, raw: dict[str, Any]) -> Incoming | Unread | None:
        """One update; None for what is no witness's: groups, channels, kinds we did not ask for."""
        try:
            update = Update.model_validate(_checked(raw), context={"bot": self._bot})
            return self._incoming(update, raw)
        except Exception as failure:  # noqa: BLE001 - whatever is wrong with it, the next update is not
            if said.is_nobodys(raw.get("message") or {}):
                return None
            return unread(raw, type(failure).__name__, self.account)

    def _incoming(self, update: Update, raw: dict[str, Any]) -> Incoming | None:
        delivery = f"{self.account}.{update.update_id}"
        if update.callback_query is not None:
            return self._pressed(update.callback_query, delivery)
        if update.message is not None and update.message.chat.type == "private":
            return self._written(raw["message"], delivery)
        if update.edited_message is not None and update.edited_message.chat.type == "private":
            return self._edited(raw["edited_message"], update.update_id, delivery)
        member = update.my_chat_member
        if (
            member is not None
            and member.chat.type == "private"
            and member.new_chat_member.status == "kicked"
        ):
            at = int(member.date.timestamp())
            return Incoming(
                str(member.chat.id), f"u{delivery}", "", 0, at, LeftUs(), delivery=delivery
            )
        return None

    def _key(self, message: int) -> str:
        return f"{self.account}.m{message}"

    def _written(self, message: dict[str, Any], delivery: str) -> Incoming | None:
        """A new message; None where the app itself wrote it."""
        what, id_ = said.contents(message, self._key), message["message_id"]
        if not what:
            return None
        key, at = self._key(id_), message["date"]
        return Incoming(
            str(message["chat"]["id"]),
            key,
            key,
            id_,
            at,
            what[0],
            also=what[1:],
            delivery=delivery,
            account=self.account,
        )

    def _edited(self, message: dict[str, Any], update: int, delivery: str) -> Incoming | None:
        """A changed message, at the time of the change."""
        what, of, id_ = (
            said.edit(message, self._key),
            self._key(message["message_id"]),
            message["message_id"],
        )
        if what is None:
            return None
        at = message.get("edit_date") or message["date"]
        return Incoming(
            str(message["chat"]["id"]),
            f"{of}e{at}.{_digest(update)}",
            of,
            id_,
            at,
            what,
            delivery=delivery,
            account=self.account,
        )

    def _pressed(self, query: CallbackQuery, delivery: str) -> Incoming | None:
        if query.message is None or query.message.chat.type != "private":
            return None
        under = getattr(query.message, "text", None) or ""
        # Telegram does not say when it was pressed; its message's date is that of the question
        return Incoming(
            str(query.message.chat.id),
            f"c{query.id}",
            "",
            query.message.message_id,
            0,
            Pressed(query.data or "", under),
            lambda: self._let_go(query.id),
            delivery=delivery,
            account=self.account,
        )

    async def _let_go(self, query: str) -> None:
        try:
            await self._call("answerCallbackQuery", {"callback_query_id": query})
        except AiogramError:
            return

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        said: dict[str, Any] = {"chat_id": int(chat), **_markup(message.buttons)}
        if message.text:
            said |= {"text": message.text, "link_preview_options": {"is_disabled": True}}
        if replacing:
            await self._edit({**said, "message_id": replacing})
            return replacing
        try:
            return sent_message(await self._call("sendMessage", said))
        except AiogramError as failure:
            raise _undelivered(failure) from None
        except ValueError:  # it says yes, and not to what
            raise Undelivered("unknown") from None

    async def _edit(self, said: dict[str, Any]) -> None:
        """Without a text, only its buttons."""
        method = "editMessageText" if "text" in said else "editMessageReplyMarkup"
        try:
            sent_message(await self._call(method, said))
        except TelegramBadRequest as refusal:
            if "message is not modified" not in refusal.message:
                raise Undelivered("refused") from None
        except AiogramError as failure:
            raise _undelivered(failure) from None
        except ValueError:
            raise Undelivered("unknown") from None

    async def _call(self, method: str, said: dict[str, Any], *, seconds: int = CALL_SECONDS) -> Any:
        """Call what every answer takes, as plain JSON: to build the library's types for it, and to
        read its answer into them, takes twice as long. What is refused, or does not come
        through, is the library's error as everywhere.
        """
        session = self._bot.session
        assert isinstance(session, AiohttpSession)  # noqa: S101 - it is ours
        url = session.api.api_url(token=self._bot.token, method=method)
        client = await session.create_session()
        try:
            async with client.post(url, json=said, timeout=ClientTimeout(seconds)) as response:
                status, raw = response.status, await response.text(errors="replace")
        except (TimeoutError, ClientError) as failure:
            raise TelegramNetworkError(method=Asked(), message=type(failure).__name__) from None
        if status == HTTPStatus.OK and (found := result(raw)) is not None:
            return found
        with contextlib.suppress(TypeError, AttributeError):  # it knows no answer without a reason
            session.check_response(self._bot, Asked(), status, raw)  # raises what it is
        raise ClientDecodeError("no result", ValueError(), None)

    async def open(self, file_id: str) -> AsyncIterator[bytes]:
        try:
            file = await self._bot.get_file(file_id)
        except TelegramBadRequest as refusal:
            # Of a file that it lost Telegram says the same as of one that it has not at the moment.
            unsure = Broken if "temporarily unavailable" in refusal.message else Gone
            raise (TooBig if "file is too big" in refusal.message else unsure) from None
        except TelegramRetryAfter as flood:
            raise Away(flood.retry_after) from None
        except (AiogramError, OSError):
            raise Away from None
        got = 0
        try:
            async for chunk in self._stream(file.file_path or ""):
                got += len(chunk)
                yield chunk
        except Broken:
            raise (Broken if got else Away) from None
        if file.file_size is not None and got != file.file_size:
            raise Broken

    async def _stream(self, path: str) -> AsyncIterator[bytes]:
        if self._local:
            try:
                async with aiofiles.open(self._within(path), "rb") as file:
                    while chunk := await file.read(CHUNK):
                        yield chunk
            except OSError as failure:
                # The file is on the server: what keeps us from it is the operator's to mend.
                log.error(NOT_HERE, error=type(failure).__name__)
                raise Away from None
            return
        url = self._bot.session.api.file_url(self._bot.token, path)
        try:
            async for chunk in self._bot.session.stream_content(url, timeout=600, chunk_size=CHUNK):
                yield chunk
        except (OSError, TimeoutError, ValueError, AiogramError) as failure:
            raise Broken from failure
        except Exception as failure:
            if type(failure).__module__.startswith("aiohttp"):
                raise Broken from None
            raise

    async def let_go(self, file_id: str) -> bool:
        """A self-hosted server keeps every file it handed out, in clear, and fetches it again when
        asked.
        """
        if not self._local:
            return True
        try:
            file = await self._bot.get_file(file_id)
            await asyncio.to_thread(self._within(file.file_path or "").unlink)
        except (AiogramError, OSError):
            return False
        return True

    def _within(self, path: str) -> Path:
        """A path that the server named, if it lies in its folder. Raises OSError."""
        real = Path(path).resolve()
        if self._folder is None or self._folder not in real.parents:
            raise PermissionError("not in the server's folder")
        return real

    async def remove(self, chat: str, ids: Sequence[int]) -> list[int]:
        left = []
        for start in range(0, len(ids), 100):
            some = list(ids[start : start + 100])
            try:
                await self._bot.delete_messages(int(chat), some)
            except TelegramBadRequest:
                left += [i for i in some if not await self._remove_one(chat, i)]
            except AiogramError as failure:
                raise _undelivered(failure) from None
        return left

    async def _remove_one(self, chat: str, id_: int) -> bool:
        """Delete one message; an older one of ours, which Telegram no longer deletes, becomes a
        dot.
        """
        try:
            await self._bot.delete_message(int(chat), id_)
        except TelegramBadRequest:
            return await self._dot(chat, id_)
        except AiogramError as failure:
            raise _undelivered(failure) from None
        return True

    async def _dot(self, chat: str, id_: int) -> bool:
        try:
            said = {"chat_id": int(chat), "message_id": id_, "text": "·"}
            await self._call("editMessageText", said)
        except TelegramBadRequest:
            return False
        except AiogramError as failure:
            raise _undelivered(failure) from None
        return True

    async def introduce(self, language: str, introduction: Introduction) -> list[str]:
        """Name, descriptions, commands and menu for one language, set only where they differ."""
        code, bot = language or None, self._bot
        commands = [
            BotCommand(command=name, description=text) for name, text in introduction.commands
        ]
        parts: list[tuple[str, Callable[[], Awaitable[bool]], Callable[[], Awaitable[object]]]] = [
            (
                "name",
                lambda: _same(bot.get_my_name(code), introduction.name),
                lambda: bot.set_my_name(introduction.name, code),
            ),
            (
                "short description",
                lambda: _same(bot.get_my_short_description(code), introduction.short),
                lambda: bot.set_my_short_description(introduction.short, code),
            ),
            (
                "description",
                lambda: _same(bot.get_my_description(code), introduction.description),
                lambda: bot.set_my_description(introduction.description, code),
            ),
            (
                "commands",
                lambda: _same(bot.get_my_commands(language_code=code), list(introduction.commands)),
                lambda: bot.set_my_commands(commands, language_code=code),
            ),
        ]
        refused = []
        for what, is_set, set_it in parts:
            try:
                if not await is_set():
                    await set_it()
            except (AiogramError, OSError):
                refused.append(what)
        return refused

    async def close(self) -> None:
        await self._bot.session.close()


async def _same(asked: Awaitable[Any], wanted: object) -> bool:
    """Whether what Telegram shows of the bot is what we want it to show."""
    answer = await asked
    shown = next(
        (
            getattr(answer, name)
            for name in ("name", "short_description", "description")
            if hasattr(answer, name)
        ),
        answer,
    )
    if isinstance(shown, list):  # two answers are never equal: each remembers its bot
        shown = [(command.command, command.description) for command in shown]
    return bool(shown == wanted)


def _checked(value: Any) -> Any:
    """What the library is to check of an update: all but the blocks of an article, which are read
    here alone.

    The library tries every form for each part of formatted words, and again for the parts within:
    an article with a few marks inside each other takes it minutes, in which nobody else is
    answered.
    """
    if isinstance(value, list):
        return [_checked(each) for each in value]
    if isinstance(value, dict):
        return {key: _checked(each) for key, each in value.items() if key != "rich_message"}
    return value


def _digest(update: int) -> str:
    """Names one change of a message, of which there may be two within a second."""
    return hashlib.sha256(str(update).encode()).hexdigest()[:8]


def _markup(buttons: Sequence[Button]) -> dict[str, Any]:
    rows: dict[int, list[dict[str, str]]] = {}
    for button in buttons:
        keys = rows.setdefault(button.row, [])
        keys.append({"text": button.label, "callback_data": button.token})
    return {"reply_markup": {"inline_keyboard": list(rows.values())}} if rows else {}


def _undelivered(failure: AiogramError) -> Undelivered:
    match failure:
        case TelegramRetryAfter():
            return Undelivered("retry", failure.retry_after)
        case TelegramForbiddenError():
            return Undelivered("gone")
        case TelegramBadRequest() if "chat not found" in failure.message:
            return Undelivered("gone")
        case TelegramBadRequest():
            return Undelivered("refused")
        case _:
            return Undelivered("unknown")
