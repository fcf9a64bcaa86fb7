"""Large files open as the age program and pyrage would open them, and what those refuse is refused."""

import os
import subprocess
from functools import cache

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import age
from storage.age import BLOCK, TAG
from storage.age_opening import _HEADER_SIZE, NotOpened, Opener
from tests.machine import needed_age

SIZES = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 3)
SEALED = BLOCK + TAG


def opened(sealed: bytes, identity: str, piece: int = 1 << 20) -> bytes:
    opener = Opener(identity)
    parts = [opener.update(sealed[at : at + piece]) for at in range(0, len(sealed), piece)]
    return b"".join([*parts, opener.finish()])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("piece", [7_001, BLOCK, SEALED, 1 << 20])
def test_every_block_boundary_opens_however_it_comes(size: int, piece: int) -> None:
    recipient, identity = age.new_identity()
    content = os.urandom(size)
    assert opened(age.seal(content, recipient), identity, piece) == content


def test_a_header_that_comes_byte_by_byte_is_a_header() -> None:
    recipient, identity = age.new_identity()
    assert opened(age.seal(b"said", recipient), identity, 1) == b"said"


@pytest.mark.parametrize("size", SIZES)
def test_what_the_age_program_sealed_opens(size: int) -> None:
    recipient, identity = age.new_identity()
    content = os.urandom(size)
    done = subprocess.run(
        [needed_age(), "-r", recipient], input=content, capture_output=True, check=True
    )
    assert opened(done.stdout, identity) == content


def test_another_identity_opens_nothing() -> None:
    sealed = age.seal(b"said", age.new_identity()[0])
    with pytest.raises(NotOpened):
        opened(sealed, age.new_identity()[1])


@cache
def sample() -> tuple[bytes, str, bytes]:
    recipient, identity = age.new_identity()
    content = os.urandom(2 * BLOCK + 100)
    return age.seal(content, recipient), identity, content


CHANGES = st.one_of(
    st.tuples(st.just("flip"), st.integers(0, 2 * SEALED + 300), st.integers(1, 255)),
    st.tuples(st.just("flip"), st.integers(0, _HEADER_SIZE + 16), st.integers(1, 255)),
    st.tuples(st.just("cut"), st.integers(0, 2 * SEALED + 300), st.just(0)),
    st.tuples(st.just("drop"), st.integers(0, 2 * SEALED + 300), st.integers(1, SEALED)),
    st.tuples(st.just("repeat"), st.integers(0, 2 * SEALED + 300), st.integers(1, SEALED)),
    st.tuples(st.just("append"), st.just(0), st.integers(1, SEALED)),
)


@given(CHANGES)
def test_whatever_is_changed_is_refused_as_pyrage_refuses_it(change: tuple[str, int, int]) -> None:
    sealed, identity, content = sample()
    what, at, much = change
    match what:
        case "flip":
            at %= len(sealed)
            other = sealed[:at] + bytes([sealed[at] ^ much]) + sealed[at + 1 :]
        case "cut":
            other = sealed[:at]
        case "drop":
            other = sealed[:at] + sealed[at + much :]
        case "repeat":
            other = sealed[:at] + sealed[at : at + much] + sealed[at:]
        case _:
            other = sealed + bytes(much)
    try:
        expected = pyrage.decrypt(other, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError:
        expected = None
    assert expected in (None, content)
    if expected is None:
        with pytest.raises(NotOpened):
            opened(other, identity)
    else:
        assert opened(other, identity) == content


@pytest.mark.parametrize(
    "blocks",
    [
        [(b"x" * BLOCK, False), (b"", True)],  # an empty last block of a file that is not empty
        [(b"x" * BLOCK, True), (b"y", True)],  # two that are the last
        [(b"x" * BLOCK, False)],  # none that is
        [(b"x" * 100, False), (b"y", True)],  # a short one in the middle
        [],
    ],
)
def test_blocks_that_no_writer_writes_are_refused(blocks: list[tuple[bytes, bool]]) -> None:
    recipient, identity = age.new_identity()
    sealer = age.Sealer(recipient)
    sealed = sealer.header + b"".join(bytes(sealer._sealed([b], last=last)) for b, last in blocks)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    with pytest.raises(NotOpened):
        opened(sealed, identity)


@pytest.mark.parametrize(
    "old, new",
    [
        (b"age-encryption.org/v1\n", b"age-encryption.org/v2\n"),
        (b"\n", b"\r\n"),
        (b"-> X25519 ", b"-> x25519 "),
        (b"-> X25519 ", b"-> X25519  "),
    ],
)
def test_a_header_of_another_form_is_refused(old: bytes, new: bytes) -> None:
    sealed, identity, _ = sample()
    with pytest.raises(NotOpened):
        opened(sealed.replace(old, new, 1), identity)


def test_base64_that_says_the_same_in_another_way_is_refused() -> None:
    """The last of 43 letters holds two bits that say nothing, and are 0."""
    sealed, identity, _ = sample()
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = sealed.index(b"\n", 22) - 1
    other = letters[letters.index(sealed[last]) | 1]
    with pytest.raises(NotOpened):
        opened(sealed[:last] + bytes([other]) + sealed[last + 1 :], identity)


def test_a_share_of_low_order_opens_nothing() -> None:
    sealed, identity, _ = sample()
    start = len(b"age-encryption.org/v1\n-> X25519 ")
    with pytest.raises(NotOpened):
        opened(sealed[:start] + b"A" * 43 + sealed[start + 43 :], identity)
