"""What holds after any sequence of events whatever."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from conversations import codec
from conversations.effects import Effects, FindPlace, Forget, Hide, Keep, MakeWords, Show, Submit
from conversations.engine import step
from conversations.events import (
    Asked,
    Began,
    Blocked,
    Chose,
    Edited,
    Event,
    Filed,
    Lost,
    Other,
    Pinned,
    PlacesFound,
    Recalled,
    Sealed,
    Sent,
    SharedContact,
    Waited,
    WordsMade,
    Wrote,
)
from conversations.flows import FLOWS
from conversations.flows.report import REPORT
from conversations.landmarks import current_incident
from conversations.model import Control, Digests, File, Said
from conversations.pending import LookingUp
from conversations.reading.typed import control, yes_or_no
from conversations.state import State
from conversations.way import start, way

CONTROLS: tuple[Control, ...] = (
    "back", "skip", "unknown", "done", "pause", "hide", "erase", "finish", "nomore", "review", "help", "privacy",
    "status", "delete", "language",
)  # fmt: skip
GENTLE = tuple(c for c in CONTROLS if c != "hide")
TYPED = st.sampled_from(
    ["так", "нет", "no", "1", "2", "1, 3", "готово", "назад", "skip", "не знаю", "I saw it.", "\U0001f600", "12 березня",
     "вчора", "7", "24.02.2022, Буча", "they are at my door", "нам приказали стрелять", "мене зґвалтували"]
)  # fmt: skip
OURS = (Sealed, Lost, Waited, Blocked, PlacesFound, Filed, WordsMade, Recalled)


class Report(RuleBasedStateMachine):
    """A witness who does anything at any time, on any question they have ever seen, while files come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.state = start(REPORT, 1)
        self.number = 0
        self.shows: list[Show] = []
        self.kept: dict[tuple[Any, ...], str] = {}
        self.said: set[str] = set()
        self.submits = 0
        self.filed = 0
        self.over = False
        self.ahead = 0

    # what may happen

    @rule(text=TYPED, seen=st.integers(0, 3))
    def write(self, text: str, seen: int) -> None:
        said = f"{text}" if len(text) < 9 else f"{text}{self.number}"
        self.happen(Wrote(text=said, **self.common(seen)))

    @rule(control=st.sampled_from(GENTLE), seen=st.integers(0, 3))
    def ask(self, control: Control, seen: int) -> None:
        self.happen(Asked(control=control, **self.common(seen)))

    @rule(pick=st.integers(0, 10_000), seen=st.sampled_from([0, 0, 0, 0, 1, 2, 5]))
    def press(self, pick: int, seen: int) -> None:
        """Any button of any question, mostly of the newest."""
        asked = [s for s in self.shows if s.choices and s.prompt]
        if not asked:
            return
        show = asked[max(0, len(asked) - 1 - seen)]
        option = show.choices[pick % len(show.choices)].id
        common = {**self.common(0), "prompt": show.prompt}
        if option == "@hide":
            return
        if option.startswith("@"):
            self.happen(Asked(control=option[1:], **common))  # type: ignore[arg-type]
            return
        member = show.path[1] if len(show.path) == 3 else ""
        self.happen(Chose(step=show.path[-1], member=member, option=option, **common))

    @rule(kind=st.sampled_from(["photo", "voice", "document", "video"]), seen=st.integers(0, 2))
    def send(self, kind: Any, seen: int) -> None:
        self.happen(Sent(file=File(id="f", kind=kind, size=5), **self.common(seen)))

    @rule(lost=st.booleans(), pick=st.integers(0, 50))
    def arrive(self, lost: bool, pick: int) -> None:  # noqa: FBT001
        coming = self.state.files("coming")
        if not coming:
            return
        name = coming[pick % len(coming)].id
        common = self.common(0)
        if lost:
            self.happen(Lost(exhibit=name, why="gone", **common))
        else:
            self.happen(Sealed(exhibit=name, digests=Digests("a", "b", "c"), size=5, **common))

    @rule()
    def file(self) -> None:
        if self.state.stage == "sending":
            self.happen(Filed(reference="R", incidents=1, exhibits=0, size=0, **self.common(0)))
            self.filed += 1

    @rule(of=st.integers(1, 30))
    def edit(self, of: int) -> None:
        self.happen(Edited(of=f"e{of}", text="changed", **self.common(0)))

    @rule(event=st.sampled_from(["began", "waited", "undecided", "remind", "other", "pin", "contact", "forged",
                                 "blocked", "words", "recalled"]))  # fmt: skip
    def other(self, event: str) -> None:
        common = self.common(0)
        made: dict[str, Event] = {
            "began": Began(**common),
            "waited": Waited(key="kept", **common),
            "undecided": Waited(key="consent", **common),
            "remind": Waited(key="remind", **common),
            "words": WordsMade(words="a b c d e", **common),
            "recalled": Recalled(**common),
            "other": Other(kind="dice", **common),
            "pin": Pinned(lat=48_000_000, lon=37_000_000, **common),
            "contact": SharedContact(card="a\nb", **common),
            "forged": Chose(step="nowhere", member="z9", option="x", **common),
            "blocked": Blocked(**common),
        }
        self.happen(made[event])

    @rule(many=st.sampled_from([0, 1, 3, 12]), pin=st.booleans())
    def place(self, many: int, pin: bool) -> None:  # noqa: FBT001
        """The gazetteer answers, perhaps late, perhaps twice; while it was waited for, a question comes."""
        member = current_incident(self.state)
        path = ("incident", member, "~pin" if pin else "where")
        found = tuple((f"UA{(32, 14, 99)[n % 3]}{n:015}", "Буча") for n in range(many))
        looked = (
            isinstance(self.state.pending, LookingUp)
            and self.state.at == path
            and self.state.stage == "open"
        )
        before = len(self.shows)
        self.happen(PlacesFound(for_path=path, choices=found, **self.common(0)))
        assert not looked or any(s.choices for s in self.shows[before:])

    # how it goes

    def common(self, seen: int) -> dict[str, Any]:
        self.number += 1
        prompt = max(0, self.state.asked - seen) or None
        now = 1_795_000_000 + self.number + self.ahead
        return {"id": f"e{self.number}", "at": now, "received": now, "prompt": prompt}

    @rule(seconds=st.sampled_from([60, 1900, 50_000]))
    def time_passes(self, seconds: int) -> None:
        self.ahead += seconds

    def happen(self, event: Event) -> None:
        before, was_over = self.state, self.over
        self.state, effects = step(REPORT, before, event)
        self.account_for(event, effects)
        assert codec.thaw(codec.freeze(self.state)) == self.state
        if was_over:
            assert effects == ()
            return
        self.answered(event, before, effects)
        if self.state.stage == "sending" and before.stage != "sending":
            assert any(isinstance(e, Submit) for e in effects)

    def account_for(self, event: Event, effects: Effects) -> None:
        for effect in effects:
            match effect:
                case Show():
                    self.shows.append(effect)
                case Keep(path=path, part=part, answer=Said()):
                    self.kept[*path, part] = event.id
                case Submit():
                    self.submits += 1
                case Forget():
                    self.over = True
                case _:
                    pass
        if isinstance(event, (Wrote, Edited)) and any(isinstance(e, Keep) for e in effects):
            self.said.add(event.id)

    def answered(self, event: Event, before: State, effects: Effects) -> None:
        """Every answer repeats the question or offers a way; only an identical second press needs none."""
        if isinstance(event, OURS) or any(isinstance(e, Forget) for e in effects):
            return
        shows = [e for e in effects if isinstance(e, Show)]
        unchanged = replace(before, last=0) == replace(self.state, last=0)
        moves = isinstance(event, Asked) and event.control in ("done", "skip", "unknown")
        of_the_last = moves and event.prompt == before.asked - 1
        twice = unchanged and (isinstance(event, Chose) or of_the_last)
        waits = not shows and self.state.counting and self.state.status
        over = self.state.stage in ("waiting", "sending", "filed")
        comes = any(
            isinstance(e, MakeWords | FindPlace) or e == Hide(anew=True) for e in effects
        )  # the next question comes with what was asked for, or a new report with its first
        assert twice or waits or over or comes or any(s.choices for s in shows), (event, effects)

    @invariant()
    def it_stands_where_its_answers_lead(self) -> None:
        if self.state.stage != "open" or not self.state.asked:
            return
        stops = [stop.path for stop in way(REPORT, self.state)]
        assert self.state.at in stops

    @invariant()
    def it_is_submitted_once(self) -> None:
        assert self.filed <= 1

    def teardown(self) -> None:
        """From wherever it stands Hide is at hand, and ordinary answers lead to a receipt."""
        if self.over or self.state.stage == "filed":
            return
        hidden_at_once(self.state, self.common(0))
        assert to_the_end(self.state) <= 60


def hidden_at_once(state: State, common: dict[str, Any]) -> None:
    """Hide clears the chat and says nothing; return words bring the same report back, without them it is destroyed.

    One that is being sent is sent.
    """
    after, effects = step(REPORT, state, Asked(control="hide", **common))
    if (
        state.stage == "open" and not state.return_words and state.something_kept()
    ):  # nothing brings it back: pressed twice
        assert after.stage == "open"
        assert any(isinstance(e, Show) for e in effects)
        common = {**common, "id": "e0", "prompt": after.asked}
        after, effects = step(REPORT, after, Asked(control="hide", **common))
    assert any(isinstance(e, Hide) for e in effects)
    assert not any(isinstance(e, Show) for e in effects)
    if not after.hidden:
        assert after.stage == "gone"
        assert any(isinstance(e, Forget) for e in effects)
        return
    if state.stage in ("waiting", "sending") and not state.return_words:
        return  # it is sent all the same; nobody comes back to it
    assert state.return_words
    back, shown = step(REPORT, after, Recalled(**common))
    assert (back.marks, back.exhibits, back.at, back.language) == (
        state.marks,
        state.exhibits,
        state.at,
        state.language,
    )
    assert any(isinstance(e, Show) for e in shown)


def to_the_end(state: State) -> int:
    """Answer like anybody would; returns how many events it took to the receipt, files arriving not counted."""
    for exhibit in state.files("coming"):
        arrived = Sealed(
            exhibit=exhibit.id, digests=Digests("a", "b", "c"), size=1, id="y", at=1, received=1
        )
        state, _ = step(REPORT, state, arrived)
    for count in range(1, 61):
        common: dict[str, Any] = {
            "id": f"z{count}",
            "at": 1,
            "received": 1,
            "prompt": state.asked or None,
        }
        left = state.stage == "gone" and state.marks["safe",].options == (
            "later",
        )  # as they had said before
        if state.stage == "filed" or left:
            return count
        if state.stage == "sending":
            event: Event = Filed(reference="R", incidents=1, exhibits=0, size=0, **common)
        elif not state.asked or "over" in state.prompts[-1].choices:
            event = Asked(control="language", **common) if state.asked else Began(**common)
        elif state.prompts[-1].path[0].startswith("~"):
            beside = state.prompts[-1].path[0]
            leave = {"~resume": "go", "~change": "leave", "~language": "uk"}.get(beside, "no")
            event = Chose(step=beside, option=leave, **common)
        else:
            event = ordinary(state, common)
        state, _ = step(REPORT, state, event)
    raise AssertionError(state)


def ordinary(state: State, common: dict[str, Any]) -> Event:
    """What somebody would do who tells it in one message and skips whatever can be skipped."""
    here = REPORT.ask(state.at, state)
    assert here is not None
    member = state.at[1] if len(state.at) == 3 else ""
    choose = {"language": "uk", "safe": "yes", "uk": "yes", "ukraine": "yes", "adult": "yes", "media": "first_hand",
              "consent": "go", "review": "go", "send": "send", "child_contact": "me", "child_send": "send",
              "abroad": "go", "another": "no"}  # fmt: skip
    if state.at[0] == "exhibit":  # thirty files that differ: nobody answers that
        return Asked(control="nomore", **common)
    match here.id:
        case "account" if not (state.marks.get(state.at) and state.marks[state.at].parts):
            return Wrote(text="I saw it.", **common)
        case "files" if all(x.status == "lost" for x in state.exhibits):
            return Asked(control="skip", **common)
        case "account" | "files":
            return Asked(control="done", **common)
        case "child_details" | "urgent_contact":
            return Wrote(text="Olena 123", **common)
        case "contact":
            return Chose(step="contact", option="bot", **common)
        case other if other in choose:
            return Chose(step=other, member=member, option=choose[other], **common)
        case _:
            return Asked(control="skip", **common)


Report.TestCase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
TestReport = Report.TestCase


@given(st.lists(TYPED, max_size=12))
def test_what_was_written_is_kept_or_was_a_word_for_a_button(texts: list[str]) -> None:
    state, _ = step(REPORT, start(REPORT, 1), Began(id="c", at=1, received=1))
    to_account = {"language": "uk", "safe": "yes", "uk": "yes", "ukraine": "yes", "adult": "yes", "role": "me",
                  "consent": "go", "words": "none"}  # fmt: skip
    for asked, option in to_account.items():
        chose = Chose(
            step=asked, option=option, id=f"c{asked}", at=1, received=1, prompt=state.asked
        )
        state, _ = step(REPORT, state, chose)
    for number, text in enumerate(texts):
        if state.stage == "gone" or "minor" in state.flags or state.at == ("own_words",):
            return  # went back, and said no or chose return words, which are never kept
        event = Wrote(text=text, id=f"w{number}", at=2, received=2, prompt=state.asked)
        state, effects = step(REPORT, state, event)
        kept = [
            e.answer.text for e in effects if isinstance(e, Keep) and isinstance(e.answer, Said)
        ]
        # of a date with a place behind it, the place is kept once more where the place is asked
        assert (
            kept[:1] == [text]
            or control(text)
            or yes_or_no(text)
            or text.replace(", ", "").isdecimal()
        )


def test_every_flow_is_whole() -> None:
    from conversations.check import faults  # noqa: PLC0415

    assert {flow.id: faults(flow) for flow in FLOWS} == {flow.id: () for flow in FLOWS}
