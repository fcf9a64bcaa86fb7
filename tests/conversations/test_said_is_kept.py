"""Whatever a witness sent and did not take back is in what officers open, whatever they did; and nothing else is.

Random courses: words, captions, edits and removals wherever the questions stand, then Send. Each thing that is sent is a
canary of its own. What the bot answers decides: a refusal says so, and everything else is a promise.
"""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.incoming import Edit, Incoming, Typed
from conversations.model import File
from tests.canary import shapes
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.witness.test_addenda import WAY_IN, say

REFUSED = (
    "not kept",
    "cannot be kept",
    "Not received",
    "is not yet a report",
    "Nothing is kept",
    "already sent",
)
"""What the bot says where it keeps something not."""
AWAY = (
    "Back",
    "Hide",
    "Erase",
    "Pause",
    "Other matters",
    "Clear",
    "No, do not keep",
    "Stop here",
    "Go on to sending",
)
"""Buttons that leave the course, or take something back."""
ONWARD = (
    "Send",
    "Go on to sending",
    "Go on",
    "Go on anyway",
    "Done",
    "Skip",
    "No",
    "Leave it as it is",
)
"""What somebody presses who wants to be done, the most final first."""
ACTS = st.lists(
    st.tuples(st.sampled_from(["words", "words", "file", "edit", "uncaption", "press", "press", "remove"]), st.integers(0, 60)),
    min_size=3, max_size=22,
)  # fmt: skip


@dataclass
class Course:
    """One witness. `promised` and `gone`: canaries that must be, and must not be, in what officers open."""

    it: Shell
    channel: Numbers
    promised: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    written: dict[str, str] = field(default_factory=dict)
    """By the key of a message, the canary of its words."""
    files: dict[str, tuple[File, str]] = field(default_factory=dict)
    """By the key of a message, its file and the canary of its caption."""
    given: int = 0

    def canary(self) -> str:
        self.given += 1
        return f"kanarka{self.given:03}q"

    async def act(self, what: str, number: int) -> None:
        before = len(self.channel.said["A"])
        match what:
            case "words":
                canary = self.canary()
                self.channel.do("A", Typed(f"{canary} at the bridge"), 1)
                await self.it.quiet()
                self.written[f"n{self.channel.sent}"] = canary
                self.answered(before, canary)
            case "file":
                await self.file(before)
            case "edit" if self.written:
                key = sorted(self.written)[number % len(self.written)]
                await self.edited(key, number)
            case "uncaption" if self.files:
                key = sorted(self.files)[number % len(self.files)]
                file, caption = self.files.pop(key)
                await self.edit(key, Edit("", (file,)), number)
                self.taken_back(caption)
            case "press":
                await self.press(number)
            case _:
                pass

    async def file(self, before: int) -> None:
        content, caption = self.canary(), self.canary()
        id_ = f"photo{self.given}"
        self.channel.files[id_] = content.encode() * 50
        file = File(id_, "photo", "", size=600)
        self.channel.do("A", (file, Typed(f"{caption} is what it shows")), 1)
        await self.settled()
        self.files[f"n{self.channel.sent}"] = (file, caption)
        self.answered(before, content)
        self.answered(before, caption)

    async def edited(self, key: str, number: int) -> None:
        old, new = self.written[key], self.canary()
        before = len(self.channel.said["A"])
        await self.edit(key, Edit(f"{new} under the bridge"), number)
        self.taken_back(old)
        self.written[key] = new
        self.answered(before, new)

    async def edit(self, key: str, edit: Edit, number: int) -> None:
        delivery = f"{key}e{self.given}.{number}"
        await self.it.taking.take(
            "numbers", [Incoming("A", delivery, key, 0, 1, edit, delivery=delivery)]
        )
        await self.settled()

    async def press(self, number: int) -> None:
        labels = [b.label for b in self.channel.listed.get("A", ()) if not b.label.startswith(AWAY)]
        if labels:
            await say(self.it, self.channel, "A", f"[{labels[number % len(labels)]}]")

    async def settled(self) -> None:
        await self.it.quiet()
        self.it.ahead += 10
        await self.it.quiet()

    def answered(self, before: int, canary: str) -> None:
        said = "\n".join(self.channel.said["A"][before:])
        (self.gone if any(each in said for each in REFUSED) else self.promised).add(canary)

    def taken_back(self, canary: str) -> None:
        self.promised.discard(canary)
        self.gone.add(canary)

    async def send(self) -> None:
        await say(self.it, self.channel, "A", "/finish")
        for _ in range(60):
            if await self.it.referrals():
                return
            labels = [button.label for button in self.channel.listed["A"]]
            wanted = next((label for label in ONWARD if label in labels), None)
            assert wanted, self.channel.said["A"][-1]
            await say(self.it, self.channel, "A", f"[{wanted}]")
            await self.settled()
        raise AssertionError(self.channel.said["A"][-1])


async def opened(acts: list[tuple[str, int]], folder: Path) -> tuple[Course, bytes]:
    """A course to its end, and every byte of what officers open of it."""
    channel = Numbers()
    async with shell(folder, channel) as it:
        course = Course(it, channel)
        await say(it, channel, "A", *WAY_IN, "3")
        await course.act("words", 0)
        for what, number in acts:
            await course.act(what, number)
        await course.send()
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, folder)
        return course, b"\0".join(
            path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()
        )


@settings(max_examples=12, deadline=None)
@given(ACTS)
def test_what_was_sent_and_not_taken_back_is_what_officers_open(
    acts: list[tuple[str, int]],
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        course, everything = asyncio.run(opened(acts, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    there = {
        c for c in course.promised | course.gone if any(s in everything for s in shapes(c).values())
    }
    assert there == course.promised, (course.promised - there, there & course.gone)
