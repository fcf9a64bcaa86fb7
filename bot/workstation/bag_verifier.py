"""Checks a dossier (a BagIt bag that `firsthand open` made) with Python's standard library alone.

    python3 verify.py FOLDER --key KEY

This file lies in every dossier as verify.py. Whoever changed the dossier could have changed it:
take it, and the key, from the unit's own page or from the officer's statement. Signatures are
checked by the openssl program; where that is missing, they are said to be not checked.

Ends with 0 where everything was checked and agrees, 3 where something disagrees, 4 where it agrees
as far as it was checked, or a file is missing, 5 where nothing is signed.
"""

import argparse
import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

AGREES, DISAGREES, PARTLY, UNSIGNED = 0, 3, 4, 5
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")
FIELDS = {"v", "log", "n", "hour", "kind", "actor", "subject", "commitment", "prev"}
SIGNED = ("HEAD", "proofs.json", "installation.pub")
HEAD = re.compile(
    r"(firsthand/[0-9a-f]{16})\n(\d{1,13})\n([A-Za-z0-9+/]{43}=)\nhour (\d{1,8})\n(?:[a-z]+ [^\n]*\n)*"
)
ENDINGS = {
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".heic",
    ".bmp",
    ".tif",
    ".tiff",
    ".mp4",
    ".webm",
    ".mov",
    ".m4v",
    ".avi",
    ".mkv",
    ".3gp",
    ".ogg",
    ".oga",
    ".opus",
    ".mp3",
    ".m4a",
    ".wav",
    ".aac",
    ".amr",
    ".pdf",
    ".txt",
    ".bin",
}
BOUND = {"referral_sha256": "referral.json", "transcript_sha256": "transcript.txt"}
Json = dict[str, Any]


def tell(text: str) -> None:
    """Names in a dossier are anybody's: nothing that a terminal would obey is printed."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    coding = sys.stdout.encoding or "utf-8"
    print(plain.encode(coding, "backslashreplace").decode(coding))


class Disagrees(Exception):
    """Something is not what its record says."""


class Rows:
    """What was checked, and what was not."""

    def __init__(self) -> None:
        self.not_checked: list[str] = []
        self.missing: list[str] = []
        self.signed = False

    def checked(self, text: str) -> None:
        tell(f"  checked      {text}")

    def left(self, text: str) -> None:
        self.not_checked.append(text)
        tell(f"  NOT CHECKED  {text}")


def need(holds: object, why: str) -> None:
    """Raises Disagrees with these words unless it holds."""
    if not holds:
        raise Disagrees(why)


# ── the bag (RFC 8493) ───────────────────────────────────────────────────────


TAGS = {
    "bagit.txt",
    "bag-info.txt",
    "index.html",
    "package.sha256",
    "VERIFY.md",
    "verify.py",
    "HEAD",
    "proofs.json",
    "installation.pub",
    "manifest-sha256.txt",
    "manifest-sha512.txt",
    "tagmanifest-sha256.txt",
    "tagmanifest-sha512.txt",
}
FIELDS_OF_BAG = {
    "Bag-Software-Agent": r"firsthand(?: [0-9a-z.+]+)?",
    "Bagging-Date": r"\d{4}-\d\d-\d\d",
    "External-Identifier": r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}",
    "Payload-Oxum": r"\d+\.\d+",
    "Firsthand-Package-SHA256SUMS": r"[0-9a-f]{64}",
    "Firsthand-Key-Sealed-Anew": r"[0-9A-Z-]{12}\.[0-9a-f]{32}\.key(?: ?\(\d+\))?\.age",
    "Firsthand-Opened": r"\d{4}-\d\d-\d\d \d\d:\d\d",
}
FOLDERS = re.compile(r"data(/exhibits|/set_aside|/addenda(/a\d{1,4}(/exhibits|/set_aside)?)?)?")


def read_info(bag: Path) -> dict[str, str]:
    """What bag-info.txt says, each field once and in its form."""
    *lines, end = (bag / "bag-info.txt").read_text("utf-8").split("\n")
    found: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        fits = name in FIELDS_OF_BAG and re.fullmatch(FIELDS_OF_BAG[name], value)
        need(fits and name not in found, "bag-info.txt says what no dossier says")
        found[name] = value
    need(not end, "bag-info.txt is cut off")
    return found


def check_bag(bag: Path, rows: Rows) -> dict[str, str]:
    """Every file is as both manifests say, and there is no other. Returns the SHA-256 of each file
    below data/.
    """
    declared = bag / "bagit.txt"
    need(
        declared.is_file() and declared.read_bytes() == DECLARATION,
        "bagit.txt is missing or another",
    )
    there = [p for p in bag.rglob("*") if not p.is_dir() or p.is_symlink()]
    links = [p for p in bag.rglob("*") if p.is_symlink()]
    need(not links, f"{links[0] if links else ''} is a link to somewhere else")
    names = {p.relative_to(bag).as_posix() for p in there}
    odd = sorted(n for n in names if not n.startswith("data/") and n not in TAGS)
    need(not odd, f"{odd[0] if odd else ''} is no part of a dossier")
    folders = {p.relative_to(bag).as_posix() for p in bag.rglob("*") if p.is_dir()}
    odd = sorted(name for name in folders if not FOLDERS.fullmatch(name))
    need(not odd, f"{odd[0] if odd else ''} is no folder of a dossier")
    digests: dict[str, dict[str, str]] = {}
    for kind, start in (("manifest", True), ("tagmanifest", False)):
        for algorithm in ALGORITHMS:
            name = f"{kind}-{algorithm}.txt"
            need(name in names, f"{name} is missing")
            listed = manifest(bag / name)
            expected = {
                n
                for n in names
                if n.startswith("data/") is start and not n.startswith("tagmanifest-")
            }
            odd = sorted(set(listed) ^ expected)
            need(
                not odd, f"{odd[0] if odd else ''} is not listed in {name}, or listed and not there"
            )
            digests[name] = listed
            for path, digest in listed.items():
                need(
                    file_digest(bag / path, algorithm) == digest, f"{path} is not what {name} says"
                )
    rows.checked(f"{len(names)} files are as their manifests list them, and there is no other")
    return digests["manifest-sha256.txt"]


def manifest(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    *lines, end = path.read_bytes().decode("utf-8").split("\n")
    need(lines and not end, f"{path.name} is damaged")
    for line in lines:
        match = re.fullmatch(r"([0-9a-f]{64}|[0-9a-f]{128})  ([^\n]+)", line)
        need(match and match[2] not in found, f"{path.name} is damaged")
        assert match
        need(".." not in match[2].split("/") and match[2][0] != "/", f"{path.name} leads elsewhere")
        found[match[2]] = match[1]
    return found


def file_digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


# ── the custody log ──────────────────────────────────────────────────────────


def canonical(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf(line: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + line).digest()


def check_log(bag: Path, reference: str, rows: Rows) -> tuple[list[bytes], list[Json], list[Json]]:
    """The lines, what each says, and the details each is bound to."""
    raw = (bag / "data/custody.jsonl").read_bytes()
    need(raw.endswith(b"\n"), "the custody log is cut off")
    lines, entries, prev, hour = raw.split(b"\n")[:-1], [], "0" * 64, 0
    for n, line in enumerate(lines):
        entry = json.loads(line)
        need(
            set(entry) == FIELDS and canonical(entry) == line, f"custody line {n} is not canonical"
        )
        need(
            (entry["v"], entry["log"], entry["n"]) == (1, reference, n),
            f"line {n} is of another log",
        )
        need(entry["prev"] == prev, f"custody line {n} does not follow the one before it")
        need(entry["hour"] >= hour, f"custody line {n} is earlier than the one before it")
        prev, hour = leaf(line).hex(), entry["hour"]
        entries.append(entry)
    written = (bag / "data/custody-details.json").read_text("utf-8")
    told = json.loads(written)
    same = json.dumps(told, ensure_ascii=False, indent=2) == written
    need(same, "the details are not written as openings are")
    exact = all(set(one) == {"n", "nonce", "details", "kind", "actor"} for one in told)
    exact = exact and all(type(one["n"]) is int for one in told)
    need(exact, "an opening says something else than openings do")
    need(
        sorted(one["n"] for one in told) == list(range(len(lines))), "not each line has its opening"
    )
    details: list[Json] = [{}] * len(lines)
    for one in told:
        entry = entries[one["n"]]
        need(re.fullmatch("[0-9a-f]{64}", one["nonce"]), f"the opening of line {one['n']} is none")
        bound = hashlib.sha256(bytes.fromhex(one["nonce"]) + canonical(one["details"])).hexdigest()
        need(bound == entry["commitment"], f"the details of line {one['n']} are not those it binds")
        beside = (one["kind"], one["actor"])
        need(beside == (entry["kind"], entry["actor"]), f"the details of line {one['n']} say more")
        details[one["n"]] = one["details"]
    check_course(entries)
    rows.checked(f"{len(lines)} custody lines are whole, and each has its details")
    return lines, entries, details


def check_course(entries: list[Json]) -> None:
    kinds = [entry["kind"] for entry in entries]
    need(kinds.count("submitted") == 1, "the log does not say once that the report was submitted")
    sent, added, seen = kinds.index("submitted"), 0, set()
    begins = kinds[0] == "begun" and set(kinds[1:sent]) <= {"exhibit received"}
    need(begins and entries[sent]["actor"] == "intake", "the log does not begin as a report's does")
    for n, entry in enumerate(entries):
        within = "" if n < sent else f"a{added + 1}/"
        if entry["kind"] == "exhibit received":
            fits = bool(re.fullmatch(re.escape(within) + r"x\d{1,6}", entry["subject"]))
            need(
                fits and entry["subject"] not in seen, f"line {n} is of a file that cannot be there"
            )
            seen.add(entry["subject"])
        elif entry["kind"] == "addendum received":
            added += 1
            fits = n > sent and entry["subject"] == f"a{added}"
            need(fits, f"line {n} is of an addition that cannot be there")


# ── what was told ────────────────────────────────────────────────────────────


def check_documents(
    bag: Path, entries: list[Json], details: list[Json], held: dict[str, str], rows: Rows
) -> None:
    """Documents and files against the lines with which they were received."""
    received = {
        e["subject"]: details[n] for n, e in enumerate(entries) if e["kind"] == "exhibit received"
    }
    known = {"data/custody.jsonl", "data/custody-details.json"}
    sums = sealed_sums(bag)
    for n, entry in enumerate(entries):
        if entry["kind"] in ("submitted", "addendum received"):
            within = "" if entry["kind"] == "submitted" else f"{entry['subject']}/"
            folder = f"data/addenda/{within}" if within else "data/"
            known |= check_report(bag, folder, within, details[n], received, held, sums, rows)
    need(not received, f"{min(received, default='')} was received, and no record has it")
    identity = bag / "data/identity.json"
    submitted = details[[e["kind"] for e in entries].index("submitted")]
    if identity.exists():
        same = file_digest(identity, "sha256") == submitted.get("identity_sha256")
        need(same, "identity.json is not what was sent")
        known.add("data/identity.json")
    else:
        rows.left("identity.json: it is not here; it is sealed to fewer, or was taken out")
    odd = sorted(set(held) - known)
    need(not odd, f"{odd[0] if odd else ''} is in the dossier, and no record has it")
    rows.checked("documents and files are, byte for byte, those that the log says were received")


def check_report(
    bag: Path,
    folder: str,
    within: str,
    bound: Json,
    received: dict[str, Json],
    held: dict[str, str],
    sums: dict[str, str] | None,
    rows: Rows,
) -> set[str]:
    """One report, or addition. Returns which files it has."""
    known = {folder + name for name in BOUND.values()}
    for name, document in BOUND.items():
        need(
            held.get(folder + document) == bound.get(name, ""),
            f"{folder}{document} is not what was sent",
        )
    report = json.loads((bag / folder / "referral.json").read_bytes())
    if "leaves_root" in bound:
        known.add(f"{folder}leaves.json")
        check_leaves(bag / folder, report, bound)
    else:
        rows.left(f"the parts of {folder}referral.json: an earlier release bound none")
    for exhibit in report["exhibits"]:
        name = within + exhibit["id"]
        log = received.pop(name, {})
        same = all(log.get(of) == exhibit[of] for of in ("sha256", "sha512", "sealed_sha256"))
        need(same, f"the log does not say that {name} was received as it is here")
        sealed = f"addenda/{within}exhibits/" if within else "exhibits/"
        fits = sums is None or sums.get(f"{sealed}{exhibit['id']}.age") == exhibit["sealed_sha256"]
        need(fits, f"the sealed file of {name} is another")
        files = files_of(exhibit, folder, held, rows)
        if not files:
            rows.missing.append(name)
            continue
        need(held[files[0]] == exhibit["sha256"], f"exhibit {name} is not what was received")
        known.add(files[0])
    for each in report.get("set_aside", ()):
        if "id" in each:
            path = f"{folder}set_aside/{each['id']}.json"
            need(held.get(path) == each["sha256"], f"{path} is not what was kept")
            known.add(path)
    return known


def files_of(exhibit: Json, folder: str, held: dict[str, str], rows: Rows) -> list[str]:
    """Where the exhibit lies, if it is here. Earlier releases, which signed nothing, kept other
    endings.
    """
    start = f"{folder}exhibits/{exhibit['id']}."
    if rows.signed:
        return [path for path in held if path == start[:-1] + ending_of(exhibit)]
    return [path for path in held if path.startswith(start)]


def ending_of(exhibit: Json) -> str:
    """Under which ending an exhibit lies: by its name, or by its kind."""
    ending = Path(str(exhibit["name"])).suffix.lower()
    if ending in ENDINGS - {".bin"}:
        return ending
    kinds = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "video_note": ".mp4"}
    return kinds.get(exhibit["kind"], ".bin")


def check_leaves(folder: Path, report: Json, bound: Json) -> None:
    path = folder / "leaves.json"
    need(path.is_file(), "leaves.json is missing")
    salts = [(one["part"], one["salt"]) for one in json.loads(path.read_bytes())["leaves"]]
    said = {"v": 1, "leaves": [{"part": part, "salt": salt} for part, salt in salts]}
    same = json.dumps(said, separators=(",", ":")).encode() == path.read_bytes()
    need(same, "leaves.json says more than salts")
    parts = list(parts_of(report, ""))
    need([p for p, _ in parts] == [p for p, _ in salts], "leaves.json does not name every part")
    hashes = [
        leaf(bytes.fromhex(salt) + pointer.encode() + b"\n" + as_part(part))
        for (pointer, part), (_, salt) in zip(parts, salts, strict=True)
    ]
    same = len(hashes) == bound["leaves"] and tree_root(hashes).hex() == bound["leaves_root"]
    need(same, "the parts of referral.json are not those that custody has")
    fields = {"software": report["software"]}
    if "recipients" in bound:
        fields |= {k: " ".join(report[k]) for k in ("recipients", "identity_recipients")}
    need(all(bound.get(k) == v for k, v in fields.items()), "referral.json and the log disagree")


def as_part(part: Any) -> bytes:
    return json.dumps(part, sort_keys=True, separators=(",", ":")).encode()


def parts_of(document: Json, within: str) -> Any:
    for name, value in document.items():
        pointer = f"{within}/{name.replace('~', '~0').replace('/', '~1')}"
        if name == "answers" and isinstance(value, dict) and value:
            for step, said in value.items():
                yield f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}", said
        elif isinstance(value, list) and value:
            for place, item in enumerate(value):
                if name == "incidents" and isinstance(item, dict):
                    yield from parts_of(item, f"{pointer}/{place}")
                else:
                    yield f"{pointer}/{place}", item
        else:
            yield pointer, value


# ── what signs it ────────────────────────────────────────────────────────────


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node(tree_root(hashes[:middle]), tree_root(hashes[middle:]))


def included(found: bytes, place: int, size: int, path: list[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    last = size - 1
    if not 0 <= place <= last:
        return False
    for step in path:
        if not last:
            return False
        if place & 1 or place == last:
            found = node(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return not last and found == root


def continued(first: int, before: bytes, size: int, root: bytes, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2."""
    if not 0 < first <= size or (first == size) != (not path):
        return False
    if first == size:
        return before == root
    steps = path if first & (first - 1) else [before, *path]
    place, last = first - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    one = two = steps[0]
    for step in steps[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            one, two = node(step, one), node(step, two)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            two = node(two, step)
        place, last = place >> 1, last >> 1
    return not last and (one, two) == (before, root)


def check_signed(bag: Path, lines: list[bytes], details: list[Json], key: str, rows: Rows) -> None:
    there = [name for name in SIGNED if (bag / name).exists()]
    if not there:
        forged = any("leaves_root" in one or "pieces_sha256" in one for one in details)
        need(not forged, "the signed head was taken out")
        rows.left("who made this, and when: an earlier release, which signed no custody log")
        return
    need(len(there) == len(SIGNED), f"{', '.join(set(SIGNED) - set(there))} is missing")
    rows.signed = True
    own = public_key((bag / "installation.pub").read_text("ascii"))
    same = (bag / "installation.pub").read_bytes() == pem(own)
    need(same, "installation.pub is not written as a key is")
    if key:
        need(
            own == public_key(key), "it is signed by another installation than the published key's"
        )
        rows.checked("the key that lies here is the published one")
    else:
        rows.left("which installation made this: give its published key with --key")
    note = (bag / "HEAD").read_bytes()
    if check_proofs(bag, note, lines, own, rows):
        _, size, _, hour = read_head(note)
        began = datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%d %H:00 UTC")
        rows.checked(f"every line is in a head of {size} entries, signed in the hour from {began}")


def check_proofs(bag: Path, note: bytes, lines: list[bytes], own: bytes, rows: Rows) -> bool:
    """That the head has every line, ends with the last, and continues that of every earlier
    hand-out. Returns whether every signature was checked.
    """
    origin, size, root, hour = read_head(note)
    signatures = [check_signature(note, own, rows)]
    proofs = json.loads((bag / "proofs.json").read_bytes())
    numbers = [proof["n"] for proof in proofs["lines"]]
    need(numbers == list(range(len(lines))), "not every line has its proof, in order")
    lines_ = [{k: proof[k] for k in ("n", "leaf", "path")} for proof in proofs["lines"]]
    earlier_ = [{k: proof[k] for k in ("head", "path")} for proof in proofs["continues"]]
    whole = {"v": 1, "lines": lines_, "continues": earlier_}
    said = json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"
    need(proofs["v"] is not True, "proofs.json is of another kind")
    same = said == (bag / "proofs.json").read_text("utf-8")
    need(same, "proofs.json is not written as proofs are")
    places = [proof["leaf"] for proof in proofs["lines"]]
    need(places[-1] == size - 1, "the signed head goes on after the last custody line")
    need(places == sorted(set(places)), "the proofs put the lines in another order")
    for proof, line in zip(proofs["lines"], lines, strict=True):
        fits = included(leaf(line), proof["leaf"], size, hexes(proof["path"]), root)
        need(fits, f"custody line {proof['n']} is not in the signed head")
    sizes = []
    for proof in proofs["continues"]:
        earlier = proof["head"].encode()
        signatures.append(check_signature(earlier, own, rows))
        origin_, size_, root_, hour_ = read_head(earlier)
        fits = continued(size_, root_, size, root, hexes(proof["path"]))
        need(
            fits and origin_ == origin and hour_ <= hour,
            "the head does not continue an earlier one",
        )
        sizes.append(size_)
    for n, line in enumerate(lines[:-1]):
        handed = json.loads(line)["kind"] == "package handed out"
        fits = not handed or places[n] + 1 in sizes
        need(fits, f"the head of the hand-out in custody line {n} is missing")
    return all(signatures)


def hexes(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in path]


def read_head(note: bytes) -> tuple[str, int, bytes, int]:
    match = HEAD.fullmatch(note.decode("utf-8").rpartition("\n\n")[0] + "\n")
    need(match, "the head is no head")
    assert match
    return match[1], int(match[2]), base64.b64decode(match[3]), int(match[4])


def public_key(text: str) -> bytes:
    lines = [line for line in text.splitlines() if not line.startswith("-----")]
    return base64.b64decode("".join(lines), validate=True)


def check_signature(note: bytes, own: bytes, rows: Rows) -> bool:
    """By openssl, over the text before the empty line (C2SP signed-note, ECDSA P-256)."""
    text, _, signature = note.decode("utf-8").rpartition("\n\n")
    line = signature.removesuffix("\n")
    one = signature.endswith("\n") and "\n" not in line
    need(one and line.startswith("\u2014 "), "the head has not one signature")
    raw = base64.b64decode(line.rpartition(" ")[2], validate=True)
    need(line.split(" ")[1] == text.split("\n")[0], "the head is signed in another name")
    need(raw[:4] == hashlib.sha256(own).digest()[:4], "the head is not signed with the key here")
    if shutil.which("openssl") is None:
        rows.left("the signature of the head: the openssl program is missing")
        return False
    with tempfile.TemporaryDirectory() as folder:
        for name, body in {"text": f"{text}\n".encode(), "sig": raw[4:], "pub": pem(own)}.items():
            (Path(folder) / name).write_bytes(body)
        command = ["openssl", "dgst", "-sha256", "-verify", "pub", "-signature", "sig", "text"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    need(done.returncode == 0, "the head was changed since it was signed")
    return True


def pem(der: bytes) -> bytes:
    body = base64.b64encode(der).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join(
        ["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]
    ).encode()


def sealed_sums(bag: Path) -> dict[str, str] | None:
    path = bag / "package.sha256"
    if not path.exists():
        return None
    pairs = (line.split("  ", 1) for line in path.read_text("utf-8").splitlines())
    return {name: digest for digest, name in pairs}


def check_hand_out(bag: Path, entries: list[Json], details: list[Json], rows: Rows) -> None:
    """That the dossier was made of the sealed pieces that the last line handed out."""
    sums = sealed_sums(bag)
    if not rows.signed:
        return
    need(sums is not None, "package.sha256 is missing")
    named = read_info(bag).get("Firsthand-Package-SHA256SUMS")
    fits = named in (None, file_digest(bag / "package.sha256", "sha256"))
    need(fits, "bag-info.txt names another package.sha256")
    assert sums is not None
    need(entries[-1]["kind"] == "package handed out", "the log does not end with the hand-out")
    apart = {"custody.jsonl", "SHA256SUMS", *SIGNED}
    bound = [n for n in sorted(sums) if n not in apart and not n.startswith("custody/")]
    of_the_log = {f"custody/{n:04}.age" for n in range(len(entries))} | apart - {"SHA256SUMS"}
    need(set(sums) - set(bound) == of_the_log, "package.sha256 names what no package has")
    digest = hashlib.sha256("".join(f"{sums[n]}  {n}\n" for n in bound).encode()).hexdigest()
    if "pieces_sha256" not in details[-1]:
        rows.left("the pieces of the hand-out: an earlier release bound none")
        return
    same = (details[-1]["pieces_sha256"], details[-1]["pieces"]) == (digest, len(bound))
    need(same, "the sealed pieces are not those that were handed out")
    rows.checked(f"it was made of the {len(bound)} sealed pieces that were handed out")


def check(bag: Path, key: str, rows: Rows) -> None:
    """Everything. Raises Disagrees."""
    held = check_bag(bag, rows)
    info = read_info(bag)
    files = [bag / name for name in held]
    oxum = f"{sum(path.stat().st_size for path in files)}.{len(files)}"
    need(info.get("Payload-Oxum") == oxum, "bag-info.txt says another Payload-Oxum")
    reference = info.get("External-Identifier", "")
    lines, entries, details = check_log(bag, reference, rows)
    submitted = next(e for e in entries if e["kind"] == "submitted")
    need(submitted["subject"] == reference, "the report is another than the dossier's")
    check_signed(bag, lines, details, key, rows)
    check_documents(bag, entries, details, held, rows)
    check_hand_out(bag, entries, details, rows)
    rows.left(
        "index.html, VERIFY.md and verify.py: only the program that made them can make them again; read the data instead"
    )


def main() -> int:
    asked = argparse.ArgumentParser(description="Checks a dossier of Firsthand.")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--key", default="", help="the published public key, its one line")
    given = asked.parse_args()
    try:
        if given.key and not given.key.startswith("MFkw"):
            given.key = Path(given.key).read_text("ascii")
        public_key(given.key)
    except (OSError, ValueError):
        asked.error("--key is no public key: it begins with MFkw, in one line or as PEM")
    rows = Rows()
    tell(f"{given.folder}:")
    try:
        check(given.folder, given.key, rows)
    except Disagrees as why:
        tell(f"  STOP         {why}")
        return DISAGREES
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as failure:
        tell(f"  STOP         it is damaged: {type(failure).__name__}")
        return DISAGREES
    for name in rows.missing:
        tell(f"  MISSING      exhibit {name}")
    if not rows.signed:
        return UNSIGNED
    return PARTLY if rows.missing or len(rows.not_checked) > 1 else AGREES


if __name__ == "__main__":
    sys.exit(main())
