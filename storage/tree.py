"""PURE: the Merkle tree over the custody entries of all logs (RFC 6962, section 2.1): its root, and
proofs that an entry is in it, or that a later tree continues an earlier one.

1. The tree stands on the hashes of the entries (storage/custody.py: leaf), in the order in which
   they were committed. Whoever has a signed root can be shown any entry of it with some thirty
   hashes, and needs nobody's word.
2. A proof is a list of hashes of ranges of leaves, from the bottom up. Which ranges: `inclusion`,
   `consistency`. Whoever stores the leaves gives their hashes (storage/heads.py); 256 leaves make a
   tile, whose hash is kept, so that no proof reads more than a few thousand rows.
3. Checking needs nothing but the proof (RFC 9162, 2.1.3.2 and 2.1.4.2).
"""

import hashlib
from collections.abc import Sequence
from typing import Final

TILE: Final = 256
EMPTY: Final = hashlib.sha256(b"").digest()
Range = tuple[int, int]
"""Leaves from the first up to, and without, the second."""


def node(left: bytes, right: bytes) -> bytes:
    """The hash above two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes: of leaves, or of tiles of which all but the last are full."""
    if not hashes:
        return EMPTY
    if len(hashes) == 1:
        return hashes[0]
    middle = _largest_power_below(len(hashes))
    return node(root(hashes[:middle]), root(hashes[middle:]))


class Growing:
    """A tree that takes one leaf after another, and keeps no more than a hash a level."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[tuple[int, bytes]] = []
        """Full subtrees from the left: how many leaves each has, and its hash."""

    def add(self, leaf_hash: bytes) -> None:
        self.size += 1
        count, found = 1, leaf_hash
        while self._full and self._full[-1][0] == count:
            found = node(self._full.pop()[1], found)
            count *= 2
        self._full.append((count, found))

    @property
    def root(self) -> bytes:
        if not self._full:
            return EMPTY
        found = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            found = node(left, found)
        return found


def inclusion(leaf: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that a leaf is in a tree of this size, from the bottom up."""
    if not 0 <= leaf < size:
        raise ValueError(leaf)
    return _inclusion(leaf, 0, size)


def _inclusion(leaf: int, first: int, end: int) -> list[Range]:
    if end - first == 1:
        return []
    middle = first + _largest_power_below(end - first)
    if leaf < middle:
        return [*_inclusion(leaf, first, middle), (middle, end)]
    return [*_inclusion(leaf, middle, end), (first, middle)]


def consistency(earlier: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that a tree of this size begins with the earlier one."""
    if not 0 < earlier <= size:
        raise ValueError(earlier)
    return [] if earlier == size else _consistency(earlier, 0, size, whole=True)


def _consistency(earlier: int, first: int, end: int, *, whole: bool) -> list[Range]:
    if earlier == end:
        return [] if whole else [(first, end)]
    middle = first + _largest_power_below(end - first)
    if earlier <= middle:
        return [*_consistency(earlier, first, middle, whole=whole), (middle, end)]
    return [*_consistency(earlier, middle, end, whole=False), (first, middle)]


def is_included(
    leaf_hash: bytes, leaf: int, size: int, proof: Sequence[bytes], root_: bytes
) -> bool:
    """Whether the leaf with this hash is at this place of the tree of that root."""
    if not 0 <= leaf < size:
        return False
    place, last, found = leaf, size - 1, leaf_hash
    for hash_ in proof:
        if not last:
            return False
        if place & 1 or place == last:
            found = node(hash_, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, hash_)
        place, last = place >> 1, last >> 1
    return not last and found == root_


def is_continued(
    earlier: int, earlier_root: bytes, size: int, root_: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of this size and root begins with the earlier one, nothing of it changed."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root_
    steps = list(proof) if earlier & (earlier - 1) else [earlier_root, *proof]
    if not steps:
        return False
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for hash_ in steps[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            before, after = node(hash_, before), node(hash_, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, hash_)
        place, last = place >> 1, last >> 1
    return not last and (before, after) == (earlier_root, root_)


def _largest_power_below(count: int) -> int:
    """The largest power of two that is smaller."""
    return int(1 << ((count - 1).bit_length() - 1))
