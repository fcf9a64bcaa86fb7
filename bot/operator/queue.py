"""The queue as far as the server can read it, and what was set aside."""

from collections.abc import Sequence
from pathlib import Path

from bot.errors import Refused
from bot.language.languages import english_name
from bot.officers import packing
from bot.officers.access import may
from bot.operator.opened_installation import opened_installation
from bot.referral import reference as references
from bot.referral.times import iso_time, readable_hour
from bot.settings import Settings
from storage import ledger, officers, quarantine, referrals
from storage.ledger import Entry
from storage.store import Missing


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
    """Write a package and enter the hand-out. Raises Refused."""
    reference = reference_of(typed)
    if not by:
        raise Refused("say whom it is for: --by CALLSIGN; every hand-out is in the custody ledger")
    async with opened_installation(settings) as (connection, facts, now):
        officer = await officers.by_call_sign(connection, facts, by)
        referral = await referrals.get(connection, reference, facts)
        if officer is None or officer.state != "active" or not may(officer.role, "package"):
            raise Refused(
                f"{by} is no enrolled officer who may have packages; see firsthand officer list"
            )
        if referral is None:
            raise Refused(f"no referral {reference} is here")
        held = await packing.contents(connection, reference)
    target = folder / f"{reference}.tar"
    unfinished = target.with_suffix(".part")
    try:
        await packing.write_tar(held, settings.store(), unfinished)
    except Missing:
        unfinished.unlink(missing_ok=True)
        raise Refused(
            f"a file of {reference} is not in the vault, so that nothing is handed out; firsthand "
            "doctor"
        ) from None
    async with opened_installation(settings) as (connection, _, now):
        details = {"at": iso_time(now), "call_sign": by, "way": "command line"}
        entry = Entry("package handed out", f"officer {officer.id}", reference, details)
        await ledger.append(
            connection, reference, [entry], hour=now // 3600, recipient=referral.account_recipient
        )
    unfinished.rename(target)
    return target


def reference_of(typed: str) -> str:
    """As references are written. Raises Refused."""
    found = references.read(typed)
    if found is None:
        raise Refused(f"{typed} is no reference; one looks like 7K3M-9QXW-WK")
    return found
