"""The composition root: the only place that knows both sides; one function a role, each runs until it is stopped."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot import appeal as appeals
from bot import status
from bot.config import SANDBOX_TOKENS, Settings
from bot.drill import clock
from bot.listening import bound
from bot.ready import shred_keys
from bot.words import Words
from storage import keys
from storage.database import Database
from storage.queues import Queues
from storage.vault import Vault
from storage.writer import Writer

if TYPE_CHECKING:
    from bot.channels.port import Batch
    from bot.channels.telegram import Telegram

WITNESS_BOT = "telegram"


async def witness(settings: Settings) -> None:
    """Intake and delivery of the witnesses' Telegram, and everything that falls due; owner of the shred keys."""
    from bot.deliver import Delivery  # noqa: PLC0415 - aiogram takes seconds to import; only who needs it pays
    from bot.filing import Filing  # noqa: PLC0415
    from bot.intake import Behind, intake  # noqa: PLC0415
    from bot.introduction import introduce, introductions  # noqa: PLC0415
    from bot.pace import Pace  # noqa: PLC0415
    from bot.timers import KINDS, Timers  # noqa: PLC0415
    from storage.gazetteer.search import Gazetteer  # noqa: PLC0415
    from storage.keys import installation  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        core = await Core.open(settings, stack, owner=True)
        core.shred.use(await core.queues.taken_slots())
        await core.queues.release(KINDS)  # the owner of the shred keys is the only one who does these, or delivers
        filing = Filing(
            core.database, core.writer, core.converse, core.queues, core.facts, core.officers_words,
            core.appeal.id, installation(settings.key_folder, make=False), clock,
        )  # fmt: skip
        pace = Pace(asyncio.get_running_loop().time, settings.send_overall, settings.send_chat)
        delivery = Delivery(
            core.channel, core.master, core.queues, core.writer, core.converse.gate,
            pace, clock,
        )  # fmt: skip
        timers = Timers(
            {core.channel.name: core.channel}, core.database, core.shred, core.master, core.queues, core.vault,
            core.writer, core.converse, filing, Gazetteer(), core.appeal.draft_days, clock,
        )  # fmt: skip
        known = introductions(core.appeal, core.words)
        introducing = asyncio.create_task(introduce(core.channel, known))  # a refusal changes nothing else
        stack.callback(introducing.cancel)
        behind = Behind(clock)
        batches, listening = await _received(settings, core.channel)
        await together(
            core.writer.serve, lambda: intake(core.channel.name, batches, core.converse, behind), delivery.serve,
            timers.serve, lambda: status.signal(settings.home, "witness", behind.seconds), *listening,
        )  # fmt: skip


async def _received(
    settings: Settings, channel: "Telegram"
) -> "tuple[AsyncIterator[Batch], list[Callable[[], Awaitable[None]]]]":  # fmt: skip
    """Updates as they come, asked for or pushed to us; and what must run for that."""
    from bot.channels.webhook import Webhook  # noqa: PLC0415 - see above

    if not settings.webhook_url:
        return channel.receive(), []
    secret = settings.webhook_secret.get_secret_value()
    hook = Webhook(bound(settings.webhook_listen, "WEBHOOK_LISTEN"), secret, channel.read)
    await channel.push_to(settings.webhook_url, secret)
    return hook.receive(), [hook.serve]


async def files(settings: Settings) -> None:
    """Fetch and seal what witnesses sent."""
    from bot.fetch import Fetching  # noqa: PLC0415 - see above

    async with AsyncExitStack() as stack:
        core = await Core.open(settings, stack, owner=False)
        fetching = Fetching(
            {core.channel.name: core.channel}, core.database, core.shred, core.queues, core.vault, core.writer,
            core.converse, clock,
        )  # fmt: skip
        await together(core.writer.serve, fetching.serve, lambda: status.signal(settings.home, "files"))


async def officers(settings: Settings) -> None:
    """The officers' channel and private chats. Has the facts key, and neither the master key nor a shred key."""
    from bot.officers.chat import serve  # noqa: PLC0415 - only this process imports python-telegram-bot

    facts = keys.load(settings.key_folder, "facts", make=False)
    database = Database(settings.database, officers=True)
    store = settings.store()
    try:
        await together(
            lambda: serve(settings, database, facts, store, clock), lambda: status.signal(settings.home, "officers")
        )
    finally:
        await database.close()


async def sandbox(settings: Settings) -> None:
    """Our own Telegram on loopback."""
    from bot.ready import SANDBOX_OFFICER  # noqa: PLC0415 - the bots' processes need none of this
    from bot.sandbox.server import serve  # noqa: PLC0415
    from bot.sandbox.world import Person, World  # noqa: PLC0415

    world = World(
        settings.home.absolute() / "telegram-files", local=settings.telegram_local, limits=settings.sandbox_limits
    )
    for name, token in SANDBOX_TOKENS.items():
        world.add_bot(name, token)
    world.people[SANDBOX_OFFICER] = Person(SANDBOX_OFFICER, "Kestrel", "en", started={"officers"})
    world.private("officers", SANDBOX_OFFICER)
    await together(lambda: serve(world, "127.0.0.1", settings.sandbox_port))


ROLES: dict[str, Callable[[Settings], Awaitable[None]]] = {
    "sandbox": sandbox, "witness": witness, "files": files, "officers": officers,
}  # fmt: skip


class Core:
    """What the witness and files processes share."""

    def __init__(self, settings: Settings, database: Database, shred: keys.ShredKeys) -> None:
        from bot.channels.telegram import Telegram  # noqa: PLC0415 - see above
        from bot.converse import Converse  # noqa: PLC0415
        from bot.gate import Gate  # noqa: PLC0415
        from bot.languages import own_name  # noqa: PLC0415
        from bot.returning import Returning  # noqa: PLC0415
        from conversations.flows import Flows  # noqa: PLC0415

        self.database, self.shred = database, shred
        self.master = keys.load(settings.key_folder, "master", make=False)
        self.facts = keys.load(settings.key_folder, "facts", make=False)
        self.appeal = appeals.load(settings.appeal, live=settings.mode == "live")
        default = self.appeal.languages[0]
        self.words = Words("witness", self.appeal.phrases, default, keeps=self.appeal.keep_versions)
        self.officers_words = Words("witness", self.appeal.phrases, "en", keeps=self.appeal.keep_versions)
        self.queues = Queues(database, shred, f"{os.getpid()}-{os.urandom(4).hex()}")
        self.vault = Vault(settings.store(), database)
        self.writer = Writer(database, shred, clock)
        names = {language: own_name(language) for language in self.appeal.languages}
        flows = Flows(names, keeps=self.appeal.keep_versions)
        returning = Returning(self.master, clock)
        self.converse = Converse(self.writer, self.master, self.words, Gate(), returning, flows)
        token = settings.witness_bot_token.get_secret_value()
        self.channel = Telegram(WITNESS_BOT, token, settings.telegram_api, local=settings.telegram_local)

    @classmethod
    async def open(cls, settings: Settings, stack: AsyncExitStack, *, owner: bool) -> "Core":
        database = Database(settings.database)
        stack.push_async_callback(database.close)
        shred = shred_keys(settings, owner=owner)
        stack.callback(shred.close)
        core = cls(settings, database, shred)
        stack.push_async_callback(core.channel.close)
        return core


async def together(*services: Callable[[], Awaitable[None]]) -> None:
    """Run services until one fails or the process is asked to stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.ensure_future(service()) for service in services]
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    for task in (*tasks, stopping):
        task.cancel()
    await asyncio.gather(*tasks, stopping, return_exceptions=True)
    for task in done:
        if task is not stopping:
            task.result()
