"""The composition root: the only place that knows both sides; a function a role, until stopped."""

import asyncio
import contextlib
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import structlog

from bot.clock import clock
from bot.core import WITNESS_BOT, Core, Service, start_check
from bot.keyring import owning
from bot.operator.server_keys import shred_keys
from bot.process import heartbeat
from bot.process.handover import handed_over
from bot.process.http_server import bind_socket
from bot.process.leasing import run_while_leased
from bot.process.together import run_together
from bot.settings import Settings
from storage import keys
from storage.database import Database
from storage.key_file import KeyFile
from storage.key_owner import KeyOwner
from storage.leases import Lease
from storage.outbox import Outbox
from storage.shredding import NotOwner

if TYPE_CHECKING:
    from bot.witness.deliver import Delivery
    from bot.witness.duties import Duties
    from bot.witness.intake import Behind

log = structlog.get_logger()
STAND_BY_SECONDS = 0.5
LONGEST_FETCH_SECONDS, LONGEST_DELIVERY_SECONDS = 1800, 60
"""What is on its way is not broken off for a fresh process: a large file, a message of several
parts.
"""


async def witness(settings: Settings) -> None:
    """Intake and delivery of the witnesses' Telegram, and everything that falls due."""
    # aiogram takes seconds to import; only who needs it pays
    from bot.witness.bot_profile import introduce, introductions  # noqa: PLC0415
    from bot.witness.duties import KINDS  # noqa: PLC0415
    from bot.witness.expiry import Expiry  # noqa: PLC0415
    from bot.witness.intake import Behind  # noqa: PLC0415

    async with AsyncExitStack() as stack:
        core = await Core.open(settings, stack, owner=True)
        if isinstance(core.shred, KeyOwner):
            # beside the owner of the shred keys no other process does these
            await core.queues.release(KINDS)
        delivery, duties, behind = _delivery(settings, core), _duties(settings, core), Behind(clock)
        draft_days = core.appeal.draft_days
        sweep = Expiry(core.database, core.vault, core.writer, core.converse, draft_days, clock)
        known = introductions(core.appeal, core.translator)
        # a refusal changes nothing else
        introducing = asyncio.create_task(introduce(core.channel, known))
        stack.callback(introducing.cancel)
        renewing = core.converse.renewing
        renewing.busy, renewing.quiet_seconds = lambda: delivery.busy, LONGEST_DELIVERY_SECONDS
        renewing.passes = start_check()
        stack.enter_context(handed_over(tries=core.converse.returning, steady=sweep))
        await run_together(
            *core.services,
            renewing.serve,
            duties.serve,
            lambda: core.alone("sweep", sweep.serve),
            lambda: core.alone(f"deliver:{WITNESS_BOT}", delivery.serve),
            lambda: heartbeat.beat(settings.home, "witness", behind.seconds, lambda: renewing.over),
            *await _intake(settings, core, behind),
        )


def _delivery(settings: Settings, core: Core) -> "Delivery":
    from bot.process.rate_limit import RateLimit  # noqa: PLC0415 - see above
    from bot.witness.deliver import Delivery  # noqa: PLC0415

    return Delivery(
        core.channel,
        core.translator,
        core.master,
        Outbox(core.database, core.shred, core.channel.name, core.writer.recent),
        core.writer,
        core.converse.gate,
        RateLimit(asyncio.get_running_loop().time, settings.send_overall, settings.send_chat),
    )


def _duties(settings: Settings, core: Core) -> "Duties":
    from bot.witness.duties import Duties  # noqa: PLC0415 - see above
    from bot.witness.submitting import Submitting  # noqa: PLC0415
    from storage.gazetteer.search import Gazetteer  # noqa: PLC0415
    from storage.keys import installation  # noqa: PLC0415

    filing = Submitting(
        core.database,
        core.writer,
        core.converse,
        core.queues,
        core.facts,
        core.officers_translator,
        core.appeal.id,
        installation(settings.key_folder, make=False),
        clock,
    )
    return Duties(
        {core.channel.name: core.channel},
        core.database,
        core.master,
        core.queues,
        core.writer,
        core.converse,
        filing,
        Gazetteer() if core.appeal.settlements else None,
        clock,
    )


async def _intake(settings: Settings, core: "Core", behind: "Behind") -> list[Service]:
    """Updates are asked for, by one process, or pushed to any."""
    from bot.channels.webhook import Webhook, ask_for_pushes  # noqa: PLC0415 - see above
    from bot.witness.intake import intake  # noqa: PLC0415
    from bot.witness.taking import Taking  # noqa: PLC0415

    channel, taking = core.channel, Taking(core.converse)
    if not settings.webhook_url:
        return [
            lambda: core.alone(
                f"ask:{WITNESS_BOT}",
                lambda: intake(channel.name, channel.receive(), taking, behind),
            )
        ]
    secret = settings.webhook_secret.get_secret_value()
    hook = Webhook(bind_socket(settings.webhook_listen, "WEBHOOK_LISTEN"), secret, channel.read)
    return [
        hook.serve,
        lambda: ask_for_pushes(lambda: channel.push_to(settings.webhook_url, secret)),
        lambda: intake(channel.name, hook.receive(), taking, behind),
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
        renewing.passes = start_check()
        stack.enter_context(handed_over(quota=quota))
        await run_together(
            *core.services,
            renewing.serve,
            fetching.serve,
            lambda: heartbeat.beat(settings.home, "files", renewed=lambda: renewing.over),
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
    lease = Lease(database, "officers", settings.lock_folder)
    try:
        await run_together(
            lambda: run_while_leased(
                lease, clock, lambda: serve(settings, database, facts, store, clock)
            ),
            lambda: heartbeat.beat(settings.home, "officers"),
        )
    finally:
        await database.close()


async def keys_service(settings: Settings) -> None:
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
        await run_together(
            own,
            lambda: service.serve(host, int(port), context),
            lambda: heartbeat.beat(settings.home, "keys"),
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
