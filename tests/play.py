"""Playing a transcript: what a witness does, line by line, and what the bot says and has done.

Two players read the same file. `Direct` steps the flow itself and saves and reads the state between any two
lines. tests/numbers.py plays it through the whole shell on a channel that has only numbers.

Lines: `> text` the witness writes; `> [Label]` presses a button of the newest question; `> /command`;
`> {photo 12000}` sends a file; `> {later}` a moment passes; `< text` and `  [Label]` what the bot says;
`* effect` what is done; `#` prose. The first lines name the language and the outcome.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from bot.language.translate import Translator
from bot.witness.places import find
from bot.witness.render import Renderer
from bot.witness.typed_labels import named
from conversations import codec, follow
from conversations.effects import (
    Append,
    Discard,
    Drop,
    DropWords,
    Effect,
    Fetch,
    FindPlace,
    Forget,
    Hide,
    Keep,
    Look,
    MakeWords,
    SetAside,
    Show,
    Submit,
    Wait,
)
from conversations.engine import step
from conversations.events import (
    Asked,
    Began,
    Blocked,
    Chose,
    Edited,
    Event,
    Filed,
    Looked,
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
from conversations.flow import Flow
from conversations.flows import Flows
from conversations.flows.follow_up import FOLLOW_UP
from conversations.flows.report import REPORT
from conversations.languages import LANGUAGES
from conversations.model import Control, Digests, File
from conversations.state import State
from conversations.way import start
from storage.gazetteer.search import Gazetteer
from tests.appeals import EVERY

FOLDER = Path(__file__).parent / "transcripts"
REFERENCE = "7K3M-9QXW-4T"
FILE = re.compile(r"\{(forwarded )?(photo|document|video|voice|audio|sticker|lost)(?: (\d+))?\}")
WAY_IN = re.compile(r"\{way in: (.+)\}")
PASSES = re.compile(r"\{(\d+) (minutes|hours|days) pass\}")
SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}
POINT = re.compile(r"\{(live )?point (-?[\d.]+),(-?[\d.]+)\}")
GAZETTEER = Gazetteer()
OUTCOMES = ("filed", "added", "erased", "nothing kept", "draft", "hidden")
NOON = 1_795_521_600
"""24 November 2026, noon in UTC: when every story begins."""
WORDS = "липа човен озеро сонях хліб"


@dataclass
class Story:
    """A transcript as it lies in its file: prose, and the witness's lines.

    A first line "{way in: NAME}" stands for all lines of `ways in/NAME.txt`: what is said there is
    written there, once.
    """

    name: str
    prose: list[str]
    head: dict[str, str]
    lines: list[str]
    whole: str
    way_in: str = ""
    before: int = 0
    """How many of the lines are the way in."""

    @classmethod
    def read(cls, path: Path) -> "Story":
        whole = path.read_text("utf-8")
        lines = whole.splitlines()
        prose = [line for line in lines if line.startswith("#")]
        head = dict(
            line.split(": ", 1) for line in lines if re.match(r"^(language|outcome|flow): ", line)
        )
        said = [line[2:] for line in lines if line.startswith("> ")]
        if not said or not (included := WAY_IN.fullmatch(said[0])):
            return cls(path.stem, prose, head, said, whole)
        way = cls.read(FOLDER / "ways in" / f"{included[1]}.txt").lines
        return cls(path.stem, prose, head, [*way, *said[1:]], whole, said[0], len(way))


def stories() -> list[Path]:
    return sorted(FOLDER.glob("*/*.txt"))


@dataclass
class Direct:
    """Steps a flow with nothing around it, as fast as reading."""

    words: Translator
    flow: Flow = REPORT
    state: State = field(default_factory=lambda: start(REPORT, NOON))
    answers: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    out: list[str] = field(default_factory=list)
    shown: list[Show] = field(default_factory=list)
    on_the_way: list[str] = field(default_factory=list)
    """What a story does not say, because its way in is written elsewhere."""
    waiting: list[str] = field(default_factory=list)
    coming: list[tuple[str, str, int]] = field(default_factory=list)
    submitted: int = 0
    filed: int = 0
    erased: bool = False
    number: int = 0
    ahead: int = 0

    def now(self) -> int:
        return NOON + self.number + self.ahead

    def common(self) -> dict[str, Any]:
        """What the next event has in any case."""
        self.number += 1
        return {"id": f"e{self.number}", "at": self.now(), "received": self.now()}

    def play(self, story: Story) -> str:
        """The whole transcript as it is now."""
        flows = Flows(LANGUAGES) if story.head["language"] in LANGUAGES else EVERY
        self.flow = flows.of("report", int(story.head.get("flow", REPORT.version)))
        self.state = start(self.flow, NOON)
        self.out = [*story.prose, *(f"{k}: {v}" for k, v in story.head.items()), ""]
        begun = len(self.out)
        for number, line in enumerate(story.lines):
            if number == story.before and story.way_in:
                self.on_the_way = self.out[begun:]
                self.out[begun:] = [f"> {story.way_in}", ""]
            self.out.append(f"> {line}")
            for event in self.events(line):
                self.happen(event)
            self.out.append("")
        return "\n".join(self.out).rstrip() + "\n"

    def outcome(self) -> str:
        if self.filed:
            return "added" if self.state.reference else "filed"
        if self.state.hidden:
            return "hidden"
        if self.erased:
            consent = self.state.marks.get(("consent",))
            kept = consent is not None and consent.options == ("go",) and self.flow is not FOLLOW_UP
            return "erased" if kept else "nothing kept"
        return "draft"

    # ── what the witness does ────────────────────────────────────────────────

    def events(self, line: str) -> list[Event]:
        if match := PASSES.fullmatch(line):
            self.ahead += int(match[1]) * SECONDS[match[2]]
            return []
        common = self.common()
        bound = {**common, "prompt": self.state.asked or None}
        if match := FILE.fullmatch(line):
            return [self._file(match, bound)]
        if line == "{later}":
            return self._later()
        if match := POINT.fullmatch(line):
            lat, lon = (round(float(match[n]) * 1e6) for n in (2, 3))
            return [Pinned(lat=lat, lon=lon, live=bool(match[1]), **bound)]
        if line == "{return words}":
            return [Recalled(**common)]
        if match := re.fullmatch(r"\{waited ([a-z]+)\}", line):
            return [Waited(key=match[1], **common)]
        if line == "{contact}":
            return [SharedContact(card="Somebody\n+000", **bound)]
        if line == "{block}":
            return [Blocked(**bound)]
        if line.startswith("{edit} "):
            return [Edited(of=f"e{self.last_words}", text=line[7:], **bound)]
        if line.startswith("{too soon} "):
            return [Wrote(text=line[11:], **{**bound, "prompt": self.state.asked - 1})]
        if line == "/start":
            return [Began(**common)]
        if line.startswith("/") and line[1:] in get_args(Control):
            return [Asked(control=line[1:], **common)]  # type: ignore[arg-type]
        if match := re.fullmatch(r"\[(.+?)\](?: again)?", line):
            return [self._press(match[1], bound, again=line.endswith("again"))]
        self.last_words = self.number
        button = named(line, self.flow, self.state, self.renderer())
        return [Wrote(text=line, button=button, **bound)]

    last_words = 0

    def _file(self, match: re.Match[str], bound: dict[str, Any]) -> Event:
        kind, size = match[2], int(match[3] or 1000)
        forwarded = "channel" if match[1] else ""
        if kind == "sticker":
            return Other(kind="sticker", **bound)
        why = "lost" if kind == "lost" else "held"
        number = self.state.given.get("exhibit", 0) + 1
        self.coming.append((f"x{number}", why, size))
        kind = "document" if kind == "lost" else kind
        file = File(id="f", kind=kind, size=size, name="file.bin", forwarded=forwarded)  # type: ignore[arg-type]
        return Sent(file=file, **bound)

    def _later(self) -> list[Event]:
        """Files arrive, then every wait is over."""
        events: list[Event] = []
        for name, how, size in self.coming:
            common = self.common()
            if how == "lost":
                events.append(Lost(exhibit=name, why="too-big", **common))
            else:
                events.append(
                    Sealed(exhibit=name, digests=Digests("a", "b", "c"), size=size, **common)
                )
        self.coming.clear()
        events.append(Waited(key="kept", **self.common()))
        return events

    def _press(self, label: str, bound: dict[str, Any], *, again: bool) -> Event:
        """The newest button with this label; `again`: the one before it, on an older message."""
        found = [
            (show, option)
            for show in reversed(self.shown)
            for option in show.choices
            if self.renderer().message(Show(option.label, (option,))).buttons[0].label == label
        ]
        assert found, f"no button {label!r}"
        show, option = found[1 if again else 0]
        bound = {**bound, "prompt": show.prompt}
        if option.id.startswith("@"):
            return Asked(control=option.id[1:], **bound)  # type: ignore[arg-type]
        member = show.path[1] if len(show.path) == 3 else ""
        return Chose(step=show.path[-1], member=member, option=option.id, **bound)

    # ── what becomes of it ───────────────────────────────────────────────────

    def happen(self, event: Event) -> tuple[Effect, ...]:
        before = codec.thaw(codec.freeze(self.state))
        if follow.enters(before, event):
            before, self.flow = follow.enter(before, event.at), FOLLOW_UP
            event = Began(id=event.id, at=event.at, received=event.received)
        self.state, effects = step(self.flow, before, event)
        for effect in effects:
            self._note(effect)
        if looks := [e for e in effects if isinstance(e, Look)]:
            return (*effects, *self.happen(self._looked(looks[0])))
        if any(isinstance(e, (Submit, Append)) for e in effects):
            self.submitted += 1
            filed = Filed(
                **self.common(),
                reference=REFERENCE,
                incidents=len(self.state.members["incident"]),
                exhibits=len(self.state.files("held")),
                size=sum(x.size for x in self.state.files("held")),
            )
            self.filed += 1
            return (*effects, *self.happen(filed))
        if wanted := [e for e in effects if isinstance(e, FindPlace)]:
            place = wanted[-1]
            choices = find(
                GAZETTEER,
                self.words,
                self.state.language,
                place.words,
                region=place.region,
                point=place.point,
            )
            found = PlacesFound(
                for_path=place.for_path, choices=choices, part=place.part, **self.common()
            )
            return (*effects, *self.happen(found))
        if made := [e for e in effects if isinstance(e, MakeWords)]:
            made_event = WordsMade(words="" if made[0].own else WORDS, **self.common())
            return (*effects, *self.happen(made_event))
        return effects

    def _looked(self, look: Look) -> Looked:
        """One referral is there, and its witness took the five words."""
        known = (
            REFERENCE
            if "".join(filter(str.isalnum, look.reference.upper())) == REFERENCE.replace("-", "")
            else ""
        )
        opened = bool(known) and look.words_asked and look.words == WORDS
        return Looked(
            reference=known, opened=opened, needs_words=True, status="new", **self.common()
        )

    def _note(self, effect: Effect) -> None:
        match effect:
            case Show():
                self.shown.append(effect)
                self._show(effect)
            case Keep(path=path, answer=answer, part=part):
                self.answers[*path, part] = {"path": path, "answer": codec.write(answer)}
                self.out.append(f"* keep {'.'.join(path)}")
            case Drop(path=path, part=part):
                self.answers = {
                    k: v
                    for k, v in self.answers.items()
                    if k[:-1] != path or (part and k[-1] != part)
                }
                self.out.append(f"* destroy {'one part of ' if part else ''}{'.'.join(path)}")
            case SetAside(kind=kind):
                self.out.append(f"* set aside as it came: {kind}")
            case Fetch(exhibit=exhibit, incident=incident):
                self.out.append(f"* fetch {exhibit} for {incident}")
            case Discard(exhibit=exhibit):
                self.out.append(f"* destroy {exhibit}")
            case Wait(key=key, seconds=seconds):
                self.out.append(f"* wait {seconds} s: {key}")
            case MakeWords():
                self.out.append("* take return words")
            case DropWords():
                self.out.append("* forget the return words")
            case Forget():
                self.erased = True
                self.out.append("* destroy the report and its key")
            case Hide():
                self.out.append("* clear the chat")
            case Look():
                self.out.append("* look for the referral")
            case Append():
                self.out.append("* add to the referral")
            case FindPlace(point=point):
                self.out.append(
                    "* look for the place" if point is None else "* look for the nearest settlement"
                )
            case Submit():
                self.out.append("* submit")
            case _:
                self.out.append(f"* {effect}")

    def renderer(self) -> Renderer:
        return Renderer(self.words, self.flow, self.state.language, "t")

    def _show(self, show: Show) -> None:
        message = self.renderer().message(
            show, lambda quote: codec.answers_at(self.answers.values(), quote.path)
        )
        text = message.text.splitlines()
        mark = "~" if show.replaces else "<"
        self.out += [f"{mark} {text[0]}", *(f"  {line}".rstrip() for line in text[1:])]
        rows: dict[int, list[str]] = {}
        for button in message.buttons:
            rows.setdefault(button.row, []).append(f"[{button.label}]")
        self.out += [f"  {' '.join(row)}" for row in rows.values()]
