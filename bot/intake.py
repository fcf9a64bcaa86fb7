"""From a channel into the database: a batch is accepted only when everything in it is durable."""

import asyncio

import structlog

from bot.channels.port import Channel
from bot.converse import Converse
from bot.drill import here
from bot.logs import where

log = structlog.get_logger()


async def intake(channel: Channel, converse: Converse) -> None:
    """Take in until cancelled. What cannot be stored is not accepted, so that the channel sends it again."""
    async for batch in channel.receive():
        try:
            await converse.take(channel.name, batch.items)
        except Exception as failure:  # noqa: BLE001 - the database is away or the disk full: ask again
            log.error("intake waits", error=where(failure))
            await asyncio.sleep(1)
            continue
        here("after commit")
        await batch.accept()
