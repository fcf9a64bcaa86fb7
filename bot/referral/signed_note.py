"""PURE: a signed note (C2SP signed-note, https://c2sp.org/signed-note): lines of text, an empty
line, and a line for each signature.

Signed by ECDSA over P-256 with SHA-256 (type 0x02, key id = the first four bytes of the SHA-256 of
the public key's SubjectPublicKeyInfo in DER), so that `openssl dgst -sha256 -verify` checks it.
"""

import base64
import binascii
import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Refused, Tampered

DASH: Final = "\u2014 "
ID_BYTES: Final = 4
_ALGORITHM: Final = ec.ECDSA(hashes.SHA256())


def sign(text: str, name: str, private: ec.EllipticCurvePrivateKey) -> str:
    """The note: `text`, whose last line is ended, and one signature in this name."""
    signature = private.sign(text.encode(), _ALGORITHM)
    line = base64.b64encode(key_id(private.public_key()) + signature).decode()
    return f"{text}\n{DASH}{name} {line}\n"


def text_of(note: str) -> str:
    """What was signed. Raises Tampered where it is no note."""
    text, apart, signatures = note.rpartition("\n\n")
    if not apart or not signatures.startswith(DASH) or not signatures.endswith("\n"):
        raise Tampered("the signed head is no signed note")
    return f"{text}\n"


def check(note: str, name: str, public: ec.EllipticCurvePublicKey) -> None:
    """Raises Tampered unless this key signed the note in this name."""
    text = text_of(note)
    signatures = note.rpartition("\n\n")[2].split("\n")
    if len(signatures) != 2:  # noqa: PLR2004 - one, and its end
        raise Tampered("the head has not one signature")
    for line in signatures[:1]:
        who, _, encoded = line.removeprefix(DASH).rpartition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise Tampered("a signature of the head is not whole") from None
        if (who, raw[:ID_BYTES]) != (name, key_id(public)):
            continue
        try:
            public.verify(raw[ID_BYTES:], text.encode(), _ALGORITHM)
        except InvalidSignature:
            raise Tampered("the head was changed since it was signed") from None
        return
    raise Tampered("the head is not signed with this key")


def signature_of(note: str) -> bytes:
    """The first signature alone, in DER: what `openssl dgst -verify` takes beside the text."""
    first = note.rpartition("\n\n")[2].splitlines()[0]
    return base64.b64decode(first.rpartition(" ")[2])[ID_BYTES:]


def key_id(public: ec.EllipticCurvePublicKey) -> bytes:
    """By which key a signature is, in four bytes."""
    return hashlib.sha256(der(public)).digest()[:ID_BYTES]


def der(public: ec.EllipticCurvePublicKey) -> bytes:
    """SubjectPublicKeyInfo (RFC 5280)."""
    return public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def pem(public: ec.EllipticCurvePublicKey) -> str:
    """The same as openssl reads it from a file."""
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def one_line(public: ec.EllipticCurvePublicKey) -> str:
    """The same in one line of base64, of 124 characters."""
    return base64.b64encode(der(public)).decode()


def fingerprint_of(line: str) -> str:
    """By which two people compare a key that is one line: SHA-256 of its SubjectPublicKeyInfo,
    hex.
    """
    return hashlib.sha256(base64.b64decode(line)).hexdigest()


def read_key(text: str) -> ec.EllipticCurvePublicKey:
    """A public key as PEM, or as its one line of base64. Raises Refused."""
    body = "".join(line for line in text.splitlines() if not line.startswith("-----"))
    try:
        found = serialization.load_der_public_key(base64.b64decode(body.strip(), validate=True))
    except (ValueError, binascii.Error):
        raise Refused("that is no public key: it begins with MFkw, in one line or as PEM") from None
    if not isinstance(found, ec.EllipticCurvePublicKey) or found.curve.name != "secp256r1":
        raise Refused("that is no key of a custody log: those are of P-256")
    return found
