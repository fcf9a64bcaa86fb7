"""The sandbox's HTTP server: bots on one side, people on the other, and the page."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiofiles
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox import hooks
from bot.sandbox.botapi import METHODS, Call, Refusal
from bot.sandbox.guard import OnlyHere
from bot.sandbox.people import NotInTheApp, People
from bot.sandbox.world import BotAccount, Json, World

PIECE = 256 * 1024
PAGE = Path(__file__).parent / "page"
GARBAGE = b"<html><body>Please log in to this network.</body></html>\xff"


def application(world: World) -> Starlette:
    """Everything on one address: /bot…, /file/bot…, the people's side, and the page at /."""
    server = _Server(world)

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        pushing = asyncio.create_task(hooks.push(world))
        yield
        pushing.cancel()

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", server.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", server.download),
            *People(world).routes(),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ],
        exception_handlers={
            NotInTheApp: lambda _, why: JSONResponse({"why": str(why)}, 409),
            KeyError: lambda _, why: JSONResponse({"why": f"{why} is missing"}, 400),
            json.JSONDecodeError: lambda *_: JSONResponse({"why": "send JSON"}, 400),
        },
        lifespan=running,
        middleware=[Middleware(OnlyHere)],
    )


class _Server:
    def __init__(self, world: World) -> None:
        self.world = world

    async def call(self, request: Request) -> Response:
        """One Bot API call; Telegram answers refusals in JSON with the code as the HTTP status,
        too.
        """
        try:
            result = await self._called(request)
            if self.world.chance.random() < self.world.faults.garbage:
                return Response(GARBAGE, media_type="text/html")
            return JSONResponse({"ok": True, "result": result})
        except Refusal as no:
            body: Json = {"ok": False, "error_code": no.code, "description": no.description}
            if no.parameters:
                body["parameters"] = no.parameters
            return JSONResponse(body, no.code)

    async def _called(self, request: Request) -> Any:
        bot = self.world.bots.get(request.path_params["token"])
        name = request.path_params["method"].lower()
        if bot is None:
            raise Refusal(401, "Unauthorized")
        if name not in METHODS:
            raise Refusal(404, "Not Found")
        await self._faults(name)
        async with request.form(max_part_size=4 * 1024**3) as form:
            params = await _params(request, dict(form.multi_items()))
            files = await self._files(form.multi_items())
        call = Call(self.world, bot, params, files)
        self._note(bot, name, params)
        return await METHODS[name](call)

    async def _faults(self, name: str) -> None:
        faults, chance = self.world.faults, self.world.chance
        if faults.slow:
            await asyncio.sleep(faults.slow)
        if faults.offline or (chance.random() < faults.broken):
            raise Refusal(502, "Bad Gateway")
        if name != "getupdates" and chance.random() < faults.flood:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)

    def _note(self, bot: BotAccount, name: str, params: Json) -> None:
        self.world.called += 1
        chat = params.get("chat_id")
        self.world.calls.append(
            {
                "n": self.world.called,
                "bot": bot.name,
                "method": name,
                "chat": chat,
                "at": self.world.now(),
                "protected": params.get("protect_content") in ("true", "True", True),
                "parameters": sorted(params),
            }
        )

    async def _files(self, items: Any) -> dict[str, tuple[Path, str, str]]:
        found = {}
        for name, value in items:
            if isinstance(value, UploadFile):
                path = self.world.fresh_path()
                async with aiofiles.open(path, "wb") as file:
                    while piece := await value.read(PIECE):
                        await file.write(piece)
                found[name] = (path, value.filename or "", value.content_type or "")
        return found

    async def download(self, request: Request) -> Response:
        bot = self.world.bots.get(request.path_params["token"])
        path = self.world.folder / Path(request.path_params["path"]).name
        if self.world.faults.offline:
            return JSONResponse({"ok": False, "error_code": 502, "description": "Bad Gateway"}, 502)
        if bot is None or self.world.local or not path.is_file():
            return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        cut = self.world.chance.random() < self.world.faults.cut
        length = path.stat().st_size
        headers = {"content-length": str(length)}
        return StreamingResponse(_bytes(path, length // 2 if cut else length), headers=headers)


async def _params(request: Request, form: Json) -> Json:
    params: Json = {
        **request.query_params,
        **{k: v for k, v in form.items() if not isinstance(v, UploadFile)},
    }
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.json()
        params.update(body)
    return params


async def _bytes(path: Path, most: int) -> AsyncIterator[bytes]:
    async with aiofiles.open(path, "rb") as file:
        while most > 0 and (piece := await file.read(min(PIECE, most))):
            most -= len(piece)
            yield piece


async def _end_streams(world: World, server: uvicorn.Server) -> None:
    """Streams and long polls end by themselves; at the server's end they are told to."""
    while not server.should_exit:  # noqa: ASYNC110 - uvicorn has nothing to wait for
        await asyncio.sleep(0.05)
    world.closing = True
    for bot in world.bots.values():
        bot.came.set()
    async with world.changed:
        world.changed.notify_all()


async def serve(world: World, listening: socket.socket) -> None:
    """Run until cancelled; what people sent is removed at the end."""
    config = uvicorn.Config(
        application(world),
        log_config=None,
        access_log=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    closing = asyncio.create_task(_end_streams(world, server))
    try:
        await server.serve([listening])
    finally:
        closing.cancel()
        await server.lifespan.shutdown()
        shutil.rmtree(world.folder, ignore_errors=True)
