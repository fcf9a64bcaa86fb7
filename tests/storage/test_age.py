"""What we seal opens with the age program, with pyrage, and with nothing else."""

import os
import subprocess
from pathlib import Path

import pyrage
import pytest

from storage import age
from tests.machine import needed_age

BOUNDARIES = (
    0,
    1,
    age.BLOCK - 1,
    age.BLOCK,
    age.BLOCK + 1,
    2 * age.BLOCK,
    2 * age.BLOCK + 1,
    1_000_003,
)


def written(content: bytes, recipient: str, piece: int) -> bytes:
    sealer = age.Sealer(recipient)
    out = [
        sealer.header,
        *(sealer.update(content[i : i + piece]) for i in range(0, len(content), piece)),
    ]
    return b"".join([*out, sealer.finish()])


@pytest.mark.parametrize("size", BOUNDARIES)
@pytest.mark.parametrize("piece", [1_000, age.BLOCK, 333_333])
def test_every_block_boundary_opens_with_age_and_pyrage(
    size: int, piece: int, tmp_path: Path
) -> None:
    recipient, identity = age.new_identity()
    content = os.urandom(size)
    sealed = written(content, recipient, piece)
    assert len(sealed) == age.sealed_size(size)
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]) == content
    (tmp_path / "key").write_text(identity)
    program = needed_age()
    done = subprocess.run(
        [program, "-d", "-i", tmp_path / "key"], input=sealed, capture_output=True, check=True
    )
    assert done.stdout == content


def test_what_others_seal_to_our_keys_opens() -> None:
    recipient, identity = age.new_identity()
    sealed = pyrage.encrypt(b"hello", [pyrage.x25519.Recipient.from_str(recipient)])
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]) == b"hello"
    assert age.recipient_of(identity) == recipient


@pytest.mark.parametrize("position", [0, 30, 100, 200, -17, -1])
def test_a_changed_byte_does_not_open(position: int) -> None:
    recipient, identity = age.new_identity()
    sealed = bytearray(age.seal(b"x" * 1000, recipient))
    sealed[position] ^= 1
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(bytes(sealed), [pyrage.x25519.Identity.from_str(identity)])


def test_a_file_cut_short_does_not_open() -> None:
    recipient, identity = age.new_identity()
    sealed = age.seal(b"x" * (3 * age.BLOCK), recipient)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(
            sealed[: len(sealed) - age.BLOCK - age.TAG], [pyrage.x25519.Identity.from_str(identity)]
        )


@pytest.mark.parametrize(
    "text", ["", "age1", "age1" + "q" * 58, "AGE-SECRET-KEY-1XYZ", "ssh-ed25519 AAAA"]
)
def test_what_is_no_recipient_is_refused(text: str) -> None:
    with pytest.raises(age.NotAKey):
        age.fingerprint(text)


def test_a_mistyped_recipient_is_noticed() -> None:
    recipient, _ = age.new_identity()
    wrong = recipient[:-1] + ("q" if recipient[-1] != "q" else "p")
    with pytest.raises(age.NotAKey):
        age.fingerprint(wrong)
