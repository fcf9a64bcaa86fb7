"""The whole shell in one process, on a real database and a real vault, with any channel and a clock of its own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table, func, select

from bot.appeal import Appeal
from bot.channels.port import Channel
from bot.keyring import owning
from bot.operator.server_keys import make_keys
from bot.process.rate_limit import RateLimit
from bot.witness.converse import Converse
from bot.witness.deliver import Delivery
from bot.witness.delivery_gate import OwnGate
from bot.witness.duties import Duties
from bot.witness.expiry import Expiry
from bot.witness.fetch import Fetching
from bot.witness.intake import Behind, intake
from bot.witness.quota import Quota
from bot.witness.return_words import Returning
from bot.witness.submitting import Submitting
from bot.witness.taking import Taking
from conversations.flows import Flows
from conversations.languages import LANGUAGES
from storage import age, keys, recipients
from storage import tables as t
from storage.database import Database
from storage.folder import Folder
from storage.gazetteer.search import Gazetteer
from storage.key_file import KeyFile
from storage.key_owner import KeyOwner
from storage.outbox import Outbox
from storage.queues import Queues
from storage.vault import Vault
from storage.writer import Writer
from tests import appeals, prepared
from tests.numbers import Numbers

THREE = Flows(LANGUAGES)


@dataclass
class Shell:
    """What a test may look into; `identity` is the team's."""

    channel: Channel
    database: Database
    vault: Vault
    shred: KeyOwner
    facts: keys.Box
    master: keys.Box
    writer: Writer
    converse: Converse
    taking: Taking
    sweep: Expiry
    identity: str
    folder: Path
    ahead: float = 0.0
    patience: float = 60.0
    """Seconds until what does not come to rest is said to."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def clock(self) -> float:
        return time.time() + self.ahead

    async def quiet(self) -> None:
        """Wait until nothing is to be delivered, fetched or due."""
        ends = time.monotonic() + self.patience
        while time.monotonic() < ends:
            await asyncio.sleep(0.01)
            for task in self.tasks:
                if task.done():
                    task.result()
            if self.taken_in() and not await self._waiting():
                return
        raise AssertionError("it does not come to rest")

    def taken_in(self) -> bool:
        """Whether everything the channel was given is durable."""
        return not isinstance(self.channel, Numbers) or self.channel.accepted == self.channel.sent

    async def _waiting(self) -> int:
        now = int(self.clock())
        due = (
            select(func.count())
            .select_from(t.work)
            .where(t.work.c.due <= now, t.work.c.kind != "shred")
        )
        async with self.database.reading() as connection:
            out = (
                await connection.execute(select(func.count()).select_from(t.outbox))
            ).scalar_one()
            work = (await connection.execute(due)).scalar_one()
        return int(out) + int(work) + (not self.writer._waiting.empty())

    async def count(self, table: Table) -> int:
        async with self.database.reading() as connection:
            counted = select(func.count()).select_from(table)
            return int((await connection.execute(counted)).scalar_one())

    async def referrals(self) -> list[str]:
        """The numbers of what is filed."""
        async with self.database.reading() as connection:
            return list((await connection.execute(select(t.referrals.c.reference))).scalars())


@asynccontextmanager
async def shell(
    folder: Path,
    channel: Channel,
    flows: Flows = THREE,
    *,
    files: int = 10**6,
    size: int = 10**12,
    known: Appeal = appeals.EXAMPLE,
    rate: float = 1e6,
) -> AsyncIterator[Shell]:
    """Everything that runs in the witness and files processes, stopped at the end.

    `files`, `size`: what one chat may send in a day, the size in bytes. `known`: the appeal.
    """
    make_keys(folder / "keys")
    database = prepared.database(folder / "shell.db")
    recipient, identity = age.new_identity()
    async with database.writing() as connection:
        await recipients.add(connection, recipient, None)
        await connection.execute(t.recipients.update().values(state="active"))
    master, facts = (keys.load(folder / "keys", name, make=False) for name in ("master", "facts"))
    signer = keys.installation(folder / "keys", make=False)
    file = KeyFile(folder / "keys" / "shred.keys", owner=True)
    shred = KeyOwner(file, database)
    await shred.begin(now=0, hold=1)
    words = appeals.words(known)
    held: list[Shell] = []

    def clock() -> float:
        return held[0].clock() if held else time.time()

    queues, vault = Queues(database, shred), Vault(Folder(folder / "vault"), database)
    writer = Writer(database, shred, clock)
    converse = Converse(writer, master, words, OwnGate(), Returning(master, time.monotonic), flows)
    filing = Submitting(database, writer, converse, queues, facts, words, known.id, signer, clock)
    fast = RateLimit(time.monotonic, rate, rate)
    outbox = Outbox(database, shred, channel.name, converse.writer.recent)
    delivery = Delivery(channel, words, master, outbox, writer, converse.gate, fast)
    channels = {channel.name: channel}
    timers = Duties(
        channels,
        database,
        master,
        queues,
        writer,
        converse,
        filing,
        Gazetteer() if known.settlements else None,
        clock,
    )
    sweep = Expiry(database, vault, writer, converse, 30, clock)
    quota = Quota(files, size, clock)
    fetching = Fetching(channels, database, shred, queues, vault, writer, converse, clock, quota)
    taking = Taking(converse)
    it = Shell(
        channel,
        database,
        vault,
        shred,
        facts,
        master,
        writer,
        converse,
        taking,
        sweep,
        identity,
        folder,
    )
    held.append(it)
    serving = (
        writer.serve(),
        intake(channel.name, channel.receive(), taking, Behind(clock)),
        delivery.serve(),
        timers.serve(),
        sweep.serve(),
        owning.serve(shred, clock),
        fetching.serve(),
    )
    it.tasks = [asyncio.ensure_future(s) for s in serving]
    try:
        yield it
    finally:
        for task in it.tasks:
            task.cancel()
        await asyncio.gather(*it.tasks, return_exceptions=True)
        await prepared.over(database)
        file.close()
