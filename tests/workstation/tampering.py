"""Tampering by name: each changes a genuine package or dossier as somebody would who knows the formats, has every public
key and no secret one, and makes sums and manifests anew. Beside it, the words with which it must be refused.
"""

import base64
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage
from cryptography.hazmat.primitives.asymmetric import ec

from bot.referral import head as heads
from bot.referral import proofs, signed_note
from bot.referral.head import Head
from bot.referral.proofs import HeadProof, LineProof
from storage import age, custody, tree

OUT = "were handed out"


@dataclass
class Package:
    """The pieces of a genuine package, and what an attacker may know of it: whatever lies in the clear."""

    reference: str
    pieces: dict[str, bytes]
    account: str
    """The public key of its account."""
    identity: str
    other: dict[str, bytes] = field(default_factory=dict)
    """The pieces of another genuine package of the same installation."""
    sums: bytes = b""
    """SHA256SUMS as somebody wrote it; else made anew."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.pieces["custody.jsonl"].splitlines()]

    def chain(self, entries: list[dict[str, Any]]) -> None:
        """Put this log in place of the true one, numbered and chained as it must be."""
        prev, written = custody.FIRST, []
        for n, entry in enumerate(entries):
            line = custody.canonical({**entry, "n": n, "prev": prev})
            prev = custody.leaf(line)
            written.append(line + b"\n")
        self.pieces["custody.jsonl"] = b"".join(written)

    def seal(self, path: str, body: object, recipient: str = "") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.pieces[path] = age.seal(raw, recipient or self.account)

    def open_with(self, n: int, details: dict[str, Any]) -> str:
        """Write an opening of our own for line `n`; returns its commitment."""
        nonce = os.urandom(32)
        self.seal(f"custody/{n:04}.age", {"n": n, "nonce": nonce.hex(), "details": details})
        return custody.commitment(nonce, details)

    def sign(self, private: ec.EllipticCurvePrivateKey) -> None:
        """Sign the log as it is now with a key of one's own, as the only entries there are."""
        lines = self.pieces["custody.jsonl"].splitlines()
        leaves = [bytes.fromhex(custody.leaf(line)) for line in lines]

        def note(size: int) -> str:
            head = Head(heads.origin("0" * 16), size, tree.root(leaves[:size]), 493_000)
            return heads.sign(head, private)

        def path(ranges: list[tuple[int, int]]) -> tuple[bytes, ...]:
            return tuple(tree.root(leaves[a:b]) for a, b in ranges)

        size = len(leaves)
        found = [LineProof(n, n, path(tree.inclusion(n, size))) for n in range(size)]
        earlier = [
            HeadProof(note(n + 1), path(tree.consistency(n + 1, size)))
            for n in proofs.hand_outs(lines)[:-1]
        ]
        self.pieces["HEAD"] = note(size).encode()
        self.pieces["proofs.json"] = proofs.write(found, earlier)
        self.pieces["installation.pub"] = signed_note.pem(private.public_key()).encode()

    def proofs(self, change: Callable[[dict[str, Any]], object]) -> None:
        said = json.loads(self.pieces["proofs.json"])
        change(said)
        self.pieces["proofs.json"] = (
            json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        )

    def head(self, line: int, text: str) -> None:
        parts = self.pieces["HEAD"].decode().split("\n")
        parts[line] = text
        self.pieces["HEAD"] = "\n".join(parts).encode()

    def drop(self, start: str) -> None:
        for name in [name for name in self.pieces if name.startswith(start)]:
            del self.pieces[name]


def _replace_account(p: Package) -> None:
    p.seal(
        "referral.json.age",
        {
            "schema": "firsthand.referral/1",
            "reference": p.reference,
            "exhibits": [],
            "software": "x",
        },
    )


def _replace_account_and_its_opening(p: Package) -> None:
    """As above, with a line, an opening and the log made anew to fit."""
    body = {
        "schema": "firsthand.referral/1",
        "reference": p.reference,
        "exhibits": [],
        "software": "x",
    }
    raw = json.dumps(body).encode()
    p.seal("referral.json.age", raw)
    entries = p.lines
    n = next(n for n, entry in enumerate(entries) if entry["kind"] == "submitted")
    entries[n]["commitment"] = p.open_with(n, {"referral_sha256": hashlib.sha256(raw).hexdigest()})
    p.chain(entries)


def _add_addendum(p: Package, name: str = "a7") -> None:
    recipient, key = age.new_identity()
    p.seal(f"addenda/{name}/key.age", f"{key}\n".encode())
    for part in ("referral.json", "transcript.txt", "leaves.json"):
        p.seal(
            f"addenda/{name}/{part}.age",
            {"id": name, "submitted": "2026", "exhibits": []},
            recipient,
        )


def _rename_addendum(p: Package) -> None:
    for path in [path for path in p.pieces if path.startswith("addenda/a1/")]:
        p.pieces[path.replace("a1", "a2", 1)] = p.pieces.pop(path)


def _exchange_openings(p: Package) -> None:
    one, two = "custody/0001.age", "custody/0002.age"
    p.pieces[one], p.pieces[two] = p.pieces[two], p.pieces[one]


def _reorder(p: Package) -> None:
    entries = p.lines
    entries[-2], entries[-3] = entries[-3], entries[-2]
    p.chain(entries)


def _whole_log_anew(p: Package) -> None:
    entries = p.lines
    for n, entry in enumerate(entries):
        entry["commitment"] = p.open_with(n, {"at": "2026-01-01T00:00:00Z"})
    p.chain(entries)


def _forge_with_own_key(p: Package) -> None:
    p.sign(ec.generate_private_key(ec.SECP256R1()))


def _sign_head_with_own_key(p: Package) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    note = p.pieces["HEAD"].decode()
    text = signed_note.text_of(note)
    p.pieces["HEAD"] = signed_note.sign(text, text.split("\n")[0], private).encode()


def _submit_twice(p: Package) -> None:
    entries = p.lines
    again = next(entry for entry in entries if entry["kind"] == "submitted")
    entries.insert(-1, again)
    p.chain(entries)


def _change_line(p: Package) -> None:
    entries = p.lines
    entries[-1]["actor"] = "officer 99"
    p.chain(entries)


def _tail_cut(p: Package) -> None:
    entries = p.lines
    del p.pieces[f"custody/{len(entries) - 1:04}.age"]
    p.chain(entries[:-1])


def _addition_cut(p: Package) -> None:
    """To the state before what was added, as far as it goes without a head."""
    entries = p.lines
    first = next(n for n, entry in enumerate(entries) if entry["subject"].startswith("a1"))
    for n in range(first, len(entries) - 1):
        del p.pieces[f"custody/{n:04}.age"]
    p.pieces[f"custody/{first:04}.age"] = p.pieces.pop(f"custody/{len(entries) - 1:04}.age")
    p.chain([*entries[:first], entries[-1]])
    p.drop("addenda/")


def _cut_back(p: Package) -> None:
    """To the first hand-out, as it was handed out, under the head of the last."""
    entries = p.lines
    first = next(n for n, entry in enumerate(entries) if entry["kind"] == "package handed out")
    for n in range(first + 1, len(entries)):
        del p.pieces[f"custody/{n:04}.age"]
    p.chain(entries[: first + 1])
    p.drop("addenda/")
    p.proofs(lambda said: said.update(lines=said["lines"][: first + 1]))


def _without_earlier_heads(p: Package) -> None:
    p.proofs(lambda said: said.update(continues=[]))


def _sums_without(p: Package) -> None:
    kept = [
        f"{hashlib.sha256(b).hexdigest()}  {n}\n"
        for n, b in sorted(p.pieces.items())
        if n != "transcript.txt.age"
    ]
    p.sums = "".join(kept).encode()


def _thief(p: Package) -> None:
    recipient, _ = age.new_identity()
    p.seal(f"keys/{age.fingerprint(recipient)}.age", b"AGE-SECRET-KEY-1", recipient)


def _other_piece(path: str) -> Callable[[Package], None]:
    return lambda p: p.pieces.update({path: p.other[path]})


def _flip(path: str) -> Callable[[Package], None]:
    def flip(p: Package) -> None:
        raw = bytearray(p.pieces[path])
        raw[-1] ^= 1
        p.pieces[path] = bytes(raw)

    return flip


def _without(*starts: str) -> Callable[[Package], None]:
    def drop(p: Package) -> None:
        for start in starts:
            p.drop(start)

    return drop


def _text(path: str, old: str, new: str) -> Callable[[Package], None]:
    def change(p: Package) -> None:
        raw = p.pieces[path]
        p.pieces[path] = re.sub(old.encode(), new.encode(), raw)
        assert p.pieces[path] != raw

    return change


def _last_path(change: Callable[[list[str]], object]) -> Callable[[Package], None]:
    return lambda p: p.proofs(lambda said: change(said["lines"][-1]["path"]))


def _forge_continued(p: Package) -> None:
    def change(said: dict[str, Any]) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        text = p.pieces["HEAD"].decode().split("\n")
        earlier = Head(text[0], 1, b"r" * 32, 1)
        said["continues"] = [{"head": heads.sign(earlier, private), "path": []}]

    p.proofs(change)


PACKAGES: dict[str, tuple[Callable[[Package], object], str]] = {
    "exhibit replaced": (lambda p: p.seal("exhibits/x1.age", b"another"), OUT),
    "exhibit removed": (_without("exhibits/"), OUT),
    "exhibit added": (lambda p: p.seal("exhibits/x9.age", b"more"), OUT),
    "exhibit damaged": (_flip("exhibits/x1.age"), OUT),
    "account replaced": (_replace_account, OUT),
    "account replaced, with its line and opening": (_replace_account_and_its_opening, "not in the signed head"),
    "transcript replaced": (lambda p: p.seal("transcript.txt.age", b"It was the others."), OUT),
    "transcript of another report": (_other_piece("transcript.txt.age"), OUT),
    "identity replaced": (lambda p: p.seal("identity.json.age", {"name": "Somebody"}, p.identity), OUT),
    "identity removed": (_without("identity.json.age"), OUT),
    "salts replaced": (lambda p: p.seal("leaves.json.age", {"v": 1, "leaves": []}), OUT),
    "salts removed": (_without("leaves.json.age"), OUT),
    "opening left out": (_without("custody/0001.age"), "openings are here"),
    "openings left out": (_without("custody/00"), "openings are here"),
    "opening added": (lambda p: p.seal("custody/0099.age", {"n": 99}), "openings are here"),
    "openings exchanged": (_exchange_openings, "is the opening of another line"),
    "opening of another": (lambda p: p.open_with(1, {"at": "2026"}) , "are not those it is bound to"),
    "opening that is none": (lambda p: p.seal("custody/0001.age", b"[]"), "damaged"),
    "opening that does not open": (_other_piece("custody/0001.age"), "does not open"),
    "opening damaged": (_flip("custody/0001.age"), "does not open"),
    "addition without a line": (_add_addendum, OUT),
    "addition without a line in place of the true one": (lambda p: _add_addendum(p, "a1"), OUT),
    "addition removed": (_without("addenda/"), OUT),
    "addition renamed": (_rename_addendum, OUT),
    "addition cut away with its lines": (_addition_cut, "proof, in order"),
    "cut back to an earlier hand-out, under the later head": (_cut_back, "the signed head goes on after the last custody line"),
    "earlier heads left out": (_without_earlier_heads, "the head of the hand-out in custody line . is missing"),
    "proofs that say more": (lambda p: p.proofs(lambda s: s.update(note="withdrawn")), "says more than proofs"),
    "head with a line after its signature": (lambda p: p.pieces.update(HEAD=p.pieces["HEAD"] + b"Withdrawn.\n"), "not one signature"),
    "sums emptied": (lambda p: setattr(p, "sums", b"\n"), "SHA256SUMS cannot be read"),
    "sums that leave one out": (_sums_without, "SHA256SUMS does not name it"),
    "sums that name one twice": (lambda p: setattr(p, "sums", b"0" * 64 + b"  a\n" + b"0" * 64 + b"  a\n"), "names a twice"),
    "sums that are none": (lambda p: setattr(p, "sums", b"<html>"), "SHA256SUMS cannot be read"),
    "log cut at its end": (_tail_cut, "not every custody line has its proof"),
    "log cut off within a line": (lambda p: p.pieces.update({"custody.jsonl": p.pieces["custody.jsonl"][:-9]}), "cut off"),
    "log emptied": (lambda p: p.pieces.update({"custody.jsonl": b""}), "no lines"),
    "log with other line ends": (_text("custody.jsonl", "\n", "\r\n"), "is not canonical"),
    "log line changed": (_text("custody.jsonl", '"actor":"officer 1"', '"actor":"officer 2"'), "prev is not|not in the signed head"),
    "log line changed and chained anew": (_change_line, "not in the signed head"),
    "log line removed": (lambda p: p.chain([*p.lines[:-2], p.lines[-1]]), "proof, in order"),
    "log reordered": (_reorder, "not in the signed head"),
    "log written anew": (_whole_log_anew, "not in the signed head"),
    "submitted twice": (_submit_twice, "proof, in order"),
    "log of another report": (_other_piece("custody.jsonl"), "log is not"),
    "head removed": (_without("HEAD"), "HEAD is missing"),
    "proofs removed": (_without("proofs.json"), "proofs.json is missing"),
    "key removed": (_without("installation.pub"), "installation.pub is missing"),
    "made to look like an earlier release": (_without("HEAD", "proofs.json", "installation.pub"), "the signed head was taken out"),
    "head of another size": (lambda p: p.head(1, "7"), "changed since it was signed"),
    "head of another root": (lambda p: p.head(2, base64.b64encode(b"r" * 32).decode()), "changed since it was signed"),
    "head of another hour": (lambda p: p.head(3, "hour 490000"), "changed since it was signed"),
    "head that says more": (lambda p: p.head(3, "hour 490000\nhour 1"), "changed since it was signed"),
    "head without its signature": (lambda p: p.head(5, ""), "no signed note"),
    "head with another signature": (lambda p: p.head(5, p.pieces["HEAD"].decode().split("\n")[5][:-8] + "AAAAAAA="), "changed since|not whole"),
    "head signed with another key": (_sign_head_with_own_key, "not signed with this key"),
    "head of another package": (_other_piece("HEAD"), "not in the signed head"),
    "all signed with another key": (_forge_with_own_key, "another installation"),
    "proofs of another package": (_other_piece("proofs.json"), "not in the signed head|proof, in order"),
    "proofs that are none": (lambda p: p.pieces.update({"proofs.json": b"{}"}), "cannot be read"),
    "proof cut": (_last_path(lambda path: path.pop()), "not in the signed head"),
    "proof with more": (_last_path(lambda path: path.append("00" * 32)), "not in the signed head"),
    "proof of another place": (lambda p: p.proofs(lambda s: s["lines"][0].update(leaf=s["lines"][0]["leaf"] + 1)), "another order|not in the signed head"),
    "proofs reordered": (lambda p: p.proofs(lambda s: s["lines"].reverse()), "in order"),
    "proof left out": (lambda p: p.proofs(lambda s: s["lines"].pop()), "in order"),
    "a head that it does not continue": (_forge_continued, "not signed with this key"),
    "sealed to a thief": (_thief, OUT),
    "a recipient left out": (lambda p: p.drop(next(n for n in p.pieces if n.startswith("keys/"))), "not sealed to|" + OUT),
    "account key of another report": (lambda p: p.pieces.update({n: b for n, b in p.other.items() if n.startswith("keys/")}), "does not open|" + OUT),
    "key that is none": (lambda p: p.pieces.update({"installation.pub": b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}), "holds no key"),
    "account that is no JSON": (lambda p: p.seal("referral.json.age", b"{"), OUT),
    "account too deep": (lambda p: p.seal("referral.json.age", b"[" * 100_000), OUT),
}  # fmt: skip


# ── dossiers ─────────────────────────────────────────────────────────────────


def _json(path: Path, change: Callable[[Any], Any]) -> None:
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps(change(said) or said, ensure_ascii=False, indent=2), "utf-8")


def _details(change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[Path], None]:
    return lambda d: _json(d / "data/custody-details.json", change)


def _write(name: str, body: bytes) -> Callable[[Path], None]:
    def write(dossier: Path) -> None:
        (dossier / name).parent.mkdir(exist_ok=True)
        (dossier / name).write_bytes(body)

    return write


def _edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(dossier: Path) -> None:
        raw = (dossier / name).read_bytes()
        changed = re.sub(old.encode(), new.encode(), raw)
        assert changed != raw
        (dossier / name).write_bytes(changed)

    return edit


def _gone(name: str) -> Callable[[Path], None]:
    return lambda d: (d / name).unlink()


def _link(dossier: Path) -> None:
    path = next((dossier / "data/exhibits").iterdir())
    target = dossier.parent / "elsewhere"
    shutil.move(path, target)
    path.symlink_to(target)


def _rename(dossier: Path) -> None:
    path = next((dossier / "data/exhibits").iterdir())
    path.rename(path.with_suffix(".html"))


def _before_the_addition(dossier: Path) -> None:
    """The taken-back consent and its lines cut away."""
    shutil.rmtree(dossier / "data/addenda")
    lines = (dossier / "data/custody.jsonl").read_bytes().splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if json.loads(line)["subject"].startswith("a1"))
    (dossier / "data/custody.jsonl").write_bytes(b"".join(lines[:first]))
    _json(dossier / "data/custody-details.json", lambda said: said[:first])


def _unsigned(dossier: Path) -> None:
    for name in ("HEAD", "proofs.json", "installation.pub"):
        (dossier / name).unlink()


def _info(line: str) -> Callable[[Path], object]:
    return lambda d: (d / "bag-info.txt").open("a").write(line)


def _own_key(dossier: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    text = signed_note.text_of((dossier / "HEAD").read_text("utf-8"))
    (dossier / "HEAD").write_text(signed_note.sign(text, text.split("\n")[0], private), "utf-8")
    (dossier / "installation.pub").write_text(signed_note.pem(private.public_key()), "ascii")


RECEIVED = "is not, byte for byte, what was received"
SENT = "is not what custody says was sent"
DOSSIERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "exhibit replaced": (lambda d: next((d / "data/exhibits").iterdir()).write_bytes(b"x") , RECEIVED),
    "exhibit added": (_write("data/exhibits/x9.jpg", b"more"), "no record has it"),
    "exhibit renamed to what a browser obeys": (_rename, "no record has it"),
    "exhibit made a link": (_link, "a link to somewhere else"),
    "account changed": (_edit("data/referral.json", '"language": "en"', '"language": "uk"'), SENT),
    "account that is no JSON": (_write("data/referral.json", b"{"), SENT),
    "transcript changed": (_write("data/transcript.txt", b"It was the others."), SENT),
    "transcript removed": (_gone("data/transcript.txt"), SENT),
    "identity replaced": (_write("data/identity.json", b"{}"), SENT),
    "salts replaced": (_edit("data/leaves.json", '"salt":"..', '"salt":"00'), "not those that custody has"),
    "salts removed": (_gone("data/leaves.json"), "leaves.json cannot be read"),
    "addition changed": (_edit("data/addenda/a1/referral.json", '"flags": \\[', '"flags": ["x", '), SENT),
    "addition removed": (lambda d: shutil.rmtree(d / "data/addenda"), SENT),
    "addition without a line": (_write("data/addenda/a7/referral.json", b"{}"), "no record has it"),
    "taken-back consent cut away with its lines": (_before_the_addition, "proof, in order"),
    "log line changed": (_edit("data/custody.jsonl", "claimed|intake", "nobody"), "prev is not|not in the signed head|somebody else"),
    "details changed": (_details(lambda said: said[0]["details"].update(at="2026")), "not those it is bound to"),
    "details left out": (_details(lambda said: said[1:]), "opening of custody line 0 is missing"),
    "details emptied": (_write("data/custody-details.json", b"[]"), "opening of custody line 0 is missing"),
    "details twice": (_details(lambda said: [*said, said[0]]), "an opening says that it is of custody line 0"),
    "details of a line that is not": (_details(lambda said: [*said, {**said[0], "n": -1}]), "of line -1"),
    "details that say another kind": (_details(lambda said: said[0].update(kind="submitted")), "something else of line 0"),
    "details that are none": (_write("data/custody-details.json", b'{"a": 1}'), "damaged"),
    "head removed": (_gone("HEAD"), "HEAD is missing"),
    "proofs changed": (_edit("proofs.json", '"leaf":0,', '"leaf":1,'), "another order|not in the signed head"),
    "signed with another key": (_own_key, "another installation"),
    "made to look like an earlier release": (_unsigned, "the signed head was taken out"),
    "sealed sums changed": (_edit("package.sha256", "  keys/", "  keyz/"), OUT + "|names another"),
    "sealed sums removed": (_gone("package.sha256"), "package.sha256 is missing"),
    "page that says something else": (_edit("index.html", "</body>", "<p>Withdrawn.</p></body>"), "is not what the data say"),
    "a verifier that says yes": (_write("verify.py", b"print('all agrees')"), "not the one that this release writes"),
    "another reference": (_edit("bag-info.txt", "External-Identifier: .*", "External-Identifier: 7K3M-9QXW-WK"), "log is not"),
    "a file beside the data that is listed": (_write("FINDINGS.html", b"Withdrawn."), "is no part of a dossier"),
    "a fetch.txt": (_write("fetch.txt", b"https://example.org/x 1 data/x\n"), "is no part of a dossier"),
    "salts that say more": (_edit("data/leaves.json", "^.", '{"note":"withdrawn",'), "says more than salts"),
    "details with a name twice": (_edit("data/custody-details.json", '"details": .', '"details": {}, "details": {'), "not written as openings are"),
    "exhibit under another name": (lambda d: (p := next((d / "data/exhibits").iterdir())).rename(p.with_name("x1.Staged.pdf")), "no record has it"),
    "details that say more": (_details(lambda said: said[0].update(x="withdrawn")), "something else of line 0"),
    "proofs that say more": (_edit("proofs.json", "^.", '{"note":"withdrawn",'), "says more than proofs"),
    "sealed sums that say more": (lambda d: (d / "package.sha256").open("a").write("0" * 64 + "  custody/note: withdrawn\n"), "names something else|names another"),
    "another file among the data": (_write("data/note.txt", b"x"), "no record has it"),
}  # fmt: skip

UNLISTED: dict[str, tuple[Callable[[Path], object], str]] = {
    "bagit.txt removed": (_gone("bagit.txt"), "bagit.txt is missing"),
    "bagit.txt of another version": (_write("bagit.txt", b"BagIt-Version: 0.97\n"), "bagit.txt is missing, or says"),
    "a manifest removed": (_gone("manifest-sha512.txt"), "is missing"),
    "tag manifests removed": (_gone("tagmanifest-sha256.txt"), "is missing"),
    "manifest with other line ends": (_edit("manifest-sha256.txt", "\n", "\r\n"), "is missing|not in the manifest|damaged"),
    "manifest that leads elsewhere": (_edit("manifest-sha256.txt", "data/transcript.txt", "data/../../transcript.txt"), "damaged"),
    "manifest emptied": (_write("manifest-sha256.txt", b""), "not in the manifest|damaged"),
    "tag manifest that leaves the head out": (_edit("tagmanifest-sha256.txt", "[0-9a-f]+  HEAD\n", ""), "disagree on HEAD"),
    "bag-info.txt with a line of its own": (_info("The witness withdrew this account.\n"), "bag-info.txt"),
    "bag-info.txt with a field twice": (_info("Bagging-Date: 2026-01-01\n"), "bag-info.txt"),
    "another Payload-Oxum": (_edit("bag-info.txt", "Payload-Oxum: .*", "Payload-Oxum: 1.1"), "is not what its manifest|Payload-Oxum"),
    "bag-info.txt that says more": (lambda d: (d / "bag-info.txt").open("a").write("External-Description: staged\n"), "External-Description|is not what its manifest"),
    "another file beside": (_write("note.txt", b"x"), "not in the manifest"),
    "a payload file more": (_write("data/more.txt", b"x"), "not in the manifest"),
    "one byte of a file": (_edit("data/transcript.txt", "^.", "~"), "is not what its manifest says"),
    "one byte of the page": (_edit("index.html", "^.", "~"), "is not what its manifest says"),
}  # fmt: skip
"""Without the manifests made anew."""


def account_of(
    pieces: dict[str, bytes], identity: pyrage.x25519.Identity, part: str = "keys"
) -> str:
    """The public key of a report's account, or of who it is, as anybody with the row of the database has it."""
    path = f"{part}/{age.fingerprint(str(identity.to_public()))}.age"
    key = pyrage.x25519.Identity.from_str(pyrage.decrypt(pieces[path], [identity]).decode().strip())
    return str(key.to_public())
