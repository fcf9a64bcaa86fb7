"""What is sent of a report: its documents, sealed pieces, facts and first custody lines, made ready
before the one transaction that files them (submitting.py).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

from bot.referral import signed_receipt
from bot.referral.digests import Documents
from bot.referral.facts import facts_of
from bot.referral.report import Report
from bot.referral.times import iso_time
from bot.witness import addenda
from bot.witness.addenda import document_pieces
from bot.witness.saved_state import thaw
from bot.witness.sealed_to import SealedTo, key_pieces
from conversations import codec
from conversations.flow import Flow
from conversations.landmarks import INCIDENT, WHEN
from conversations.model import Dated, Path
from conversations.state import State
from storage import age
from storage.custody import RECEIVED, SUBMITTED
from storage.filing import Unsent
from storage.ledger import Entry
from storage.records import Piece, inline
from storage.report_keys import ReportKeys


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """A report about to be filed under `reference`, at `now`, whole seconds since 1970."""

    unsent: Unsent
    report: Report
    reference: str
    documents: Documents
    pieces: Sequence[Piece]
    keys: ReportKeys
    to: SealedTo
    now: int

    @property
    def hour(self) -> int:
        return self.now // 3600

    @property
    def incidents(self) -> int:
        return len(self.report.state.members[INCIDENT])

    @property
    def entries(self) -> list[Entry]:
        """The first lines of its custody log, entered in one append now that it is a referral."""
        sent = {"at": iso_time(self.now), **self.documents.bound, **self.to.bound}
        return [*_received(self.report), Entry(SUBMITTED, "intake", self.reference, sent)]

    @property
    def facts(self) -> dict[str, Any]:
        """What an officer sees without a key."""
        return dict(facts_of(self.report.state, _dates(self.report)))


@cache
def software() -> str:
    """What wrote a report down, with its version."""
    return f"firsthand {metadata.version('firsthand')}"


def report_of(unsent: Unsent, flow: Flow) -> Report:
    """What was told, without what nobody said may be kept."""
    state = thaw(unsent.draft.state)
    shown = [body for body in unsent.shown if "kept" not in body]
    versions = [body for body in unsent.shown if "kept" in body]
    answers = [body for body in unsent.answers if not _undecided(state, body)]
    return Report(flow, state, answers, shown, unsent.exhibits, unsent.set_aside, versions)


def sealed_pieces(
    unsent: Unsent, report: Report, documents: Documents, keys: ReportKeys, to: SealedTo
) -> list[Piece]:
    """Each document sealed to the report's own key, that key to whoever may open it, and what lies
    sealed in the vault already.
    """
    account, identity = keys.account_recipient, keys.identity_recipient
    return [
        *key_pieces("keys", keys.account, to.account),
        *key_pieces("identity-keys", keys.identity, to.identity),
        *document_pieces(documents, account),
        inline("identity.json.age", age.seal(documents.identity or b"", identity)),
        *addenda.set_aside(report, account),
        *exhibit_pieces(unsent, report),
    ]


def _undecided(state: State, answer: Mapping[str, Any]) -> bool:
    """A point or a card of which nobody said that it may be kept: a point may be where the witness
    is.
    """
    path = tuple(answer["path"])
    return path[-1].startswith("~") and path not in state.marks


def kept_for_a_day(referral: bytes, now: int, first: int) -> dict[str, Any]:
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
        if tuple(b["path"])[-1] == WHEN
    ]
    return [(path, answer) for path, answer in read if isinstance(answer, Dated)]


def exhibit_pieces(unsent: Unsent, report: Report) -> list[Piece]:
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
        entries.append(Entry(RECEIVED, "intake", exhibit.id, details))
    return entries
