"""Telling a witness whose unsent report did not come back from a backup, when they write next.

Their chat is known by a keyed name among what was seen: the restore notes it, and it is forgotten
once it was told.
"""

from collections.abc import Iterable

from sqlalchemy import delete

from bot.language.translate import Translator
from bot.witness.outgoing import outgoing
from conversations.model import Text
from conversations.texts import LOST_WITH_US
from storage import tables as t
from storage.connection import Connection
from storage.drafts import Draft
from storage.group import Group


def tell(
    group: Group, draft: Draft, name: bytes, translator: Translator, languages: Iterable[str]
) -> None:
    """Before anything else, in these languages; `name` must be among those the job asked for."""
    if not group.was_seen(name):
        return
    said = "\n\n".join(translator.say(Text(LOST_WITH_US), language) for language in languages)
    draft.send(outgoing(said))

    async def forget(connection: Connection) -> None:
        await connection.execute(delete(t.seen).where(t.seen.c.name == name))

    group.in_transaction(forget)
