"""People at their phones: a witness or an officer in the sandbox, over HTTP, who can do only what the app lets them."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.waiting import PATIENCE

Json = dict[str, Any]
LOOKS_AGAIN_SECONDS = 5.0


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
    async def new(
        cls, http: httpx.AsyncClient, name: str = "Olena", bot: str = "witness"
    ) -> "Phone":
        answer = (
            await http.post("/people", json={"name": name, "language": "uk"})
        ).raise_for_status()
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

    async def send(
        self, *files: tuple[str, bytes], kind: str = "document", caption: str = ""
    ) -> list[Json]:
        parts = [("f", (name, content, "application/octet-stream")) for name, content in files]
        answer = await self.http.post(
            f"/people/{self.person}/{self.bot}/files",
            files=parts,
            data={"as": kind, "caption": caption},
            timeout=PATIENCE,
        )
        assert answer.is_success, answer.text
        sent: list[Json] = answer.json()
        return sent

    async def article(self, *blocks: Json) -> int:
        return int((await self._do("article", blocks=list(blocks)))["message_id"])

    async def live(self, still: bytes, film: bytes, caption: str = "") -> Json:
        """A live photo."""
        parts = [("still", ("a.jpg", still, "image/jpeg")), ("film", ("a.mp4", film, "video/mp4"))]
        return await self._form("live", parts, caption=caption)

    async def exchange(
        self, message: int, content: bytes, kind: str = "photo", **said: str
    ) -> Json:
        """Put another file in the place of the one in a message, or under its words."""
        parts = [("file", ("b.jpg", content, "image/jpeg"))]
        return await self._form("exchange", parts, message_id=str(message), **{"as": kind}, **said)

    async def _form(
        self, what: str, parts: list[tuple[str, tuple[str, bytes, str]]], **data: str
    ) -> Json:
        address = f"/people/{self.person}/{self.bot}/{what}"
        answer = await self.http.post(address, files=parts, data=data, timeout=PATIENCE)
        assert answer.is_success, answer.text
        sent: Json = answer.json()
        return sent

    async def block(self) -> None:
        await self._do("block")

    async def look(self, wait: float = 0) -> list[Json]:
        """Bring the screen up to date, for so many seconds if nothing comes; returns what the bot has on it."""
        path = "/channel" if self.bot == "channel" else f"/people/{self.person}/{self.bot}/messages"
        answer = (await self.http.get(path, params={"since": self.seen, "wait": wait})).json()
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
        return await self._until(
            name, lambda m: m.get("document", {}).get("file_name", "").endswith(name), patience
        )

    async def _looks(self, patience: float) -> AsyncIterator[list[Json]]:
        """The screen now, and whenever something came; ends with the patience."""
        ends = time.monotonic() + patience
        yield await self.look()
        while (left := ends - time.monotonic()) > 0:
            yield await self.look(wait=min(left, LOOKS_AGAIN_SECONDS))

    async def _until(self, text: str, fits: Callable[[Json], bool], patience: float) -> Json:
        async for screen in self._looks(patience):
            for message in reversed(screen):
                if fits(message):
                    return message
        raise AssertionError(f"{text!r} did not come; on the screen: {self._shown()}")

    def _shown(self) -> list[tuple[str, list[str]]]:
        """The last messages with their buttons, to say what was there instead."""
        last = [self.messages[id_] for id_ in sorted(self.messages)[-4:]]
        keys = [m.get("reply_markup", {}).get("inline_keyboard", []) for m in last]
        return [
            (m.get("text", "(file)"), [b["text"] for row in rows for b in row])
            for m, rows in zip(last, keys, strict=True)
        ]

    async def press(self, label: str, *, on: str = "", patience: float = PATIENCE) -> None:
        """Press the newest button with this label, on a message that holds `on`; once more where it
        went from the screen in that moment.
        """
        async for screen in self._looks(patience):
            for message in reversed(screen):
                for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                    for button in row:
                        there = button["text"] == label and on in message.get("text", "")
                        if there and await self._try_press(message, button):
                            return
        raise AssertionError(
            f"no button {label!r} on a message with {on!r}; on the screen: {self._shown()}"
        )

    async def _try_press(self, message: Json, button: Json) -> bool:
        pressed = {"message_id": message["message_id"], "data": button["callback_data"]}
        answer = await self.http.post(f"/people/{self.person}/{self.bot}/press", json=pressed)
        assert answer.is_success or "not on the screen" in answer.text, answer.text
        return answer.is_success

    async def download(self, message: Json) -> bytes:
        file = message["document"]["file_id"]
        return (
            await self.http.get(f"/people/{self.person}/{self.bot}/file/{file}", timeout=PATIENCE)
        ).content
