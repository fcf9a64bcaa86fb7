"""Every sentence of open, verify and receipt, tried by somebody who wants it to be false."""

import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import Tampered
from bot.workstation import check_receipt, pieces
from tests.workstation.desk import NUMBER, Desk

HANDED_OUT = "the pieces are not those that the custody log says were handed out"


def test_what_is_whole_is_said_to_be_whole(desk: Desk) -> None:
    assert sorted(desk.open().opened) == sorted([desk.first, desk.second])
    found = desk.verify()
    assert (found.checked, found.missing, found.wrong) == (2, [], {})
    assert desk.verify("in").wrong == {}
    checked = check_receipt.check(desk.receipt, desk.dossier(), "")
    assert "1 files and the report are, byte for byte, what was received" in checked.found[1]
    assert checked.missing == []
    page = (desk.dossier(desk.second) / "index.html").read_text("utf-8")
    assert NUMBER.replace("+", "&#43;") in page or NUMBER in page
    assert "Before anybody calls" in page


def test_what_was_added_presses_where_it_is_read_first(desk: Desk) -> None:
    desk.open()
    page = (desk.dossier() / "index.html").read_text("utf-8")
    assert page.index("Words of danger were added on") < page.index("What was agreed to")
    assert 'id="a1/x1"' in page and 'id="x1"' in page
    index = (desk.folder / "out" / "index.html").read_text("utf-8")
    rows = index.split("<tr")[2:]
    assert desk.first in rows[0] and "<b>Words of danger</b>" in rows[0]
    assert "<td>2</td><td>1</td>" in rows[0]  # files, those that were added included, and additions


def _one(desk: Desk, folder: str) -> Path:
    (path,) = (desk.dossier() / folder).iterdir()
    return path


def _lose_file(desk: Desk) -> None:
    _one(desk, "data/exhibits").unlink()


def _change_file(desk: Desk) -> None:
    _one(desk, "data/exhibits").write_bytes(b"another")


def _lose_added(desk: Desk) -> None:
    _one(desk, "data/addenda/a1/exhibits").unlink()


def _change_words(desk: Desk) -> None:
    path = desk.dossier() / "data/transcript.txt"
    path.write_text(path.read_text("utf-8").replace("I saw it", "I did it"), "utf-8")


def _forget_exhibit(desk: Desk) -> None:
    path = desk.dossier() / "data/addenda/a1/referral.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"exhibits": []}), "utf-8")


def _change_number(desk: Desk) -> None:
    path = desk.dossier(desk.second) / "data/identity.json"
    before = path.read_text("utf-8")
    path.write_text(before.replace("900222", "900666"), "utf-8")
    assert path.read_text("utf-8") != before


DOSSIERS: dict[str, tuple[Callable[[Desk], None], str, str]] = {
    "a file is gone": (_lose_file, "x1", ""),
    "a file is another": (_change_file, "", "is not, byte for byte, what was received"),
    "an added file is gone": (_lose_added, "a1/x1", ""),
    "words are others": (_change_words, "", "transcript.txt is not what custody says was sent"),
    "a record forgets a file": (_forget_exhibit, "", "is not what custody says was sent"),
    "a number is another": (_change_number, "", "identity.json is not what custody says was sent"),
}


@pytest.mark.parametrize("case", DOSSIERS)
def test_a_dossier_that_was_changed_by_somebody_who_knows_bagit_is_not_called_whole(
    case: str, desk: Desk
) -> None:
    change, missing, wrong = DOSSIERS[case]
    desk.open()
    change(desk)
    assert desk.verify().wrong != {}  # its manifests
    for reference in (desk.first, desk.second):
        desk.manifests_again(reference)
    found = desk.verify()
    assert found.checked == 2
    if missing:
        assert found.missing == [f"{desk.first}: {missing}"]
    else:
        ((name, why),) = found.wrong.items()
        assert name in (desk.first, desk.second) and wrong in why


@pytest.mark.parametrize("case", list(DOSSIERS)[:4])
def test_a_receipt_is_not_said_to_be_of_what_is_changed_or_gone(case: str, desk: Desk) -> None:
    desk.open()
    DOSSIERS[case][0](desk)
    with pytest.raises(Tampered):
        check_receipt.check(desk.receipt, desk.dossier(), "")
    desk.manifests_again()
    if case == "a file is gone":
        checked = check_receipt.check(desk.receipt, desk.dossier(), "")
        assert checked.missing == ["x1"] and "0 files and the report" in checked.found[1]
    elif case != "an added file is gone":  # of what is added later there is no receipt
        with pytest.raises(Tampered):
            check_receipt.check(desk.receipt, desk.dossier(), "")


def test_what_was_opened_before_is_checked_before_it_is_said_to_be_as_it_was(desk: Desk) -> None:
    desk.open()
    assert desk.open().known == sorted([desk.first, desk.second])
    _change_words(desk)
    again = desk.open()
    assert again.known == [desk.second]
    assert "no longer as it was written" in again.tampered[f"{desk.first}.tar"]


def test_a_dossier_to_which_a_file_was_added_is_noticed(desk: Desk) -> None:
    desk.open()
    (desk.dossier() / "note.txt").write_text("not ours")
    assert desk.verify().wrong == {desk.first: "note.txt is not in the manifest"}


@pytest.mark.parametrize("damage", ["cut", "empty", "header", "byte", "foreign", "no sums"])
def test_a_package_that_is_damaged_is_named_and_stops_no_other(damage: str, desk: Desk) -> None:
    tar = desk.tar(desk.first)
    raw = bytearray(tar.read_bytes())
    match damage:
        case "cut":
            del raw[len(raw) // 2 :]
        case "empty":
            raw.clear()
        case "header":
            with tarfile.open(tar) as inside:
                raw[inside.getmembers()[5].offset + 3] ^= 7
        case "byte":
            raw[-3000] ^= 1
        case "foreign":
            raw[:5] = b"other"
        case "no sums":
            del raw[-2048:]
    tar.write_bytes(raw)
    result = desk.open()
    assert result.opened == [desk.second] and list(result.tampered) == [tar.name]
    found = desk.verify("in")
    assert found.checked == 2 and list(found.wrong) == [tar.name]


def test_the_number_of_another_report_is_not_taken_for_this_ones(desk: Desk) -> None:
    with tarfile.open(desk.tar(desk.second)) as tar:
        names = [m.name for m in tar if "identity" in m.name]
        foreign = {n.partition("/")[2]: tar.extractfile(n).read() for n in names}  # type: ignore[union-attr]
    desk.repacked(desk.first, lambda inside: inside.update(foreign))
    assert HANDED_OUT in desk.open().tampered[f"{desk.first}.tar"]


def test_an_exhibit_that_comes_by_itself_is_missing_until_it_is_there(desk: Desk) -> None:
    sums = pieces.only(desk.tar(desk.first)).read("SHA256SUMS")

    def drop(inside: dict[str, bytes]) -> None:
        for name in [n for n in inside if n.startswith("exhibits/")]:
            del inside[name]

    desk.repacked(desk.first, drop, sums=sums)
    assert desk.open().missing == {desk.first: ("exhibits/x1.age",)}
    assert f"{desk.first}.tar: exhibits/x1.age" in desk.verify("in").missing


def test_a_later_state_goes_on_from_an_earlier_one_and_never_the_other_way(desk: Desk) -> None:
    older = desk.folder / "before" / f"{desk.first}.tar"
    shutil.copy(older, desk.folder / "in" / f"{desk.first} (1).tar")
    assert sorted(desk.open().opened) == sorted([desk.first, f"{desk.first}-2", desk.second])
    index = (desk.folder / "out" / "index.html").read_text("utf-8")
    assert index.count("older: a later one is here") == 1
    old_page = (desk.dossier() / "index.html").read_text("utf-8")
    assert "Added a1" not in old_page
    shutil.rmtree(desk.dossier())
    late = desk.open()
    assert late.opened == []
    assert f"older than {desk.first}-2, which lies there" in late.refused[f"{desk.first} (1).tar"]
