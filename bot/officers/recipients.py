"""Who can open which part of a referral, as a table; the keys themselves never leave the officers'
machines.
"""

from collections.abc import Sequence
from typing import Final

from storage import recipients, referrals
from storage.connection import Connection
from storage.recipients import Holder

OPENS: Final[dict[str, dict[str, bool]]] = {
    #                  ordinary account   special categories   identity and contact
    "team": {"keys": True, "special": True, "identity-keys": True},
    "supervisor": {"keys": True, "special": False, "identity-keys": True},
    "specialist": {"keys": True, "special": True, "identity-keys": False},
    "officer": {"keys": True, "special": False, "identity-keys": False},
    "liaison": {"keys": False, "special": False, "identity-keys": False},
    "auditor": {"keys": False, "special": False, "identity-keys": False},
    "operator": {"keys": False, "special": False, "identity-keys": False},
}


def opened_by(holder: Holder, part: str, *, special: bool, calls: bool = False) -> bool:
    """Whether `part` ("keys", "identity-keys") is sealed to this holder; `special`: of such a
    category.

    `calls`: somebody asks to be called. Of a special category only specialists can read why, so
    they have the number.
    """
    may = OPENS.get(holder.role, OPENS["operator"])
    if calls and special and may["special"]:
        return True
    return may[part] and (may["special"] if special and part == "keys" else True)


OFFLINE: Final = "team"
_WHAT: Final = {
    "referrals": ("keys", False),
    "referrals of a special category": ("keys", True),
    "names and contacts": ("identity-keys", False),
}


def opened_offline_only(active: Sequence[Holder]) -> list[str]:
    """What nobody who works with the queue can open, in words: it would wait for whoever has the
    offline key.
    """
    working = [holder for holder in active if holder.role != OFFLINE]
    return [
        what
        for what, (part, special) in _WHAT.items()
        if not any(opened_by(holder, part, special=special) for holder in working)
    ]


async def opens_for(connection: Connection, reference: str, part: str) -> list[str]:
    """The call signs of those who can open this part of a referral: it is sealed to a key that is
    still theirs.
    """
    sealed_to = {
        p.path.split("/")[1].removesuffix(".age")
        for p in await referrals.pieces(connection, reference)
        if p.path.startswith(f"{part}/")
    }
    holders = await recipients.active(connection)
    return sorted({h.call_sign for h in holders if h.fingerprint in sealed_to})
