"""A head is a signed note that other people's tools check, and that says one thing only."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Refused, Tampered
from bot.referral import head as heads
from bot.referral import signed_note
from bot.referral.head import Head

KEY = ec.generate_private_key(ec.SECP256R1())
HEAD = Head(heads.origin("0123456789abcdef"), 1234, b"r" * 32, 493_001)


def test_openssl_checks_the_signature_of_a_head(tmp_path: Path) -> None:
    note = heads.sign(HEAD, KEY)
    for name, body in {
        "text": signed_note.text_of(note).encode(),
        "sig": signed_note.signature_of(note),
        "pub": signed_note.pem(KEY.public_key()).encode(),
    }.items():
        (tmp_path / name).write_bytes(body)
    command = ["openssl", "dgst", "-sha256", "-verify", "pub", "-signature", "sig", "text"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout == "Verified OK\n"


def test_a_head_is_read_as_it_was_signed() -> None:
    assert heads.read(heads.sign(HEAD, KEY), KEY.public_key()) == HEAD


@pytest.mark.parametrize(
    "text, why",
    [
        (HEAD.text.replace("1234", "01234"), "something else than a head"),
        (HEAD.text.replace("firsthand/", "elsewhere/"), "something else than a head"),
        (HEAD.text.replace("hour", "Hour"), "something else than a head"),
        (HEAD.text.replace("\nhour 493001", ""), "something else than a head"),
        (HEAD.text + "\n" + HEAD.text, "something else than a head"),
    ],
)
def test_what_is_signed_and_no_head_is_none(text: str, why: str) -> None:
    with pytest.raises(Tampered, match=why):
        heads.read(signed_note.sign(text, HEAD.origin, KEY), KEY.public_key())


def test_a_later_release_may_say_more_in_lines_of_its_own() -> None:
    note = signed_note.sign(HEAD.text + "lists 7\n", HEAD.origin, KEY)
    assert heads.read(note, KEY.public_key()) == HEAD


def test_a_signature_in_another_name_is_none() -> None:
    with pytest.raises(Tampered, match="not signed with this key"):
        heads.read(signed_note.sign(HEAD.text, "firsthand/" + "f" * 16, KEY), KEY.public_key())


@pytest.mark.parametrize(
    "given", ["", "MFkw", "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----"]
)
def test_a_key_that_is_none_is_said_to_be_none(given: str) -> None:
    with pytest.raises(Refused, match="that is no public key"):
        signed_note.read_key(given)


def test_a_key_of_another_curve_is_none_of_a_custody_log() -> None:
    other = signed_note.pem(ec.generate_private_key(ec.SECP384R1()).public_key())
    with pytest.raises(Refused, match="P-256"):
        signed_note.read_key(other)
