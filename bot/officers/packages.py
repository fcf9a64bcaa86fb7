"""Sealed packages on their way to an officer's private chat, within Telegram's limits."""

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.officers import notes, packing
from bot.officers.message import Message
from bot.officers.packing import Contents, loose_name
from storage import ledger
from storage.database import Database
from storage.posts import Post
from storage.records import Piece
from storage.store import Store

WHOLE_MOST: Final = 45_000_000
"""Largest tar sent whole: bots may upload 50 MB (https://core.telegram.org/bots/faq)."""
DOCUMENT_MOST: Final = 50_000_000
LOCAL_MOST: Final = 2_000_000_000
"""Through a Bot API server of one's own
(https://core.telegram.org/bots/api#using-a-local-bot-api-server).
"""
AGAIN_SECONDS: Final = 1
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

    async def send(self, post: Post, account: int) -> bool:
        """Send what was handed out; False where it must wait for the head that has its line."""
        reference = post.referral or ""
        async with self.database.reading() as connection:
            line = post.body.get("line")
            if line is None:  # asked for by an earlier release
                line = await ledger.last_of(connection, reference, ledger.HANDED_OUT)
            held = await packing.contents(connection, reference, line)
        if held is None:
            await self._tell_late(post, account)
            return False
        self._told.discard(post.id)
        await self._send(held, account)
        return True

    async def _tell_late(self, post: Post, account: int) -> None:
        """What leaves the server leaves with the proof that it is in the log. It comes within a
        second; where it does not, the officer hears why, once.
        """
        now = int(self.clock())
        if now - int(post.body.get("asked", now)) > LATE_SECONDS and post.id not in self._told:
            await self.say(account, notes.waits_for_head(post.referral or ""))
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
