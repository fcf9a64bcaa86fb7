"""The `keys` role: it owns the shred keys and answers the roles that their certificates name;
others stand by.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from aiohttp import web

from bot.logs import where_raised
from storage.key_owner import KeyOwner
from storage.keys import SLOTS, NoSlots
from storage.shredding import RESERVE

log = structlog.get_logger()
MAY: Final[Mapping[str, frozenset[str]]] = {
    "witness": frozenset({"boxes", "take", "give_back", "shred"}),
    "files": frozenset({"boxes"}),
}
MOST_BYTES: Final = 1_000_000

Asked = dict[str, Any]


class KeyService:
    """Answers 503 until this process is the `owner`; 403 to a role that may not."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.owner: KeyOwner | None = None
        self._clock = clock

    async def serve(self, host: str, port: int, tls: ssl.SSLContext) -> None:
        """Until cancelled. Raises OSError where the address is taken."""
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, ssl_context=tls).start()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    def application(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BYTES)
        for name, answer in {
            "boxes": self._boxes,
            "take": self._take,
            "give_back": self._give_back,
            "shred": self._shred,
        }.items():
            app.router.add_post(f"/{name}", self._answering(name, answer))
        return app

    def _answering(
        self, name: str, answer: Callable[[KeyOwner, Asked], Awaitable[Asked]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answered(request: web.Request) -> web.Response:
            if name not in MAY.get(role_of(request), ()):
                log.warning("a caller that may not", kind=name)
                return web.Response(status=403)
            if self.owner is None or self.owner.until < self._clock():
                return web.Response(status=503)
            try:
                return web.json_response(await answer(self.owner, await request.json()))
            except NoSlots:
                return web.Response(status=409)
            except (ValueError, KeyError, TypeError, web.HTTPException):
                return web.Response(status=400)
            except Exception as failure:  # noqa: BLE001 - whoever asks does it again
                log.error("keys not given", kind=name, error=where_raised(failure))
                return web.Response(status=500)

        return answered

    async def _boxes(self, owner: KeyOwner, asked: Asked) -> Asked:
        return {str(slot): owner.file.key(slot).hex() for slot in _slots(asked)}

    async def _take(self, owner: KeyOwner, asked: Asked) -> Asked:
        epoch, keys = await owner.take_keys(min(int(asked["most"]), RESERVE))
        return {"epoch": epoch, "keys": {str(slot): key.hex() for slot, key in keys.items()}}

    async def _give_back(self, owner: KeyOwner, asked: Asked) -> Asked:
        await owner.give_back(str(asked["epoch"]), _slots(asked))
        return {}

    async def _shred(self, owner: KeyOwner, asked: Asked) -> Asked:
        await owner.shred(_slots(asked))
        return {}


def role_of(request: web.Request) -> str:
    """The name in the caller's certificate; "" where there is none."""
    certificate = request.get_extra_info("peercert") or {}
    names = [
        value
        for part in certificate.get("subject", ())
        for name, value in part
        if name == "commonName"
    ]
    return str(names[0]) if len(names) == 1 else ""


def _slots(asked: Asked) -> list[int]:
    """Raises ValueError for what is no slot."""
    slots = [int(slot) for slot in asked["slots"]]
    if any(not 0 <= slot < SLOTS for slot in slots):
        raise ValueError
    return slots
