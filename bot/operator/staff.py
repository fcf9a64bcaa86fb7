"""What the operator does from the command line: officers, recipients, the queue."""

import structlog

from bot.errors import Refused
from bot.officers.access import ROLES
from bot.officers.enrolment import decide
from bot.operator.opened_installation import enter_in_ledger, opened_installation
from bot.referral.times import iso_time
from bot.settings import Settings
from storage import ledger, officers, posts, referrals
from storage.connection import Connection
from storage.keys import Box
from storage.ledger import Entry

CALL_SIGN_MOST = 40
log = structlog.get_logger()


async def invite(settings: Settings, call_sign: str, role: str) -> str:
    """Invite an officer; returns the one-time code. Raises Refused."""
    if role not in ROLES:
        raise Refused(f"{role} is no role; roles are {', '.join(ROLES)}")
    if not 1 <= len(call_sign.strip()) <= CALL_SIGN_MOST or call_sign.strip().casefold() == "team":
        raise Refused(
            f'a call sign has one to {CALL_SIGN_MOST} characters, and is not "team"; '
            "for example Heron"
        )
    async with opened_installation(settings) as (connection, _, now):
        try:
            code = await officers.invite(connection, call_sign, role, hour=now // 3600)
        except officers.CallSignTaken:
            raise Refused(
                f"{call_sign} is taken; choose another call sign, or remove that officer first"
            ) from None
        await enter_in_ledger(connection, "officer invited", role, now)
    return code


async def confirm(settings: Settings, call_sign: str, check: str) -> None:
    """Confirm a waiting officer. Raises Refused."""
    async with opened_installation(settings) as (connection, facts, now):
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
    async with opened_installation(settings) as (connection, facts, now):
        officer = await officers.by_call_sign(connection, facts, call_sign)
        if officer is None or not await officers.remove(connection, call_sign):
            raise Refused(f"nobody is called {call_sign}; see firsthand officer list")
        await enter_in_ledger(connection, "officer removed", f"officer {officer.id}", now)
        held = await referrals.held_by(connection, facts, officer.id)
        for referral in held:
            await referrals.hand_back(connection, referral.reference, officer.id)
            entry = Entry(
                "handed back",
                "operator",
                referral.reference,
                {"at": iso_time(now), "because": "removed"},
            )
            log, key = referral.reference, referral.account_recipient
            await ledger.append(connection, log, [entry], hour=now // 3600, recipient=key)
            await posts.ask_for_post(connection, facts, "card", referral=referral.reference)
        return [referral.reference for referral in held]


async def officers_rows(connection: Connection, facts: Box) -> list[tuple[str, str, str]]:
    words = {"invited": "invited, has not written yet", "waiting": "waiting for a supervisor"}
    return [
        (o.call_sign, o.role, words.get(o.state, o.state))
        for o in await officers.every(connection, facts)
    ]


async def list_officers(settings: Settings) -> list[tuple[str, str, str]]:
    async with opened_installation(settings) as (connection, facts, _):
        return await officers_rows(connection, facts)
