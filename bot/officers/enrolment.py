"""Confirming or refusing an enrolment, from the chat or the command line."""

from bot.officers import notes
from storage import officers, posts
from storage.connection import Connection
from storage.keys import Box
from storage.ledger import INSTALLATION, Entry, append


async def decide(
    connection: Connection, facts: Box, officer: int, by: str, *, now: int, confirmed: bool
) -> bool:
    """Confirm or refuse a waiting officer, from the chat or the command line; the ledger says by
    whom.
    """
    if not await officers.decide(connection, officer, confirmed=confirmed):
        return False
    kind = "officer enrolled" if confirmed else "enrolment refused"
    entry = Entry(kind, by, f"officer {officer}")
    await append(connection, INSTALLATION, [entry], hour=now // 3600, recipient=None)
    found = await officers.get(connection, facts, officer)
    if confirmed and found is not None:
        message = notes.enrolled(found.call_sign, found.role)
        body = {"text": message.text, "buttons": message.buttons}
        await posts.ask_for_post(connection, facts, "note", officer=officer, body=body)
    return True
