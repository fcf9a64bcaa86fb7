"""The key of a report: found by whoever holds a key it is sealed to, and sealed anew for a
colleague who holds none.
"""

from dataclasses import dataclass
from pathlib import Path

import pyrage

from bot.errors import Refused, Tampered
from bot.workstation.pieces import RESEALED, Pieces
from storage import age


@dataclass(frozen=True, slots=True)
class Found:
    """A report's own identity. `resealed`: the name of the file beside the package that it came
    from, or "".
    """

    identity: pyrage.x25519.Identity
    resealed: str = ""


def account(pieces: Pieces, mine: list[pyrage.x25519.Identity]) -> Found:
    """What opens the account: from the package, or else from a file beside it that somebody sealed
    to one of ours.

    Raises Refused if neither is there, and Tampered if what is in the package does not open.
    """
    if found := sealed_to(pieces, "keys", mine):
        return Found(found)
    for identity in mine:
        print_ = age.fingerprint(str(identity.to_public()))
        if path := pieces.resealed.get(print_):
            return Found(_anew(pieces, path, identity), path.name)
    to = ", ".join(Path(p).stem for p in pieces.names("keys")) or "nobody"
    raise Refused(
        f"{pieces.reference} is not sealed to this identity. Ask whoever holds one of {to} for a "
        f"key file: they run firsthand reseal {pieces.reference}.tar --identity THEIR.key --for "
        "your age1 line; lay it beside the package"
    )


def sealed_to(
    pieces: Pieces, part: str, mine: list[pyrage.x25519.Identity]
) -> pyrage.x25519.Identity | None:
    """The identity in `part` ("keys", "identity-keys") of the package itself; None if it is sealed
    to none of ours.
    """
    for identity in mine:
        path = f"{part}/{age.fingerprint(str(identity.to_public()))}.age"
        if path in pieces:
            try:
                return _parsed(bytes(pyrage.decrypt(pieces.read(path), [identity])))
            except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
                raise Tampered(f"{path} holds no key that opens") from None
    return None


def reseal(pieces: Pieces, mine: list[pyrage.x25519.Identity], recipient: str, into: Path) -> Path:
    """Seal the key of the account to one more recipient, in a small file for beside the package.

    What it opens is the account and the exhibits; names and contacts stay with whom they are sealed
    to. Raises Refused or Tampered.
    """
    try:
        name = RESEALED.format(reference=pieces.reference, fingerprint=age.fingerprint(recipient))
    except age.NotAKey:
        raise Refused(
            "--for takes the public line of your colleague's key, whole: it begins with age1, in "
            "the file that age-keygen wrote"
        ) from None
    key = account(pieces, mine).identity
    _opens(pieces, key, f"the key in {pieces.reference}.tar")
    target = into / name
    try:
        with target.open("xb") as file:
            file.write(age.seal(f"{key}\n".encode(), recipient))
    except FileExistsError:
        raise Refused(f"{target} is there already; hand that one over, or remove it") from None
    except OSError:
        raise Refused(f"{into} cannot be written; give another folder with --to") from None
    return target


def _anew(pieces: Pieces, path: Path, identity: pyrage.x25519.Identity) -> pyrage.x25519.Identity:
    """Nobody vouches for such a file, so it counts only if it opens what is sealed to the account's
    recipient.
    """
    try:
        key = _parsed(bytes(pyrage.decrypt(path.read_bytes(), [identity])))
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError):
        raise Refused(f"{path.name} holds no key that opens; ask for it again") from None
    _opens(pieces, key, path.name)
    return key


def _opens(pieces: Pieces, key: pyrage.x25519.Identity, what: str) -> None:
    try:
        pyrage.decrypt(pieces.read("referral.json.age"), [key])
    except pyrage.DecryptError:
        raise Refused(
            f"{what} does not open {pieces.reference}: it is another report's; ask for it again"
        ) from None


def _parsed(text: bytes) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(text.decode("ascii").strip())
