"""What the shell has filed, opened as an officer opens it, every document held to docs/referral.schema.json."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fastjsonschema

from bot.referral.transcript import visible
from bot.workstation import identity_file, pieces
from bot.workstation.open_package import open_package
from tests.handed_out import write_package
from tests.shell import Shell

SCHEMA = Path(__file__).parent.parent / "docs" / "referral.schema.json"


async def dossier_of(it: Shell, reference: str, folder: Path) -> Path:
    """The folder of the dossier's documents."""
    tar = await write_package(it.database, it.facts, it.folder, reference, folder)
    key = folder / "team.key"
    key.write_text(it.identity)
    found = pieces.only(tar)
    data = (
        open_package(found, identity_file.identities([key]), folder / "out", lambda _: None).folder
        / "data"
    )
    for document in data.rglob("referral.json"):
        valid()(json.loads(document.read_bytes()))
        nothing_missing(document)
    return data


def nothing_missing(document: Path) -> None:
    """Whatever the transcript has in the witness's own words is in referral.json, too."""
    said = re.findall(
        r"WITNESS\n((?: {4}[^\n]*\n)+)", (document.parent / "transcript.txt").read_text("utf-8")
    )
    kept = {
        line.strip()
        for text in strings(json.loads(document.read_bytes()))
        for line in visible(text).splitlines()
    }
    words = [
        line.strip()
        for block in said
        for line in block.splitlines()
        if not line.strip().startswith(("[", "("))
    ]
    assert [line for line in words if line and line not in kept] == []


def strings(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    for inside in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from strings(inside)


@functools.cache
def valid() -> Callable[[Any], Any]:
    """Raises where a document is not as the schema says, or says something that the schema does not know."""
    return fastjsonschema.compile(closed(json.loads(SCHEMA.read_text("utf-8"))))


def closed(schema: Any) -> Any:
    """The schema as it is today: outside this test a reader must accept fields that were added later."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {key: closed(value) for key, value in schema.items()}
    if shut.get("type") == "object" and "properties" in shut:
        shut.setdefault("additionalProperties", False)
    return shut
