"""Asking the `keys` role for shred keys. None is remembered: what is destroyed there opens nothing
here.
"""

import asyncio
import ssl
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import aiohttp

from storage.keys import Box, NoSlots
from storage.shredding import KeysAway, Taken

OK, FORBIDDEN, NO_SLOTS, STANDING_BY, AWAY = 200, 403, 409, 503, 0
STATES: Final = {OK: "owner", STANDING_BY: "stands by", FORBIDDEN: "refuses"}
TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=2)
PATIENCE_SECONDS: Final = 3.0
"""How long a take-over is waited for before the caller is told that nobody answers."""
AGAIN_SECONDS: Final = 0.2


class KeyClient:
    """ShredKeys of the owner at one of these addresses; the others stand by, or are gone.

    `takes`: whether this process begins reports, and is given slots.
    """

    def __init__(
        self, addresses: Sequence[str], tls: ssl.SSLContext, *, takes: bool = True
    ) -> None:
        self._takes = takes
        self._addresses, self._tls = [a.rstrip("/") for a in addresses], tls
        self._session: aiohttp.ClientSession | None = None

    async def boxes(self, slots: Iterable[int]) -> Mapping[int, Box]:
        wanted = sorted(slots)
        if not wanted:
            return {}
        return _opened(await self._ask("boxes", {"slots": wanted}))

    async def take(self, most: int) -> Taken:
        if not self._takes:
            raise NoSlots
        answer = await self._ask("take", {"most": most})
        return Taken(answer["epoch"], _opened(answer["keys"]))

    async def give_back(self, epoch: str, slots: Collection[int]) -> None:
        """Said once: said again, it could free what is another's by then. What is not heard is
        found at a recount.
        """
        await self._ask("give_back", {"epoch": epoch, "slots": sorted(slots)}, once=True)

    async def shred(self, slots: Collection[int]) -> None:
        """Said once: where it fails, the owner does it by itself within a minute."""
        await self._ask("shred", {"slots": sorted(slots)}, once=True)

    async def states(self) -> dict[str, str]:
        """Of each address: "owner", "stands by", "refuses" or "away"."""
        found = {}
        for address in self._addresses:
            status, _ = await self._ask_at(f"{address}/boxes", {"slots": []})
            found[address] = STATES.get(status, "away")
        return found

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _ask(self, name: str, body: dict[str, Any], *, once: bool = False) -> Any:
        """Raises KeysAway, NoSlots."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + PATIENCE_SECONDS
        while True:
            for address in self._addresses[:1] if once else tuple(self._addresses):
                status, answer = await self._ask_at(f"{address}/{name}", body)
                if status == OK:
                    self._prefer(address)
                    return answer
                if status == NO_SLOTS:
                    raise NoSlots
                if status == FORBIDDEN:
                    raise KeysAway("the keys service knows no such role")
            if once or loop.time() >= ends:
                raise KeysAway("nobody who has the shred keys answers")
            await asyncio.sleep(AGAIN_SECONDS)

    async def _ask_at(self, url: str, body: dict[str, Any]) -> tuple[int, Any]:
        """What came of it; AWAY where nobody answered at all."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=self._tls, limit=32), timeout=TIMEOUT
            )
        try:
            async with self._session.post(url, json=body) as response:
                return response.status, await response.json() if response.status == OK else None
        except (aiohttp.ClientError, TimeoutError, OSError):
            return AWAY, None

    def _prefer(self, address: str) -> None:
        if self._addresses[0] != address:
            self._addresses.remove(address)
            self._addresses.insert(0, address)


def _opened(keys: Mapping[str, str]) -> dict[int, Box]:
    return {int(slot): Box(bytes.fromhex(key)) for slot, key in keys.items()}
