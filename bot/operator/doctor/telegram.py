"""Telegram: whether it answers, knows the bots, delivers to us, and lets the officers' bot post."""

import email.utils
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import httpx

from bot.clock import clock
from bot.operator.doctor.finding import Finding
from bot.settings import Settings

SKEW_SECONDS: Final = 60
BACKLOG: Final = 1000
WITNESS, OFFICERS = "witness_bot_token", "officers_bot_token"
TOKENS: Final = {
    "": (WITNESS, OFFICERS),
    "witness": (WITNESS,),
    "files": (WITNESS,),
    "officers": (OFFICERS,),
}
"""By what the machine runs; "" is everything."""


async def examine(settings: Settings, role: str = "") -> AsyncIterator[Finding]:
    async with httpx.AsyncClient(timeout=10) as client:
        bots: dict[str, dict[str, Any]] = {}
        for name in TOKENS[role]:
            token = getattr(settings, name).get_secret_value()
            try:
                answer = await client.get(f"{settings.telegram_api}/bot{token}/getMe")
            except httpx.HTTPError:
                yield _nobody(settings)
                return
            if answer.is_success:
                bots[name] = answer.json()["result"]
            for finding in _refused(answer, name):
                yield finding
        for finding in _clock(answer):
            yield finding
        tokens = {getattr(settings, name).get_secret_value() for name in TOKENS[role]}
        if not role and len(tokens) == 1:
            yield Finding(
                "Both bots have the same token.",
                "Make a second bot at @BotFather: officers need their own.",
            )
            return
        if bots.get(WITNESS, {}).get("has_topics_enabled"):
            yield Finding(
                "The witness's bot has topics in private chats.",
                "Turn them off at @BotFather: our answers stand outside a topic, where nobody "
                "looks.",
            )
        for name in bots:
            async for finding in _delivery(client, settings, name):
                yield finding
        if OFFICERS in bots:
            async for finding in _channel(client, settings, int(bots[OFFICERS]["id"])):
                yield finding


def _nobody(settings: Settings) -> Finding:
    sandbox = settings.mode == "sandbox"
    start = "Start the sandbox with firsthand run, or see" if sandbox else "See"
    return Finding(
        f"Nothing answers at {settings.telegram_api}.",
        f"{start} that FIRSTHAND_TELEGRAM_API can be reached from here.",
    )


def _refused(answer: httpx.Response, name: str) -> Iterator[Finding]:
    setting = f"FIRSTHAND_{name.upper()}"
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        yield Finding(
            f"Telegram does not know the token in {setting}.", "Copy it again from @BotFather."
        )
    elif not answer.is_success and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
        yield Finding(  # that one passes
            f"Telegram answers {answer.status_code} to the bot of {setting}.",
            "Wait a while; if it stays so, see FIRSTHAND_TELEGRAM_API, and what is before it.",
        )


def _clock(answer: httpx.Response) -> list[Finding]:
    said = (
        email.utils.parsedate_to_datetime(answer.headers["date"])
        if "date" in answer.headers
        else None
    )
    skew = abs(said.timestamp() - clock()) if said else 0
    if skew <= SKEW_SECONDS:
        return []
    remedy = "Set it, and keep it set with NTP: the custody ledger is only as good as its hours."
    return [Finding(f"This machine's clock is {skew:.0f} seconds from Telegram's.", remedy)]


async def _delivery(
    client: httpx.AsyncClient, settings: Settings, name: str
) -> AsyncIterator[Finding]:
    info = await _ask(client, settings, name, "getWebhookInfo")
    which = name.removesuffix("_bot_token")
    ours = settings.webhook_url if which == "witness" else ""
    if info.get("url") and info["url"] != ours:
        remedy = "Take it away (deleteWebhook), or stop the other program that uses this bot."
        yield Finding(f"The {which} bot has a webhook elsewhere: nothing arrives here.", remedy)
    if int(info.get("pending_update_count") or 0) > BACKLOG:
        remedy = (
            "See that firsthand run is running, and its log; Telegram keeps what waits for 24 "
            "hours."
        )
        yield Finding(
            f"{info['pending_update_count']} messages wait at Telegram for the {which} bot.", remedy
        )


async def _channel(
    client: httpx.AsyncClient, settings: Settings, bot: int
) -> AsyncIterator[Finding]:
    """Whether the officers' bot is in its channel and may post there."""
    chat = {"chat_id": settings.officers_channel}
    found = await _ask(client, settings, OFFICERS, "getChat", **chat)
    if not found:
        remedy = (
            "Make the officers' bot an administrator there, and set FIRSTHAND_OFFICERS_CHANNEL to "
            "the channel's id."
        )
        yield Finding("The officers' bot is not in FIRSTHAND_OFFICERS_CHANNEL.", remedy)
        return
    if found.get("username"):
        remedy = "Make the channel private in its settings: cards are for officers only."
        yield Finding("The officers' channel is public.", remedy)
    member = await _ask(client, settings, OFFICERS, "getChatMember", **chat, user_id=bot)
    if member.get("status") != "administrator" or member.get("can_post_messages") is False:
        remedy = "Make it an administrator of the channel that may post messages."
        yield Finding(
            "The officers' bot may not post in its channel: no card is shown to anybody.", remedy
        )


async def _ask(
    client: httpx.AsyncClient, settings: Settings, name: str, method: str, **params: int
) -> dict[str, Any]:
    """The result of a call, or nothing where it was refused."""
    token = getattr(settings, name).get_secret_value()
    try:
        answer = await client.get(f"{settings.telegram_api}/bot{token}/{method}", params=params)
    except httpx.HTTPError:
        return {}
    result: dict[str, Any] = answer.json()["result"] if answer.is_success else {}
    return result
