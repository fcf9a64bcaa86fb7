"""Whose turn it is: the oldest first, one of each place at a time, and none that must wait."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Turn = TypeVar("Turn")


@dataclass(slots=True)
class Turns(Generic[Turn]):
    """Turns that are ready, under way, or wait at their place; each is in one of the three.

    A turn that was taken is begun, parked or dropped. Where it goes (`place`) shows only when it is
    taken, and two may go to the same.
    """

    _number: dict[Turn, int] = field(default_factory=dict)
    """By which it has its place in the order."""
    _ready: list[tuple[int, Turn]] = field(default_factory=list)
    _parked: dict[str, list[Turn]] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)

    @property
    def any(self) -> bool:
        return bool(self._number)

    @property
    def under_way(self) -> int:
        return len(self._busy)

    def add(self, found: Iterable[tuple[int, Turn]]) -> None:
        """What is known already keeps its place."""
        for number, turn in found:
            if turn not in self._number:
                self._number[turn] = number
                self._get_ready(turn)

    def take(self, most: int) -> list[Turn]:
        """The oldest that are ready."""
        ready = self._ready
        return [heapq.heappop(ready)[1] for _ in range(min(most, len(ready)))]

    def put_back(self, turns: Iterable[Turn]) -> None:
        """They were taken too early."""
        for turn in turns:
            self._get_ready(turn)

    def try_begin(self, turn: Turn, place: str) -> bool:
        """Whether its place is free; else it waits there."""
        if place in self._busy or place in self._until:
            self._parked.setdefault(place, []).append(turn)
            return False
        self._busy.add(place)
        return True

    def end(self, turn: Turn, place: str) -> None:
        """It may have more to do, as may others that wait at this place."""
        self._busy.discard(place)
        self._parked.setdefault(place, []).append(turn)
        self._let_go(place)

    def put_off(self, place: str, until: float) -> None:
        """Nothing goes there before this time."""
        self._until[place] = until

    def wake(self, now: float) -> None:
        """Places whose time has come."""
        for place in [place for place, until in self._until.items() if until <= now]:
            del self._until[place]
            self._let_go(place)

    def drop(self, turn: Turn) -> None:
        """There is nothing more to do for it."""
        del self._number[turn]

    def _let_go(self, place: str) -> None:
        if place not in self._busy and place not in self._until:
            self.put_back(self._parked.pop(place, ()))

    def _get_ready(self, turn: Turn) -> None:
        heapq.heappush(self._ready, (self._number[turn], turn))
