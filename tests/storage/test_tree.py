"""The tree over the custody entries, held to the definition in RFC 6962, section 2.1, written out anew here."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from storage import tree
from storage.tree import Growing

LEAVES = [hashlib.sha256(b"\x00" + bytes([n % 256, n // 256])).digest() for n in range(600)]


def mth(leaves: list[bytes]) -> bytes:
    """As the RFC says it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def proof(ranges: list[tuple[int, int]]) -> list[bytes]:
    return [mth(LEAVES[first:end]) for first, end in ranges]


SIZE = st.integers(1, len(LEAVES))


@given(size=st.integers(0, len(LEAVES)))
def test_the_root_is_the_same_over_leaves_and_over_tiles_of_them(size: int) -> None:
    leaves, grown = LEAVES[:size], Growing()
    tiles = [tree.root(leaves[at : at + tree.TILE]) for at in range(0, size, tree.TILE)]
    for leaf in leaves:
        grown.add(leaf)
    assert {tree.root(leaves), tree.root(tiles), grown.root} == {mth(leaves)}


@given(size=SIZE, data=st.data())
def test_a_leaf_is_proved_at_its_place_and_nowhere_else(size: int, data: st.DataObject) -> None:
    leaf = data.draw(st.integers(0, size - 1))
    path, root = proof(tree.inclusion(leaf, size)), mth(LEAVES[:size])
    assert tree.is_included(LEAVES[leaf], leaf, size, path, root)
    other = data.draw(st.integers(0, size))
    assert other == leaf or not tree.is_included(LEAVES[leaf], other, size, path, root)
    assert not tree.is_included(LEAVES[leaf], leaf, size, [*path, root], root)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        assert not tree.is_included(
            LEAVES[leaf], leaf, size, [*path[:at], root, *path[at + 1 :]], root
        )
        assert not tree.is_included(LEAVES[leaf], leaf, size, path[:-1], root)


@given(size=SIZE, data=st.data())
def test_a_later_tree_goes_on_from_an_earlier_one_or_does_not(
    size: int, data: st.DataObject
) -> None:
    earlier = data.draw(st.integers(1, size))
    path = proof(tree.consistency(earlier, size))
    before, after = mth(LEAVES[:earlier]), mth(LEAVES[:size])
    assert tree.is_continued(earlier, before, size, after, path)
    changed = LEAVES[:earlier]
    changed[data.draw(st.integers(0, earlier - 1))] = b"c" * 32
    assert not tree.is_continued(earlier, mth(changed), size, after, path)
    assert not tree.is_continued(earlier, before, size, mth([*LEAVES[: size - 1], b"c" * 32]), path)
    if path:
        assert not tree.is_continued(earlier, before, size, after, path[:-1])
    assert not tree.is_continued(size + 1, before, size, after, path)
