"""Digests of large files, taken while their bytes pass: each in a thread of its own, so that a file
is read once and whoever reads or writes it does not wait.
"""

import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, Final, Self

CHUNK: Final = 1024 * 1024
AHEAD: Final = 8
"""Chunks that may wait for a digest, so that a file takes some megabytes of memory, however large
it is.
"""
BOTH: Final = ("sha256", "sha512")


class Hashing:
    """The digests of one stream of bytes by these algorithms. Use as a context."""

    def __init__(self, algorithms: Sequence[str]) -> None:
        self._digests = [hashlib.new(algorithm) for algorithm in algorithms]
        self._threads = [ThreadPoolExecutor(1) for _ in algorithms]
        self._under_way: deque[list[Future[None]]] = deque()
        self.size = 0

    def update(self, chunk: bytes | bytearray) -> None:
        """The next bytes; `chunk` must not change any more."""
        self.size += len(chunk)
        pairs = zip(self._threads, self._digests, strict=True)
        self._under_way.append([thread.submit(digest.update, chunk) for thread, digest in pairs])
        if len(self._under_way) > AHEAD:
            _wait(self._under_way.popleft())

    def hexdigests(self) -> tuple[str, ...]:
        """Of all that came, in the order of the algorithms."""
        while self._under_way:
            _wait(self._under_way.popleft())
        return tuple(digest.hexdigest() for digest in self._digests)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.shutdown(cancel_futures=True)


def digests(file: BinaryIO, algorithms: Sequence[str] = BOTH) -> tuple[str, ...]:
    """Of what is left of a file, read once."""
    first = file.read(CHUNK)
    if len(first) < CHUNK:  # most are small, and a thread would cost more than the digest
        return tuple(hashlib.new(algorithm, first).hexdigest() for algorithm in algorithms)
    with Hashing(algorithms) as hashing:
        hashing.update(first)
        while chunk := file.read(CHUNK):
            hashing.update(chunk)
        return hashing.hexdigests()


def _wait(under_way: Iterable[Future[None]]) -> None:
    for each in under_way:
        each.result()
