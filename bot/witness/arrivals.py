"""What a conversation is told of a file, in the transaction that keeps it: by the files process,
which fetched it, or by a channel whose files come with the message.
"""

import json
from dataclasses import asdict

from bot.witness.converse import Converse
from bot.witness.fetch_outcomes import Why
from bot.witness.quota import Left
from bot.witness.saved_state import thaw
from conversations.events import Lost, Nearing, Sealed
from conversations.model import Digests
from storage.bodies import Body
from storage.drafts import Draft
from storage.group import Group
from storage.vault import Stored, Vault


def waits_for(draft: Draft, exhibit: str) -> bool:
    """Whether the witness has neither taken this file back nor gone on without it."""
    return any(x.id == exhibit for x in thaw(draft.state).files("coming"))


def tell_stored(
    converse: Converse, group: Group, draft: Draft, body: Body, stored: Stored, left: Left | None
) -> None:
    """It lies in the vault. `body`: the exhibit's row and its `name`; `left`: what may still be
    sent, where that is said.
    """
    digests = Digests(stored.sha256, stored.sha512, stored.sealed_sha256)
    known = {"digests": asdict(digests), "size": stored.size, "sealed_size": stored.sealed_size}
    draft.exhibit(body["name"], stored.object, {**body, **known})
    group.in_transaction(lambda connection: Vault.stored(connection, stored.object))
    name, now = body["name"], group.now
    sealed = Sealed(
        exhibit=name, digests=digests, size=stored.size, id=f"f{name}", at=now, received=now
    )
    converse.happen(group, draft, sealed)
    if left is not None:
        near = Nearing(files=left.files, size=left.size, id=f"q{name}", at=now, received=now)
        converse.happen(group, draft, near)


def tell_lost(converse: Converse, group: Group, draft: Draft, body: Body, why: Why) -> None:
    """It cannot be had."""
    name, now = body["name"], group.now
    draft.exhibit(name, None, {**body, "lost": why})
    converse.happen(group, draft, Lost(exhibit=name, why=why, id=f"f{name}", at=now, received=now))


def set_aside(group: Group, draft: Draft, body: Body, failure: str) -> None:
    """As a file that was sent, so that trying again is sending it again."""
    sent = {"at": body["at"], "what": "File", **body["file"]}
    draft.set_aside({"raw": json.dumps(sent), "why": failure, "at": group.now}, failure)
