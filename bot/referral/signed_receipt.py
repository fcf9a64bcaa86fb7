"""PURE: what a witness may ask for after sending: the fingerprints of the files, and a receipt the
installation signed.

A receipt is one line of canonical JSON (RFC 8785) and, below it, an ECDSA signature (P-256,
SHA-256, base64) of that line. It says what was received under which number and in which hour; it
names nobody and quotes nothing.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Refused, Tampered
from storage.custody import Plain, canonical

SCHEMA: Final = "firsthand.receipt/1"
_ALGORITHM: Final = ec.ECDSA(hashes.SHA256())


def public_key(private: ec.EllipticCurvePrivateKey) -> str:
    """The public half as it stands in referral.json: base64 of SubjectPublicKeyInfo (RFC 5280),
    DER.
    """
    info = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(info).decode()


def files_digest(exhibits: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over one line a file, "id size sha256", in their order; hex."""
    lines = "".join(f"{x['id']} {x['size']} {x['sha256']}\n" for x in exhibits)
    return hashlib.sha256(lines.encode()).hexdigest()


def statement(
    reference: str, hour: int, exhibits: Sequence[Mapping[str, Any]], referral: bytes
) -> Plain:
    """What a receipt says; `hour` in hours since 1970 UTC, `referral` the bytes of
    referral.json.
    """
    return {
        "schema": SCHEMA,
        "reference": reference,
        "hour": hour,
        "files": len(exhibits),
        "files_sha256": files_digest(exhibits),
        "referral_sha256": hashlib.sha256(referral).hexdigest(),
    }


def sign(private: ec.EllipticCurvePrivateKey, said: Plain) -> str:
    """The receipt: the line and its signature."""
    line = canonical(said)
    return f"{line.decode()}\n{base64.b64encode(private.sign(line, _ALGORITHM)).decode()}"


def check(receipt: str, key: str) -> dict[str, Any]:
    """What a receipt says, once its signature holds. Raises Refused where it is none, Tampered
    where it does not.
    """
    found = [line.strip() for line in receipt.splitlines() if line.strip()]
    at = next((n for n, line in enumerate(found) if line.startswith("{") and SCHEMA in line), None)
    if at is None or at + 1 >= len(found):
        raise Refused(
            "no receipt is in that file: it is a line that begins with { and the signature below it"
        )
    try:
        public = serialization.load_der_public_key(base64.b64decode(key, validate=True))
        signature = base64.b64decode(found[at + 1], validate=True)
    except (ValueError, binascii.Error):
        raise Refused("the key or the signature is not whole") from None
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise Refused("that is no key of an installation")
    try:
        public.verify(signature, found[at].encode(), _ALGORITHM)
    except InvalidSignature:
        raise Tampered("the receipt was not signed with this key, or was changed since") from None
    said: dict[str, Any] = json.loads(found[at])
    return said


def compare(said: Mapping[str, Any], referral: bytes) -> None:
    """Whether a receipt is that of this referral.json. Raises Tampered, naming what differs."""
    report = json.loads(referral)
    expected = statement(report["reference"], said["hour"], report["exhibits"], referral)
    for name, value in expected.items():
        if said[name] != value:
            raise Tampered(
                f"the receipt says another {name} than the dossier: {said[name]}, not {value}"
            )
