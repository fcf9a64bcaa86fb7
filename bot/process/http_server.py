"""An HTTP server of our own inside a process that has more to do; its socket is bound first, to say
if it is taken.
"""

import socket

import uvicorn
from starlette.applications import Starlette

from bot.errors import Misconfigured


def bind_socket(address: str, setting: str) -> socket.socket:
    """Bound to HOST:PORT. Raises Misconfigured, which names the setting."""
    host, _, port = address.rpartition(":")
    try:
        listening = socket.create_server(
            (host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as refused:
        raise Misconfigured(
            f"FIRSTHAND_{setting}: {address} cannot be listened on ({refused.strerror})"
        ) from None
    # asyncio does it for a connection that it knows to be TCP, which is none of a socket made here:
    # without it an answer in two writes waits 40 ms for the other side to acknowledge the first
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


class QuietServer(uvicorn.Server):
    """Leaves signals to the process, and says nothing."""

    def __init__(self, application: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http="httptools",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )

    async def on(self, listening: socket.socket) -> None:
        """Serve until cancelled; a request under way then has no answer, and comes again."""
        try:
            await self._serve([listening])
        finally:
            await self.lifespan.shutdown()
