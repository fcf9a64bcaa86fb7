"""People at their phones: a witness or an officer in the sandbox, over HTTP, who can do only what the app lets them."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = dict[str, Any]
PATIENCE = 150.0
"""Seconds, not a promise: what keeps time is the bench. A machine whose disk is busy elsewhere syncs for many."""


@dataclass
class Phone:
    """One person's chat with one bot, as their app shows it."""

    http: httpx.AsyncClient
    person: int
    bot: str
    seen: int = 0
    messages: dict[int, Json] = field(default_factory=dict)
    history: list[tuple[str, Json]] = field(default_factory=list)

    @classmethod
    async def new(cls, http: httpx.AsyncClient, name: str = "Olena", bot: str = "witness") -> "Phone":
        answer = (await http.post("/people", json={"name": name, "language": "uk"})).raise_for_status()
        return cls(http, answer.json()["id"], bot)

    async def _do(self, what: str, **body: Any) -> Json:
        answer = await self.http.post(f"/people/{self.person}/{self.bot}/{what}", json=body)
        assert answer.is_success, answer.text
        result: Json = answer.json()
        return result

    async def write(self, text: str) -> int:
        return int((await self._do("text", text=text))["message_id"])

    async def edit(self, message: int, text: str) -> None:
        await self._do("edit", message_id=message, text=text)

    async def send(self, *files: tuple[str, bytes], kind: str = "document", caption: str = "") -> list[Json]:
        parts = [("f", (name, content, "application/octet-stream")) for name, content in files]
        answer = await self.http.post(
            f"/people/{self.person}/{self.bot}/files", files=parts, data={"as": kind, "caption": caption}, timeout=120
        )
        assert answer.is_success, answer.text
        sent: list[Json] = answer.json()
        return sent

    async def block(self) -> None:
        await self._do("block")

    async def look(self) -> list[Json]:
        """Bring the screen up to date; returns what the bot has on it, oldest first."""
        path = "/channel" if self.bot == "channel" else f"/people/{self.person}/{self.bot}/messages"
        answer = (await self.http.get(path, params={"since": self.seen})).json()
        self.seen = answer["next"]
        for change in answer["changes"]:
            message = change["message"]
            self.history.append((change["change"], message))
            if change["change"] == "delete":
                self.messages.pop(message["message_id"], None)
            else:
                self.messages[message["message_id"]] = message
        return [m for _, m in sorted(self.messages.items()) if self.from_bot(m)]

    @staticmethod
    def from_bot(message: Json) -> bool:
        return bool(message.get("from", {}).get("is_bot")) or "sender_chat" in message

    async def until(self, text: str, *, patience: float = PATIENCE) -> Json:
        """The newest message of the bot that holds `text`, as soon as it is on the screen."""
        return await self._until(text, lambda message: text in message.get("text", ""), patience)

    async def until_file(self, name: str, *, patience: float = PATIENCE) -> Json:
        """The newest document of the bot whose name ends so."""
        return await self._until(name, lambda m: m.get("document", {}).get("file_name", "").endswith(name), patience)

    async def _until(self, text: str, fits: Callable[[Json], bool], patience: float) -> Json:
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            for message in reversed(await self.look()):
                if fits(message):
                    return message
            await asyncio.sleep(0.03)
        shown = [m.get("text", "(file)") for m in self.messages.values()]
        raise AssertionError(f"{text!r} did not come; on the screen: {shown[-3:]}")

    async def press(self, label: str, *, on: str = "", patience: float = PATIENCE) -> None:
        """Press the newest button with this label, on a message that holds `on`."""
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            for message in reversed(await self.look()):
                for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                    for button in row:
                        if button["text"] == label and on in message.get("text", ""):
                            await self._do("press", message_id=message["message_id"], data=button["callback_data"])
                            return
            await asyncio.sleep(0.03)
        raise AssertionError(f"no button {label!r} on a message with {on!r}")

    async def download(self, message: Json) -> bytes:
        file = message["document"]["file_id"]
        return (await self.http.get(f"/people/{self.person}/{self.bot}/file/{file}", timeout=120)).content
