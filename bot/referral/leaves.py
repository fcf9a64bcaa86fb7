"""PURE: referral.json in parts, each behind a salt of its own, so that one can be withheld and the
rest still be proved.

1. A part is one answer, one message of an account, one file, one consent: whatever somebody may
   have to leave out by itself. `parts` names each by its JSON pointer (RFC 6901).
2. A part's leaf is SHA-256(0x00 ‖ salt ‖ pointer ‖ LF ‖ the part as JSON), 32 random bytes of salt
   each, so that a leaf tells nothing of a part that is left out.
3. The root over the leaves, in their order (storage/tree.py), stands in the custody line with which
   the report was submitted. Whoever has the salts of what they hold, and the leaves of the rest,
   finds the same root.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from bot.errors import Tampered
from storage import tree

VERSION: Final = 1
SALT_BYTES: Final = 32


def parts(document: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """Every part of referral.json by its pointer, in order; together they are all of it.

    Each answer, each item of a list, and of an incident the same; everything else is one.
    """
    for name, value in document.items():
        pointer = f"{within}/{_escaped(name)}"
        if name == "answers" and isinstance(value, dict) and value:
            yield from ((f"{pointer}/{_escaped(step)}", said) for step, said in value.items())
        elif isinstance(value, list) and value:
            for place, item in enumerate(value):
                if name == "incidents" and isinstance(item, dict):
                    yield from parts(item, f"{pointer}/{place}")
                else:
                    yield f"{pointer}/{place}", item
        else:
            yield pointer, value


def leaf(salt: bytes, pointer: str, part: Any) -> bytes:
    """What stands for a part in the tree: 32 bytes."""
    said = json.dumps(part, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + salt + pointer.encode() + b"\n" + said.encode()).digest()


def write(document: Mapping[str, Any], salt: Callable[[], bytes]) -> tuple[bytes, bytes, int]:
    """leaves.json with a salt for each part, the root over their leaves, and how many there are.

    `salt`: gives 32 random bytes a call.
    """
    of = [(pointer, part, salt()) for pointer, part in parts(document)]
    root = tree.root([leaf(own, pointer, part) for pointer, part, own in of])
    return _as_json((pointer, own) for pointer, _, own in of), root, len(of)


def _as_json(salts: Iterable[tuple[str, bytes]]) -> bytes:
    said = [{"part": pointer, "salt": salt.hex()} for pointer, salt in salts]
    return json.dumps({"v": VERSION, "leaves": said}, separators=(",", ":")).encode()


def check(document: Mapping[str, Any], raw: bytes, root: str, count: int) -> None:
    """Raises Tampered unless this is the document whose `count` parts have this root (hex)."""
    try:
        said = json.loads(raw)
        salts = [(str(one["part"]), bytes.fromhex(one["salt"])) for one in said["leaves"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Tampered("leaves.json cannot be read") from None
    if _as_json(salts) != raw:
        raise Tampered("leaves.json says more than salts")
    every = list(parts(document))
    if [pointer for pointer, _ in every] != [pointer for pointer, _ in salts]:
        raise Tampered("leaves.json does not name the parts of referral.json, in order")
    leaves = [
        leaf(salt, pointer, part) for (pointer, part), (_, salt) in zip(every, salts, strict=True)
    ]
    if len(leaves) != count or tree.root(leaves).hex() != root:
        raise Tampered("the parts of referral.json are not those that custody has")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
