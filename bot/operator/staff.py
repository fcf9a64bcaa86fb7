"""What the operator does from the command line: officers, recipients, the queue."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import clock
from bot.errors import Refused
from bot.language.languages import english_name
from bot.officers import packing
from bot.officers.access import ROLES, may
from bot.officers.enrolment import decide
from bot.operator.installation import make_installation, require_installation
from bot.referral import reference as references
from bot.referral.times import hour, when
from bot.settings import Settings
from storage import age, keys, ledger, officers, posts, quarantine, recipients, referrals
from storage.database import Database
from storage.keys import Box
from storage.ledger import INSTALLATION, Entry
from storage.recipients import Holder
from storage.store import Missing

CALL_SIGN_MOST = 40
log = structlog.get_logger()


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[tuple[AsyncConnection, Box, int]]:
    """One transaction on the installation's database, brought up to this release. Raises Refused
    where there is none: in a mistaken folder nobody is enrolled.
    """
    # not what a start refuses: recipients are entered here, before there are any
    await require_installation(settings)
    await make_installation(settings)
    facts = keys.load(settings.key_folder, "facts", make=False)
    database = Database(settings.database)
    try:
        async with database.writing() as connection:
            yield connection, facts, int(clock())
    finally:
        await database.close()


async def _enter(connection: AsyncConnection, kind: str, subject: str, now: int) -> None:
    entry = Entry(kind, "operator", subject)
    await ledger.append(connection, INSTALLATION, [entry], hour=now // 3600, recipient=None)


async def invite(settings: Settings, call_sign: str, role: str) -> str:
    """Invite an officer; returns the one-time code. Raises Refused."""
    if role not in ROLES:
        raise Refused(f"{role} is no role; roles are {', '.join(ROLES)}")
    if not 1 <= len(call_sign.strip()) <= CALL_SIGN_MOST or call_sign.strip().casefold() == "team":
        raise Refused(
            f'a call sign has one to {CALL_SIGN_MOST} characters, and is not "team"; '
            "for example Heron"
        )
    async with _open(settings) as (connection, _, now):
        try:
            code = await officers.invite(connection, call_sign, role, hour=now // 3600)
        except officers.CallSignTaken:
            raise Refused(
                f"{call_sign} is taken; choose another call sign, or remove that officer first"
            ) from None
        await _enter(connection, "officer invited", role, now)
    return code


async def confirm(settings: Settings, call_sign: str, check: str) -> None:
    """Confirm a waiting officer. Raises Refused."""
    async with _open(settings) as (connection, facts, now):
        officer = await officers.by_call_sign(connection, facts, call_sign)
        if officer is None or officer.state != "waiting":
            raise Refused(
                f"{call_sign} is not waiting: they must send their invite to the officers' bot "
                "first"
            )
        if officer.check != check.strip():
            raise Refused(
                "that is not the number the officers' bot showed them; ask them again, by voice"
            )
        await decide(connection, facts, officer.id, "operator", now=now, confirmed=True)


async def remove(settings: Settings, call_sign: str) -> list[str]:
    """Take an officer out; returns the references that went back to the queue. Raises Refused."""
    async with _open(settings) as (connection, facts, now):
        officer = await officers.by_call_sign(connection, facts, call_sign)
        if officer is None or not await officers.remove(connection, call_sign):
            raise Refused(f"nobody is called {call_sign}; see firsthand officer list")
        await _enter(connection, "officer removed", f"officer {officer.id}", now)
        held = await referrals.held_by(connection, facts, officer.id)
        for referral in held:
            await referrals.hand_back(connection, referral.reference, officer.id)
            entry = Entry(
                "handed back",
                "operator",
                referral.reference,
                {"at": when(now), "because": "removed"},
            )
            log, key = referral.reference, referral.account_recipient
            await ledger.append(connection, log, [entry], hour=now // 3600, recipient=key)
            await posts.add(connection, facts, "card", referral=referral.reference)
        return [referral.reference for referral in held]


async def officers_rows(connection: AsyncConnection, facts: Box) -> list[tuple[str, str, str]]:
    words = {"invited": "invited, has not written yet", "waiting": "waiting for a supervisor"}
    return [
        (o.call_sign, o.role, words.get(o.state, o.state))
        for o in await officers.every(connection, facts)
    ]


async def officers_(settings: Settings) -> list[tuple[str, str, str]]:
    async with _open(settings) as (connection, facts, _):
        return await officers_rows(connection, facts)


async def add_recipient(settings: Settings, recipient: str, officer: str, challenge: Path) -> str:
    """Enter a pending recipient and write its challenge; returns the fingerprint. Raises
    Refused.
    """
    async with _open(settings) as (connection, facts, now):
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
        await _enter(connection, "recipient entered", fingerprint, now)
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
    async with _open(settings) as (connection, _, now):
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
        await _enter(connection, "recipient active", fingerprint, now)


async def remove_recipient(settings: Settings, fingerprint: str) -> None:
    """Seal nothing new to a key. Raises Refused."""
    plain = fingerprint.replace(" ", "").lower()
    async with _open(settings) as (connection, _, now):
        if not await recipients.remove(connection, plain):
            raise Refused(
                f"no key of that fingerprint is in use: {fingerprint}; see firsthand recipient list"
            )
        await _enter(connection, "recipient removed", plain, now)


async def recipients_(settings: Settings) -> list[tuple[str, str, str, str]]:
    async with _open(settings) as (connection, _, _now):
        return [
            (h.fingerprint, h.call_sign, h.role, _state(h))
            for h in await recipients.every(connection)
        ]


def _state(holder: Holder) -> str:
    waits = holder.state == "active" and holder.officer_state not in ("", "active")
    return "answered, waits until its officer is confirmed" if waits else holder.state


async def quarantine_(settings: Settings) -> list[tuple[str, str, str]]:
    """What is set aside: its number, the hour, the class of the error. Of what it says nothing is
    shown.
    """
    async with _open(settings) as (connection, _, _now):
        return [
            (str(item.id), hour(item.hour), item.why) for item in await quarantine.every(connection)
        ]


async def try_again(settings: Settings, ids: Sequence[int]) -> int:
    """Ask for these, or for all, to be tried again; returns how many. Raises Refused."""
    async with _open(settings) as (connection, _, _now):
        there = [item.id for item in await quarantine.every(connection)]
        for id_ in ids:
            if id_ not in there:
                raise Refused(
                    f"nothing of the number {id_} is set aside; see firsthand quarantine list"
                )
        await quarantine.ask_again(connection, ids or there)
    return len(ids or there)


async def referrals_(settings: Settings, status: str | None, most: int) -> list[tuple[str, ...]]:
    async with _open(settings) as (connection, facts, _):
        names = {o.id: o.call_sign for o in await officers.every(connection, facts)}
        found = await referrals.every(connection, facts, most=most, status=status)
        return [
            (
                r.reference,
                r.status,
                hour(r.hour),
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
    async with _open(settings) as (connection, facts, _):
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
    head = [f"{reference}: {referral.status}, received {hour(referral.hour)}"]
    return [*head, *known, "sealed pieces:", *sealed, "custody:", *lines]


async def write_package(settings: Settings, typed: str, folder: Path, by: str) -> Path:
    """Write a package and enter the hand-out. Raises Refused."""
    reference = reference_of(typed)
    if not by:
        raise Refused("say whom it is for: --by CALLSIGN; every hand-out is in the custody ledger")
    async with _open(settings) as (connection, facts, now):
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
    async with _open(settings) as (connection, _, now):
        details = {"at": when(now), "call_sign": by, "way": "command line"}
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
