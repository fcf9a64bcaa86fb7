"""What the officers' bot has still to say, within Telegram's limits: cards, notes, packages."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.logs import where_raised
from bot.officers import cards
from bot.officers.message import Message
from bot.officers.packages import PackagePosts
from bot.officers.posted_heads import PostedHeads
from bot.officers.watched_recipients import WatchedRecipients
from bot.process.backoff import backoff
from bot.process.rate_limit import RateLimit
from bot.process.retry import retry
from bot.referral.times import readable_minute
from storage import officers, posts, referrals
from storage.database import Database
from storage.keys import Box
from storage.posts import Post
from storage.store import Store

log = structlog.get_logger()
IDLE_SECONDS: Final = 0.2
LONGEST_WAIT: Final = 20.0
LONGEST_FLOOD: Final = 3000.0
"""Until a card or a package is tried again: officers look at the channel, and Telegram may be back
at any moment.
"""
CARDS: Final = ("urgent", "card")
LANES: Final = (CARDS, ("note",), ("package",))
AT_ONCE: Final = 10
"""Cards looked at together, so that an urgent one overtakes all but these; as many at once are a
burst.
"""
BURST_SECONDS: Final = 900


@dataclass(slots=True)
class Posting:
    """`local`: through a Bot API server of our own, which takes larger files."""

    bot: Bot
    database: Database
    facts: Box
    store: Store
    channel: int
    pace: RateLimit
    clock: Callable[[], float]
    local: bool
    quiet_until: int = 0
    """Until when a burst needs no further digest."""
    packages: PackagePosts = field(init=False)
    digests: list[int] = field(default_factory=list)
    """Messages that said how many cards were on their way."""

    def __post_init__(self) -> None:
        self.packages = PackagePosts(
            self.database, self.store, self._say_to, self._document, self.clock, self.local
        )

    async def post(self) -> None:
        """Post what is due, within Telegram's limits; cards, notes and packages do not wait for
        each other.
        """
        heads = PostedHeads(self.database, self._say_silently, self.clock)
        keys = WatchedRecipients(self.database, self.facts, self._say_aloud)
        async with asyncio.TaskGroup() as lanes:
            lanes.create_task(heads.serve())
            lanes.create_task(keys.serve())
            for kinds in LANES:
                lanes.create_task(self._lane(kinds))

    async def _lane(self, kinds: Sequence[str]) -> None:
        while True:
            await retry(lambda: self._round(kinds))

    async def _round(self, kinds: Sequence[str]) -> None:
        now = int(self.clock())
        due = await posts.due_posts(self.database, self.facts, kinds, now=now, most=AT_ONCE)
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
        waiting = await posts.count_waiting(self.database, CARDS, now=now)
        try:
            said = await self._say(
                self.channel, cards.digest(waiting, readable_minute(now)), protect=True
            )
        except TelegramError as failure:
            log.warning("digest left out", error=where_raised(failure))
            return
        self.digests.append(said)

    async def _take_digests_away(self) -> None:
        """Once all cards are up: what was said of them holds no more."""
        while self.digests:
            await quietly(self.bot.delete_message(self.channel, self.digests.pop()))

    async def _post(self, post: Post) -> None:
        try:
            await self._posts()[post.kind](post)
        except Forbidden:
            log.error("the officers' bot may not post there", kind=post.kind)
            await posts.put_off(self.database, post, int(self.clock()) + 60)
        except TelegramError as failure:
            log.warning("post put off", kind=post.kind, error=where_raised(failure))
            await posts.put_off(
                self.database, post, int(self.clock() + wait_after(failure, post.tries))
            )
        except Exception as failure:  # noqa: BLE001 - one post must not stop the others
            log.error("post put off", kind=post.kind, error=where_raised(failure))
            await posts.put_off(self.database, post, int(self.clock()) + 30)

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
            await posts.settle_post(connection, post)

    async def _edit(self, card: int, message: Message) -> bool:
        try:
            async with self.pace.place(str(self.channel)):
                await self.bot.edit_message_text(
                    message.text,
                    chat_id=self.channel,
                    message_id=card,
                    reply_markup=_markup(message),
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
        """Sealed documents without protection: the officer must be able to save them."""
        account = await self._account(post)
        wait = await self.packages.send(post, account) if account else 0
        if wait:
            await posts.put_off(self.database, post, int(self.clock()) + wait, failed=False)
        else:
            await self._done(post)

    async def _document(self, account: int, path: Path, name: str) -> None:
        with path.open("rb") as file:
            document = InputFile(file, filename=name, read_file_handle=False)
            async with self.pace.place(str(account)):
                await self.bot.send_document(account, document)

    async def _account(self, post: Post) -> int:
        """Where this officer is reached; 0 if they are no longer one."""
        async with self.database.reading() as connection:
            officer = await officers.get(connection, self.facts, post.officer or 0)
        return int(officer.account) if officer and officer.account else 0

    async def _say(
        self, chat: int, message: Message, *, protect: bool, silent: bool = False
    ) -> int:
        async with self.pace.place(str(chat)):
            said = await self.bot.send_message(
                chat,
                message.text,
                reply_markup=_markup(message),
                protect_content=protect,
                disable_notification=silent,
            )
        return said.message_id

    async def _say_to(self, account: int, message: Message) -> None:
        await self._say(account, message, protect=False)

    async def _say_aloud(self, text: str) -> int:
        return await self._say(self.channel, Message(text), protect=True)

    async def _say_silently(self, text: str) -> int:
        """In the channel; it may be saved elsewhere, which is what it is for."""
        return await self._say(self.channel, Message(text), protect=False, silent=True)

    async def _done(self, post: Post) -> None:
        async with self.database.writing() as connection:
            await posts.settle_post(connection, post)


def _markup(message: Message) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(label, callback_data=data)] for label, data in message.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def wait_after(failure: TelegramError, tries: int = 0) -> float:
    if isinstance(failure, RetryAfter):
        after = failure.retry_after
        return min(float(after if isinstance(after, int) else after.total_seconds()), LONGEST_FLOOD)
    return backoff(tries, longest=LONGEST_WAIT)


async def quietly(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError:
        return
