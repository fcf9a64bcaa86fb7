"""State and answers to plain JSON values and back; saved states of every release are test files,
so add and never rename.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from conversations.model import (
    BARE,
    About,
    Answer,
    Dated,
    Passed,
    Path,
    Picked,
    Placed,
    Quoted,
    Said,
    Settlement,
    Spoken,
)
from conversations.pending import (
    ChoosingRegion,
    DateInHand,
    Found,
    LookingUp,
    NamingSettlement,
    Offered,
    Pending,
    read_found,
    read_pending,
)
from conversations.state import Changed, Exhibit, Mark, Prompt, State

VERSION = 1
LATER = {
    **{name: name for name in ("page", "flags", "last", "locked", "hidden", "reference", "aside")},
    "return_words": "words",
    "finished": "finished",
    "hide_pressed": "hide_pressed",
}
"""Fields that 0.1 did not have, with what each is saved as, where it says something."""
EXHIBIT = (
    "id", "incident", "said_at", "kind", "status", "part", "size", "at", "why", "unique",
    "forwarded", "replaces", "live",
)  # fmt: skip
"""The order in which an exhibit is saved."""
_FRESH = State("", 0, "", ())


class Unreadable(Exception):
    """This is no saved state or answer of a version this release knows."""


def freeze(state: State) -> dict[str, Any]:
    """A state as plain JSON values."""
    return {
        "v": VERSION,
        "flow": [state.flow, state.version],
        "language": state.language,
        "at": state.at,
        "stage": state.stage,
        "asked": state.asked,
        "prompts": [[p.number, p.path, p.choices] for p in state.prompts],
        "marks": [
            [p, m.kind, m.options, m.parts, int(m.open), m.prompt, m.at]
            for p, m in state.marks.items()
        ],
        "members": state.members,
        "given": state.given,
        "exhibits": [[getattr(x, name) for name in EXHIBIT] for x in state.exhibits],
        "changed": [[c.path, c.at] for c in state.changed],
        "changing": state.changing,
        "status": state.status,
        "waiting": int(state.counting),
        "began": state.began,
        **{
            saved_as: value
            for name, saved_as in LATER.items()
            if (value := getattr(state, name)) != getattr(_FRESH, name)
        },
        **_in_hand(state),
    }


def thaw(d: Any) -> State:
    """The state that was frozen. Raises Unreadable for anything else."""
    try:
        if d["v"] != VERSION:
            raise Unreadable
        return State(
            flow=d["flow"][0],
            version=d["flow"][1],
            language=d["language"],
            at=_path(d["at"]),
            stage=d["stage"],
            asked=d["asked"],
            prompts=tuple(Prompt(n, _path(p), tuple(c)) for n, p, c in d["prompts"]),
            marks={
                _path(p): Mark(kind, tuple(options), tuple(parts), bool(still), prompt, at)
                for p, kind, options, parts, still, prompt, at in d["marks"]
            },
            members={group: tuple(ids) for group, ids in d["members"].items()},
            given=d["given"],
            exhibits=tuple(Exhibit(x[0], x[1], _path(x[2]), *x[3:]) for x in d["exhibits"]),
            changed=tuple(Changed(_path(p), at) for p, at in d["changed"]),
            changing=_path(d["changing"]),
            status=d["status"],
            counting=bool(d["waiting"]),
            began=d["began"],
            pending=_pending(d["pending"]) if "pending" in d else read_pending(d.get("date", "")),
            found=_found(d["found"]) if "found" in d else read_found(d.get("places", [])),
            **{name: _as(d[key]) for name, key in LATER.items() if key in d},
        )
    except (ValueError, KeyError, TypeError, IndexError):
        raise Unreadable from None


PENDING: Final = {
    "date": DateInHand,
    "looking": LookingUp,
    "regions": ChoosingRegion,
    "settlement": NamingSettlement,
    "offered": Offered,
}
"""By which name what is in hand is saved, with its fields in their order."""
_NAMES: Final = {kind: name for name, kind in PENDING.items()}


def _in_hand(state: State) -> dict[str, Any]:
    """What is in hand at the question, as plain JSON values; only what there is."""
    saved: dict[str, Any] = {}
    if state.pending is not None:
        fields = (getattr(state.pending, name) for name in state.pending.__slots__)
        saved["pending"] = [_NAMES[type(state.pending)], *fields]
    if state.found is not None:
        saved["found"] = [state.found.path, state.found.choices, state.found.live]
    return saved


def _pending(saved: list[Any]) -> Pending:
    kind: Any = PENDING[saved[0]]
    pending: Pending = kind(*saved[1:])
    return pending


def _found(saved: list[Any]) -> Found:
    path, choices, live = saved
    return Found(_path(path), tuple((code, name) for code, name in choices), live)


def write(answer: Answer) -> dict[str, Any]:
    """An answer as plain JSON values."""
    match answer:
        case Picked(options=options):
            return {"kind": "picked", "options": list(options)}
        case Said(text=text, forwarded=forwarded, forwarded_at=at, about=about):
            said: dict[str, Any] = {"about": write_about(about)} if about != BARE else {}
            return {"kind": "said", "text": text, **_forwarded(forwarded, at), **said}
        case Spoken(exhibit=exhibit, forwarded=forwarded, forwarded_at=at):
            return {"kind": "spoken", "exhibit": exhibit, **_forwarded(forwarded, at)}
        case Dated(edtf=edtf, part_of_day=part, day=day):
            return {"kind": "dated", "edtf": edtf, "part": part, "day": day}
        case Placed(lat=lat, lon=lon, accuracy=accuracy, live=live):
            return {"kind": "placed", "lat": lat, "lon": lon, "accuracy": accuracy, "live": live}
        case Settlement(code=code, name=name):
            return {"kind": "settlement", "code": code, "name": name}
        case Passed(how=how):
            return {"kind": "passed", "how": how}


def read(saved: dict[str, Any]) -> Answer:
    """The answer that was written. Raises Unreadable for anything else."""
    try:
        match saved["kind"]:
            case "picked":
                return Picked(tuple(saved["options"]))
            case "said":
                about = read_about(saved.get("about", {}))
                return Said(
                    saved["text"], saved.get("forwarded", ""), saved.get("forwarded_at", 0), about
                )
            case "spoken":
                return Spoken(
                    saved["exhibit"], saved.get("forwarded", ""), saved.get("forwarded_at", 0)
                )
            case "dated":
                return Dated(saved["edtf"], saved["part"], saved["day"])
            case "placed":
                return Placed(saved["lat"], saved["lon"], saved["accuracy"], saved["live"])
            case "settlement":
                return Settlement(saved["code"], saved["name"])
            case "passed":
                return Passed(saved["how"])
    except KeyError:
        pass
    raise Unreadable


def write_about(about: About) -> dict[str, Any]:
    """What the app says of words or a file, as plain JSON values; only what it says."""
    quote = about.quote and {name: getattr(about.quote, name) for name in Quoted.__slots__}
    every = {
        "origin": about.origin,
        "links": [list(link) for link in about.links],
        "reply_to": about.reply_to,
        "quote": quote,
        "under": about.under,
    }
    return {name: value for name, value in every.items() if value}


def read_about(saved: dict[str, Any]) -> About:
    """What was written. Raises KeyError or TypeError for anything else."""
    quote = saved.get("quote")
    return About(
        origin=saved.get("origin", ""),
        links=tuple((text, address) for text, address in saved.get("links", ())),
        reply_to=saved.get("reply_to", ""),
        quote=Quoted(**quote) if quote else None,
        under=saved.get("under", ""),
    )


def _forwarded(kind: str, at: int) -> dict[str, Any]:
    return {"forwarded": kind, "forwarded_at": at} if kind else {}


def _as(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _path(parts: list[str]) -> Path:
    return tuple(parts)


def answers_at(bodies: Iterable[Mapping[str, Any]], path: Path) -> list[Answer]:
    """The parts of the answer at one address, in the order they came, of rows that hold `path` and
    `answer`.
    """
    return [read(body["answer"]) for body in bodies if tuple(body["path"]) == path]
