"""Sending: a report becomes a referral, sealed to the officers' recipients, and its shred key goes.

1. It begins when Send was pressed and the last file is here or given up.
2. The report is read and said as documents outside any transaction: that takes time, and nobody is
   held up by it. Each is sealed to a key of the report (who it is to one of its own), and that key
   to whoever may open it.
3. One transaction files it: referral, pieces, first lines of custody, the wish for a card. The same
   transaction tells the conversation and deletes every row of the draft. If anything of the report
   changed since it was read, nothing is written, and all of it is done again.
4. Only what is durable is acknowledged: the receipt is a row of that transaction.
5. After the commit the report's key is overwritten; from then on no one here can open it.
6. An addition is a small report of its own, sealed under the referral's key; what was there before
   is not touched, and whoever has claimed it is told.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Misconfigured
from bot.kill_points import kill_point
from bot.language.translate import Translator
from bot.officers import notes
from bot.referral import identity_json, referral_json, signed_receipt
from bot.referral import reference as references
from bot.referral.digests import documents_of
from bot.referral.leaves import SALT_BYTES
from bot.referral.report import Report
from bot.referral.transcript import transcript
from bot.witness import addenda, receipt_buttons
from bot.witness.converse import Converse
from bot.witness.saved_state import thaw
from bot.witness.screen import screen_of
from bot.witness.sealed_to import sealed_to
from bot.witness.submission import (
    Submission,
    exhibit_pieces,
    kept_for_a_day,
    report_of,
    sealed_pieces,
    software,
)
from conversations.events import Filed
from storage import filing, posts, referrals
from storage.connection import Connection
from storage.database import Database
from storage.drafts import Draft
from storage.filing import NewReferral, Unsent
from storage.group import Group
from storage.jobs import Job, Overtaken
from storage.keys import Box
from storage.ledger import append
from storage.queues import Queues, Task
from storage.recipients import active
from storage.records import Referral
from storage.report_keys import keys_of
from storage.writer import Writer

Written = Callable[[Connection], Awaitable[None]]


def _salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


@dataclass(frozen=True, slots=True)
class Submitting:
    database: Database
    writer: Writer
    converse: Converse
    queues: Queues
    facts: Box
    translator: Translator
    appeal: str
    installation: ec.EllipticCurvePrivateKey
    clock: Callable[[], float]

    async def submit(self, task: Task) -> None:
        """File a report once everything of it is here. Raises Overtaken if it changed meanwhile;
        then again.
        """
        draft = await self.writer.look(id_=task.conversation or "")
        if draft is None or thaw(draft.state).stage != "sending":
            await self.queues.settle(task)
            return
        unsent = await filing.read_unsent(self.database, draft)
        report = self._report(unsent)
        if report.state.reference:
            await self._add(task, report, unsent)
            return
        submission = await self._made_ready(unsent, report)
        kill_point("before filing")
        await self._file(task, submission)
        kill_point("after filing")

    async def _made_ready(self, unsent: Unsent, report: Report) -> Submission:
        """Say it as documents and seal them; nothing is written yet. Raises Misconfigured where
        nobody could open it.
        """
        reference, now = references.written(secrets.randbits(40)), int(self.clock())
        who, translator = self.converse.address(unsent.draft), self.translator
        async with self.database.reading() as connection:
            holders = await active(connection)
        if not holders:
            raise Misconfigured("no recipient is active, so that nobody could open a report")
        to, keys = sealed_to(holders, report.state), keys_of(unsent.draft)
        told = referral_json.referral(report, reference, self.appeal, now, translator)
        documents = documents_of(
            told | self._made_by(unsent.draft) | self._signer() | to.named,
            transcript(report, reference, now, translator),
            _salt,
            identity_json.identity(report, who, translator, secrets.token_hex(SALT_BYTES)),
        )
        pieces = sealed_pieces(unsent, report, documents, keys, to)
        return Submission(unsent, report, reference, documents, pieces, keys, to, now)

    def _report(self, unsent: Unsent) -> Report:
        state = thaw(unsent.draft.state)
        return report_of(unsent, self.converse.flows.of(state.flow, state.version))

    def _made_by(self, draft: Draft) -> dict[str, object]:
        """What wrote it down, and through what it came."""
        return {"software": software(), "channel": draft.channel}

    def _signer(self) -> dict[str, object]:
        """By which key a receipt of this report can be checked."""
        return {"installation_key": signed_receipt.public_key(self.installation)}

    def signed(self, kept: Mapping[str, Any]) -> str:
        """The receipt of what is kept for a day after sending."""
        return signed_receipt.sign(self.installation, kept["statement"])

    async def _file(self, task: Task, made: Submission) -> None:
        reference, draft = made.reference, made.unsent.draft
        coarse, entries = made.facts, made.entries
        key = made.keys.account_recipient
        new = NewReferral(
            reference=reference,
            appeal=self.appeal,
            hour=made.hour,
            facts=referrals.seal_facts(coarse, self.facts, reference, key),
            account_recipient=key,
            identity_recipient=made.keys.identity_recipient,
            words=draft.words,
        )

        async def written(connection: Connection) -> None:
            pressing = bool(coarse["danger"])
            await filing.file_referral(connection, new, made.pieces, urgent=pressing)
            await append(connection, reference, entries, hour=made.hour, recipient=key)

        held = made.report.state.files("held")
        event = Filed(
            id=f"s{task.id}",
            at=made.now,
            received=made.now,
            reference=reference,
            incidents=made.incidents,
            exhibits=len(held),
            size=sum(x.size for x in held),
            proof=secrets.token_urlsafe(15),
        )
        await self._written(task, made.unsent, written, event, made.documents.referral)

    async def _written(
        self, task: Task, unsent: Unsent, written: Written, event: Filed, said: bytes = b""
    ) -> None:
        """Write it, tell the conversation and close it, in one transaction. Raises Overtaken.

        `said`: referral.json, of which a receipt can be asked for.
        """

        def filed(group: Group) -> None:
            draft = group.draft(id_=unsent.draft.id)
            if (
                draft is None
                or (draft.state, draft.words) != (unsent.draft.state, unsent.draft.words)
                or group.set_aside(draft) != len(unsent.set_aside)
            ):
                raise Overtaken
            group.in_transaction(written)
            self.converse.happen(group, draft, event)
            if event.proof and not draft.hidden:
                kept = kept_for_a_day(said, group.now, screen_of(draft).first)
                name = receipt_buttons.proof_name(self.converse.master, event.proof)
                group.do_alone(
                    "proof", kept, due=group.now + receipt_buttons.PROOF_SECONDS, name=name
                )

        id_ = unsent.draft.id
        await self.writer.write(Job(filed, ids=(id_,), counting=id_, claim=task.claim))

    async def _add(self, task: Task, report: Report, unsent: Unsent) -> None:
        """Add to a referral what its witness said since; sealed to the same people, what was there
        untouched.
        """
        reference, now = report.state.reference, int(self.clock())
        private, made_by = keys_of(unsent.draft).account, self._made_by(unsent.draft)
        exhibits = exhibit_pieces(unsent, report)

        async def written(connection: Connection) -> None:
            referral = await referrals.get(connection, reference, self.facts)
            if referral is None:
                raise LookupError(reference)
            name, pieces, bound = await addenda.pieces_of(
                connection, referral, report, exhibits, private, now, self.translator, made_by
            )
            coarse = addenda.facts_with(referral.facts, report)
            pressing = bool(coarse["danger"]) and not referral.facts.get("danger")
            key = referral.account_recipient
            sealed = referrals.seal_facts(coarse, self.facts, reference, key)
            await filing.file_addendum(connection, reference, pieces, sealed, urgent=pressing)
            await self._tell_holder(connection, referral, report)
            entries = addenda.entries_of(report, name, now, bound)
            await append(connection, reference, entries, hour=now // 3600, recipient=key)

        event = Filed(
            id=f"s{task.id}",
            at=now,
            received=now,
            reference=reference,
            incidents=1,
            exhibits=len(exhibits),
            size=0,
        )
        await self._written(task, unsent, written, event)

    async def _tell_holder(
        self, connection: Connection, referral: Referral, report: Report
    ) -> None:
        """Whoever has claimed it sees no card any more: they are told in their own chat."""
        if referral.officer is None:
            return
        danger = bool({"danger", "urgent"} & set(report.state.flags))
        taken = addenda.withdrawn(report.state)
        note = notes.added(referral.reference, danger=danger, withdrawn=taken)
        body = {"text": note.text, "buttons": note.buttons}
        await posts.ask_for_post(
            connection, self.facts, "note", officer=referral.officer, body=body
        )
