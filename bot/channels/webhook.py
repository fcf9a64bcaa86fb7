"""Telegram's updates pushed to us over HTTP: 200 is said of an update only once it is durable.

Behind a proxy that speaks TLS. Whoever has not the secret is told nothing (401); what is no update,
or too large, is refused and changes nothing (https://core.telegram.org/bots/api#setwebhook).
"""

import asyncio
import hmac
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.incoming import Batch, Incoming, Unread
from bot.logs import where_raised
from bot.process.http_server import QuietServer

log = structlog.get_logger()
MOST_BYTES: Final = 1024 * 1024
"""An update has no files; the largest that was seen, an album's message with captions, is below 20
kB.
"""
AGAIN_SECONDS: Final = 1.0
AT_ONCE: Final = 100
WAITING: Final = 1000
"""Updates that may wait to be stored; the next is refused, and Telegram brings it again."""
SECRET: Final = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header

Read = Callable[[dict[str, Any]], Incoming | Unread | None]


@dataclass(slots=True)
class _Pushed:
    update: dict[str, Any]
    kept: asyncio.Future[bool] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


async def ask_for_pushes(ask: Callable[[], Awaitable[None]]) -> None:
    """Ask to be pushed to, as often as it takes, until cancelled; what others asked for comes in
    meanwhile.

    Raises what `ask` raises where it is not that Telegram is away (OSError).
    """
    while True:
        try:
            await ask()
        except OSError as failure:
            log.warning("nothing is pushed yet", error=where_raised(failure))
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            await asyncio.Event().wait()


class Webhook:
    """`read` is the channel's."""

    def __init__(self, listening: socket.socket, secret: str, read: Read) -> None:
        self._listening, self._secret, self._read = listening, secret.encode(), read
        self._waiting: asyncio.Queue[_Pushed] = asyncio.Queue(WAITING)

    async def receive(self) -> AsyncIterator[Batch]:
        """Batches as they come, for ever; what is not accepted is refused, so that Telegram brings
        it again.
        """
        while True:
            pushed = [await self._waiting.get()]
            while len(pushed) < AT_ONCE and not self._waiting.empty():
                pushed.append(self._waiting.get_nowait())
            items = tuple(item for one in pushed if (item := self._read(one.update)) is not None)

            async def accept(pushed: list[_Pushed] = pushed) -> None:
                _settle(pushed, kept=True)

            try:
                yield Batch(items, accept)
            finally:
                _settle(pushed, kept=False)

    async def serve(self) -> None:
        """Until cancelled; what is in hand then is refused."""
        await QuietServer(self.application()).on(self._listening)

    def application(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._pushed, methods=["POST"])])

    async def _pushed(self, request: Request) -> Response:
        given = request.headers.get(SECRET, "").encode()
        if not hmac.compare_digest(given, self._secret):
            log.warning("a webhook call without the secret")
            return Response(status_code=401)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        update = _update(body)
        if update is None:
            log.warning("a webhook call that is no update")
            return Response(status_code=400)
        pushed = _Pushed(update)
        try:
            self._waiting.put_nowait(pushed)
        except asyncio.QueueFull:
            return Response(status_code=503)
        return Response(status_code=200 if await pushed.kept else 503)


def _settle(pushed: list[_Pushed], *, kept: bool) -> None:
    for one in pushed:
        if not one.kept.done():
            one.kept.set_result(kept)


async def _body(request: Request) -> bytes | None:
    """The whole body; None as soon as it is too large, whatever it says of itself."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    known = isinstance(update, dict) and isinstance(update.get("update_id"), int)
    return update if known else None
