"""A load balancer that knows nothing but ports: the next one that answers gets the connection."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

PIECE = 65_536


@asynccontextmanager
async def balancer(listen: int, ports: Sequence[int]) -> AsyncIterator[None]:
    turn = itertools.cycle(range(len(ports)))

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(turn)
        for port in (*ports[first:], *ports[:first]):
            try:
                back = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            await asyncio.gather(_pipe(reader, back[1]), _pipe(back[0], writer))
            return
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", listen)
    async with server:
        yield


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()
