"""Every tampering of tests/workstation/tampering.py is refused for its own reason, and stops no other package."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Tampered
from bot.referral import head as heads
from bot.referral import signed_note
from bot.referral.head import Head
from bot.workstation import bag, identity_file, pieces, report_key, verify, verify_dossier
from bot.workstation.documents import DIGESTS
from bot.workstation.dossier import CHECKERS
from bot.workstation.open_all import Result, open_all
from bot.workstation.signed import Signed, read_posted
from tests.workstation import tampering
from tests.workstation.desk import Desk
from tests.workstation.tampering import Package, account_of


def package_of(desk: Desk, reference: str, other: str) -> Package:
    (mine,) = identity_file.identities([desk.folder / "team.key"])
    inside = _pieces(desk.tar(reference))
    account, identity = (account_of(inside, mine, part) for part in ("keys", "identity-keys"))
    return Package(reference, inside, account, identity, _pieces(desk.tar(other)))


def _pieces(tar: Path) -> dict[str, bytes]:
    with tarfile.open(tar) as inside:
        found = {m.name.partition("/")[2]: inside.extractfile(m).read() for m in inside}  # type: ignore[union-attr]
    del found["SHA256SUMS"]
    return found


def written(package: Package, tar: Path) -> None:
    """The package as a tar, its sums made anew unless somebody wrote them."""
    sums = {name: hashlib.sha256(body).hexdigest() for name, body in package.pieces.items()}
    made_ = "".join(f"{d}  {n}\n" for n, d in sorted(sums.items())).encode()
    with tarfile.open(tar, "w") as out:
        for name, body in sorted({**package.pieces, "SHA256SUMS": package.sums or made_}.items()):
            info = tarfile.TarInfo(f"{package.reference}/{name}")
            info.size = len(body)
            out.addfile(info, io.BytesIO(body))


def opened(desk: Desk) -> Result:
    mine = identity_file.identities([desk.folder / "team.key"])
    found = pieces.gather([desk.folder / "in"])
    return open_all(found, mine, desk.folder / "out", desk.said.append, published_before(desk))


def published_before(desk: Desk) -> str:
    """The unit's own word, from elsewhere than the package: here from the one that nobody touched."""
    pub = _pieces(desk.tar(desk.second))["installation.pub"].decode()
    return signed_note.one_line(signed_note.read_key(pub))


@pytest.mark.parametrize("name", tampering.PACKAGES)
def test_a_tampered_package_is_refused_for_its_own_reason(name: str, desk: Desk) -> None:
    change, why = tampering.PACKAGES[name]
    package = package_of(desk, desk.first, desk.second)
    change(package)
    written(package, desk.tar(desk.first))
    result = opened(desk)
    assert result.opened == [desk.second]
    refused = result.tampered | result.refused
    assert list(refused) == [f"{desk.first}.tar"]
    assert re.search(why, refused[f"{desk.first}.tar"]), refused
    assert not desk.dossier().exists()


@pytest.mark.parametrize("name", tampering.DOSSIERS)
def test_a_tampered_dossier_is_refused_for_its_own_reason(name: str, desk: Desk) -> None:
    change, why = tampering.DOSSIERS[name]
    opened(desk)
    page = name == "page that says something else" or "no JSON" in name or "are none" in name
    change(desk.dossier())
    _manifests_again(desk, page_again=not page)
    _refused(desk, why)


@pytest.mark.parametrize("name", tampering.UNLISTED)
def test_a_dossier_that_is_no_valid_bag_is_refused(name: str, desk: Desk) -> None:
    change, why = tampering.UNLISTED[name]
    opened(desk)
    change(desk.dossier())
    _refused(desk, why)


def _refused(desk: Desk, why: str) -> None:
    found = verify.verify([desk.folder / "out"], desk.said.append, published_before(desk))
    assert found.checked == 2 and list(found.wrong) == [desk.first]
    assert re.search(why, found.wrong[desk.first]), found.wrong


def _manifests_again(desk: Desk, *, page_again: bool) -> None:
    folder = desk.dossier()
    if page_again:
        try:
            desk.manifests_again()
        except (ValueError, LookupError, OSError, TypeError):
            page_again = False
    if not page_again:
        found = bag.info(folder)
        kept = {k: v for k, v in found.items() if k.startswith("Firsthand-")}
        bag._close(folder, found["External-Identifier"], kept, {})


def test_there_are_sixty_and_more() -> None:
    assert len(tampering.PACKAGES) + len(tampering.DOSSIERS) + len(tampering.UNLISTED) >= 100


def test_what_is_genuine_is_green_with_the_published_key(desk: Desk) -> None:
    assert sorted(opened(desk).opened) == sorted([desk.first, desk.second])
    found = verify.verify([desk.folder / "out"], desk.said.append, published_before(desk))
    assert (found.wrong, found.missing, found.old, found.partly) == ({}, [], 0, 0)
    assert any("with the published key" in line for line in desk.said)


def test_without_the_published_key_nobody_says_whose_it_is(desk: Desk) -> None:
    package = package_of(desk, desk.first, desk.second)
    tampering._forge_with_own_key(package)
    written(package, desk.tar(desk.first))
    mine = identity_file.identities([desk.folder / "team.key"])
    said: list[str] = []
    result = open_all(pieces.gather([desk.folder / "in"]), mine, desk.folder / "out", said.append)
    assert desk.first in result.opened
    assert [line for line in said if "the published key" in line] == []
    assert any("signed" in line and "the key that lies beside it" in line for line in said)


def test_two_histories_of_one_log_are_seen_where_two_dossiers_lie(desk: Desk) -> None:
    opened(desk)
    rows = verify_dossier.dossier(desk.dossier(desk.second))
    assert rows.proof is not None
    head = rows.proof.head
    other = Signed(
        type(head)(head.origin, head.size, b"o" * 32, head.hour), (), "", True, rows.proof.public
    )
    result = verify.Verified()
    verify._compare_heads("one", rows.proof, result)
    with pytest.raises(Tampered, match="another history than that of one"):
        verify._compare_heads("two", other, result)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_single_change_of_any_file_of_a_dossier_is_found_and_named(
    data: st.DataObject, whole: Path
) -> None:
    dossier = next(p for p in sorted((whole / "out").iterdir()) if p.is_dir())
    files = sorted(p for p in dossier.rglob("*") if p.is_file())
    path = data.draw(st.sampled_from(files))
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    kind = data.draw(st.sampled_from(["change", "insert", "remove", "truncate", "delete"]))
    match kind:
        case "change":
            after = (
                before[:at]
                + bytes([before[at] ^ data.draw(st.integers(1, 255))])
                + before[at + 1 :]
            )
        case "insert":
            after = before[:at] + b"x" + before[at:]
        case "remove":
            after = before[:at] + before[at + 1 :]
        case _:
            after = before[:at]
    try:
        path.unlink() if kind == "delete" else path.write_bytes(after)
        found = verify.verify([dossier], lambda _: None)
        assert found.wrong or after == before
    finally:
        path.write_bytes(before)


@pytest.fixture(scope="module")
def whole(made: tuple[Path, str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both packages opened, once."""
    folder, first, second = made
    to = tmp_path_factory.mktemp("whole")
    here = Desk(to)
    for name in ("in", "team.key"):
        source = folder / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, to / name)
    here.first, here.second = first, second
    opened(here)
    return to


def test_a_package_sealed_with_what_does_not_open_stops_no_other(desk: Desk) -> None:
    """pyrage raises OSError for damage behind the header."""
    package = package_of(desk, desk.first, desk.second)
    body = package.pieces["referral.json.age"]
    package.pieces["referral.json.age"] = body[:-40] + bytes(40)
    with pytest.raises((OSError, pyrage.DecryptError)):
        pyrage.decrypt(package.pieces["referral.json.age"], [pyrage.x25519.Identity.generate()])
    written(package, desk.tar(desk.first))
    result = opened(desk)
    assert result.opened == [desk.second] and json.dumps(result.tampered)


OURS_ALONE = ("page that says something else", "a verifier that says yes")
"""What only the program that made a dossier can know again; verify.py says that it does not."""


def verifier(desk: Desk, key: str) -> tuple[int, str]:
    """What verify.py says of the first dossier, taken from elsewhere than that dossier."""
    script = desk.folder / "verify.py"
    shutil.copy(CHECKERS["verify.py"], script)
    command = [
        sys.executable,
        "-I",
        str(script),
        str(desk.dossier()),
        *(("--key", key) if key else ()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", [*tampering.DOSSIERS, *tampering.UNLISTED])
def test_a_script_that_knows_nothing_of_us_refuses_the_same(name: str, desk: Desk) -> None:
    opened(desk)
    change, _ = (tampering.DOSSIERS | tampering.UNLISTED)[name]
    change(desk.dossier())
    if name in tampering.DOSSIERS:
        _manifests_again(desk, page_again=False)
    code, said = verifier(desk, published_before(desk))
    assert code == (0 if name in OURS_ALONE else 3), said
    if name in tampering.DOSSIERS and code:
        assert "STOP" in said


def test_the_script_says_of_what_is_genuine_what_it_checked(desk: Desk) -> None:
    opened(desk)
    code, said = verifier(desk, published_before(desk))
    assert code == 0 and said.count("  checked ") == 6, said
    code, said = verifier(desk, "")
    assert code == 4 and "NOT CHECKED  which installation made this" in said


def test_the_commands_of_verify_md_agree_with_what_is_genuine(desk: Desk) -> None:
    opened(desk)
    text = (desk.dossier() / "VERIFY.md").read_text("utf-8")
    commands = [
        c.replace("\\|", "|")
        for c in re.findall(r"`([^`]+)`", text)
        if "sum --check" in c or "openssl" in c
    ]
    assert len(commands) == 3
    for command in commands:
        done = subprocess.run(
            ["sh", "-c", command], cwd=desk.dossier(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)
        assert not done.stdout or done.stdout == "Verified OK\n"


def test_a_head_from_the_channel_is_held_against_a_dossier(desk: Desk) -> None:
    opened(desk)
    folder = desk.dossier()
    note = (folder / "HEAD").read_text("utf-8")
    said = f"Custody log at 28 November 2026, 10:00 UTC: 9 entries. Let this stand: …\n\n{note}"
    file = desk.folder / "head.txt"
    file.write_text(said, "utf-8")
    posted = read_posted([file])
    assert posted == [note]
    found = verify.verify([folder], desk.said.append, published_before(desk), posted)
    assert found.wrong == {} and "in the channel" in "".join(desk.said)
    private = ec.generate_private_key(ec.SECP256R1())
    rows = verify_dossier.dossier(folder)
    assert rows.proof is not None
    rows.proof = replace(rows.proof, public=private.public_key())
    mine = rows.proof.head
    for head, why in (
        (Head(mine.origin, mine.size, b"o" * 32, mine.hour), "another history"),
        (Head("firsthand/" + "f" * 16, mine.size, mine.root, mine.hour), "another history"),
    ):
        with pytest.raises(Tampered, match=why):
            verify._compare_posted(rows, [heads.sign(head, private)])
    unknown = heads.sign(Head(mine.origin, mine.size + 7, b"o" * 32, mine.hour), private)
    verify._compare_posted(rows, [unknown])
    assert any("nothing here leads to it" in row for row in rows.not_checked)


def _of_an_earlier_release(package: Package, desk: Desk) -> None:
    """As 0.1 wrote it: no head, no parts, no recipients, and lines that bind less."""
    (mine,) = identity_file.identities([desk.folder / "team.key"])
    key = report_key.sealed_to(pieces.only(desk.tar(desk.first)), "keys", [mine])
    assert key is not None
    for name in ("HEAD", "proofs.json", "installation.pub", "leaves.json.age", "identity.json.age"):
        del package.pieces[name]
    package.drop("identity-keys/")
    package.drop("addenda/")
    referral = json.loads(pyrage.decrypt(package.pieces["referral.json.age"], [key]))
    for name in ("software", "channel", "recipients", "identity_recipients"):
        del referral[name]
    raw = json.dumps(referral).encode()
    package.seal("referral.json.age", raw)
    transcript = pyrage.decrypt(package.pieces["transcript.txt.age"], [key])
    entries = []
    for n, entry in enumerate(package.lines):
        if entry["subject"].startswith("a1"):
            continue
        opening = json.loads(pyrage.decrypt(package.pieces[f"custody/{n:04}.age"], [key]))
        details = {
            k: v for k, v in opening["details"].items() if k in ("at", "received", "size", *DIGESTS)
        }
        if entry["kind"] == "submitted":
            details["referral_sha256"] = hashlib.sha256(raw).hexdigest()
            details["transcript_sha256"] = hashlib.sha256(transcript).hexdigest()
        entries.append((entry, details))
    package.drop("custody/")
    for n, (entry, details) in enumerate(entries):
        entry["commitment"] = package.open_with(n, details)
    package.chain([entry for entry, _ in entries])


def test_a_package_of_an_earlier_release_opens_and_is_said_to_prove_nothing(desk: Desk) -> None:
    package = package_of(desk, desk.first, desk.second)
    _of_an_earlier_release(package, desk)
    written(package, desk.tar(desk.first))
    result = opened(desk)
    assert (result.old, result.tampered, result.refused) == ([desk.first], {}, {})
    assert any("nothing proves who made this, or when" in line for line in desk.said)
    again = opened(desk)
    assert again.old == [desk.first] and desk.first in again.known
    found = verify.verify(
        [desk.folder / "out", desk.folder / "in"], desk.said.append, published_before(desk)
    )
    assert (found.old, found.wrong) == (2, {}) and found.partly > 0
    code, said = verifier(desk, published_before(desk))
    assert code == 5 and "NOT CHECKED  who made this" in said
    _as_that_release_wrote_it(desk.dossier())
    found = verify.verify([desk.dossier()], desk.said.append, published_before(desk))
    assert (found.old, found.wrong, found.missing) == (1, {}, []), found
    code, said = verifier(desk, published_before(desk))
    assert code == 5 and "MISSING" not in said, said


def _as_that_release_wrote_it(dossier: Path) -> None:
    """Another ending, no version, none of what lies beside the data since."""
    exhibit = next((dossier / "data" / "exhibits").iterdir())
    exhibit.rename(exhibit.with_suffix(".htm"))
    for name in ("package.sha256", "VERIFY.md", "verify.py"):
        (dossier / name).unlink()
    found = bag.info(dossier)
    kept = {k: v for k, v in found.items() if k.startswith("Firsthand-")}
    bag._close(dossier, found["External-Identifier"], kept, {})
    info_ = dossier / "bag-info.txt"
    info_.write_text(re.sub("Agent: .*", "Agent: firsthand", info_.read_text("utf-8")), "utf-8")
    tags = sorted(
        p for p in dossier.iterdir() if p.is_file() and not p.name.startswith("tagmanifest")
    )
    bag._write_manifests(dossier, "tagmanifest", {p: bag._digests(p) for p in tags})


def test_a_package_of_an_earlier_release_is_refused_where_a_signed_one_lies(desk: Desk) -> None:
    opened(desk)
    package = package_of(desk, desk.first, desk.second)
    _of_an_earlier_release(package, desk)
    written(package, desk.tar(desk.first))
    assert (
        "its custody log is not signed, and that of" in opened(desk).tampered[f"{desk.first}.tar"]
    )


@pytest.mark.parametrize(
    "line",
    [
        "The witness withdrew this account.",
        "Bagging-Date: 2026-01-01",
        "Firsthand-Opened: by somebody else",
        "Firsthand-Package-SHA256SUMS: " + "0" * 64,
    ],
)
def test_bag_info_says_what_a_dossier_says_and_nothing_else(line: str, desk: Desk) -> None:
    opened(desk)
    info_ = desk.dossier() / "bag-info.txt"
    lines = [
        one
        for one in info_.read_text("utf-8").splitlines()
        if line.partition(": ")[0] not in one or "Bagging" in one
    ]
    info_.write_text("\n".join([*lines, line]) + "\n", "utf-8")
    tags = sorted(
        p for p in desk.dossier().iterdir() if p.is_file() and not p.name.startswith("tagmanifest")
    )
    bag._write_manifests(desk.dossier(), "tagmanifest", {p: bag._digests(p) for p in tags})
    _refused(desk, "bag-info.txt")
    assert verifier(desk, published_before(desk))[0] == 3


def test_what_was_opened_before_is_held_to_the_package_and_not_to_what_it_says_of_itself(
    desk: Desk,
) -> None:
    """A dossier of another state, or of another referral, that says it was made of this package."""
    sums = hashlib.sha256(pieces.only(desk.tar(desk.first)).read("SHA256SUMS")).hexdigest()
    opened(desk)
    for source in (desk.folder / "before", desk.folder / "in"):
        shutil.rmtree(desk.folder / "out")
        other = desk.first if source.name == "before" else desk.second
        mine = identity_file.identities([desk.folder / "team.key"])
        open_all(
            pieces.gather([source / f"{other}.tar"]), mine, desk.folder / "out", desk.said.append
        )
        folder = desk.folder / "out" / desk.first
        if other != desk.first:
            (desk.folder / "out" / other).rename(folder)
        info_ = folder / "bag-info.txt"
        info_.write_text(re.sub("SUMS: .*", f"SUMS: {sums}", info_.read_text("utf-8")), "utf-8")
        tags = sorted(
            p for p in folder.iterdir() if p.is_file() and not p.name.startswith("tagmanifest")
        )
        bag._write_manifests(folder, "tagmanifest", {p: bag._digests(p) for p in tags})
        found = pieces.gather([desk.tar(desk.first)])
        result = open_all(
            found, mine, desk.folder / "out", desk.said.append, published_before(desk)
        )
        assert (
            result.known == []
            and "no longer as it was written" in result.tampered[f"{desk.first}.tar"]
        )


def test_what_is_missing_from_what_was_opened_before_is_named_again(desk: Desk) -> None:
    opened(desk)
    next((desk.dossier() / "data" / "exhibits").iterdir()).unlink()
    desk.manifests_again()
    again = opened(desk)
    assert again.missing == {desk.first: ("exhibits/x1.age",)}


def test_a_dossier_that_is_damaged_stops_neither_the_index_nor_another(desk: Desk) -> None:
    broken = desk.folder / "out" / "7K3M-9QXW-WK"
    (broken / "data").mkdir(parents=True)
    (broken / "bagit.txt").write_text("x")
    (broken / "data" / "custody.jsonl").write_bytes(b"\xff")
    (broken / "data" / "referral.json").write_text('{"language": 5}')
    assert sorted(opened(desk).opened) == sorted([desk.first, desk.second])
    index = (desk.folder / "out" / "index.html").read_text("utf-8")
    assert desk.first in index and "7K3M-9QXW-WK" not in index
    found = verify.verify(
        [desk.folder / "out", desk.folder / "nowhere"], desk.said.append, published_before(desk)
    )
    assert (
        list(found.wrong) == ["7K3M-9QXW-WK"]
        and found.checked == 3
        and "nowhere is not there" in found.absent[0]
    )
    result = opened(desk)
    assert len(result.known) == 2
    mine = identity_file.identities([desk.folder / "team.key"])
    gathered = pieces.gather([desk.folder / "nowhere", desk.folder / "in"])
    assert len(gathered.packages) == 2 and list(gathered.absent) == ["nowhere"] and mine
