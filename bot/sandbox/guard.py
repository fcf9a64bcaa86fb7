"""Who may ask the sandbox: whoever sits at this machine, and no page of somebody else's in their
browser.

A name that is pointed at this machine (DNS rebinding) comes with a Host that is not ours, a page of
another site with an Origin that is not.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HERE: Final = ("127.0.0.1", "localhost", "::1")


class OnlyHere:
    """Refuses what was asked under another name, or by another site's page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_ours(Headers(scope=scope)):
            refusal = JSONResponse({"why": "the sandbox answers on this machine only"}, 403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_ours(headers: Headers) -> bool:
    host, origin = headers.get("host", ""), headers.get("origin")
    named = urlsplit(f"//{host}").hostname
    return named in HERE and origin in (None, f"http://{host}")
