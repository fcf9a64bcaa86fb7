"""What is next where things go in lanes: the oldest first, one of a lane at a time, and none that
must wait.
"""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True)
class Lanes(Generic[Item]):
    """Items that are ready, under way, or wait in their lane; each is in one of the three.

    One that was taken is begun, put back or dropped. In which lane it goes shows only when it is
    taken, and two may go in the same.
    """

    _number: dict[Item, int] = field(default_factory=dict)
    """By which it stands in the order."""
    _newest: dict[Item, int] = field(default_factory=dict)
    """The last number that is known of it."""
    _ready: list[tuple[int, Item]] = field(default_factory=list)
    _parked: dict[str, list[Item]] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)

    @property
    def any(self) -> bool:
        return bool(self._number)

    @property
    def under_way(self) -> int:
        return len(self._busy)

    def add(self, found: Iterable[tuple[int, Item]]) -> None:
        """What is known already keeps where it stands."""
        for number, item in found:
            if item not in self._number:
                self._number[item] = self._newest[item] = number
                self._get_ready(item)
            elif number > self._newest[item]:
                self._newest[item] = number

    def take(self, most: int) -> list[Item]:
        """The oldest that are ready."""
        ready = self._ready
        return [heapq.heappop(ready)[1] for _ in range(min(most, len(ready)))]

    def put_back(self, items: Iterable[Item]) -> None:
        """They were taken too early."""
        for item in items:
            self._get_ready(item)

    def busy(self) -> frozenset[str]:
        """The lanes in which something is under way now."""
        return frozenset(self._busy)

    def try_begin(self, item: Item, lane: str, busy: Collection[str] = ()) -> bool:
        """Whether its lane is free; else it waits there.

        `busy`: the lanes that were, before it was taken. Of one that has ended since an older item
        may be ready by now, which goes first: then this one is put back.
        """
        if lane in busy and lane not in self._busy:
            self.put_back([item])
            return False
        if lane in self._busy or lane in self._until:
            self._parked.setdefault(lane, []).append(item)
            return False
        self._busy.add(lane)
        return True

    def end(self, item: Item, lane: str, done: int = 0) -> None:
        """Others that wait in this lane may have something to do, as may the item itself, unless
        its last number is `done`.
        """
        self._busy.discard(lane)
        if done >= self._newest[item]:
            self.drop(item)
        else:
            self._parked.setdefault(lane, []).append(item)
        self._let_go(lane)

    def put_off(self, lane: str, until: float) -> None:
        """Nothing goes there before this time."""
        self._until[lane] = until

    def wake(self, now: float) -> None:
        """Lanes whose time has come."""
        for lane in [lane for lane, until in self._until.items() if until <= now]:
            del self._until[lane]
            self._let_go(lane)

    def drop(self, item: Item) -> None:
        """There is nothing more to do for it."""
        del self._number[item], self._newest[item]

    def _let_go(self, lane: str) -> None:
        if lane not in self._busy and lane not in self._until:
            self.put_back(self._parked.pop(lane, ()))

    def _get_ready(self, item: Item) -> None:
        heapq.heappush(self._ready, (self._number[item], item))
