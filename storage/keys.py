"""The server's own keys: boxes that seal under 32 bytes, and the master, facts and installation
keys in their files.
"""

import hashlib
import hmac
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from storage.durable import sync_folder

SIZE: Final = 32
CUSTODY_KEY: Final = "custody.pem"
SLOTS: Final = 65_536
"""Unsent reports that can be open at once; the file is two mebibytes, made whole on the first
start.
"""


class Unsealable(Exception):
    """A sealed row does not open: its key was shredded, or it was changed."""


class KeysMissing(Exception):
    """A key file is not where it must be."""


class NoSlots(Exception):
    """More unsent reports are open than there are shred keys."""


class KeyTaken(Exception):
    """Another process owns the shred-key file."""


class Box:
    """Seals rows under one 32-byte key. `about` (table, column) is bound in, so that no row fits
    elsewhere.
    """

    __slots__ = ("_aead", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aead = ChaCha20Poly1305(key)

    def seal(self, plain: bytes, about: str) -> bytes:
        """Random nonces: one key seals some thousands of rows, far below the limit for 96 bits."""
        nonce = os.urandom(12)
        return nonce + self._aead.encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Raises Unsealable."""
        try:
            return self._aead.decrypt(sealed[:12], sealed[12:], about.encode())
        except InvalidTag:
            raise Unsealable(about) from None

    def name(self, *parts: str) -> bytes:
        """A keyed name for something that must be found but not read: 16 bytes."""
        return hmac.digest(self._key, "\x1f".join(parts).encode(), "sha256")[:16]


def load(folder: Path, name: str, *, make: bool) -> Box:
    """The key `name` as a Box; made on the first start where `make` says so. Raises KeysMissing."""
    path = folder / f"{name}.key"
    if not path.exists():
        if not make:
            raise KeysMissing(path.name)
        with suppress(FileExistsError):  # another process was first
            write_new(path, os.urandom(SIZE))
    key = path.read_bytes()
    if len(key) != SIZE:
        raise KeysMissing(path.name)
    return Box(key)


def installation(folder: Path, *, make: bool) -> ec.EllipticCurvePrivateKey:
    """The ECDSA P-256 key that signs receipts and backups."""
    return _signing_key(folder / "installation.pem", make=make)


def custody_log(folder: Path, *, make: bool) -> ec.EllipticCurvePrivateKey:
    """The ECDSA P-256 key that signs the heads of the custody log, and nothing else."""
    return _signing_key(folder / CUSTODY_KEY, make=make)


def _signing_key(path: Path, *, make: bool) -> ec.EllipticCurvePrivateKey:
    """Raises KeysMissing."""
    if not path.exists():
        if not make:
            raise KeysMissing(path.name)
        fresh = ec.generate_private_key(ec.SECP256R1())
        pem = fresh.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with suppress(FileExistsError):  # another process was first
            write_new(path, pem)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except ValueError:
        raise KeysMissing(path.name) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysMissing(path.name)
    return key


def signing_check(private: ec.EllipticCurvePrivateKey) -> bytes:
    """Sixteen bytes by which a signing key is known from another."""
    public = private.public_key()
    info = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(info).digest()[:16]


def chat_name(master: Box, channel: str, chat: str) -> bytes:
    """The keyed hash by which a chat of an open draft is found."""
    return master.name("chat", channel, chat)


def lost_name(master: Box, chat: bytes) -> bytes:
    """By what a chat is told that its report was lost with us; `chat` is its own keyed name."""
    return master.name("lost", chat.hex())


def words_name(master: Box, words: str) -> bytes:
    """The name by which return words find a hidden report: memory-hard (scrypt, 32 MB), under the
    master key.

    Slow on purpose, some 80 ms: call it in a thread.
    """
    plain = " ".join(words.split()).encode()
    hard = hashlib.scrypt(
        plain, salt=master.name("return words"), n=2**15, r=8, p=1, maxmem=2**26, dklen=32
    )
    return master.name("words", hard.hex())


def write_new(path: Path, content: bytes) -> None:
    """A file of its owner's alone, whole or not there, whatever dies meanwhile. Raises
    FileExistsError.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    unfinished.unlink(missing_ok=True)
    fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)
    except FileNotFoundError:  # whoever was first has cleared away
        raise FileExistsError(path) from None
    finally:
        unfinished.unlink(missing_ok=True)
    for left in path.parent.glob(f"{path.name}*.unfinished"):  # of a process that was killed
        left.unlink(missing_ok=True)
    sync_folder(path.parent)
