"""A referral as its witness may ask about it: found by its number and return words, added to, never
changed.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.language.translate import Translator
from bot.referral import reference as references
from bot.referral import referral_json
from bot.referral.digests import Documents, documents_of
from bot.referral.facts import with_addendum
from bot.referral.leaves import SALT_BYTES
from bot.referral.report import Report
from bot.referral.set_aside_piece import piece
from bot.referral.times import iso_time
from bot.referral.transcript import transcript
from bot.witness import wordlist
from conversations.state import State
from storage import age, referrals
from storage.connection import Connection
from storage.custody import ADDED, RECEIVED
from storage.database import Database
from storage.keys import Box, words_name
from storage.ledger import Entry
from storage.records import Piece, Referral, inline

SCHEMA = "firsthand.addendum/1"
KEPT = (
    "language",
    "begun",
    "submitted",
    "incidents",
    "exhibits",
    "announced_not_received",
    "set_aside",
)
"""What an addendum says in the same words as a report."""
PRESSING = ("danger", "urgent", "minor", "sensitive", "insider")
"""Flags of an addition that officers must see; what else the conversation notes is its own."""


@dataclass(frozen=True, slots=True)
class Found:
    """What becomes a Looked event."""

    reference: str = field(default="", repr=False)
    opened: bool = False
    needs_words: bool = False
    status: str = ""
    unproven: bool = False


def read_number(typed: str) -> Found:
    """What was typed as a number, if it is whole; its return words are asked for whether or not
    there is such a one.
    """
    reference = references.read(typed)
    return Found(reference, needs_words=True) if reference else Found()


async def look(database: Database, facts: Box, master: Box, reference: str, words: str) -> Found:
    """Whether there is such a referral and these words open it; without words, whether it took
    none.

    A number that is none and words that do not fit look the same from outside, and take as long.
    """
    async with database.reading() as connection:
        referral = await referrals.get(connection, reference, facts)
        taken = await referrals.words_of(connection, reference)
    name = await asyncio.to_thread(words_name, master, wordlist.plain_words(words))
    fits = referral is not None and (taken == name if words else taken is None)
    if referral is None or not fits:
        return Found(reference, needs_words=True)
    return Found(reference, opened=True, status=referral.status, unproven=taken is None)


def withdrawn(state: State) -> list[str]:
    """With whom it may no longer be shared."""
    mark = state.marks.get(("withdraw",))
    return list(mark.options) if mark is not None and mark.kind == "picked" else []


async def pieces_of(
    connection: Connection,
    referral: Referral,
    report: Report,
    exhibits: list[Piece],
    private: str,
    now: int,
    translator: Translator,
    made_by: Mapping[str, object],
) -> tuple[str, list[Piece], Mapping[str, str | int]]:
    """The name of an addendum (a1, a2 …), its sealed pieces, below its own folder, and what custody
    is bound to of it.

    Its key is sealed to the referral's account key: whoever opens the account opens what was added
    to it.
    """
    name = f"a{await referrals.addenda(connection, referral.reference) + 1}"
    recipient = age.recipient_of(private)
    body = {**_document(report, referral.reference, name, now, translator), **made_by}
    told = transcript(report, f"{referral.reference}, addendum {name}", now, translator)
    documents = documents_of(body, told, lambda: os.urandom(SALT_BYTES))
    own = [
        inline("key.age", age.seal(f"{private}\n".encode(), referral.account_recipient)),
        *document_pieces(documents, recipient),
        *set_aside(report, recipient),
        *exhibits,
    ]
    below = [
        Piece(f"addenda/{name}/{p.path}", p.size, p.sealed_sha256, p.body, p.object) for p in own
    ]
    return name, below, documents.bound


def document_pieces(documents: Documents, recipient: str) -> list[Piece]:
    """What was told, sealed: as data, as a text to read, and the salts of its parts."""
    return [
        inline("referral.json.age", age.seal(documents.referral, recipient)),
        inline("transcript.txt.age", age.seal(documents.transcript, recipient)),
        inline("leaves.json.age", age.seal(documents.leaves, recipient)),
    ]


def _document(
    report: Report, reference: str, name: str, now: int, translator: Translator
) -> dict[str, Any]:
    """referral.json of an addendum."""
    said = referral_json.referral(report, reference, "", now, translator)
    return {
        "schema": SCHEMA,
        "reference": reference,
        "id": name,
        **{key: said[key] for key in KEPT},
        "flags": [flag for flag in said["flags"] if flag in PRESSING],
        "withdrawn": withdrawn(report.state),
        "shown_to_be_the_same_person": "unproven" not in report.state.flags,
    }


def set_aside(report: Report, recipient: str) -> list[Piece]:
    """What could not be read, each as a piece of its own, sealed like the account."""
    return [
        inline(f"set_aside/s{number}.json.age", age.seal(piece(body), recipient))
        for number, body in enumerate(report.set_aside, 1)
    ]


def entries_of(report: Report, name: str, now: int, bound: Mapping[str, str | int]) -> list[Entry]:
    """What the ledger says of an addendum."""
    found = []
    for exhibit in report.state.files("held"):
        body = report.exhibits[exhibit.id]
        details = {
            "at": iso_time(body["at"]),
            "received": iso_time(body["received"]),
            **body["digests"],
        }
        found.append(Entry(RECEIVED, "intake", f"{name}/{exhibit.id}", details))
    found.append(Entry(ADDED, "intake", name, {"at": iso_time(now), **bound}))
    if gone := withdrawn(report.state):
        found.append(
            Entry(
                "sharing withdrawn", "witness", name, {"at": iso_time(now), "with": ", ".join(gone)}
            )
        )
    return found


def facts_with(facts: dict[str, Any], report: Report) -> dict[str, Any]:
    """The facts of a referral once this was added to it."""
    files = report.state.files("held")
    voices = sum(x.kind == "voice" and not x.forwarded for x in files)
    return {
        **with_addendum(facts, report.state),
        "exhibits": facts["exhibits"] + len(files) - voices,
        "voices": facts["voices"] + voices,
        "announced": facts["announced"] + len(report.state.files("lost")),
        "addenda": facts.get("addenda", 0) + 1,
        "consents": [c for c in facts["consents"] if c not in withdrawn(report.state)],
        "withdrawn": sorted({*facts.get("withdrawn", []), *withdrawn(report.state)}),
    }
