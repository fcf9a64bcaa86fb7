"""What is next where only one of a lane may go at a time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.process.lanes import Lanes


def test_the_oldest_goes_first_and_one_of_a_lane_at_a_time() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.add([(3, "c"), (1, "farewell"), (2, "b")])
    assert lanes.take(2) == ["farewell", "b"]
    assert lanes.try_begin("farewell", "chat") and not lanes.try_begin("b", "chat")
    assert lanes.take(9) == ["c"] and lanes.try_begin("c", "elsewhere")
    lanes.end("farewell", "chat")
    assert lanes.take(9) == ["farewell", "b"]  # it may have more, and is older


def test_what_is_put_off_waits_until_its_time() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.add([(1, "a"), (2, "b")])
    lanes.take(1)
    assert lanes.try_begin("a", "chat")
    lanes.put_off("chat", 10.0)
    lanes.end("a", "chat")
    assert lanes.take(9) == ["b"] and not lanes.try_begin("b", "chat")
    lanes.wake(9.9)
    assert lanes.take(9) == []
    lanes.wake(10.0)
    assert lanes.take(9) == ["a", "b"]


def test_what_was_taken_while_an_older_one_was_under_way_waits_for_those_between() -> None:
    """A farewell waits behind a message; what is said after it was taken before both."""
    lanes: Lanes[str] = Lanes()
    lanes.add([(1, "message"), (2, "farewell"), (3, "greeting")])
    assert lanes.take(1) == ["message"] and lanes.try_begin("message", "chat")
    assert lanes.take(1) == ["farewell"] and not lanes.try_begin("farewell", "chat")
    busy, (greeting,) = lanes.busy(), lanes.take(1)
    lanes.end("message", "chat")  # while the greeting is being read
    assert not lanes.try_begin(greeting, "chat", busy)
    assert lanes.take(1) == ["message"]
    lanes.drop("message")
    assert lanes.take(1) == ["farewell"] and lanes.try_begin("farewell", "chat")


def test_what_is_known_is_not_added_twice_and_what_is_dropped_may_come_again() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.add([(1, "a"), (2, "a")])
    assert lanes.take(9) == ["a"] and lanes.any
    lanes.drop("a")
    assert not lanes.any
    lanes.add([(2, "a")])
    assert lanes.take(9) == ["a"]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["x", "y"])), max_size=40))
def test_nothing_is_forgotten_whatever_happens_in_its_lane(what: list[tuple[str, str]]) -> None:
    """Messages of six items in two lanes; each is sent, in the order in which it came."""
    lanes: Lanes[str] = Lanes()
    left: dict[str, list[int]] = {}
    lane = dict(what)
    sent: list[tuple[str, int]] = []
    now = 0.0
    for number, (item, _) in enumerate(what):
        left.setdefault(item, []).append(number)
        lanes.add([(number, item)])
    while lanes.any:
        now += 1
        lanes.wake(now)
        under_way = []
        for item in lanes.take(4):
            if not left[item]:
                lanes.drop(item)
            elif lanes.try_begin(item, lane[item]):
                under_way.append(item)
        assert len({lane[item] for item in under_way}) == len(under_way)
        for item in under_way:
            if int(now) % 3 == 0:
                lanes.put_off(lane[item], now + 2)
            else:
                sent.append((item, left[item].pop(0)))
            lanes.end(item, lane[item])
        assert now < 1000
    assert len(sent) == len(what)
    for item in left:
        assert [n for whose, n in sent if whose == item] == sorted(
            n for whose, n in sent if whose == item
        )
