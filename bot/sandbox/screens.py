"""What a person's app shows: chats as they change, as JSON or as a stream, the officers' channel,
files, calls made.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.world import Chat, World


class Screens:
    """`chat_of` finds the chat that a request is about."""

    def __init__(self, world: World, chat_of: Callable[[Request], Chat]) -> None:
        self.world = world
        self._chat_of = chat_of

    def routes(self) -> list[Route]:
        one = "/people/{person:int}/{bot}"
        return [
            Route(f"{one}/messages", self.messages),
            Route(f"{one}/file/{{file_id}}", self.file),
            Route("/channel", self.channel),
            Route("/watch", self.watch),
            Route("/calls", self.calls),
        ]

    async def messages(self, request: Request) -> Response:
        return await self._changes(request, self._chat_of(request))

    async def channel(self, request: Request) -> Response:
        return await self._changes(request, self.world.channel)

    async def watch(self, request: Request) -> Response:
        """Several chats in one stream, as server-sent events: a browser allows six connections to a
        host.

        Each as ?chat=NAME@SINCE; a browser that lost the stream says by its last id how far it had
        come.
        """
        chats: dict[str, Chat] = {}
        seen: dict[str, int] = {}
        for asked in request.query_params.getlist("chat"):
            name, _, since = asked.partition("@")
            person, _, bot = name.partition("/")
            if name == "channel":
                chats[name] = self.world.channel
            elif person.isdecimal() and int(person) in self.world.people:
                chats[name] = self.world.private(bot, int(person))
            seen[name] = int(since or 0)
        for mark in request.headers.get("last-event-id", "").split():
            name, _, came = mark.partition("@")
            seen[name] = int(came)
        return StreamingResponse(self._stream(chats, seen), media_type="text/event-stream")

    async def _changes(self, request: Request, chat: Chat) -> Response:
        """What came after ?since=; with ?wait= as soon as something has, or after so many
        seconds.
        """
        since = int(request.query_params.get("since", 0))
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(
                self._stream({"": chat}, {"": since}), media_type="text/event-stream"
            )
        with contextlib.suppress(TimeoutError):
            async with (
                asyncio.timeout(float(request.query_params.get("wait", 0))),
                self.world.changed,
            ):
                await self.world.changed.wait_for(
                    lambda: self.world.closing or len(chat.changes) > since
                )
        changes = [{"change": kind, "message": message} for kind, message in chat.changes[since:]]
        return JSONResponse({"changes": changes, "next": len(chat.changes)})

    async def _stream(self, chats: dict[str, Chat], seen: dict[str, int]) -> AsyncIterator[str]:
        while not self.world.closing:
            for name, chat in chats.items():
                while seen[name] < len(chat.changes):
                    kind, message = chat.changes[seen[name]]
                    seen[name] += 1
                    change = {"chat": name, "change": kind, "message": message}
                    came = " ".join(f"{n}@{count}" for n, count in seen.items())
                    yield f"id: {came}\ndata: {json.dumps(change)}\n\n"
            async with self.world.changed:
                try:
                    async with asyncio.timeout(15):
                        await self.world.changed.wait()
                except TimeoutError:
                    yield ": still here\n\n"

    async def file(self, request: Request) -> Response:
        stored = self.world.files.get(request.path_params["file_id"])
        if stored is None:
            return JSONResponse({"why": "no such file"}, 404)
        return FileResponse(
            stored.path, filename=stored.name or None, media_type=stored.type or None
        )

    async def calls(self, request: Request) -> Response:
        since = int(request.query_params.get("since", 0))
        return JSONResponse(
            {"calls": [c for c in self.world.calls if c["n"] > since], "next": self.world.called}
        )
