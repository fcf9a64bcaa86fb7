"""Pushing updates to webhooks as the Bot API server does: several at once, those of one chat one
after the other.

A message of a chat and a press in it are two queues (WebhookQueryActor and `webhook_queue_id` in
https://github.com/tdlib/telegram-bot-api). What is not answered 2xx comes again.
"""

import asyncio
from typing import Any, Final

import httpx

from bot.sandbox.world import BotAccount, World

Json = dict[str, Any]
PATIENCE: Final = 10
AGAIN_SECONDS: Final = 0.05
IDLE_SECONDS: Final = 0.01
CONNECTIONS: Final = 40
"""What setWebhook says of max_connections (https://core.telegram.org/bots/api#setwebhook)."""


async def push(world: World) -> None:
    """Until cancelled."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client, asyncio.TaskGroup() as tasks:
        busy: dict[str, set[str]] = {}
        while True:
            for bot in world.bots.values():
                _begin(client, tasks, bot, busy.setdefault(bot.name, set()))
            await asyncio.sleep(IDLE_SECONDS)


def _begin(
    client: httpx.AsyncClient, tasks: asyncio.TaskGroup, bot: BotAccount, busy: set[str]
) -> None:
    """Push the oldest update of each queue that has none under way."""
    if bot.webhook is None:
        return
    for update in bot.updates:
        if len(busy) >= bot.webhook["max_connections"]:
            return
        if (queue := _queue(update)) not in busy:
            busy.add(queue)
            tasks.create_task(_push(client, bot, update, queue, busy))


async def _push(
    client: httpx.AsyncClient, bot: BotAccount, update: Json, queue: str, busy: set[str]
) -> None:
    try:
        if bot.webhook is not None and await _taken(client, bot.webhook, update):
            bot.updates = [u for u in bot.updates if u is not update]
        else:
            await asyncio.sleep(AGAIN_SECONDS)
    finally:
        busy.discard(queue)


async def _taken(client: httpx.AsyncClient, webhook: Json, update: Json) -> bool:
    headers = {"X-Telegram-Bot-Api-Secret-Token": webhook["secret_token"]}
    try:
        return (await client.post(webhook["url"], json=update, headers=headers)).is_success
    except httpx.HTTPError:
        return False


def _queue(update: Json) -> str:
    if "callback_query" in update:
        return f"press {update['callback_query']['from']['id']}"
    inside: Json = next((value for name, value in update.items() if name != "update_id"), {})
    return f"chat {inside.get('chat', {}).get('id')}"
