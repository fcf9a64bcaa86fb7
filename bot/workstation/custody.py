"""Checking the custody lines that travel with a package or a dossier, and the details they are
bound to.
"""

import json
from collections.abc import Callable
from typing import Any

from bot.errors import Tampered
from bot.referral.package import CUSTODY
from bot.workstation.pieces import Pieces
from storage import custody


def check_package(pieces: Pieces) -> int:
    """Check the chain of a package's custody lines. Returns how many there are. Raises Tampered,
    naming the line.
    """
    return check_lines(pieces.read(CUSTODY), pieces.reference)


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
