"""The officers' Telegram: the only module that imports python-telegram-bot, and a transport only.

Strangers get silence; groups and channels that are not the officers' are left.
"""

import asyncio
import re
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.errors import Misconfigured
from bot.logs import where
from bot.officers import cards, notes, packing
from bot.officers.desk import Desk
from bot.officers.message import Message
from bot.process.rate_limit import Pace
from bot.process.retry import patiently
from bot.referral import reference as references
from bot.referral.times import minute
from bot.settings import Settings
from storage import officers, posts, referrals
from storage.database import Database
from storage.keys import Box
from storage.officers import Officer
from storage.posts import Post
from storage.records import Piece
from storage.store import Store

log = structlog.get_logger()
# it reads all updates at once, we do not
warnings.filterwarnings("ignore", message="Please use 'Bot.getUpdates'")
POLL_SECONDS: Final = 25
IDLE_SECONDS: Final = 0.2
LONGEST_WAIT: Final = 20.0
LONGEST_FLOOD: Final = 3000.0
"""Until a card or a package is tried again: officers look at the channel, and Telegram may be back
at any moment.
"""
WHOLE_MOST: Final = 45_000_000
"""Largest tar sent whole: bots may upload 50 MB (https://core.telegram.org/bots/faq)."""
DOCUMENT_MOST: Final = 50_000_000
LOCAL_MOST: Final = 2_000_000_000
"""Through a Bot API server of one's own
(https://core.telegram.org/bots/api#using-a-local-bot-api-server).
"""
CARDS: Final = ("urgent", "card")
LANES: Final = (CARDS, ("note",), ("package",))
AT_ONCE: Final = 10
"""Cards looked at together, so that an urgent one overtakes all but these; as many at once are a
burst.
"""
BURST_SECONDS: Final = 900
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
    pace = Pace(asyncio.get_running_loop().time, settings.send_overall, settings.send_chat)
    chat = Chat(
        bot, database, facts, store, settings.officers_channel, pace, clock, settings.telegram_local
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(chat.take())
        tasks.create_task(chat.post())


@dataclass(slots=True)
class Chat:
    bot: Bot
    database: Database
    facts: Box
    store: Store
    channel: int
    pace: Pace
    clock: Callable[[], float]
    local: bool
    quiet_until: int = 0
    """Until when a burst needs no further digest."""
    digests: list[int] = field(default_factory=list)
    """Messages that said how many cards were on their way."""

    # ── in ───────────────────────────────────────────────────────────────────

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
                log.warning("no updates", error=where(failure))
                await asyncio.sleep(_wait(failure))
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
            log.error("update passed over", error=where(failure))
            return
        while True:
            try:
                await self._handle(update)
            except (OSError, SQLAlchemyError) as failure:
                log.error("update waits", error=where(failure))
                await asyncio.sleep(1)
            except Exception as failure:  # noqa: BLE001 - it would fail for ever, and the next one need not
                log.error("update passed over", error=where(failure))
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
            if not await posts.first_time(connection, self.facts, key, hour=now // 3600):
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
        asyncio.get_running_loop().create_task(_quietly(query.answer()))

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
            asyncio.get_running_loop().create_task(_quietly(call))

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

    # ── out ──────────────────────────────────────────────────────────────────

    async def post(self) -> None:
        """Post what is due, within Telegram's limits; cards, notes and packages do not wait for
        each other.
        """
        async with asyncio.TaskGroup() as lanes:
            for kinds in LANES:
                lanes.create_task(self._lane(kinds))

    async def _lane(self, kinds: Sequence[str]) -> None:
        while True:
            await patiently(lambda: self._round(kinds))

    async def _round(self, kinds: Sequence[str]) -> None:
        now = int(self.clock())
        due = await posts.due(self.database, self.facts, kinds, now=now, most=AT_ONCE)
        if kinds is CARDS and len(due) == AT_ONCE:
            await self._digest(now)
        for post in due:
            await self._post(post)
        if not due and kinds is CARDS:
            await self._take_digests_away()
        if not due:
            await self.database.woken(IDLE_SECONDS)

    async def _digest(self, now: int) -> None:
        """Say once in a burst how many cards are on their way, so that nobody thinks that those
        were all.
        """
        if now < self.quiet_until:
            return
        self.quiet_until = now + BURST_SECONDS
        waiting = await posts.waiting(self.database, CARDS, now=now)
        try:
            said = await self._say(self.channel, cards.digest(waiting, minute(now)), protect=True)
        except TelegramError as failure:
            log.warning("digest left out", error=where(failure))
            return
        self.digests.append(said)

    async def _take_digests_away(self) -> None:
        """Once all cards are up: what was said of them holds no more."""
        while self.digests:
            await _quietly(self.bot.delete_message(self.channel, self.digests.pop()))

    async def _post(self, post: Post) -> None:
        try:
            await self._posts()[post.kind](post)
        except Forbidden:
            log.error("the officers' bot may not post there", kind=post.kind)
            await posts.later(self.database, post, int(self.clock()) + 60)
        except TelegramError as failure:
            log.warning("post put off", kind=post.kind, error=where(failure))
            await posts.later(self.database, post, int(self.clock() + _wait(failure, post.tries)))
        except Exception as failure:  # noqa: BLE001 - one post must not stop the others
            log.error("post put off", kind=post.kind, error=where(failure))
            await posts.later(self.database, post, int(self.clock()) + 30)

    def _posts(self) -> dict[str, Callable[[Post], Awaitable[None]]]:
        return {
            "card": self._card,
            "urgent": self._card,
            "note": self._note,
            "package": self._package,
        }

    async def _card(self, post: Post) -> None:
        """Post a card or bring it up to date; one that was deleted by hand is posted anew."""
        async with self.database.reading() as connection:
            referral = await referrals.get(connection, post.referral or "", self.facts)
            officer = referral.officer if referral else None
            holder = await officers.get(connection, self.facts, officer) if officer else None
        if referral is None:
            await self._done(post)
            return
        message = cards.card(referral, holder.call_sign if holder else "")
        card = referral.card
        if card is not None and post.kind == "urgent" and referral.facts.get("addenda"):
            # It presses since something was added: a card far up in the channel would not be seen.
            await self._edit(card, cards.other_card(referral.reference))
            card = None
        if card is None or not await self._edit(card, message):
            card = await self._say(self.channel, message, protect=True)
        async with self.database.writing() as connection:
            await referrals.carded(connection, referral.reference, card)
            await posts.settle(connection, post)

    async def _edit(self, card: int, message: Message) -> bool:
        await self._paced(self.channel)
        try:
            await self.bot.edit_message_text(
                message.text, chat_id=self.channel, message_id=card, reply_markup=_markup(message)
            )
        except BadRequest as refusal:
            return "not modified" in str(refusal)
        return True

    async def _note(self, post: Post) -> None:
        body = post.body
        message = Message(body["text"], tuple((label, data) for label, data in body["buttons"]))
        account = await self._account(post)
        if account:
            await self._say(account, message, protect=False)  # the command in it must be copied
        await self._done(post)

    async def _package(self, post: Post) -> None:
        """The sealed package as documents, without protection: the officer must be able to
        save it.
        """
        account = await self._account(post)
        if not account or not post.referral:
            await self._done(post)
            return
        async with self.database.reading() as connection:
            held = await packing.contents(connection, post.referral)
        most = LOCAL_MOST if self.local else DOCUMENT_MOST
        whole = held.size <= (LOCAL_MOST if self.local else WHOLE_MOST)
        with tempfile.TemporaryDirectory(prefix="firsthand-") as folder:
            tar = Path(folder) / f"{held.reference}.tar"
            await packing.write_tar(held, self.store, tar, with_exhibits=whole)
            await self._document(account, tar, tar.name)
        for piece in () if whole else held.exhibits:
            name = f"{held.reference}-{loose_name(piece.path)}"
            if piece.size > most:
                await self._say(account, notes.too_large(name, piece.size), protect=False)
            else:
                await self._exhibit(account, piece, name)
        await self._done(post)

    async def _exhibit(self, account: int, piece: Piece, name: str) -> None:
        with tempfile.TemporaryDirectory(prefix="firsthand-") as folder:
            sealed = Path(folder) / "sealed"
            await packing.write_piece(piece, self.store, sealed)
            await self._document(account, sealed, name)

    async def _document(self, account: int, path: Path, name: str) -> None:
        await self._paced(account)
        with path.open("rb") as file:
            document = InputFile(file, filename=name, read_file_handle=False)
            await self.bot.send_document(account, document)

    async def _account(self, post: Post) -> int:
        """Where this officer is reached; 0 if they are no longer one."""
        async with self.database.reading() as connection:
            officer = await officers.get(connection, self.facts, post.officer or 0)
        return int(officer.account) if officer and officer.account else 0

    async def _say(self, chat: int, message: Message, *, protect: bool) -> int:
        await self._paced(chat)
        said = await self.bot.send_message(
            chat, message.text, reply_markup=_markup(message), protect_content=protect
        )
        return said.message_id

    async def _paced(self, chat: int) -> None:
        while wait := self.pace.wait(str(chat)):  # noqa: ASYNC110 - time is what it waits for
            await asyncio.sleep(wait)

    async def _done(self, post: Post) -> None:
        async with self.database.writing() as connection:
            await posts.settle(connection, post)


def loose_name(path: str) -> str:
    """An exhibit's name as a document of its own: x3.age, or a1-x3.age for one that was added."""
    parts = path.split("/")
    return "-".join([*parts[1:-2], parts[-1]]) if parts[0] == "addenda" else parts[-1]


def _markup(message: Message) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(label, callback_data=data)] for label, data in message.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def _wait(failure: TelegramError, tries: int = 0) -> float:
    if isinstance(failure, RetryAfter):
        after = failure.retry_after
        return min(float(after if isinstance(after, int) else after.total_seconds()), LONGEST_FLOOD)
    return min(2.0**tries, LONGEST_WAIT)


def _command(text: str) -> tuple[str, str]:
    """A command as the app marks it at the start of a message, and what stands behind it, on
    whichever line.
    """
    found = re.match(r"(/[a-z]+)(?:@\w+)?(?!\w)[\s.!…,;:]*", text.strip(), re.IGNORECASE)
    return (found[1].lower(), text.strip()[found.end() :].strip()) if found else ("", text.strip())


async def _quietly(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError:
        return
