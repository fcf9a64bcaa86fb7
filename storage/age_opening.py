"""The age v1 file format, read as bytes come: the counterpart of age.py's writer, for large files.

pyrage, which opens everything else, takes a file 8 kB at a time through Python: two seconds for a
gigabyte, and what it hands out must be put together again for the digests. Here it is a third of
a second.
What must be refused, as https://age-encryption.org/v1 has it: a header that is not exactly of the
one recipient that our writer has; a wrapped key or an HMAC of the header that does not hold; a
block that does not open under its number, and under whether it is the last; an empty last block of
a file that is not empty. So nothing may be cut, moved, repeated or added.
"""

import base64
import binascii
import hmac
import re
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from storage.age import BLOCK, LABEL, TAG, Block, hkdf, private_key, unpadded

_B64: Final = rb"([A-Za-z0-9+/]{43})"
_HEADER: Final = re.compile(
    rb"(age-encryption\.org/v1\n-> X25519 " + _B64 + rb"\n" + _B64 + rb"\n---) " + _B64 + rb"\n"
)
_HEADER_SIZE: Final = 22 + 10 + 44 + 44 + 4 + 44
_START: Final = _HEADER_SIZE + 16
"""The header, and the nonce."""
_SEALED: Final = BLOCK + TAG


class NotOpened(Exception):
    """It is not sealed to this key, or not as it was sealed, or not whole."""


class Opener:
    """Opens one file with one identity, push style: update…, finish; what may be the last block is
    held back. What was given out counts once `finish` returned.
    """

    def __init__(self, identity: str) -> None:
        self._private = private_key(identity)
        self._cipher: ChaCha20Poly1305 | None = None
        self._held = b""
        self._count = 0

    def update(self, sealed: bytes) -> bytearray:
        """The plaintext that is certain to be of this file's beginning now. Raises NotOpened."""
        whole = self._held + sealed if self._held else sealed
        if self._cipher is None:
            if len(whole) < _START:
                self._held = whole
                return bytearray()
            self._cipher = self._begun(whole[:_HEADER_SIZE], whole[_HEADER_SIZE:_START])
            whole = whole[_START:]
        ready = max(0, (len(whole) - 1) // _SEALED * _SEALED)
        self._held = whole[ready:]
        out, view = bytearray(ready // _SEALED * BLOCK), memoryview(whole)
        target = memoryview(out)
        for number in range(ready // _SEALED):
            block = view[number * _SEALED : (number + 1) * _SEALED]
            self._open(block, target[number * BLOCK : (number + 1) * BLOCK], last=False)
        return out

    def finish(self) -> bytearray:
        """What the last block says. Raises NotOpened."""
        out = bytearray(max(0, len(self._held) - TAG))
        if not out and self._count:
            raise NotOpened
        self._open(self._held, memoryview(out), last=True)
        return out

    def _open(self, block: Block, into: memoryview, *, last: bool) -> None:
        if self._cipher is None or len(block) < TAG:
            raise NotOpened
        nonce = self._count.to_bytes(11, "big") + bytes([last])
        try:
            self._cipher.decrypt_into(nonce, block, None, into)
        except InvalidTag:
            raise NotOpened from None
        self._count += 1

    def _begun(self, header: bytes, nonce: bytes) -> ChaCha20Poly1305:
        found = _HEADER.fullmatch(header)
        if found is None:
            raise NotOpened
        head, share, body, mac = found[1], *map(_bytes, found.groups()[1:])
        try:
            secret = self._private.exchange(X25519PublicKey.from_public_bytes(share))
            salt = share + self._private.public_key().public_bytes_raw()
            wrap = hkdf(secret, salt=salt, info=LABEL)
            key = ChaCha20Poly1305(wrap).decrypt(bytes(12), body, None)
        except (InvalidTag, ValueError):  # the latter: a share of low order
            raise NotOpened from None
        expected = hmac.new(hkdf(key, salt=b"", info=b"header"), head, "sha256").digest()
        if not hmac.compare_digest(expected, mac):
            raise NotOpened
        return ChaCha20Poly1305(hkdf(key, salt=nonce, info=b"payload"))


def _bytes(text: bytes) -> bytes:
    """Unpadded base64; only as it is written canonically."""
    try:
        raw = base64.b64decode(text + b"=", validate=True)
    except binascii.Error:
        raise NotOpened from None
    if unpadded(raw) != text:
        raise NotOpened
    return raw
