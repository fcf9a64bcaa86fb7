"""The queue as far as the server can read it, and what was set aside."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.clock import clock
from bot.custody.signing import sign_if_alone
from bot.errors import Refused
from bot.language.languages import english_name
from bot.officers import hand_out, packing
from bot.officers.access import may
from bot.officers.packing import Contents
from bot.officers.recipients import opens_for
from bot.operator.open_database import opened_database
from bot.operator.opened_installation import opened_installation
from bot.referral import reference as references
from bot.referral.times import iso_time, readable_hour
from bot.settings import Settings
from storage import ledger, officers, quarantine, referrals
from storage.connection import Connection
from storage.database import Database
from storage.keys import Box
from storage.store import Missing, Store

HEAD_TRIES: Final = 30
HEAD_SECONDS: Final = 0.5


async def list_quarantine(settings: Settings) -> list[tuple[str, str, str]]:
    """What is set aside: its number, the hour, the class of the error. Of what it says nothing is
    shown.
    """
    async with opened_installation(settings) as (connection, _, _now):
        return [
            (str(item.id), readable_hour(item.hour), item.why)
            for item in await quarantine.every(connection)
        ]


async def try_again(settings: Settings, ids: Sequence[int]) -> int:
    """Ask for these, or for all, to be tried again; returns how many. Raises Refused."""
    async with opened_installation(settings) as (connection, _, _now):
        there = [item.id for item in await quarantine.every(connection)]
        for id_ in ids:
            if id_ not in there:
                raise Refused(
                    f"nothing of the number {id_} is set aside; see firsthand quarantine list"
                )
        await quarantine.ask_again(connection, ids or there)
    return len(ids or there)


async def list_referrals(
    settings: Settings, status: str | None, most: int
) -> list[tuple[str, ...]]:
    async with opened_installation(settings) as (connection, facts, _):
        names = {o.id: o.call_sign for o in await officers.every(connection, facts)}
        found = await referrals.every(connection, facts, most=most, status=status)
        return [
            (
                r.reference,
                r.status,
                readable_hour(r.hour),
                english_name(str(r.facts["language"])),
                str(r.facts["incidents"]),
                str(r.facts["exhibits"]),
                names.get(r.officer or 0, ""),
            )
            for r in found
        ]


async def show(settings: Settings, typed: str) -> list[str]:
    """Lines about one referral. Raises Refused."""
    reference = reference_of(typed)
    async with opened_installation(settings) as (connection, facts, _):
        referral = await referrals.get(connection, reference, facts)
        if referral is None:
            raise Refused(f"no referral {reference} is here")
        known = [
            f"{name}: {value}"
            for name, value in sorted(referral.facts.items())
            if value not in ("", [], False)
        ]
        pieces = await referrals.pieces(connection, reference)
        sealed = [f"    {p.path}  {p.size:,} bytes" for p in pieces]
        lines = [f"    {line.decode()}" for line in await ledger.lines(connection, reference)]
    head = [f"{reference}: {referral.status}, received {readable_hour(referral.hour)}"]
    return [*head, *known, "sealed pieces:", *sealed, "custody:", *lines]


async def write_package(settings: Settings, typed: str, folder: Path, by: str) -> Path:
    """Enter the hand-out, and write the package once the custody log is signed. Raises Refused."""
    reference = reference_of(typed)
    if not by:
        raise Refused("say whom it is for: --by CALLSIGN; every hand-out is in the custody ledger")
    async with opened_installation(settings) as (connection, facts, now):
        referral = await referrals.get(connection, reference, facts)
        await _require_holder(connection, facts, by, reference)
        if referral is None:
            raise Refused(f"no referral {reference} is here")
        await _require_files(connection, settings.store(), reference)
        details: dict[str, str | int] = {"at": iso_time(now), "for": by, "way": "command line"}
        line, pieces = await hand_out.enter(
            connection, referral, "operator", details, hour=now // 3600
        )
    async with opened_database(settings) as database:
        held = await _signed(settings, database, reference, line, pieces)
    target = folder / f"{reference}.tar"
    unfinished = target.with_suffix(".part")
    try:
        await packing.write_tar(held, settings.store(), unfinished)
    except Missing:
        unfinished.unlink(missing_ok=True)
        raise Refused(_gone(reference)) from None
    unfinished.rename(target)
    return target


async def _require_holder(
    connection: Connection, facts: Box, call_sign: str, reference: str
) -> None:
    """Whoever it is for may have packages, and opens this one. Raises Refused."""
    officer = await officers.by_call_sign(connection, facts, call_sign)
    if officer is None or officer.state != "active" or not may(officer.role, "package"):
        raise Refused(
            f"{call_sign} is no enrolled officer who may have packages; see firsthand officer list"
        )
    holders = await opens_for(connection, reference, "keys")
    if holders and call_sign not in holders:
        raise Refused(
            f"{reference} is not sealed to a key of {call_sign}; it opens for "
            f"{', '.join(holders)}, who can seal it to a colleague: firsthand reseal --help"
        )


async def _require_files(connection: Connection, store: Store, reference: str) -> None:
    """Before the hand-out is entered: every file is in the vault, in its size. Raises Refused."""
    for piece in await referrals.pieces(connection, reference):
        if piece.object is not None and await store.size(piece.object) != piece.size:
            raise Refused(_gone(reference))


def _gone(reference: str) -> str:
    return (
        f"a file of {reference} is not in the vault, so that nothing is handed out; firsthand "
        "doctor"
    )


async def _signed(
    settings: Settings, database: Database, reference: str, line: int, pieces: str
) -> Contents:
    """The package, once the custody process has signed, or this one where none runs. Raises
    Refused.
    """
    for _ in range(HEAD_TRIES):
        async with database.reading() as connection:
            held = await packing.contents(connection, reference, line)
        if held is not None:
            packing.check(held, pieces)
            return held
        await sign_if_alone(database, settings.key_folder, settings.lock_folder, clock)
        await asyncio.sleep(HEAD_SECONDS)
    raise Refused(
        f"the hand-out of {reference} is entered, and no head of the custody log was signed over "
        "it: see that the custody process runs, and ask again"
    )


def reference_of(typed: str) -> str:
    """As references are written. Raises Refused."""
    found = references.read(typed)
    if found is None:
        raise Refused(f"{typed} is no reference; one looks like 7K3M-9QXW-WK")
    return found
