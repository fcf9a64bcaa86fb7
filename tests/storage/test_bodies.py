"""What a sealed row says comes back as it was, whatever a phone or a channel may send."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.bodies import dump, load

TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        TEXT,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_what_is_written_comes_back(body: dict[str, Any]) -> None:
    assert load(dump(body)) == body


@pytest.mark.parametrize("number", [2**63, 2**64, 2**70 + 1, -(2**63) - 1])
def test_numbers_of_any_size_come_back_whole(number: int) -> None:
    found = load(dump({"n": number}))["n"]
    assert found == number and isinstance(found, int)


def test_rows_of_before_with_half_a_pair_are_read() -> None:
    assert load('{"t":"\ud83d"}'.encode("utf-8", "surrogatepass")) == {"t": "\ud83d"}


@pytest.mark.parametrize("value", [datetime(2022, 3, 1, tzinfo=UTC), object(), b"x", {1}])
def test_what_is_no_value_of_json_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        dump({"v": value})


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b" []", b"\xff"])
def test_what_is_no_row_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        load(raw)
