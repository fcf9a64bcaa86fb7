"""The officers' Telegram: what they write and press, taken in.

Beside `posting`, which says what is to be said, the only module that imports python-telegram-bot.

Strangers get silence; groups and channels that are not the officers' are left.
"""

import asyncio
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, CallbackQuery, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.errors import Misconfigured
from bot.logs import where_raised
from bot.officers import cards
from bot.officers.desk import Desk
from bot.officers.posting import Posting, quietly, wait_after
from bot.process.rate_limit import RateLimit
from bot.referral import reference as references
from bot.settings import Settings
from storage import officers, posts, referrals
from storage.database import Database
from storage.keys import Box
from storage.officers import Officer
from storage.store import Store

log = structlog.get_logger()
# it reads all updates at once, we do not
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
POLL_SECONDS: Final = 25
WANTED: Final = ["message", "channel_post", "callback_query", "my_chat_member"]


async def serve(
    settings: Settings, database: Database, facts: Box, store: Store, clock: Callable[[], float]
) -> None:
    """Take in and post until cancelled."""
    request = HTTPXRequest(
        connection_pool_size=8,
        read_timeout=30,
        write_timeout=30,
        media_write_timeout=900,
        http_version="1.1",
    )
    bot = Bot(
        settings.officers_bot_token.get_secret_value(),
        f"{settings.telegram_api}/bot",
        request=request,
        get_updates_request=HTTPXRequest(read_timeout=POLL_SECONDS + 10, http_version="1.1"),
    )
    pace = RateLimit(asyncio.get_running_loop().time, settings.send_overall, settings.send_chat)
    channel, local = settings.officers_channel, settings.telegram_local
    posting = Posting(bot, database, facts, store, channel, pace, clock, local)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(Chat(bot, database, facts, channel, clock).take())
        tasks.create_task(posting.post())


@dataclass(slots=True)
class Chat:
    bot: Bot
    database: Database
    facts: Box
    channel: int
    clock: Callable[[], float]

    async def take(self) -> None:
        """Fetch updates raw, handle each alone, and move the offset only after each is durable."""
        offset = 0
        while True:
            try:
                asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": WANTED}
                raw: Any = await self.bot.do_api_request(
                    "getUpdates", api_kwargs=asked, read_timeout=POLL_SECONDS + 10
                )
            except InvalidToken:
                raise Misconfigured(
                    "FIRSTHAND_OFFICERS_BOT_TOKEN: Telegram does not know this token"
                ) from None
            except TelegramError as failure:
                if isinstance(failure, Conflict):
                    log.error(
                        "another program takes this bot's updates: is a second installation "
                        "running on its token?"
                    )
                log.warning("no updates", error=where_raised(failure))
                await asyncio.sleep(wait_after(failure))
                continue
            for update in raw:
                await self._durably(update)
                offset = update["update_id"] + 1

    async def _durably(self, raw: dict[str, Any]) -> None:
        """Handle one update until it is stored; one that cannot be read or handled is passed over,
        and said so.
        """
        try:
            update = Update.de_json(raw, self.bot)
        except Exception as failure:  # noqa: BLE001 - whatever is wrong with it, the next one is not
            log.error("update passed over", error=where_raised(failure))
            return
        while True:
            try:
                await self._handle(update)
            except (OSError, SQLAlchemyError) as failure:
                log.error("update waits", error=where_raised(failure))
                await asyncio.sleep(1)
            except Exception as failure:  # noqa: BLE001 - it would fail for ever, and the next one need not
                log.error("update passed over", error=where_raised(failure))
                return
            else:
                return

    async def _handle(self, update: Update) -> None:
        chat = update.effective_chat
        if chat is None or (chat.type != "private" and chat.id != self.channel):
            if chat is not None:
                await self._leave(chat.id)
            return
        # of a delivery to this bot: it names no chat
        key = f"u{self.bot.token.partition(':')[0]}.{update.update_id}"
        now = int(self.clock())
        async with self.database.writing() as connection:
            if not await posts.note_seen(connection, self.facts, key, hour=now // 3600):
                return
            desk = Desk(connection, self.facts, now)
            if update.callback_query is not None:
                await self._pressed(desk, update.callback_query)
            elif update.message is not None and update.message.text and chat.type == "private":
                await self._typed(desk, str(chat.id), update.message.text)

    async def _leave(self, chat: int) -> None:
        log.warning("left a chat that is not the officers'")
        try:
            await self.bot.leave_chat(chat)
        except TelegramError:
            return

    async def _pressed(self, desk: Desk, query: CallbackQuery) -> None:
        officer = await self._officer(desk, str(query.from_user.id))
        verb, _, what = (query.data or "").partition(":")
        if officer is None:
            await desk.refused("a button")
            return
        match verb:
            case "c":
                await desk.claim(officer, what)
                await self._one_card(desk, what, query)
            case "h":
                await desk.hand_back(officer, what)
            case "p":
                await desk.package(officer, what)
            case "l":
                await desk.agree_to_lift(officer, what)
            case "q" | "m" if what.isdecimal():
                await (desk.queue if verb == "q" else desk.mine)(officer, int(what))
            case "e" | "r":
                await desk.decide(officer, *what.partition(".")[::2], confirmed=verb == "e")
        asyncio.get_running_loop().create_task(quietly(query.answer()))

    async def _one_card(self, desk: Desk, reference: str, query: CallbackQuery) -> None:
        """A crash right after a card was sent leaves one that nobody knows of; whoever presses it
        shows which.
        """
        pressed = query.message
        if pressed is None or pressed.chat.id != self.channel:
            return
        referral = await referrals.get(desk.connection, reference, self.facts)
        if referral is not None and referral.card not in (None, pressed.message_id):
            other = cards.other_card(reference).text
            call = self.bot.edit_message_text(
                other, chat_id=self.channel, message_id=pressed.message_id
            )
            asyncio.get_running_loop().create_task(quietly(call))

    async def _typed(self, desk: Desk, account: str, text: str) -> None:
        officer = await self._officer(desk, account)
        word, rest = _command(text)
        if officer is None:
            if not (word == "/start" and rest and await desk.enrol(account, rest.strip())):
                await desk.refused("a message")
            return
        reference = references.read(rest) if rest else None
        match word:
            case "/queue":
                await desk.queue(officer)
            case "/mine":
                await desk.mine(officer)
            case "/find":
                await desk.find(officer, rest.strip())
            case "/package" if reference:
                await desk.package(officer, reference)
            case "/back" if reference:
                await desk.hand_back(officer, reference)
            case "/lift" if reference:
                await desk.ask_to_lift(officer, reference)
            case "/package" | "/back" | "/lift":
                await desk.which(officer, word)
            case "" if references.read(text):
                await desk.find(officer, text)
            case _:
                await desk.help(officer)

    async def _officer(self, desk: Desk, account: str) -> Officer | None:
        found = await officers.by_account(desk.connection, self.facts, account, held=True)
        return found if found is not None and found.state == "active" else None


def _command(text: str) -> tuple[str, str]:
    """A command as the app marks it at the start of a message, and what stands behind it, on
    whichever line.
    """
    found = re.match(r"(/[a-z]+)(?:@\w+)?(?!\w)[\s.!…,;:]*", text.strip(), re.IGNORECASE)
    return (found[1].lower(), text.strip()[found.end() :].strip()) if found else ("", text.strip())
