"""A robot that presses and types at random, over HTTP, with a Telegram that fails: every action is answered.

`FIRSTHAND_ROBOT=2000` makes it that many actions a phone instead of the few of a normal run.
"""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.installation import Installation, running
from tests.people import Json, Phone
from tests.waiting import until

PHONES = 6
ACTIONS = int(os.environ.get("FIRSTHAND_ROBOT", "25"))
FAULTS = {"429": 0.05, "5xx": 0.05, "duplicate": 1, "reorder": True}
TYPED = (
    "Я бачила, як горіла школа.", "12 березня 2022", "Буча", "вчора", "так", "ні", "не знаю", "пропустити", "готово", "назад",
    "1", "3", "99", "/start", "/help", "/finish", "/status", "/pause", "/language", "/add", "/delete", "/unknown",
    "<b>*_`{x}", "\u202eгриб", "спасите", "+44 7700 900000", "7K3M-9QXW-4T", "ліс море вікно яблуко небо",
)  # fmt: skip
SILENT = ("/hide",)
"""After it a chat must stay empty: that is the answer."""


def rss(it: Installation, role: str) -> int:
    """Memory a process has now, in kilobytes."""
    status = Path(f"/proc/{it.processes[role].pid}/status").read_text("utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


async def act(phone: Phone, chance: random.Random) -> bool:
    """One thing somebody might do; whether it should be answered."""
    shown = [m for m in await phone.look() if m.get("reply_markup", {}).get("inline_keyboard")]
    what = chance.random()
    if shown and what < 0.6:
        message: Json = shown[-1] if chance.random() < 0.85 else chance.choice(shown)
        button = chance.choice(chance.choice(message["reply_markup"]["inline_keyboard"]))
        path = f"/people/{phone.person}/{phone.bot}/press"  # refused if it went from the screen meanwhile, as in the app
        await phone.http.post(
            path, json={"message_id": message["message_id"], "data": button["callback_data"]}
        )
        return False  # pressed twice is answered once; the next thing typed shows that the chat is alive
    if what < 0.7:
        await phone.send(
            ("a.jpg", chance.randbytes(2000)), kind=chance.choice(("photo", "document", "voice"))
        )
        return False
    await phone.write(chance.choice(TYPED))
    return True


async def use(phone: Phone, chance: random.Random) -> int:
    """A person with much patience and no aim; returns how many answers they waited for."""
    waited = 0
    for _ in range(ACTIONS):
        before = len(phone.history)
        if await act(phone, chance):
            await answered(phone, before)
            waited += 1
    return waited


async def answered(phone: Phone, before: int) -> None:
    """Until the bot said, changed or took away something."""

    async def so() -> bool:
        await phone.look()
        return any(phone.from_bot(message) for _, message in phone.history[before:])

    await until(
        so,
        otherwise=lambda: (
            f"on the screen: {[m.get('text', '') for m in phone.messages.values()][-4:]}"
        ),
    )


@pytest.mark.long
async def test_whatever_is_pressed_and_typed_is_answered_through_every_fault(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        phones = [await Phone.new(it.http, f"Robot {n}") for n in range(PHONES)]
        for phone in phones:
            await phone.write("/start")
            await phone.until("Choose a language")
        await it.http.put("/faults", json=FAULTS)
        memory = {role: rss(it, role) for role in ("witness", "files", "officers")}
        chances = [random.Random(n) for n in range(PHONES)]
        waited = await asyncio.gather(*(use(p, c) for p, c in zip(phones, chances, strict=True)))
        await it.http.put("/faults", json={})
        for phone in phones:
            before = len(phone.history)
            await phone.write("/help")
            await answered(phone, before)
        assert sum(waited) >= PHONES * ACTIONS // 5
        assert all(process.poll() is None for process in it.processes.values())
        assert "set aside" not in it.log.read_text("utf-8")
        grown = {role: rss(it, role) - was for role, was in memory.items()}
        assert max(grown.values()) < 60_000, grown
