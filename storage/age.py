"""The age v1 file format (https://age-encryption.org/v1): keys, and a writer that seals while bytes
arrive.

Reading is pyrage's, and of large files age_opening.py's; the stream writer is ours because sealing
must happen inside the download, where a library that pulls from a file or takes the whole plaintext
at once cannot (docs/decisions/0002-our-own-age-writer.md). What the format asks of a writer:

1. A file key of 16 random bytes, for one file only.
2. The header: for each recipient the file key, wrapped with what X25519 of a fresh key pair and the
   recipient's gives; then an HMAC of it all under a key derived from the file key.
3. A nonce of 16 random bytes, from which with the file key the payload key is derived.
4. The payload in blocks of 64 KiB, ChaCha20-Poly1305 each; the nonce is the block's number, and a
   last byte that is 1 for the last block alone. So the last one is held back until it is known to
   be the last, and is empty only for an empty file.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BLOCK: Final = 64 * 1024
TAG: Final = 16
Block = bytes | memoryview
LABEL: Final = b"age-encryption.org/v1/X25519"
_CHARSET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class NotAKey(ValueError):
    """The text is no age X25519 recipient or identity."""


def new_identity() -> tuple[str, str]:
    """A fresh key pair as age writes it: (recipient "age1…", identity "AGE-SECRET-KEY-1…")."""
    private = X25519PrivateKey.generate()
    recipient = _bech32("age", private.public_key().public_bytes_raw())
    return recipient, _bech32("age-secret-key-", private.private_bytes_raw()).upper()


def recipient_of(identity: str) -> str:
    """The recipient that belongs to an identity. Raises NotAKey."""
    return _bech32("age", private_key(identity).public_key().public_bytes_raw())


def private_key(identity: str) -> X25519PrivateKey:
    """Of an identity as age writes it. Raises NotAKey."""
    raw = _unbech32("age-secret-key-", identity.strip().lower())
    return X25519PrivateKey.from_private_bytes(raw)


def spaced(fingerprint_: str) -> str:
    """A fingerprint as two people read it to each other, in fours."""
    return " ".join(fingerprint_[at : at + 4] for at in range(0, len(fingerprint_), 4))


def fingerprint(recipient: str) -> str:
    """32 hex digits that name a recipient: the start of the SHA-256 of its text. Raises NotAKey."""
    _unbech32("age", recipient)
    return hashlib.sha256(recipient.encode()).hexdigest()[:32]


class Sealer:
    """Seals one file to one recipient, push style: header, update…, finish; at most one block is
    held back.

    Each Sealer makes its own file key, used for one file only, so the counter nonces never repeat.
    `watch` is shown every block, plain and sealed, right after it was sealed: what looks at them
    then finds them in the processor's cache.
    """

    def __init__(
        self, recipient: str, watch: Callable[[Block, Block], object] = lambda *_: None
    ) -> None:
        file_key = os.urandom(16)
        nonce = os.urandom(16)
        self.header = _header(_point(recipient), file_key) + nonce
        self._cipher = ChaCha20Poly1305(hkdf(file_key, salt=nonce, info=b"payload"))
        self._watch = watch
        self._count = 0
        self._held: Block = b""

    def update(self, plain: bytes) -> bytes | bytearray:
        """The sealed bytes that are certain now. The last block is held back: it is marked as the
        last.
        """
        first: list[Block] = []
        if len(self._held) == BLOCK and plain:
            first, whole = [self._held], memoryview(plain)
        else:
            whole = memoryview(b"".join((self._held, plain)) if self._held else plain)
        ready = max(0, (len(whole) - 1) // BLOCK * BLOCK)
        blocks = [*first, *(whole[start : start + BLOCK] for start in range(0, ready, BLOCK))]
        self._held = whole[ready:]
        return self._sealed(blocks, last=False)

    def finish(self) -> bytes | bytearray:
        """The last block, which is empty only for an empty file."""
        return self._sealed([self._held], last=True)

    def _sealed(self, blocks: Sequence[Block], *, last: bool) -> bytearray:
        out = bytearray(sum(map(len, blocks)) + TAG * len(blocks))
        target, at = memoryview(out), 0
        for plain in blocks:
            nonce = self._count.to_bytes(11, "big") + bytes([last])
            self._count += 1
            end = at + len(plain) + TAG
            sealed = target[at:end]
            self._cipher.encrypt_into(nonce, plain, None, sealed)
            self._watch(plain, sealed)
            at = end
        return out


def seal(plain: bytes, recipient: str) -> bytes:
    """A small piece sealed whole: keys, notes, referral.json. Files go through Sealer."""
    sealer = Sealer(recipient)
    return b"".join((sealer.header, sealer.update(plain), sealer.finish()))


def sealed_size(plain: int) -> int:
    """The size of the sealed object for so many bytes, in bytes."""
    blocks = max(1, -(-plain // BLOCK))
    return len(_header(bytes(31) + b"\x09", bytes(16))) + 16 + plain + blocks * TAG


@lru_cache(maxsize=256)
def _point(recipient: str) -> bytes:
    """A recipient's public key; an installation seals to the same few over and over."""
    return _unbech32("age", recipient)


def _header(recipient: bytes, file_key: bytes) -> bytes:
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    wrap = hkdf(secret, salt=share + recipient, info=LABEL)
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    head = b"age-encryption.org/v1\n-> X25519 %s\n%s\n---" % (unpadded(share), unpadded(body))
    mac = hmac.new(hkdf(file_key, salt=b"", info=b"header"), head, "sha256").digest()
    return head + b" " + unpadded(mac) + b"\n"


def hkdf(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=salt, info=info).derive(key)


def unpadded(raw: bytes) -> bytes:
    """Base64 as age writes it."""
    return base64.b64encode(raw).rstrip(b"=")


# ── bech32, as BIP 173 defines it, without its length limit ──────────────────


def _checksum(prefix: str, values: list[int]) -> int:
    check = 1
    high = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    for value in high + values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> i) & 1 else 0
    return check


def _regroup(values: list[int], bits: int, into: int, *, pad: bool) -> list[int]:
    number, held, out = 0, 0, []
    for value in values:
        number, held = (number << bits) | value, held + bits
        while held >= into:
            held -= into
            out.append((number >> held) & ((1 << into) - 1))
    if pad and held:
        out.append((number << (into - held)) & ((1 << into) - 1))
    return out


def _bech32(prefix: str, raw: bytes) -> str:
    values = _regroup(list(raw), 8, 5, pad=True)
    check = _checksum(prefix, [*values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(check >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(_CHARSET[v] for v in values)


def _unbech32(prefix: str, text: str) -> bytes:
    head, _, tail = text.rpartition("1")
    if head != prefix or any(c not in _CHARSET for c in tail):
        raise NotAKey
    values = [_CHARSET.index(c) for c in tail]
    raw = bytes(_regroup(values[:-6], 5, 8, pad=False))
    if _checksum(prefix, values) != 1 or len(raw) != 32:  # noqa: PLR2004 - an X25519 key
        raise NotAKey
    return raw
