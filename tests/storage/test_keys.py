"""Keys: what is overwritten is gone, and a row opens only where it belongs."""

import os
import stat
from pathlib import Path

import pytest

from storage import keys
from storage.key_file import KeyFile
from storage.keys import Box, KeysMissing, KeyTaken, Unsealable


def test_what_was_sealed_under_an_overwritten_slot_never_opens_again(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "shred.keys", owner=True)
    box = Box(file.renew([5])[5])
    sealed = box.seal(b"words", "answers.body")
    assert file.box(5).open(sealed, "answers.body") == b"words"
    file.destroy([5])
    with pytest.raises(Unsealable):
        file.box(5).open(sealed, "answers.body")


def test_one_process_owns_the_file_and_others_read(tmp_path: Path) -> None:
    owner = KeyFile(tmp_path / "shred.keys", owner=True)
    with pytest.raises(KeyTaken):
        KeyFile(tmp_path / "shred.keys", owner=True)
    reader = KeyFile(tmp_path / "shred.keys", owner=False)
    box = Box(owner.renew([5])[5])
    assert reader.box(5).open(box.seal(b"x", "a"), "a") == b"x"
    owner.close()
    KeyFile(tmp_path / "shred.keys", owner=True).close()


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


def test_a_key_file_is_whole_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "shred.keys.unfinished").write_bytes(b"what a process left that was killed")
    KeyFile(tmp_path / "shred.keys", owner=True).close()
    assert [path.name for path in tmp_path.iterdir()] == ["shred.keys"]
    with pytest.raises(FileExistsError):
        keys.write_new(tmp_path / "shred.keys", b"another")
    assert (tmp_path / "shred.keys").stat().st_size == keys.SIZE * keys.SLOTS
