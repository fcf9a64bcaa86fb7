"""What the processes that hold witnesses' keys share, and how any of them ends."""

import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import structlog

from bot import appeal as appeals
from bot import config
from bot.clock import clock
from bot.errors import Misconfigured, Refused
from bot.keyring import owning
from bot.language.translate import Translator
from bot.logs import ROOT
from bot.operator.readiness import check_ready
from bot.operator.server_keys import shred_keys
from bot.process.leasing import run_while_leased
from bot.settings import Settings
from storage import keys
from storage.database import Database
from storage.key_owner import KeyOwner
from storage.leases import Lease
from storage.queues import Queues
from storage.shredding import KeyReader, ShredKeys
from storage.vault import Vault
from storage.writer import Writer

if TYPE_CHECKING:
    from bot.witness.delivery_gate import Gate


WITNESS_BOT = "telegram"
log = structlog.get_logger()
LISTENED_SECONDS = 60
Service = Callable[[], Awaitable[None]]


class Core:
    """What the witness and files processes share; `services` must run beside it."""

    def __init__(
        self, settings: Settings, database: Database, shred: ShredKeys, gate: "Gate"
    ) -> None:
        from bot.channels.telegram import Telegram  # noqa: PLC0415 - who does not need it waits for none
        from bot.witness.converse import Converse  # noqa: PLC0415
        from bot.witness.return_words import Returning  # noqa: PLC0415

        self.database, self.shred = database, shred
        self._locks = settings.lock_folder
        self.master = keys.load(settings.key_folder, "master", make=False)
        self.facts = keys.load(settings.key_folder, "facts", make=False)
        self.appeal = appeals.load(settings.appeal, live=settings.mode == "live")
        token = settings.witness_bot_token.get_secret_value()
        self.channel = Telegram(
            WITNESS_BOT,
            token,
            settings.telegram_api,
            local=settings.telegram_local,
            folder=settings.telegram_files,
        )
        self.translator = self._translator(self.appeal.languages[0])
        self.officers_translator = self._translator("en")
        self.queues = Queues(database, shred)
        self.vault = Vault(settings.store(), database)
        self.writer = Writer(database, shred, clock)
        flows = self.appeal.flows()
        returning = Returning(self.master, time.monotonic)
        self.converse = Converse(self.writer, self.master, self.translator, gate, returning, flows)

    def _translator(self, default: str) -> Translator:
        """Says texts as this appeal and this channel have them; `default`: where no language is
        known.
        """
        return Translator(
            "witness",
            self.appeal.phrases,
            default,
            keeps=self.appeal.keep_versions,
            largest=self.channel.limits.file,
            channel=self.channel.sentences,
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
        await run_while_leased(Lease(self.database, name, self._locks), clock, service)

    async def _overhear(self) -> None:
        """What other processes commit is to be delivered, too."""
        while True:
            await self.database.woken(LISTENED_SECONDS)
            self.writer.note_said()


def start_check() -> Callable[[], Awaitable[bool]]:
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


async def _shred_keys(
    settings: Settings, database: Database, stack: AsyncExitStack, *, owner: bool
) -> ShredKeys:
    """Where they are: with a service, or in a file of this machine, owned or only read."""
    if settings.key_services:
        from bot.keyring import tls  # noqa: PLC0415 - who does not need it waits for none
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
    from bot.witness.delivery_gate import OwnGate, SharedGate  # noqa: PLC0415 - who does not need it waits for none
    from storage.locks import Locks  # noqa: PLC0415

    if database.is_sqlite:
        return OwnGate()
    holding, looking = Locks(database), Locks(database)
    stack.push_async_callback(holding.close)
    stack.push_async_callback(looking.close)
    return SharedGate(holding, looking, keys.load(settings.key_folder, "master", make=False))
