"""PURE: proofs.json of a package: that each line of its custody log is in the signed head, and that
this head continues the ones before it (RFC 6962; storage/tree.py).

`{"v": 1, "lines": [{"n", "leaf", "path"}], "continues": [{"head", "path"}]}`: hashes in hex, from
the bottom up; `head` is an earlier signed note whole.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Tampered
from bot.referral import head as heads
from bot.referral.head import Head
from storage import custody, tree

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class LineProof:
    """Line `n` of one log is the leaf `leaf` of all; `path` leads to the root."""

    n: int
    leaf: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class HeadProof:
    """An earlier signed note, and the path that shows that the head continues it."""

    note: str
    path: tuple[bytes, ...]


def write(lines: Sequence[LineProof], continues: Sequence[HeadProof]) -> bytes:
    """As JSON; the same proofs give the same bytes."""
    said = {
        "v": VERSION,
        "lines": [{"n": p.n, "leaf": p.leaf, "path": _hex(p.path)} for p in lines],
        "continues": [{"head": p.note, "path": _hex(p.path)} for p in continues],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _hex(path: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in path]


def read(raw: bytes) -> tuple[list[LineProof], list[HeadProof]]:
    """Raises Tampered where it is none of ours."""
    try:
        said = json.loads(raw)
        lines = [LineProof(_whole(p["n"]), _whole(p["leaf"]), _path(p)) for p in said["lines"]]
        continues = [HeadProof(str(p["head"]), _path(p)) for p in said["continues"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Tampered("proofs.json cannot be read") from None
    if said["v"] != VERSION:
        raise Tampered("proofs.json is of another kind")
    return lines, continues


def _whole(number: Any) -> int:
    if type(number) is not int:
        raise TypeError
    return number


def _path(proof: Any) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(one) for one in proof["path"])


def check(
    note: str, raw: bytes, lines: Sequence[bytes], public: ec.EllipticCurvePublicKey
) -> tuple[Head, list[Head]]:
    """Check that the head is signed by this key and has every line of a log, each in its place.

    The head ends with the last line, so that no later one was left out; and it continues those of
    every earlier hand-out in the log. Returns it, and the heads that it continues. Raises Tampered.
    """
    head = heads.read(note, public)
    proofs, continues = read(raw)
    if [p.n for p in proofs] != list(range(len(lines))):
        raise Tampered("not every custody line has its proof, in order")
    if any(a.leaf >= b.leaf for a, b in pairwise(proofs)):
        raise Tampered("the proofs put the custody lines in another order")
    for proof, line in zip(proofs, lines, strict=True):
        leaf = bytes.fromhex(custody.leaf(line))
        if not tree.is_included(leaf, proof.leaf, head.size, proof.path, head.root):
            raise Tampered(f"custody line {proof.n} is not in the signed head")
    if proofs and proofs[-1].leaf != head.size - 1:
        raise Tampered("the signed head goes on after the last custody line")
    earlier = [_continued(head, proof, public) for proof in continues]
    for n in hand_outs(lines)[:-1]:
        if proofs[n].leaf + 1 not in [one.size for one in earlier]:
            raise Tampered(f"the head of the hand-out in custody line {n} is missing")
    if write(proofs, continues) != raw:
        raise Tampered("proofs.json says more than proofs")
    return head, earlier


def hand_outs(lines: Sequence[bytes]) -> list[int]:
    """The numbers of the lines with which pieces left the server under a head, in order; what an
    earlier release handed out stands before the log was signed.
    """
    return [n for n, line in enumerate(lines) if json.loads(line)["kind"] == custody.HANDED_OUT]


def _continued(head: Head, proof: HeadProof, public: ec.EllipticCurvePublicKey) -> Head:
    earlier = heads.read(proof.note, public)
    if earlier.origin != head.origin or earlier.hour > head.hour:
        raise Tampered("an earlier head is of another log, or of a later hour")
    if not tree.is_continued(earlier.size, earlier.root, head.size, head.root, proof.path):
        raise Tampered(f"the head does not continue the one of {earlier.size} entries")
    return earlier
