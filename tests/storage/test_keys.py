"""Shred keys: what is overwritten is gone, and no slot is ever given to two reports."""

import os
import stat
from pathlib import Path

import pytest

from storage import keys
from storage.keys import Box, KeysMissing, KeyTaken, ShredKeys, Unsealable


def test_what_was_sealed_under_an_overwritten_slot_never_opens_again(tmp_path: Path) -> None:
    shred = ShredKeys(tmp_path / "shred.keys", owner=True)
    shred.use(set())
    slot, box = shred.take()
    shred.settle()
    sealed = box.seal(b"words", "answers.body")
    assert shred.box(slot).open(sealed, "answers.body") == b"words"
    shred.overwrite([slot])
    with pytest.raises(Unsealable):
        shred.box(slot).open(sealed, "answers.body")


def test_a_slot_is_free_only_when_it_is_said_to_be(tmp_path: Path) -> None:
    shred = ShredKeys(tmp_path / "shred.keys", owner=True)
    shred.use({0, 1, 2})
    taken = {shred.take()[0] for _ in range(100)}
    assert len(taken) == 100 and not taken & {0, 1, 2}
    slot = next(iter(taken))
    shred.overwrite([slot])
    assert slot not in {shred.take()[0] for _ in range(100)}
    shred.free([slot])
    assert shred.take()[0] == slot


def test_one_process_owns_the_file_and_others_read(tmp_path: Path) -> None:
    owner = ShredKeys(tmp_path / "shred.keys", owner=True)
    owner.use(set())
    with pytest.raises(KeyTaken):
        ShredKeys(tmp_path / "shred.keys", owner=True)
    reader = ShredKeys(tmp_path / "shred.keys", owner=False)
    slot, box = owner.take()
    assert reader.box(slot).open(box.seal(b"x", "a"), "a") == b"x"


def test_a_row_opens_only_where_it_belongs() -> None:
    box = Box(os.urandom(32))
    sealed = box.seal(b"words", "answers.body")
    with pytest.raises(Unsealable):
        box.open(sealed, "outbox.body")


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        keys.load(tmp_path, "master", make=False)
    first = keys.load(tmp_path, "master", make=True)
    again = keys.load(tmp_path, "master", make=True)
    assert again.open(first.seal(b"x", "a"), "a") == b"x"
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
    signing = keys.installation(tmp_path, make=True)
    assert keys.installation(tmp_path, make=False).private_numbers() == signing.private_numbers()


def test_a_box_has_no_voice() -> None:
    key = os.urandom(32)
    assert key.hex() not in repr(Box(key)) and str(key) not in repr(Box(key))
