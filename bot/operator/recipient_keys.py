"""Whose keys referrals are sealed to: entered, shown to be held, taken out."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.errors import Refused
from bot.operator.opened_installation import enter_in_ledger, opened_installation
from bot.settings import Settings
from storage import age, officers, recipients
from storage.recipients import Holder


async def add_recipient(settings: Settings, recipient: str, officer: str, challenge: Path) -> str:
    """Enter a pending recipient and write its challenge; returns the fingerprint. Raises
    Refused.
    """
    async with opened_installation(settings) as (connection, facts, now):
        holder = await officers.by_call_sign(connection, facts, officer) if officer else None
        if officer and (holder is None or holder.state == "removed"):
            raise Refused(
                f"no officer is called {officer}; first: firsthand officer invite {officer}"
            )
        if await asyncio.to_thread(challenge.exists):
            raise Refused(
                f"{challenge} is there already, and may be another key's; choose another with "
                "--challenge"
            )
        key = recipient.strip().lower()
        _refuse_anothers(key, officer, await recipients.every(connection))
        try:
            fingerprint, sealed = await recipients.add(
                connection, key, holder.id if holder else None
            )
        except recipients.AlreadyActive:
            raise Refused("this key is active already; see firsthand recipient list") from None
        except age.NotAKey:
            raise Refused(
                "that is no age public key; one begins with age1 and is 62 characters long"
            ) from None
        await enter_in_ledger(connection, "recipient entered", fingerprint, now)
    await asyncio.to_thread(challenge.write_bytes, sealed)
    return fingerprint


def _refuse_anothers(key: str, officer: str, known: Sequence[Holder]) -> None:
    """A key is one person's: who holds it does not change unseen. Raises Refused."""
    if key.startswith("age-secret-key-"):
        raise Refused(
            "that is the private half: whoever has seen it can open everything sealed to it. "
            "Destroy it, make a new one, and give the line that begins with age1"
        )
    for holder in known:
        theirs = holder.recipient == key and holder.state not in ("removed", "replaced")
        if theirs and holder.call_sign != (officer or "team"):
            raise Refused(
                f"this key is entered for {holder.call_sign} already; firsthand recipient remove "
                f"{holder.fingerprint} first, if it is not theirs"
            )


async def answer(settings: Settings, fingerprint: str, code: str) -> None:
    """Activate a recipient. Raises Refused."""
    plain = fingerprint.replace(" ", "").lower()
    async with opened_installation(settings) as (connection, _, now):
        known = {h.fingerprint: h for h in await recipients.every(connection)}
        if plain not in known:
            raise Refused(
                f"no key of that fingerprint was entered: {fingerprint}; see firsthand recipient "
                "list"
            )
        if known[plain].state == "active":
            raise Refused("this key is active already")
        if not await recipients.answer(connection, plain, code):
            raise Refused(
                "that code does not open this key's challenge; add the key again for a new one"
            )
        await enter_in_ledger(connection, "recipient active", fingerprint, now)


async def remove_recipient(settings: Settings, fingerprint: str) -> None:
    """Seal nothing new to a key. Raises Refused."""
    plain = fingerprint.replace(" ", "").lower()
    async with opened_installation(settings) as (connection, _, now):
        if not await recipients.remove(connection, plain):
            raise Refused(
                f"no key of that fingerprint is in use: {fingerprint}; see firsthand recipient list"
            )
        await enter_in_ledger(connection, "recipient removed", plain, now)


async def list_recipients(settings: Settings) -> list[tuple[str, str, str, str]]:
    async with opened_installation(settings) as (connection, _, _now):
        return [
            (h.fingerprint, h.call_sign, h.role, _state(h))
            for h in await recipients.every(connection)
        ]


def _state(holder: Holder) -> str:
    waits = holder.state == "active" and holder.officer_state not in ("", "active")
    return "answered, waits until its officer is confirmed" if waits else holder.state
