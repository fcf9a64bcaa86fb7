"""A witness in a drill: writes, sends files and albums, sends the report, and remembers all of it byte for byte."""

import asyncio
import random
import time
from dataclasses import dataclass, field

from tests.people import Phone
from tests.whole.test_end_to_end import LABELS

SAY = LABELS["en"]
BESIDE = "Your words are kept with your account."
AGAIN_SECONDS = 30.0
"""After so long without an answer a person presses once more."""
GIVES_UP_SECONDS = 240.0


@dataclass
class Told:
    """What one witness said, and which number they were given for it."""

    phone: Phone
    texts: list[str] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    reference: str = ""


async def report(phone: Phone, chance: random.Random) -> Told:
    """One report from start to receipt, however often the other side dies."""
    told = Told(phone)
    await phone.write("/start")
    await on(phone, SAY["language"], SAY["safe"])
    for question, following in (("safe", "adult"), ("adult", "")):
        await on(
            phone,
            SAY["yes"],
            SAY[following] if following else "How are you connected",
            at=SAY[question],
        )
    await on(phone, SAY["role"], "Do you agree")
    await on(phone, SAY["agree"], "return words")
    await on(phone, SAY["words"], SAY["account"])
    for number in range(chance.randint(2, 5)):
        await say(told, chance, number)
    await all_kept(told)
    if told.files:
        await until(phone, f"Received: {len(told.files)} file")
    await on(phone, "Finish", SAY["all"])
    await on(phone, SAY["review"], SAY["share"])
    await on(phone, SAY["skip"], SAY["contact"], at=SAY["share"])
    await on(phone, SAY["skip"], "After sending it cannot be taken back", at=SAY["contact"])
    await on(phone, SAY["send"], SAY["reference"])
    shown = await until(phone, SAY["reference"])
    told.reference = shown.split(SAY["reference"])[1].split()[0]
    return told


async def say(told: Told, chance: random.Random, number: int) -> None:
    """Some words, and now and then a file or an album."""
    text = f"{told.phone.person} says {number}: {chance.random()}"
    told.texts.append(text)
    await told.phone.write(text)
    if chance.random() < 0.5:
        album = [chance.randbytes(chance.randint(1, 60_000)) for _ in range(chance.randint(1, 4))]
        told.files += album
        kind = chance.choice(("photo", "document"))
        await told.phone.send(
            *((f"{n}.bin", content) for n, content in enumerate(album)), kind=kind
        )
    await asyncio.sleep(chance.random())


async def on(phone: Phone, label: str, then: str, *, at: str = "") -> None:
    """Press until what must follow has come, as a person does whose phone shows nothing."""
    ends = time.monotonic() + GIVES_UP_SECONDS
    while time.monotonic() < ends:
        await phone.press(label, on=at, patience=GIVES_UP_SECONDS)
        try:
            await phone.until(then, patience=AGAIN_SECONDS)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{then!r} never followed on {label!r}")


async def all_kept(told: Told) -> None:
    """Until each message is acknowledged: counted, or said to be kept beside, as one that a crash left without its
    question is."""
    ends = time.monotonic() + GIVES_UP_SECONDS
    while time.monotonic() < ends:
        said = [m.get("text", "") for m in await told.phone.look()]
        counted = max(
            (int(text.split("Kept: ")[1].split()[0]) for text in said if "Kept: " in text),
            default=0,
        )
        if counted + sum(BESIDE in text for text in said) >= len(told.texts):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{len(told.texts)} messages were written, and {counted} counted")


async def until(phone: Phone, text: str) -> str:
    return str((await phone.until(text, patience=GIVES_UP_SECONDS))["text"])
