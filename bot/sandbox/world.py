"""The sandbox's world, in memory: people, bots, chats, messages, updates; files lie in a folder of
their own.
"""

import asyncio
import random
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Json = dict[str, Any]
CHANNEL_ID = -1001000000001
CLOUD_DOWNLOAD, CLOUD_UPLOAD, LOCAL_UPLOAD = 20 * 1024 * 1024, 50 * 1024 * 1024, 2000 * 1024 * 1024
TWO_DAYS = 48 * 3600
KEPT_CALLS = 20_000
HELD_SECONDS = 0.3
"""How long an update waits for one that overtakes it."""


@dataclass(slots=True)
class Person:
    """Somebody with the app: `blocked` and `started` name bots."""

    id: int
    name: str
    language: str
    blocked: set[str] = field(default_factory=set)
    started: set[str] = field(default_factory=set)
    deactivated: bool = False
    """Whether the account was deleted."""


@dataclass(slots=True)
class Chat:
    """`changes` is what the app showed, in order: ("new" | "edit" | "delete", message); `ours` is a
    group's members.
    """

    id: int
    kind: Literal["private", "group", "channel"]
    title: str
    messages: dict[int, Json] = field(default_factory=dict)
    changes: list[tuple[str, Json]] = field(default_factory=list)
    sent_at: deque[float] = field(default_factory=deque)


@dataclass(slots=True)
class BotAccount:
    """`updates` stay until a later offset confirms them."""

    name: str
    token: str
    id: int
    username: str
    next_update: int
    next_message: int = 1
    updates: list[Json] = field(default_factory=list)
    held: Json | None = None
    """An update that another is to overtake."""
    came: asyncio.Event = field(default_factory=asyncio.Event)
    poll: int = 0
    webhook: Json | None = None
    queries: dict[str, float] = field(default_factory=dict)
    sent_at: deque[float] = field(default_factory=deque)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)

    def as_user(self) -> Json:
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name.title(),
            "username": self.username,
        }


@dataclass(slots=True)
class StoredFile:
    id: str
    path: Path
    name: str
    type: str

    @property
    def size(self) -> int:
        return self.path.stat().st_size


@dataclass(slots=True)
class Faults:
    """What goes wrong on purpose; shares are between 0 and 1."""

    duplicate: float = 0
    reorder: bool = False
    delay: float = 0
    flood: float = 0
    broken: float = 0
    cut: float = 0
    garbage: float = 0
    """A call is carried out, and what is answered is no JSON."""
    slow: float = 0
    offline: bool = False


def seeded() -> random.Random:
    """Chance for faults, the same in every run."""
    return random.Random(7)  # noqa: S311 - faults, not secrets


class World:
    """Everything the server knows. `local`: self-hosted mode, in which files of any size are handed
    out as paths.
    """

    def __init__(self, folder: Path, *, local: bool = False, limits: bool = True) -> None:
        self.folder = folder
        self.local = local
        self.limits = limits
        self.ahead = 0.0
        self.faults = Faults()
        self.chance = seeded()
        self.people: dict[int, Person] = {}
        self.bots: dict[str, BotAccount] = {}
        self.chats: dict[tuple[str, int], Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.calls: deque[Json] = deque(maxlen=KEPT_CALLS)
        self.called = 0
        self.changed = asyncio.Condition()
        self.closing = False
        folder.mkdir(parents=True, exist_ok=True)
        self.channel = Chat(CHANNEL_ID, "channel", "Officers' queue")
        self.topics = False
        """Whether the witness's bot has topics in its private chats."""
        self.may_post = True
        """Whether the bots are administrators of the channel that may post."""

    def now(self) -> float:
        return time.time() + self.ahead

    def handed_out(self, stored: StoredFile) -> Path:
        """A copy for the bot, as a self-hosted server makes one; who has read it may delete it."""
        copies = self.folder / "handed-out"
        copies.mkdir(exist_ok=True)
        copy = copies / stored.path.name
        if not copy.exists():
            copy.hardlink_to(stored.path)
        return copy

    # ── who is there ─────────────────────────────────────────────────────────

    def add_bot(self, name: str, token: str) -> BotAccount:
        number = int(token.partition(":")[0])
        bot = BotAccount(
            name, token, number, f"{name}_sandbox_bot", next_update=secrets.randbelow(10**8) + 10**8
        )
        self.bots[token] = bot
        self.chats[name, CHANNEL_ID] = self.channel
        return bot

    def ban(self, name: str) -> str:
        """Ban a bot's account: its token is unknown from now on, and another account of the name
        begins anew.

        The new one counts its messages and updates by itself, and has nothing in its chats. Returns
        its token.
        """
        old = self.bot(name)
        del self.bots[old.token]
        number, _, rest = old.token.partition(":")
        token = f"{int(number) + 8}:{rest}"
        new = self.add_bot(name, token)
        new.next_update = 1
        for key in [key for key in self.chats if key[0] == name and key[1] != CHANNEL_ID]:
            del self.chats[key]
        return token

    def bot(self, name: str) -> BotAccount:
        return next(b for b in self.bots.values() if b.name == name)

    def add_person(self, name: str, language: str) -> Person:
        person = Person(secrets.randbelow(10**9) + 10**9, name, language)
        self.people[person.id] = person
        return person

    def private(self, bot: str, person: int) -> Chat:
        key = (bot, person)
        if key not in self.chats:
            self.chats[key] = Chat(person, "private", self.people[person].name)
        return self.chats[key]

    def add_group(self, bot: str, kind: Literal["group", "channel"], title: str) -> Chat:
        chat = Chat(-secrets.randbelow(10**9) - 10**9, kind, title)
        self.chats[bot, chat.id] = chat
        return chat

    # ── what is said ─────────────────────────────────────────────────────────

    def message(self, bot: BotAccount, chat: Chat, content: Json, *, sender: Json | None) -> Json:
        """A new message in a chat; ids are the bot's own in private chats, the chat's own
        elsewhere.
        """
        if chat.kind == "private":
            id_, bot.next_message = bot.next_message, bot.next_message + 1
        else:
            id_ = max(chat.messages, default=0) + 1
        message = {
            "message_id": id_,
            "date": int(self.now()),
            "chat": self.as_chat(chat),
            **content,
        }
        if sender is not None and chat.kind != "channel":
            message["from"] = sender
        elif chat.kind == "channel":
            message["sender_chat"] = self.as_chat(chat)
        chat.messages[id_] = message
        self._changed(chat, "new", message)
        return message

    def edited(self, chat: Chat, message: Json, content: Json) -> Json:
        message.update(content)
        message["edit_date"] = int(self.now())
        self._changed(chat, "edit", message)
        return message

    def deleted(self, chat: Chat, id_: int) -> None:
        self._changed(chat, "delete", chat.messages.pop(id_))

    def _changed(self, chat: Chat, kind: str, message: Json) -> None:
        chat.changes.append((kind, dict(message)))
        self.wake()

    def wake(self) -> None:
        async def tell() -> None:
            async with self.changed:
                self.changed.notify_all()

        asyncio.get_running_loop().create_task(tell())

    def as_chat(self, chat: Chat) -> Json:
        if chat.kind == "private":
            return {"id": chat.id, "type": "private", "first_name": chat.title}
        return {"id": chat.id, "type": chat.kind, "title": chat.title}

    def as_user(self, person: Person) -> Json:
        return {
            "id": person.id,
            "is_bot": False,
            "first_name": person.name,
            "language_code": person.language,
        }

    # ── what a bot is told ───────────────────────────────────────────────────

    def update(self, bot: BotAccount, kind: str, content: Json) -> None:
        """Queue an update: at least once, always under its own number; the second of two first if
        the faults say so.
        """
        if not self.faults.reorder:
            self._queue(bot, {kind: content})
        elif bot.held is None:
            bot.held = {kind: content}
            asyncio.get_running_loop().call_later(HELD_SECONDS, self._release, bot)
        else:
            self._queue(bot, {kind: content})
            self._release(bot)

    def _queue(self, bot: BotAccount, update: Json) -> None:
        copies = 2 if self.chance.random() < self.faults.duplicate else 1
        bot.updates += [{"update_id": bot.next_update, **update}] * copies
        bot.next_update += 1
        bot.came.set()

    def _release(self, bot: BotAccount) -> None:
        if bot.held is not None:
            held, bot.held = bot.held, None
            self._queue(bot, held)

    # ── files ────────────────────────────────────────────────────────────────

    def keep(self, source: Path, name: str, type_: str) -> StoredFile:
        """Take over a file that lies in our folder."""
        id_ = "F" + secrets.token_urlsafe(30)
        stored = StoredFile(id_, source, name, type_)
        self.files[id_] = stored
        return stored

    def fresh_path(self) -> Path:
        return self.folder / secrets.token_hex(12)

    # ── how fast a bot may speak ─────────────────────────────────────────────

    def flood(self, bot: BotAccount, chat: Chat) -> int:
        """Seconds to wait before this message would be allowed; 0 counts it. Short bursts are let
        through.
        """
        now = time.monotonic()
        if not self.limits:
            return 0
        most, span = (20, 60.0) if chat.kind != "private" else (5, 3.0)
        for sent, limit, seconds in ((chat.sent_at, most, span), (bot.sent_at, 30, 1.0)):
            while sent and now - sent[0] > seconds:
                sent.popleft()
            if len(sent) >= limit:
                return int(seconds - (now - sent[0])) + 1
        chat.sent_at.append(now)
        bot.sent_at.append(now)
        return 0
