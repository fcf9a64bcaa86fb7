"""Who is next where only one of a place may go at a time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.process.turns import Turns


def test_the_oldest_goes_first_and_one_of_a_place_at_a_time() -> None:
    turns: Turns[str] = Turns()
    turns.add([(3, "c"), (1, "farewell"), (2, "b")])
    assert turns.take(2) == ["farewell", "b"]
    assert turns.try_begin("farewell", "chat") and not turns.try_begin("b", "chat")
    assert turns.take(9) == ["c"] and turns.try_begin("c", "elsewhere")
    turns.end("farewell", "chat")
    assert turns.take(9) == ["farewell", "b"]  # it may have more, and is older


def test_what_is_put_off_keeps_its_place_waiting_until_its_time() -> None:
    turns: Turns[str] = Turns()
    turns.add([(1, "a"), (2, "b")])
    turns.take(1)
    assert turns.try_begin("a", "chat")
    turns.put_off("chat", 10.0)
    turns.end("a", "chat")
    assert turns.take(9) == ["b"] and not turns.try_begin("b", "chat")
    turns.wake(9.9)
    assert turns.take(9) == []
    turns.wake(10.0)
    assert turns.take(9) == ["a", "b"]


def test_what_is_known_is_not_added_twice_and_what_is_dropped_may_come_again() -> None:
    turns: Turns[str] = Turns()
    turns.add([(1, "a"), (2, "a")])
    assert turns.take(9) == ["a"] and turns.any
    turns.drop("a")
    assert not turns.any
    turns.add([(2, "a")])
    assert turns.take(9) == ["a"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["x", "y"])), max_size=40))
def test_nobody_is_forgotten_whatever_happens_at_their_place(what: list[tuple[str, str]]) -> None:
    """Messages of six turns at two places; each is sent, in the order in which it came."""
    turns: Turns[str] = Turns()
    left: dict[str, list[int]] = {}
    place = dict(what)
    sent: list[tuple[str, int]] = []
    now = 0.0
    for number, (turn, _) in enumerate(what):
        left.setdefault(turn, []).append(number)
        turns.add([(number, turn)])
    while turns.any:
        now += 1
        turns.wake(now)
        under_way = []
        for turn in turns.take(4):
            if not left[turn]:
                turns.drop(turn)
            elif turns.try_begin(turn, place[turn]):
                under_way.append(turn)
        assert len({place[turn] for turn in under_way}) == len(under_way)
        for turn in under_way:
            if int(now) % 3 == 0:
                turns.put_off(place[turn], now + 2)
            else:
                sent.append((turn, left[turn].pop(0)))
            turns.end(turn, place[turn])
        assert now < 1000
    assert len(sent) == len(what)
    for turn in left:
        assert [n for whose, n in sent if whose == turn] == sorted(
            n for whose, n in sent if whose == turn
        )
