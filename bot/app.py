"""The composition root: the only place that knows both sides; one function a role, each runs until
it is stopped.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import make_url

from bot import appeal as appeals
from bot import config
from bot.clock import clock
from bot.errors import Misconfigured, Refused
from bot.keyring import owning
from bot.language.translate import CLOUD, OWN_SERVER, Words
from bot.logs import ROOT
from bot.operator.readiness import check_ready
from bot.operator.server_keys import shred_keys
from bot.process import heartbeat
from bot.process.handover import handed_over
from bot.process.http_server import bound
from bot.process.leasing import while_leased
from bot.settings import SANDBOX_TOKENS, Settings
from storage import keys
from storage.database import Database
from storage.key_file import KeyFile
from storage.leases import Lease
from storage.queues import Queues
from storage.shredding import KeyOwner, KeyReader, NotOwner, ShredKeys
from storage.vault import Vault
from storage.writer import Writer

if TYPE_CHECKING:
    from bot.witness.delivery_gate import Gate
    from bot.witness.intake import Behind

log = structlog.get_logger()
WITNESS_BOT = "telegram"
STAND_BY_SECONDS = 0.5
LISTENED_SECONDS = 60
LONGEST_FETCH_SECONDS, LONGEST_DELIVERY_SECONDS = 1800, 60
"""What is on its way is not broken off for a fresh process: a large file, a message of several
parts.
"""

Service = Callable[[], Awaitable[None]]


async def witness(settings: Settings) -> None:
    """Intake and delivery of the witnesses' Telegram, and everything that falls due."""
    from bot.process.rate_limit import Pace  # noqa: PLC0415
    from bot.witness.bot_profile import introduce, introductions  # noqa: PLC0415

    # aiogram takes seconds to import; only who needs it pays
    from bot.witness.deliver import Delivery  # noqa: PLC0415
    from bot.witness.duties import KINDS, Timers  # noqa: PLC0415
    from bot.witness.expiry import Sweep  # noqa: PLC0415
    from bot.witness.intake import Behind  # noqa: PLC0415
    from bot.witness.submitting import Filing  # noqa: PLC0415
    from storage.gazetteer.search import Gazetteer  # noqa: PLC0415
    from storage.keys import installation  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        core = await Core.open(settings, stack, owner=True)
        if isinstance(core.shred, KeyOwner):
            # beside the owner of the shred keys no other process does these
            await core.queues.release(KINDS)
        filing = Filing(
            core.database,
            core.writer,
            core.converse,
            core.queues,
            core.facts,
            core.officers_words,
            core.appeal.id,
            installation(settings.key_folder, make=False),
            clock,
        )
        pace = Pace(asyncio.get_running_loop().time, settings.send_overall, settings.send_chat)
        delivery = Delivery(
            core.channel,
            core.master,
            core.queues,
            core.writer,
            core.converse.gate,
            pace,
            time.monotonic,
        )
        timers = Timers(
            {core.channel.name: core.channel},
            core.database,
            core.master,
            core.queues,
            core.writer,
            core.converse,
            filing,
            Gazetteer(),
            clock,
        )
        sweep = Sweep(
            core.database, core.vault, core.writer, core.converse, core.appeal.draft_days, clock
        )
        known = introductions(core.appeal, core.words)
        # a refusal changes nothing else
        introducing = asyncio.create_task(introduce(core.channel, known))
        stack.callback(introducing.cancel)
        behind = Behind(clock)
        renewing = core.converse.renewing
        renewing.busy, renewing.quiet_seconds = lambda: delivery.busy, LONGEST_DELIVERY_SECONDS
        renewing.passes = _fresh_one_would_start()
        stack.enter_context(handed_over(tries=core.converse.returning, steady=sweep))
        await together(
            *core.services,
            renewing.serve,
            timers.serve,
            lambda: core.alone("sweep", sweep.serve),
            lambda: core.alone(f"deliver:{WITNESS_BOT}", delivery.serve),
            lambda: heartbeat.signal(
                settings.home, "witness", behind.seconds, lambda: renewing.over
            ),
            *await _intake(settings, core, behind),
        )


async def _intake(settings: Settings, core: "Core", behind: "Behind") -> list[Service]:
    """Updates are asked for, by one process, or pushed to any."""
    from bot.channels.webhook import Webhook, ask_for_pushes  # noqa: PLC0415 - see above
    from bot.witness.intake import intake  # noqa: PLC0415

    channel = core.channel
    if not settings.webhook_url:
        return [
            lambda: core.alone(
                f"ask:{WITNESS_BOT}",
                lambda: intake(channel.name, channel.receive(), core.converse, behind),
            )
        ]
    secret = settings.webhook_secret.get_secret_value()
    hook = Webhook(bound(settings.webhook_listen, "WEBHOOK_LISTEN"), secret, channel.read)
    return [
        hook.serve,
        lambda: ask_for_pushes(lambda: channel.push_to(settings.webhook_url, secret)),
        lambda: intake(channel.name, hook.receive(), core.converse, behind),
    ]


async def files(settings: Settings) -> None:
    """Fetch and seal what witnesses sent."""
    from bot.witness.fetch import Fetching  # noqa: PLC0415 - see above
    from bot.witness.quota import Quota  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        core = await Core.open(settings, stack, owner=False)
        quota = Quota(
            core.appeal.files_a_day, core.appeal.megabytes_a_day * 1_000_000, time.monotonic
        )
        fetching = Fetching(
            {core.channel.name: core.channel},
            core.database,
            core.shred,
            core.queues,
            core.vault,
            core.writer,
            core.converse,
            clock,
            quota,
        )
        renewing = core.converse.renewing
        renewing.busy, renewing.quiet_seconds = lambda: fetching.busy, LONGEST_FETCH_SECONDS
        renewing.passes = _fresh_one_would_start()
        stack.enter_context(handed_over(quota=quota))
        await together(
            *core.services,
            renewing.serve,
            fetching.serve,
            lambda: heartbeat.signal(settings.home, "files", renewed=lambda: renewing.over),
        )


async def officers(settings: Settings) -> None:
    """The officers' channel and private chats. Has the facts key, and neither the master key nor a
    shred key.
    """
    # only this process imports python-telegram-bot
    from bot.officers.chat import serve  # noqa: PLC0415

    facts = keys.load(settings.key_folder, "facts", make=False)
    database = Database(settings.database, officers=True)
    store = settings.store()
    lease = Lease(database, "officers", _locks(settings))
    try:
        await together(
            lambda: while_leased(
                lease, clock, lambda: serve(settings, database, facts, store, clock)
            ),
            lambda: heartbeat.signal(settings.home, "officers"),
        )
    finally:
        await database.close()


async def keys_(settings: Settings) -> None:
    """The shred keys, for processes of other machines; one of these processes owns them, the others
    stand by.
    """
    from bot.keyring import tls  # noqa: PLC0415 - the other roles need none of this
    from bot.keyring.service import KeyService  # noqa: PLC0415

    host, _, port = settings.keys_listen.rpartition(":")
    context, service = tls.context(settings.tls_folder, tls.SERVICE), KeyService(clock)
    database = Database(settings.database)

    async def own() -> None:
        while True:
            with contextlib.closing(await _own_file(settings)) as file:
                owner = KeyOwner(file, database)
                await owning.own(owner, clock)
                service.owner = owner
                try:
                    await owning.serve(owner, clock)
                except NotOwner:
                    log.warning("a lease was lost", kind="keys")
                finally:
                    service.owner = None

    try:
        await together(
            own,
            lambda: service.serve(host, int(port), context),
            lambda: heartbeat.signal(settings.home, "keys"),
        )
    finally:
        await database.close()


async def _own_file(settings: Settings) -> KeyFile:
    """Once the process is gone that owns it now."""
    while True:
        try:
            return shred_keys(settings, owner=True)
        except keys.KeyTaken:
            await asyncio.sleep(STAND_BY_SECONDS)


async def sandbox(settings: Settings) -> None:
    """Our own Telegram on loopback."""
    from bot.operator.practice import TEAM  # noqa: PLC0415 - the bots' processes need none of this
    from bot.process.http_server import bound  # noqa: PLC0415
    from bot.sandbox.server import serve  # noqa: PLC0415
    from bot.sandbox.world import Person, World  # noqa: PLC0415

    listening = bound(f"127.0.0.1:{settings.sandbox_port}", "SANDBOX_PORT")
    world = World(
        settings.home.absolute() / "telegram-files",
        local=settings.telegram_local,
        limits=settings.sandbox_limits,
    )
    for name, token in SANDBOX_TOKENS.items():
        world.add_bot(name, token)
    for one in TEAM:
        world.people[one.account] = Person(one.account, one.call_sign, "en", started={"officers"})
        world.private("officers", one.account)
    await together(lambda: serve(world, listening))


ROLES: dict[str, Callable[[Settings], Awaitable[None]]] = {
    "sandbox": sandbox,
    "witness": witness,
    "files": files,
    "officers": officers,
    "keys": keys_,
}


class Core:
    """What the witness and files processes share; `services` must run beside it."""

    def __init__(
        self, settings: Settings, database: Database, shred: ShredKeys, gate: "Gate"
    ) -> None:
        from bot.channels.telegram import Telegram  # noqa: PLC0415 - see above
        from bot.language.languages import own_name  # noqa: PLC0415
        from bot.witness.converse import Converse  # noqa: PLC0415
        from bot.witness.return_words import Returning  # noqa: PLC0415
        from conversations.flows import Flows  # noqa: PLC0415

        self.database, self.shred = database, shred
        self._locks = _locks(settings)
        self.master = keys.load(settings.key_folder, "master", make=False)
        self.facts = keys.load(settings.key_folder, "facts", make=False)
        self.appeal = appeals.load(settings.appeal, live=settings.mode == "live")
        default = self.appeal.languages[0]
        largest = OWN_SERVER if settings.telegram_local else CLOUD
        self.words = Words(
            "witness",
            self.appeal.phrases,
            default,
            keeps=self.appeal.keep_versions,
            largest=largest,
        )
        self.officers_words = Words(
            "witness", self.appeal.phrases, "en", keeps=self.appeal.keep_versions
        )
        self.queues = Queues(database, shred)
        self.vault = Vault(settings.store(), database)
        self.writer = Writer(database, shred, clock)
        names = {language: own_name(language) for language in self.appeal.languages}
        flows = Flows(names, keeps=self.appeal.keep_versions)
        returning = Returning(self.master, time.monotonic)
        self.converse = Converse(self.writer, self.master, self.words, gate, returning, flows)
        token = settings.witness_bot_token.get_secret_value()
        self.channel = Telegram(
            WITNESS_BOT,
            token,
            settings.telegram_api,
            local=settings.telegram_local,
            folder=settings.telegram_files,
        )

    @classmethod
    async def open(cls, settings: Settings, stack: AsyncExitStack, *, owner: bool) -> "Core":
        """`owner`: of the shred keys, where they lie on this machine."""
        database = Database(settings.database)
        stack.push_async_callback(database.close)
        shred = await _shred_keys(settings, database, stack, owner=owner)
        core = cls(settings, database, shred, _gate(settings, database, stack))
        stack.push_async_callback(core.channel.close)
        return core

    @property
    def services(self) -> list[Service]:
        owner = self.shred
        kept = [lambda: owning.serve(owner, clock)] if isinstance(owner, KeyOwner) else []
        return [self.writer.serve, *kept, *([] if self.database.is_sqlite else [self._overhear])]

    async def alone(self, name: str, service: Service) -> None:
        """Run what only one process of all may, whenever this is the one."""
        await while_leased(Lease(self.database, name, self._locks), clock, service)

    async def _overhear(self) -> None:
        """What other processes commit is to be delivered, too."""
        while True:
            await self.database.woken(LISTENED_SECONDS)
            self.writer.committed.set()


def _fresh_one_would_start() -> Callable[[], Awaitable[bool]]:
    """Tells whether a process that is started now would run, and what this one runs: an upgrade
    waits for a restart.
    """
    program = _program()

    async def passes() -> bool:
        if _program() != program:
            log.warning("the program on the disk is another one; restart firsthand")
            return False
        try:
            await check_ready(config.read("witness"), again=True)
        except (Misconfigured, Refused) as no:
            log.error(
                "a fresh process would be refused its start, and this one goes on",
                error=type(no).__name__,
            )
            return False
        return True

    return passes


def _program() -> int:
    """When the newest part of the program was written."""
    parts = (
        path
        for folder in ("bot", "conversations", "locales", "storage")
        for path in (ROOT / folder).rglob("*")
    )
    return max(path.stat().st_mtime_ns for path in parts if path.suffix in (".py", ".po"))


def _locks(settings: Settings) -> Path:
    """The folder where this machine's processes keep each other out: beside the database, where
    that is a file.
    """
    file = make_url(settings.database).database if settings.database.startswith("sqlite") else None
    return (Path(file).parent if file else settings.home) / "leases"


async def _shred_keys(
    settings: Settings, database: Database, stack: AsyncExitStack, *, owner: bool
) -> ShredKeys:
    """Where they are: with a service, or in a file of this machine, owned or only read."""
    if settings.key_services:
        from bot.keyring import tls  # noqa: PLC0415 - see above
        from bot.keyring.client import KeyClient  # noqa: PLC0415

        context = tls.context(settings.tls_folder, "witness" if owner else "files")
        client = KeyClient(settings.key_services, context, takes=owner)
        stack.push_async_callback(client.close)
        return client
    try:
        file = shred_keys(settings, owner=owner)
    except keys.KeyTaken:
        raise Misconfigured(
            "FIRSTHAND_KEYS: another process owns these shred keys; to run several witness "
            "processes, see FIRSTHAND_KEYS_SERVICE in the operator's guide"
        ) from None
    stack.callback(file.close)
    if not owner:
        return KeyReader(file)
    mine = KeyOwner(file, database)
    await owning.own(mine, clock)
    return mine


def _gate(settings: Settings, database: Database, stack: AsyncExitStack) -> "Gate":
    from bot.witness.delivery_gate import OwnGate, SharedGate  # noqa: PLC0415 - see above
    from storage.locks import Locks  # noqa: PLC0415

    if database.is_sqlite:
        return OwnGate()
    holding, looking = Locks(database), Locks(database)
    stack.push_async_callback(holding.close)
    stack.push_async_callback(looking.close)
    return SharedGate(holding, looking, keys.load(settings.key_folder, "master", make=False))


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
