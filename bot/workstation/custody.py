"""Checking the custody lines that travel with a package or a dossier, and the details they are
bound to.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from bot.errors import Tampered
from bot.referral.package import CUSTODY
from bot.workstation.pieces import Pieces
from storage import custody

RECEIVED: Final = "exhibit received"


def check_package(pieces: Pieces) -> tuple[int, list[str]]:
    """Check the chain of a package's custody lines. Returns how many there are, and which pieces
    they name that are not here. Raises Tampered, naming the line.
    """
    raw = pieces.read(CUSTODY)
    lines = check_lines(raw, pieces.reference)
    named = [sealed_path(exhibit) for exhibit in exhibits_received(raw)]
    return lines, [path for path in named if path not in pieces]


def exhibits_received(raw: bytes) -> list[str]:
    """What a custody log says was received: x1, or a1/x2 of what was added."""
    lines = [json.loads(line) for line in raw.splitlines()]
    return [str(line["subject"]) for line in lines if line["kind"] == RECEIVED]


def sealed_path(exhibit: str) -> str:
    """Where an exhibit of the log lies in a package."""
    addendum, _, name = exhibit.rpartition("/")
    return f"addenda/{addendum}/exhibits/{name}.age" if addendum else f"exhibits/{name}.age"


def check_lines(raw: bytes, reference: str) -> int:
    lines = raw.splitlines()
    faults = custody.check(lines, reference)
    if faults:
        raise Tampered(f"custody line {faults[0].line} {faults[0].what}")
    if not lines:
        raise Tampered("there are no custody lines")
    return len(lines)


def check_openings(pieces: Pieces, opening: Callable[[bytes], bytes]) -> list[dict[str, Any]]:
    """Open the details of every line and check that each is what its line is bound to. Raises
    Tampered.
    """
    lines = [json.loads(line) for line in pieces.read(CUSTODY).splitlines()]
    found = []
    for path in pieces.names("custody"):
        body = json.loads(opening(pieces.read(path)))
        check_opening(lines, body)
        found.append({**body, "kind": lines[body["n"]]["kind"], "actor": lines[body["n"]]["actor"]})
    return found


def check_opening(lines: list[dict[str, Any]], body: dict[str, Any]) -> None:
    bound = custody.commitment(bytes.fromhex(body["nonce"]), body["details"])
    if not 0 <= body["n"] < len(lines) or lines[body["n"]]["commitment"] != bound:
        raise Tampered(f"the details of custody line {body['n']} are not those it is bound to")
