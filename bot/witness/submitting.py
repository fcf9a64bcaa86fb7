"""Sending: a report becomes a referral, sealed to the officers' recipients, and its shred
key goes.
"""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Misconfigured
from bot.kill_points import kill_point
from bot.language.translate import Translator
from bot.officers import notes
from bot.officers.recipients import opened_by
from bot.referral import identity_json, referral_json, signed_receipt
from bot.referral import reference as references
from bot.referral.digests import Documents
from bot.referral.facts import facts_of, is_special
from bot.referral.report import Report
from bot.referral.set_aside_piece import as_json
from bot.referral.times import iso_time
from bot.referral.transcript import transcript
from bot.witness import addenda, receipt_buttons
from bot.witness.converse import Converse
from bot.witness.screen import screen_of
from conversations import codec
from conversations.events import Filed
from conversations.model import Dated, Path
from conversations.state import State
from storage import age, filing, posts, referrals
from storage.database import Database
from storage.filing import Unsent
from storage.group import Group
from storage.jobs import Job, Overtaken
from storage.keys import Box
from storage.ledger import Entry, append
from storage.queues import Queues, Task
from storage.recipients import Holder, active
from storage.records import Piece, Referral, inline
from storage.writer import Writer

Written = Callable[[AsyncConnection], Awaitable[None]]


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
        if draft is None or codec.thaw(draft.state).stage != "sending":
            await self.queues.settle(task)
            return
        unsent = await filing.read_unsent(self.database, draft)
        report = self._report(unsent)
        if report.state.reference:
            await self._add(task, report, unsent)
            return
        reference, now = references.written(secrets.randbits(40)), int(self.clock())
        who = self.converse.address(draft)
        documents = Documents(
            as_json(
                referral_json.referral(report, reference, self.appeal, now, self.translator)
                | self._signer()
            ),
            transcript(report, reference, now, self.translator).encode("utf-8", "replace"),
            as_json(identity_json.identity(report, who, self.translator, secrets.token_hex(32))),
        )
        pieces = await self._pieces(unsent, report, documents)
        kill_point("before filing")
        await self._file(task, report, unsent, reference, pieces, documents, now)
        kill_point("after filing")

    def _report(self, unsent: Unsent) -> Report:
        state = codec.thaw(unsent.draft.state)
        flow = self.converse.flows.of(state.flow, state.version)
        shown = [body for body in unsent.shown if "kept" not in body]
        versions = [body for body in unsent.shown if "kept" in body]
        answers = [body for body in unsent.answers if not _undecided(state, body)]
        return Report(flow, state, answers, shown, unsent.exhibits, unsent.set_aside, versions)

    def _signer(self) -> dict[str, object]:
        """By which key a receipt of this report can be checked."""
        return {"installation_key": signed_receipt.public_key(self.installation)}

    def signed(self, kept: Mapping[str, Any]) -> str:
        """The receipt of what is kept for a day after sending."""
        return signed_receipt.sign(self.installation, kept["statement"])

    async def _pieces(self, unsent: Unsent, report: Report, documents: Documents) -> list[Piece]:
        draft = unsent.draft
        private = draft.opened("conversations.report_keys", draft.report_keys)
        async with self.database.reading() as connection:
            holders = await active(connection)
        if not holders:
            raise Misconfigured("no recipient is active, so that nobody could open a report")
        return [
            *_key_pieces("keys", private["account"], holders, report.state),
            *_key_pieces("identity-keys", private["identity"], holders, report.state),
            inline("referral.json.age", age.seal(documents.referral, draft.account_recipient)),
            inline("transcript.txt.age", age.seal(documents.transcript, draft.account_recipient)),
            inline(
                "identity.json.age", age.seal(documents.identity or b"", draft.identity_recipient)
            ),
            *addenda.set_aside(report, draft.account_recipient),
            *_exhibit_pieces(unsent, report),
        ]

    async def _file(
        self,
        task: Task,
        report: Report,
        unsent: Unsent,
        reference: str,
        pieces: list[Piece],
        documents: Documents,
        now: int,
    ) -> None:
        held = report.state.files("held")
        entries = [
            *_received(report),
            Entry("submitted", "intake", reference, {"at": iso_time(now), **documents.digests}),
        ]
        coarse = dict(facts_of(report.state, _dates(report)))
        facts = referrals.seal_facts(coarse, self.facts)

        async def written(connection: AsyncConnection) -> None:
            draft, hour = unsent.draft, now // 3600
            await filing.file_referral(
                connection,
                draft,
                reference,
                self.appeal,
                facts,
                pieces,
                hour=hour,
                urgent=bool(coarse["danger"]),
            )
            await append(
                connection, reference, entries, hour=hour, recipient=draft.account_recipient
            )

        event = Filed(
            id=f"s{task.id}",
            at=now,
            received=now,
            reference=reference,
            incidents=len(report.state.members["incident"]),
            exhibits=len(held),
            size=sum(x.size for x in held),
            proof=secrets.token_urlsafe(15),
        )
        await self._written(task, unsent, written, event, documents.referral)

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
                or draft.state != unsent.draft.state
                or group.set_aside(draft) != len(unsent.set_aside)
            ):
                raise Overtaken
            group.in_transaction(written)
            self.converse.happen(group, draft, event)
            if event.proof and not draft.hidden:
                kept = _kept(said, group.now, screen_of(draft).first)
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
        private = unsent.draft.opened("conversations.report_keys", unsent.draft.report_keys)[
            "account"
        ]
        exhibits = _exhibit_pieces(unsent, report)

        async def written(connection: AsyncConnection) -> None:
            referral = await referrals.get(connection, reference, self.facts)
            if referral is None:
                raise LookupError(reference)
            name, pieces, digests = await addenda.pieces_of(
                connection, referral, report, exhibits, private, now, self.translator
            )
            coarse = addenda.facts_with(referral.facts, report)
            pressing = bool(coarse["danger"]) and not referral.facts.get("danger")
            sealed = referrals.seal_facts(coarse, self.facts)
            await filing.file_addendum(connection, reference, pieces, sealed, urgent=pressing)
            await self._tell_holder(connection, referral, report)
            entries, key = (
                addenda.entries_of(report, name, now, digests),
                referral.account_recipient,
            )
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
        self, connection: AsyncConnection, referral: Referral, report: Report
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


def _undecided(state: State, answer: Mapping[str, Any]) -> bool:
    """A point or a card of which nobody said that it may be kept: a point may be where the witness
    is.
    """
    path = tuple(answer["path"])
    return path[-1].startswith("~") and path not in state.marks


def _kept(referral: bytes, now: int, first: int) -> dict[str, Any]:
    """What a witness may ask to see for a day: no chat, no name, nothing that was said."""
    report, hour = json.loads(referral), now // 3600
    exhibits = report["exhibits"]
    return {
        "reference": report["reference"],
        "hour": f"{iso_time(hour * 3600)[:13].replace('T', ' ')}:00 UTC",
        "first": first,
        "files": [{name: x[name] for name in ("id", "kind", "size", "sha256")} for x in exhibits],
        "statement": signed_receipt.statement(report["reference"], hour, exhibits, referral),
    }


def _dates(report: Report) -> list[tuple[Path, Dated]]:
    """The dates of the events, as they were read."""
    read = [
        (tuple(b["path"]), codec.read(b["answer"]))
        for b in report.answers
        if tuple(b["path"])[-1] == "when"
    ]
    return [(path, answer) for path, answer in read if isinstance(answer, Dated)]


def _key_pieces(part: str, identity: str, holders: list[Holder], state: State) -> list[Piece]:
    """The report's identity, once for each recipient that a table lets open this part."""
    calls = bool({"urgent", "minor"} & set(state.flags))
    chosen = [h for h in holders if opened_by(h, part, special=is_special(state), calls=calls)]
    return [
        inline(f"{part}/{h.fingerprint}.age", age.seal(f"{identity}\n".encode(), h.recipient))
        for h in chosen
    ]


def _exhibit_pieces(unsent: Unsent, report: Report) -> list[Piece]:
    found = []
    for exhibit in report.state.files("held"):
        body = unsent.exhibits[exhibit.id]
        found.append(
            Piece(
                f"exhibits/{exhibit.id}.age",
                body["sealed_size"],
                body["digests"]["sealed_sha256"],
                object=unsent.objects[exhibit.id],
            )
        )
    return found


def _received(report: Report) -> list[Entry]:
    """What the report's own custody lines said, entered in one append now that it is a referral."""
    entries = [Entry("begun", "witness", "report", {"at": iso_time(report.state.began)})]
    for exhibit in report.state.files("held"):
        body = report.exhibits[exhibit.id]
        details = {
            "at": iso_time(body["at"]),
            "received": iso_time(body["received"]),
            **body["digests"],
        }
        entries.append(Entry("exhibit received", "intake", exhibit.id, details))
    return entries
