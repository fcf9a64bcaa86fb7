"""The server's own keys: shred keys in a fixed file, and the master, facts and installation keys beside it."""

import fcntl
import hashlib
import hmac
import os
import threading
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from storage.durable import sync_folder
from storage.mirror import Mirror

SIZE: Final = 32
SLOTS: Final = 65_536
"""Unsent reports that can be open at once; the file is two mebibytes, made whole on the first start."""


class Unsealable(Exception):
    """A sealed row does not open: its key was shredded, or it was changed."""


class KeysMissing(Exception):
    """A key file is not where it must be."""


class NoSlots(Exception):
    """More unsent reports are open than there are shred keys."""


class KeyTaken(Exception):
    """Another process owns the shred-key file."""


class Box:
    """Seals rows under one 32-byte key. `about` (table, column) is bound in, so that no row fits elsewhere."""

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
        return hmac.new(self._key, "\x1f".join(parts).encode(), "sha256").digest()[:16]


class ShredKeys:
    """32-byte slots in a file of fixed size; overwriting a slot destroys what it seals for good.

    One process owns the file (an exclusive lock) and gives out slots; others only read. Slots that
    no row refers to are free.
    """

    def __init__(
        self, path: Path, *, owner: bool, mirror: Path | None = None, whose: bytes = b"", begin_mirror: bool = False
    ) -> None:  # fmt: skip
        """`mirror`: a folder on another disk; `whose`: what tells this installation's from another's.

        Raises KeysMissing, also where only the mirror is left (it is put back, and never made new) and where the file
        is not whole.
        """
        self._free: dict[int, None] = {}
        self._alone = threading.Lock()
        """Slots are taken on the loop and overwritten in threads; original and mirror must change together."""
        fresh = not path.exists()
        if fresh:
            if not owner or (mirror is not None and (mirror / path.name).exists()):
                raise KeysMissing(path.name)
            _write_new(path, bytes(SIZE * SLOTS))
        if path.stat().st_size != SIZE * SLOTS:
            raise KeysMissing(path.name)
        self._fd = os.open(path, os.O_RDWR if owner else os.O_RDONLY)
        if owner:
            _lock(self._fd, path)
        held = owner and mirror is not None
        self._mirror = Mirror(mirror, path, whose, begin=fresh or begin_mirror) if held and mirror else None

    def use(self, taken: set[int]) -> None:
        """Tell the owner which slots rows refer to; the rest is free."""
        self._free = dict.fromkeys(slot for slot in range(SLOTS - 1, -1, -1) if slot not in taken)

    def box(self, slot: int) -> Box:
        """The key in a slot as it is now."""
        return Box(os.pread(self._fd, SIZE, slot * SIZE))

    def take(self) -> tuple[int, Box]:
        """A slot with a fresh key, not yet durable: call `settle` before anything refers to it."""
        if not self._free:
            raise NoSlots
        slot, _ = self._free.popitem()
        key = os.urandom(SIZE)
        with self._alone:
            self._write(slot, key)
        return slot, Box(key)

    def settle(self) -> None:
        """Make what was taken durable. Without its mirror it goes on: a witness must not wait for a disk."""
        with self._alone:
            self._settle()

    def overwrite(self, slots: list[int]) -> None:
        """Destroy what was sealed under these slots. They are free only once no row says they are to be shredded:
        a slot given out earlier could be overwritten again under the report that has it by then.

        Raises MirrorAway: then the keys are destroyed here, and must be overwritten again once the mirror is back."""
        with self._alone:
            for slot in slots:
                self._write(slot, os.urandom(SIZE))
            self._settle()
            if self._mirror is not None:
                self._mirror.require()

    def free(self, slots: list[int]) -> None:
        """No row refers to these slots any more."""
        self._free.update(dict.fromkeys(slots))

    @property
    def mirror_away(self) -> bool:
        """Whether there should be a mirror, and is none."""
        return self._mirror is not None and self._mirror.away

    def _settle(self) -> None:
        os.fdatasync(self._fd)
        if self._mirror is not None:
            self._mirror.settle()

    def _write(self, slot: int, key: bytes) -> None:
        os.pwrite(self._fd, key, slot * SIZE)
        if self._mirror is not None:
            self._mirror.write(slot * SIZE, key)

    def close(self) -> None:
        os.close(self._fd)
        if self._mirror is not None:
            self._mirror.close()


def load(folder: Path, name: str, *, make: bool) -> Box:
    """The key `name` as a Box; made on the first start where `make` says so. Raises KeysMissing."""
    path = folder / f"{name}.key"
    if not path.exists():
        if not make:
            raise KeysMissing(path.name)
        _write_new(path, os.urandom(SIZE))
    key = path.read_bytes()
    if len(key) != SIZE:
        raise KeysMissing(path.name)
    return Box(key)


def installation(folder: Path, *, make: bool) -> ec.EllipticCurvePrivateKey:
    """The ECDSA P-256 key that signs receipts and ledger heads."""
    path = folder / "installation.pem"
    if not path.exists():
        if not make:
            raise KeysMissing(path.name)
        fresh = ec.generate_private_key(ec.SECP256R1())
        pem = fresh.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_new(path, pem)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except ValueError:
        raise KeysMissing(path.name) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeysMissing(path.name)
    return key


def installation_check(folder: Path) -> bytes:
    """Sixteen bytes by which the installation's key is known from another. Raises KeysMissing."""
    public = installation(folder, make=False).public_key()
    info = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).digest()[:16]


def chat_name(master: Box, bot: str, chat: str) -> bytes:
    """The keyed hash by which a chat of an open draft is found."""
    return master.name("chat", bot, chat)


def words_name(master: Box, words: str) -> bytes:
    """The name by which return words find a hidden report: memory-hard (scrypt, 32 MB), under the master key.

    Slow on purpose, some 80 ms: call it in a thread.
    """
    plain = " ".join(words.split()).encode()
    hard = hashlib.scrypt(plain, salt=master.name("return words"), n=2**15, r=8, p=1, maxmem=2**26, dklen=32)
    return master.name("words", hard.hex())


def _write_new(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _lock(fd: int, path: Path) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise KeyTaken(path.name) from None
