"""Telegram for witnesses: update to event, message to call; the only module that imports aiogram.

A transport and no more: updates are fetched raw and read one by one, so that a bad one spoils no other, and the
offset moves only when the batch is accepted (https://core.telegram.org/bots/api#getupdates).
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final

import aiofiles
import structlog

from bot.channels.commands import command
from bot.channels.port import (
    Away,
    Batch,
    Broken,
    Button,
    Gone,
    Incoming,
    LeftUs,
    Limits,
    Passed,
    Pointed,
    Pressed,
    Rendered,
    Strange,
    TooBig,
    Typed,
    Undelivered,
    Unread,
    What,
)  # fmt: skip
from bot.channels.unbuilt import unbuilt
from bot.channels.unread import unread
from bot.errors import Misconfigured
from bot.introduction import Introduction
from conversations.model import File

with unbuilt("aiogram"):
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.enums import ContentType
    from aiogram.exceptions import (
        AiogramError,
        TelegramBadRequest,
        TelegramConflictError,
        TelegramForbiddenError,
        TelegramRetryAfter,
        TelegramUnauthorizedError,
    )  # fmt: skip
    from aiogram.methods.base import Response, TelegramMethod
    from aiogram.types import (
        BotCommand,
        CallbackQuery,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        LinkPreviewOptions,
        Message,
        Update,
    )  # fmt: skip

log = structlog.get_logger()
POLL_SECONDS: Final = 25
CHUNK: Final = 512 * 1024
WANTED: Final = ["message", "edited_message", "callback_query", "my_chat_member"]
UNKNOWN: Final = "FIRSTHAND_WITNESS_BOT_TOKEN: Telegram does not know this token"
KINDS: Final = ("document", "video", "video_note", "audio", "voice")


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates without reading the updates: each is read alone."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"
    offset: int
    timeout: int
    allowed_updates: list[str]


HELD: Final = [Response[of] for of in (list[dict[str, Any]], Message, Message | bool, bool)]  # type: ignore[valid-type]
"""What answers are read with: pydantic forgets a class that nobody holds, and each call would make it anew."""


class Telegram:
    """One bot. `local`: the Bot API server is self-hosted with --local and hands out files of any size as paths."""

    def __init__(self, name: str, token: str, server: str, *, local: bool) -> None:
        self.name = name
        self._local = local
        api = TelegramAPIServer.from_base(server, is_local=local)
        self._bot = Bot(token, session=AiohttpSession(api=api))
        self._offset = 0
        self.limits = Limits(
            text=4096, caption=1024, label=28, buttons=100, file_in=0 if local else 20_000_000, file_out=50_000_000,
            edits=True, deletes_theirs_hours=48, push=True, unit="utf-16",
        )  # fmt: skip

    async def receive(self) -> AsyncIterator[Batch]:
        """Batches as they come, for ever; one that is not accepted comes again."""
        while True:
            asked = RawUpdates(offset=self._offset, timeout=POLL_SECONDS, allowed_updates=WANTED)
            try:
                raw = await self._bot(asked, request_timeout=POLL_SECONDS + 15)
            except TelegramUnauthorizedError:
                raise Misconfigured(UNKNOWN) from None
            except TelegramRetryAfter as flood:
                await asyncio.sleep(flood.retry_after)
            except TelegramConflictError:
                log.error("another program takes this bot's updates: does a second installation have its token?")
                await asyncio.sleep(3)
            except (AiogramError, OSError) as failure:
                log.warning("no updates", error=type(failure).__name__)
                await asyncio.sleep(1)
            else:
                if raw:
                    yield Batch(tuple(i for u in raw if (i := self.read(u))), self._accepting(raw[-1]["update_id"]))

    async def push_to(self, url: str, secret: str) -> None:
        """Have updates pushed from now on, those that wait included. Raises Misconfigured, OSError."""
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
            update = Update.model_validate(raw, context={"bot": self._bot})
            return self._incoming(update)
        except Exception as failure:  # noqa: BLE001 - whatever is wrong with it, the next update is not
            return unread(raw, type(failure).__name__)

    def _incoming(self, update: Update) -> Incoming | None:
        if update.callback_query is not None:
            return self._pressed(update.callback_query)
        message = update.message or update.edited_message
        if message is not None and message.chat.type == "private":
            edited = update.edited_message is not None
            if edited and message.location is not None:
                return None  # a live location moves on: one point was taken
            id_ = message.message_id
            what = _edit(message) if edited else _what(message)
            key = f"m{id_}e{message.edit_date}.{_digest(what)}" if edited else f"m{id_}"
            return Incoming(str(message.chat.id), key, f"m{id_}", id_, int(message.date.timestamp()), what)
        member = update.my_chat_member
        if member is not None and member.chat.type == "private" and member.new_chat_member.status == "kicked":
            at = int(member.date.timestamp())
            return Incoming(str(member.chat.id), f"u{update.update_id}", "", 0, at, LeftUs())
        return None

    def _pressed(self, query: CallbackQuery) -> Incoming | None:
        if query.message is None or query.message.chat.type != "private":
            return None
        return Incoming(  # Telegram does not say when it was pressed; its message's date is that of the question
            str(query.message.chat.id), f"c{query.id}", "", query.message.message_id, 0,
            Pressed(query.data or ""), lambda: self._let_go(query.id),
        )  # fmt: skip

    async def _let_go(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except AiogramError:
            return

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        markup = _markup(message.buttons)
        plain = LinkPreviewOptions(is_disabled=True)
        if replacing:
            await self._edit(chat, replacing, message.text, markup, plain)
            return replacing
        call = self._bot.send_message(int(chat), message.text, link_preview_options=plain, reply_markup=markup)
        return (await _said(call)).message_id

    async def _edit(
        self, chat: str, id_: int, text: str, markup: InlineKeyboardMarkup | None, plain: LinkPreviewOptions
    ) -> None:
        call = self._bot.edit_message_text(
            text, chat_id=int(chat), message_id=id_, reply_markup=markup, link_preview_options=plain
        )
        try:
            await call
        except TelegramBadRequest as refusal:
            if "message is not modified" not in refusal.message:
                raise Undelivered("refused") from None
        except AiogramError as failure:
            raise _undelivered(failure) from None

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
                async with aiofiles.open(Path(path), "rb") as file:
                    while chunk := await file.read(CHUNK):
                        yield chunk
            except FileNotFoundError:
                raise Gone from None
            except OSError:
                raise Broken from None
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
        """A self-hosted server keeps every file it handed out, in clear, and fetches it again when asked."""
        if not self._local:
            return True
        try:
            file = await self._bot.get_file(file_id)
            await asyncio.to_thread(Path(file.file_path or "").unlink, missing_ok=True)
        except (AiogramError, OSError):
            return False
        return True

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
        """Delete one message; an older one of ours, which Telegram no longer deletes, becomes a dot."""
        try:
            await self._bot.delete_message(int(chat), id_)
        except TelegramBadRequest:
            return await self._dot(chat, id_)
        except AiogramError as failure:
            raise _undelivered(failure) from None
        return True

    async def _dot(self, chat: str, id_: int) -> bool:
        try:
            await self._bot.edit_message_text("·", chat_id=int(chat), message_id=id_)
        except TelegramBadRequest:
            return False
        except AiogramError as failure:
            raise _undelivered(failure) from None
        return True

    async def introduce(self, language: str, introduction: Introduction) -> list[str]:
        """Name, descriptions, commands and menu for one language, set only where they differ."""
        code, bot = language or None, self._bot
        commands = [BotCommand(command=name, description=text) for name, text in introduction.commands]
        parts: list[tuple[str, Callable[[], Awaitable[bool]], Callable[[], Awaitable[object]]]] = [
            ("name", lambda: _same(bot.get_my_name(code), introduction.name),
             lambda: bot.set_my_name(introduction.name, code)),
            ("short description", lambda: _same(bot.get_my_short_description(code), introduction.short),
             lambda: bot.set_my_short_description(introduction.short, code)),
            ("description", lambda: _same(bot.get_my_description(code), introduction.description),
             lambda: bot.set_my_description(introduction.description, code)),
            ("commands", lambda: _same(bot.get_my_commands(language_code=code), list(introduction.commands)),
             lambda: bot.set_my_commands(commands, language_code=code)),
        ]  # fmt: skip
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
    shown = next((getattr(answer, name) for name in ("name", "short_description", "description")
                  if hasattr(answer, name)), answer)  # fmt: skip
    if isinstance(shown, list):  # two answers are never equal: each remembers its bot
        shown = [(command.command, command.description) for command in shown]
    return bool(shown == wanted)


def _what(message: Message) -> What:
    """What a message is, for us."""
    if message.text is not None:
        words = Typed(message.text, False, *_origin(message))
        return (None if words.forwarded else command(message.text)) or words
    if message.photo:
        best = max(message.photo, key=lambda p: (p.width * p.height, p.file_size or 0))
        return _file(message, best, "photo")
    if message.animation:
        return _file(message, message.animation, "animation")
    for kind in KINDS:
        if (media := getattr(message, kind)) is not None:
            return _file(message, media, kind)
    if place := message.location:
        accuracy = round(place.horizontal_accuracy) if place.horizontal_accuracy else -1
        live = place.live_period is not None
        return Pointed(round(place.latitude * 1e6), round(place.longitude * 1e6), accuracy, live)
    if message.contact:
        names = (message.contact.first_name, message.contact.last_name)
        return Passed(" ".join(n for n in names if n), message.contact.phone_number)
    return Strange(ContentType(message.content_type).value)


def _digest(what: What) -> str:
    """Tells apart two edits within the same second."""
    return hashlib.sha256(what.text.encode("utf-8", "replace")).hexdigest()[:8] if isinstance(what, Typed) else ""


def _edit(message: Message) -> What:
    text = message.text if message.text is not None else message.caption
    return Typed(text, edits=True) if text else Strange("edit")


def _file(message: Message, media: Any, kind: Any) -> File:
    forwarded, forwarded_at = _origin(message)
    return File(
        id=media.file_id, kind=kind, name=getattr(media, "file_name", None) or "",
        claimed_type=getattr(media, "mime_type", None) or ("image/jpeg" if kind == "photo" else ""),
        size=media.file_size if media.file_size is not None else -1, album=message.media_group_id or "",
        caption=message.caption or "", forwarded=forwarded, forwarded_at=forwarded_at,
    )  # fmt: skip


def _origin(message: Message) -> tuple[str, int]:
    """Whose it is, in kind, and when it was first sent; empty and 0 where it is not forwarded."""
    origin = message.forward_origin
    return (origin.type, int(origin.date.timestamp())) if origin else ("", 0)


def _markup(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    rows: dict[int, list[InlineKeyboardButton]] = {}
    for button in buttons:
        rows.setdefault(button.row, []).append(InlineKeyboardButton(text=button.label, callback_data=button.token))
    return InlineKeyboardMarkup(inline_keyboard=list(rows.values())) if rows else None


async def _said(call: Any) -> Message:
    try:
        message: Message = await call
    except AiogramError as failure:
        raise _undelivered(failure) from None
    return message


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
