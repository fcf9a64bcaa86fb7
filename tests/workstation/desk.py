"""Two genuine packages with a key, where an officer opens them: made once a module, copied for each test."""

import hashlib
import io
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

from bot.workstation import bag, identity_file, pieces, verify
from bot.workstation.dossier import page_of
from bot.workstation.open_all import Result, open_all
from tests.numbers import Numbers
from tests.shell import shell
from tests.witness.test_addenda import CHAT, OTHER, say
from tests.witness.test_receipt import sent
from tests.workstation.test_open_all import packages

NUMBER = "+44 7700 900222"


class Desk:
    """Two packages with a key, and where they are opened.

    `first` has a photo, a receipt, and an addition with words of danger and a photo of its own;
    `second` has a number to be called.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.said = folder, list[str]()
        self.first, self.second, self.receipt = "", "", folder / "receipt.txt"

    def tar(self, reference: str) -> Path:
        return self.folder / "in" / f"{reference}.tar"

    def dossier(self, reference: str = "") -> Path:
        return self.folder / "out" / (reference or self.first)

    def open(self) -> Result:
        mine = identity_file.identities([self.folder / "team.key"])
        found = pieces.gather([self.folder / "in"])
        return open_all(found, mine, self.folder / "out", self.said.append)

    def verify(self, what: str = "out") -> verify.Verified:
        return verify.verify([self.folder / what], self.said.append)

    def repacked(
        self, reference: str, change: Callable[[dict[str, bytes]], None], sums: bytes = b""
    ) -> None:
        """The package with other pieces, and sums that agree with them, or these."""
        with tarfile.open(self.tar(reference)) as tar:
            inside = {m.name.partition("/")[2]: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]
        change(inside)
        agree = {n: hashlib.sha256(b).hexdigest() for n, b in inside.items() if n != "SHA256SUMS"}
        made = "".join(f"{d}  {n}\n" for n, d in sorted(agree.items())).encode()
        inside["SHA256SUMS"] = sums or made
        with tarfile.open(self.tar(reference), "w") as tar:
            for name, body in sorted(inside.items()):
                info = tarfile.TarInfo(f"{reference}/{name}")
                info.size = len(body)
                tar.addfile(info, io.BytesIO(body))

    def manifests_again(self, reference: str = "") -> None:
        """As somebody would who changed a dossier and knows BagIt."""
        folder = self.dossier(reference)
        (folder / "index.html").write_text(page_of(folder), "utf-8")
        found = bag.info(folder)
        kept = {k: v for k, v in found.items() if k.startswith("Firsthand-")}
        bag._close(folder, found["External-Identifier"], kept, {})


async def make(folder: Path) -> tuple[str, str, str]:
    channel = Numbers()
    async with shell(folder / "it", channel) as it:
        first = await sent(it, channel)
        await say(it, channel, CHAT, "[Signed receipt]")
        told = await say(it, channel, CHAT, "[Show it]")
        (folder / "receipt.txt").write_text(told, "utf-8")
        (folder / "before").mkdir()
        await packages(it, folder / "before")
        await say(it, channel, OTHER, "/start", "3", "/add", first, "[I noted none]")
        await say(it, channel, OTHER, "They are at my door now, they will kill me.")
        channel.send(OTHER, "photo", b"later" * 999, 1)
        await it.quiet()
        it.ahead += 10
        await it.quiet()
        await say(it, channel, OTHER, "done", "[Send]")
        way = ("/start", "3", "1", "1", "1", "1", "3", "I saw it.", "done", "[Go on to sending]")
        await say(it, channel, "79", *way, *("[Skip]",) * 3, "[By phone]", NUMBER)
        await say(it, channel, "79", "[Go on to sending]", "[Send]")
        second = re.search(r"Number: (\S+)", "\n".join(channel.said["79"]))
        assert second, channel.said["79"]
        await packages(it, folder / "in")
    shutil.move(folder / "in" / "team.key", folder / "team.key")
    return first, second[1], told
