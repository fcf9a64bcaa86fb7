"""The mirror of the shred keys: the same bytes, destroyed in both, and never written where its disk is not."""

import threading
from pathlib import Path

import pytest

from storage.key_file import KeyFile
from storage.keys import SIZE, SLOTS, KeysMissing
from storage.mirror import MARK, NAME, MirrorAway, MirrorOfAnother, put_back


def made(tmp_path: Path, whose: bytes = b"us", **more: bool) -> KeyFile:
    file = KeyFile(
        tmp_path / "keys" / NAME, owner=True, mirror=tmp_path / "mirror", whose=whose, **more
    )
    file.join_mirror()
    return file


def same(tmp_path: Path) -> bool:
    return (tmp_path / "keys" / NAME).read_bytes() == (tmp_path / "mirror" / NAME).read_bytes()


def test_what_is_taken_and_destroyed_is_so_in_both(tmp_path: Path) -> None:
    shred = made(tmp_path)
    shred.renew([7])
    assert same(tmp_path)
    shred.destroy([7])
    assert same(tmp_path)
    shred.close()


def test_a_mirror_that_is_away_stops_no_report_and_nothing_counts_as_destroyed(
    tmp_path: Path,
) -> None:
    shred = made(tmp_path)
    (tmp_path / "mirror").rename(tmp_path / "unplugged")
    shred.close()
    shred = made(tmp_path)
    assert shred.mirror_away and not (tmp_path / "mirror").exists(), (
        "a folder that is not mounted is not made"
    )
    shred.renew([7])
    with pytest.raises(MirrorAway):
        shred.destroy([7])
    (tmp_path / "mirror").mkdir()  # the mount point without its disk
    with pytest.raises(MirrorAway):
        shred.destroy([7])
    assert list((tmp_path / "mirror").iterdir()) == []
    (tmp_path / "mirror").rmdir()
    (tmp_path / "unplugged").rename(tmp_path / "mirror")
    shred.destroy([7])
    assert same(tmp_path) and not shred.mirror_away
    shred.close()


def test_a_mirror_of_keys_in_use_is_begun_when_it_is_said_and_only_for_them(tmp_path: Path) -> None:
    alone = KeyFile(tmp_path / "keys" / NAME, owner=True)
    alone.renew([7])
    alone.close()
    shred = made(tmp_path)
    assert shred.mirror_away
    shred.close()
    made(tmp_path, begin_mirror=True).close()
    assert same(tmp_path) and (tmp_path / "mirror" / MARK).exists()
    with pytest.raises(MirrorOfAnother):
        made(tmp_path, whose=b"others")


def test_lost_keys_are_put_back_and_never_made_new_over_their_mirror(tmp_path: Path) -> None:
    shred = made(tmp_path)
    shred.renew([7])
    shred.close()
    original = (tmp_path / "keys" / NAME).read_bytes()
    (tmp_path / "keys" / NAME).unlink()
    with pytest.raises(KeysMissing):
        made(tmp_path)
    (tmp_path / "keys" / NAME).write_bytes(b"")  # as a power cut may leave it
    with pytest.raises(KeysMissing):
        made(tmp_path)
    (tmp_path / "keys" / NAME).write_bytes(bytes(SIZE * SLOTS))
    shred = made(tmp_path)
    assert shred.mirror_away and (tmp_path / "mirror" / NAME).read_bytes() == original
    shred.close()
    assert put_back(tmp_path / "mirror", tmp_path / "keys" / NAME) and same(tmp_path)
    assert not put_back(tmp_path / "nowhere", tmp_path / "keys" / NAME)


def test_threads_that_destroy_while_a_mirror_comes_back_leave_nothing_in_it(tmp_path: Path) -> None:
    shred = made(tmp_path)
    for round_ in range(30):
        slots = range(round_ * 8, round_ * 8 + 8)
        shred.renew(slots)
        (tmp_path / "mirror").rename(tmp_path / "unplugged")
        assert shred._mirror
        shred._mirror.close()
        threads = [threading.Thread(target=lambda s=slot: destroyed(shred, s)) for slot in slots]
        for number, thread in enumerate(threads):
            thread.start()
            if number == len(threads) // 2:
                (tmp_path / "unplugged").rename(tmp_path / "mirror")
        for thread in threads:
            thread.join()
        assert same(tmp_path), round_
    shred.close()


def destroyed(shred: KeyFile, slot: int) -> None:
    while True:
        try:
            shred.destroy([slot])
        except MirrorAway:
            continue
        return
