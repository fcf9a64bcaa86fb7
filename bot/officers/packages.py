"""Sealed packages on their way to an officer's private chat, within Telegram's limits."""

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from bot.errors import Refused, Tampered
from bot.officers import notes, packing
from bot.officers.message import Message
from bot.officers.packing import Contents, loose_name
from storage.database import Database
from storage.posts import Post
from storage.records import Piece
from storage.store import Missing, Store

WHOLE_MOST: Final = 45_000_000
"""Largest tar sent whole: bots may upload 50 MB (https://core.telegram.org/bots/faq)."""
DOCUMENT_MOST: Final = 50_000_000
LOCAL_MOST: Final = 2_000_000_000
"""Through a Bot API server of one's own
(https://core.telegram.org/bots/api#using-a-local-bot-api-server).
"""
log = structlog.get_logger()
HEAD_SECONDS, BROKEN_SECONDS = 1, 600
"""Until a package is tried again that waits for its head, or is not whole."""
LATE_SECONDS: Final = 30
"""So long a package waits for the signed head in silence."""


@dataclass(slots=True)
class PackagePosts:
    """`say` writes to an officer's chat, `document` sends a file there under a name. `local`:
    through a Bot API server of our own, which takes larger files.
    """

    database: Database
    store: Store
    say: Callable[[int, Message], Awaitable[None]]
    document: Callable[[int, Path, str], Awaitable[None]]
    clock: Callable[[], float]
    local: bool
    _told: set[int] = field(default_factory=set)
    """Posts of which an officer heard that they wait."""

    async def send(self, post: Post, account: int) -> int:
        """Send what was handed out; 0, or after how many seconds it is to be tried again."""
        reference, line = post.referral or "", post.body.get("line")
        if line is None:  # asked for in an earlier release, whose line binds no piece
            await self.say(account, notes.ask_again(reference))
            return 0
        try:
            async with self.database.reading() as connection:
                held = await packing.contents(connection, reference, line)
            if held is None:
                waits = notes.waits_for_head(reference)
                await self._tell(post, account, waits, after=LATE_SECONDS)
                return HEAD_SECONDS
            packing.check(held, post.body["pieces"])
            await self._send(held, account)
        except (Tampered, Missing, Refused, LookupError, ValueError) as why:
            log.error("a package is not handed out", error=type(why).__name__)
            await self._tell(post, account, notes.not_whole(reference))
            return BROKEN_SECONDS
        self._told.discard(post.id)
        return 0

    async def _tell(self, post: Post, account: int, note: Message, *, after: int = -1) -> None:
        """Why a package does not come, once; `after` so many seconds since it was asked for."""
        now = int(self.clock())
        if now - int(post.body.get("asked", now)) > after and post.id not in self._told:
            await self.say(account, note)
            self._told.add(post.id)

    async def _send(self, held: Contents, account: int) -> None:
        most = LOCAL_MOST if self.local else DOCUMENT_MOST
        whole = held.size <= (LOCAL_MOST if self.local else WHOLE_MOST)
        with tempfile.TemporaryDirectory(prefix="firsthand-") as folder:
            tar = Path(folder) / f"{held.reference}.tar"
            await packing.write_tar(held, self.store, tar, with_exhibits=whole)
            await self.document(account, tar, tar.name)
        for piece in () if whole else held.exhibits:
            name = f"{held.reference}-{loose_name(piece.path)}"
            if piece.size > most:
                await self.say(account, notes.too_large(name, piece.size))
            else:
                await self._exhibit(account, piece, name)

    async def _exhibit(self, account: int, piece: Piece, name: str) -> None:
        with tempfile.TemporaryDirectory(prefix="firsthand-") as folder:
            sealed = Path(folder) / "sealed"
            await packing.write_piece(piece, self.store, sealed)
            await self.document(account, sealed, name)
