"""PURE: what a referral says, as JSON and as a readable transcript, from the report as it stands at
sending.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bot.language.translate import Words
from bot.referral import origins, set_aside_piece
from bot.referral.origins import Origins
from bot.referral.times import when
from conversations import codec
from conversations.check import options_of
from conversations.conditions import asked_about
from conversations.flow import Ask, Flow, Say, answered, way
from conversations.flows.options import SHARES
from conversations.model import (
    Answer,
    Dated,
    Message,
    Passed,
    Path,
    Picked,
    Placed,
    Said,
    Settlement,
    Spoken,
    Text,
)
from conversations.regions import of
from conversations.state import VERSIONS, Exhibit, Mark, State
from conversations.texts import ALL_FILES, CONTROLS, NO, REVIEW_FILE, REVIEW_GO, THAT_PLACE, YES

SCHEMA = "firsthand.referral/1"
CONSENTS: tuple[Path, ...] = (
    ("who",),
    ("consent",),
    ("share_icc",),
    ("share_ukraine",),
    ("share_partners",),
    ("contact",),
)
"""What the witness agreed to or not, each with the wording they saw; `who` is of reports begun on
0.1.
"""
ELSEWHERE = ("who", "consent", "language", "words", "own_words")
"""Questions about the whole report whose answers stand elsewhere in referral.json, or nowhere."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """An unsent report with everything in it, opened; `answers`, `shown` and `exhibits` are the
    rows' bodies.
    """

    flow: Flow
    state: State
    answers: Sequence[Json] = field(repr=False)
    shown: Sequence[Json] = field(repr=False)
    exhibits: Mapping[str, Json] = field(repr=False)
    set_aside: Sequence[Json] = field(default=(), repr=False)
    versions: Sequence[Json] = field(default=(), repr=False)
    """Every answer as it was given, where the appeal keeps versions."""
    origins: Origins = field(default_factory=Origins)
    """Whose the forwarded and quoted things are, filled while the report is written down."""


def referral(report: Report, reference: str, appeal: str, submitted: int, words: Words) -> Json:
    """referral.json, as docs/referral.schema.json describes it; times are ISO 8601 in UTC."""
    state = report.state
    return {
        "schema": SCHEMA,
        "reference": reference,
        "appeal": appeal,
        "flow": {"id": state.flow, "version": state.version},
        "language": state.language,
        "begun": when(state.began),
        "submitted": when(submitted),
        "roles": list(_options(state, "role")),
        "flags": [flag for flag in state.flags if not flag.startswith("~")],
        "consents": [
            *(_consent(report, path, words) for path in CONSENTS if path in state.marks),
            *(_shared(report, who, words) for who in SHARES if ("share",) in state.marks),
        ],
        "incidents": [_incident(report, member, words) for member in state.members["incident"]],
        "answers": _answers(report, (), words),
        "exhibits": [_exhibit(report, x, words) for x in state.files("held")],
        "announced_not_received": [_announced(report, x) for x in state.files("lost")],
        "addenda": [],
        **({"versions": _versions(report)} if VERSIONS in state.flags else {}),
        "set_aside": [
            set_aside_piece.aside(number, body) for number, body in enumerate(report.set_aside, 1)
        ],
    }


def _versions(report: Report) -> list[Json]:
    """The words that stand no more, where the appeal keeps them; never those that are
    sealed apart.
    """
    stand = [(tuple(b["path"]), b["part"], b["answer"]) for b in report.answers]
    return [
        {"step": ".".join(b["path"]), **_part(report, b)}
        for b in report.versions
        if b["answer"]["kind"] in ("said", "spoken")
        and (tuple(b["path"]), b["part"], b["answer"]) not in stand
        and not apart(report, tuple(b["path"]))
    ]


def _consent(report: Report, path: Path, words: Words) -> Json:
    mark = report.state.marks[path]
    here = report.flow.ask(path, report.state)
    shown = shown_as(report, mark.prompt)
    answer = mark.options[0] if mark.options else "skipped"
    return {
        "id": path[0],
        "answer": answer,
        "text_version": _text_version(str(here.question.text) if here else ""),
        "language": shown["language"],
        "at": when(mark.at),
        **(
            {"question_en": _in_english(here, path, words), "answer_en": label(here, answer, words)}
            if here
            else {}
        ),
        "shown": shown,
        "told_before": [
            _told(report, body)
            for body in report.shown
            if mark.prompt and body.get("before") == mark.prompt
        ],
    }


def _shared(report: Report, who: str, words: Words) -> Json:
    """One of those with whom it may be shared, asked about on one screen: whoever was not chosen
    was refused.
    """
    mark = report.state.marks["share",]
    chosen = "skipped" if mark.kind != "picked" else "yes" if who in mark.options else "no"
    english = {"yes": YES, "no": NO, "skipped": CONTROLS["skip"]}[chosen]
    whole = _consent(report, ("share",), words)
    named = f"{whole['question_en']} – {words.say(Text(SHARES[who]), 'en')}"
    return {
        **whole,
        "id": f"share_{who}",
        "answer": chosen,
        "question_en": named,
        "answer_en": words.say(Text(english), "en"),
    }


def _told(report: Report, body: Json) -> Json:
    """What was said in a message of its own on the way to a question."""
    say = next(
        (s for s in report.flow.steps if isinstance(s, Say) and (s.id,) == tuple(body["path"])),
        None,
    )
    version = _text_version(str(say.text)) if say else ""
    return {
        "id": body["path"][-1],
        "text": body["text"],
        "language": body["language"],
        "text_version": version,
    }


def _text_version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _in_english(ask: Ask, path: Path, words: Words, *, same: bool = False) -> str:
    """The question with what this installation says in it, so that an officer knows what was asked.

    `same`: it was asked of all the files at once.
    """
    number = int(path[1][1:]) if path[0] == "exhibit" else 0
    file = {"file": Text(ALL_FILES) if same else Text(REVIEW_FILE, {"number": number})}
    return words.say(Text(ask.question.text, file if number else {}), "en")


def _incident(report: Report, member: str, words: Words) -> Json:
    state = report.state
    path = ("incident", member, "account")
    parts = [body for body in report.answers if tuple(body["path"]) == path]
    return {
        "id": member,
        "account": [
            _part(report, body) for body in parts if body["answer"]["kind"] in ("said", "spoken")
        ],
        "answers": {**_answers(report, ("incident", member), words), **_point(report, member)},
        "changed": [
            {"step": c.path[-1], "at": when(c.at)}
            for c in state.changed
            if c.path[:2] == ("incident", member)
        ],
    }


def _point(report: Report, member: str) -> Json:
    """The point on the map that was called the place of the event."""
    marked = [
        p for p in report.state.marks if p[:-1] == ("incident", member) and p[-1].startswith("~pin")
    ]
    if not marked:
        return {}
    path = marked[-1]
    kept = codec.answers_at(report.answers, path)
    placed = [a for a in kept if isinstance(a, Placed)]
    near = [_place(a.code, a.name) for a in kept if isinstance(a, Settlement)]
    venue = [a.text for a in kept if isinstance(a, Said)]
    if path not in report.state.marks or not placed:
        return {}
    point = placed[-1]
    at = {
        "lat": f"{point.lat / 1e6:.6f}",
        "lon": f"{point.lon / 1e6:.6f}",
        "accuracy_m": point.accuracy,
    }
    return {
        "point": {
            "kind": "place",
            **at,
            "live": point.live,
            **({"near": near[-1]} if near else {}),
            **({"venue": venue[-1]} if venue else {}),
            "at": when(report.state.marks[path].at),
        }
    }


def _options(state: State, step: str) -> tuple[str, ...]:
    mark = state.marks.get((step,))
    return mark.options if mark is not None and mark.kind == "picked" else ()


def _part(report: Report, body: Json) -> Json:
    """One message of the witness: its words or voice, and what stands with them."""
    answer = body["answer"]
    said = (
        {"text": answer["text"]}
        if answer["kind"] == "said"
        else {"exhibit": answer.get("exhibit", "")}
    )
    forwarded = origins.of_answer(report.origins, answer)
    if answer["kind"] == "spoken" and (exhibit := report.exhibits.get(answer["exhibit"])):
        forwarded = origins.of_file(report.origins, exhibit["file"])
    beside = origins.beside(report.origins, answer.get("about") or {}, report.state, report.answers)
    whose = {"forwarded": forwarded} if forwarded else {}
    return {"kind": answer["kind"], **said, "at": when(body["at"]), **whose, **beside}


def _answers(report: Report, under: Path, words: Words, *, same: bool = False) -> Json:
    """The answers directly under an address, but for the account, which is given part by part."""
    found: Json = {}
    for stop in answered(report.flow, report.state):
        if (
            not isinstance(stop.step, Ask)
            or stop.path[:-1] != under
            or _stands_elsewhere(stop.path)
        ):
            continue
        mark = report.state.marks.get(stop.path)
        if mark is None or stop.step.private:
            continue
        kept = codec.answers_at(report.answers, stop.path) or [_of_mark(mark)]
        parts = [
            _part(report, b)
            for b in report.answers
            if tuple(b["path"]) == stop.path and "about" in b["answer"]
        ]
        found[stop.path[-1]] = {
            **_value(report, stop.step, kept, words),
            **({"said": parts} if parts else {}),
            "question_en": _in_english(stop.step, stop.path, words, same=same),
            "shown": shown_as(report, mark.prompt),
            "at": when(mark.at),
        }
    return found


def _stands_elsewhere(path: Path) -> bool:
    """An event has questions of the same names, such as who did it: those are answers like any
    others.
    """
    return path[-1] == "account" or (len(path) == 1 and path[0] in ELSEWHERE)


def _of_mark(mark: Mark) -> Answer:
    if mark.kind == "picked":
        return Picked(mark.options)
    return Passed("unknown" if mark.options == ("unknown",) else "skipped")


def _value(report: Report, ask: Ask, answers: Sequence[Answer], words: Words) -> Json:
    said: Json = {}
    if texts := [a.text for a in answers if isinstance(a, Said)]:
        said["words"] = "\n".join(texts)
    told = [a for a in answers if isinstance(a, (Said, Spoken)) and a.forwarded]
    if forwarded := [origins.of_answer(report.origins, codec.write(a)) for a in told]:
        said["forwarded"] = forwarded
    if voices := [a.exhibit for a in answers if isinstance(a, Spoken)]:
        said["exhibits"] = voices
    match answers[-1]:
        case Picked(options=options):
            return {
                "kind": "option",
                "option": list(options),
                "option_en": [label(ask, o, words) for o in options],
            }
        case Passed(how=how) if not said:
            return {"kind": how}
        case Dated(edtf=edtf, part=part, day=day):
            return {"kind": "edtf", "edtf": edtf, "part_of_day": part, "said_on": day, **said}
        case Settlement(code=code, name=name):
            return {"kind": "place", "place": _place(code, name), **said}
        case _:
            return {"kind": "words", **said}


def _place(code: str, name: str) -> Json:
    """A settlement of the codifier as it was offered; of a region that was chosen alone there is
    only the code.
    """
    return {"code": code, "name": name, "region": of(code)}


def label(ask: Ask, option: str, words: Words) -> str:
    return said_label(ask, option, words, "en")


def said_label(ask: Ask, option: str, words: Words, language: str) -> str:
    label = cast("Message", options_of(ask.question).get(option, MOVES.get(option, option)))
    return words.say(Text(label), language)


MOVES: Mapping[str, Message] = {"go": REVIEW_GO, "done": CONTROLS["done"], "as_said": THAT_PLACE}
"""Buttons that are no option of a question and yet settle it."""


def shown_as(report: Report, prompt: int) -> Json:
    """The very wording a question was put in, the last time it was put under that number."""
    found = [s for s in report.shown if prompt and s["prompt"] == prompt]
    return (
        {"text": found[-1]["text"], "language": found[-1]["language"]}
        if found
        else {"text": "", "language": ""}
    )


def _exhibit(report: Report, exhibit: Exhibit, words: Words) -> Json:
    body = report.exhibits[exhibit.id]
    file, digests = body["file"], body["digests"]
    return {
        "id": exhibit.id,
        "incident": exhibit.incident,
        "said_at_step": exhibit.said_at[-1] if exhibit.said_at else "",
        "name": file["name"],
        "kind": file["kind"],
        "claimed_type": file["claimed_type"],
        "caption": _caption(report, exhibit),
        "size": body["size"],
        "sha256": digests["sha256"],
        "sha512": digests["sha512"],
        "sealed_sha256": digests["sealed_sha256"],
        "at": when(body["at"]),
        "received": when(body["received"]),
        "forwarded": origins.of_file(report.origins, file),
        "recompressed": file["kind"] in ("photo", "video", "video_note"),
        "origin": _origin(report, exhibit, words),
        **({"replaces": exhibit.replaces} if exhibit.replaces else {}),
        **({"parts": parts} if len(parts := _parts(report.state, exhibit)) > 1 else {}),
        **origins.beside(report.origins, file.get("about") or {}, report.state, report.answers),
    }


def _caption(report: Report, exhibit: Exhibit) -> Json:
    """The words that stand under a file, and whether they were changed after it was sent. Empty
    where none do.

    An album's stand under its first file; what was kept before 0.2 has them as they were announced.
    """
    body = report.exhibits[exhibit.id]
    if earlier := body["file"].get("caption", ""):
        return {"text": earlier, "at": when(body["at"]), "changed": False}
    first = next(x for x in report.state.exhibits if x.message == exhibit.message)
    for said in report.answers:
        if (
            said["part"] == f"{exhibit.message}.words"
            and first.id == exhibit.id
            and not apart(report, tuple(said["path"]))
        ):
            return {
                "text": said["answer"]["text"],
                "at": when(said["at"]),
                "changed": said["at"] != exhibit.at,
            }
    return {}


def _parts(state: State, exhibit: Exhibit) -> list[str]:
    """The still and the film of a live photo, which are one thing."""
    mine = [x for x in state.exhibits if x.message == exhibit.message]
    return [x.id for x in mine] if any(x.live for x in mine) else []


def _origin(report: Report, exhibit: Exhibit, words: Words) -> Json:
    """What was said of a file; where the answer was the same for all, it is the first one's, and
    says so.
    """
    same = report.state.marks.get(("incident", exhibit.incident, "origin_same"))
    of_all = same is not None and same.options == ("same",)
    about = _answers(report, ("exhibit", exhibit.id), words, same=of_all)
    if about:
        return about
    asked = asked_about(report.state, exhibit.incident)
    if same is None or same.options != ("same",) or exhibit.id not in asked:
        return {}
    return {"as_for": asked[0], **_answers(report, ("exhibit", asked[0]), words, same=True)}


def _announced(report: Report, exhibit: Exhibit) -> Json:
    file = report.exhibits[exhibit.id]["file"]
    return {
        "id": exhibit.id,
        "kind": exhibit.kind,
        "name": file["name"],
        "size": file["size"],
        "why": exhibit.why,
    }


def identity(report: Report, chat: str, words: Words) -> Json:
    """identity.json: what is sealed apart; `chat` is where the witness can be reached if they chose
    this chat.
    """
    private = {
        stop.path: _value(
            report,
            stop.step,
            codec.answers_at(report.answers, stop.path) or [_of_mark(mark)],
            words,
        )
        for stop in way(report.flow, report.state)
        if isinstance(stop.step, Ask)
        and stop.step.private
        and (mark := report.state.marks.get(stop.path)) is not None
    }
    top = {path[0]: _plain(value) for path, value in private.items() if len(path) == 1}
    contact = _options(report.state, "contact")
    others = [_plain(value) for path, value in private.items() if path[-1] == "others_contact"]
    others += [
        a.text
        for path in report.state.marks
        if path[-1].startswith("~card")
        for a in codec.answers_at(report.answers, path)
        if isinstance(a, Said)
    ]
    return {
        "name": top.get("name", ""),
        "contact": {
            "way": "".join(contact) or "no",
            "phone": top.get("phone", ""),
            "email": top.get("email", ""),
        },
        "hours": top.get("hours", ""),
        "wishes": {k: top[k] for k in ("speak", "officer", "interpreter", "region") if k in top},
        "messenger": chat if contact == ("bot",) else "",
        "others": others,
        "urgent": top.get("urgent_contact", ""),
        "child": top.get("child_details", ""),
        "origins": report.origins.identity(),
    }


def _plain(value: Json) -> str:
    """An answer of the identity part as one string."""
    spoken = [f"spoken: {exhibit} of the account" for exhibit in value.get("exhibits", [])]
    said = str(value.get("words") or ", ".join([*value.get("option_en", []), *spoken]))
    whose = ", ".join(f"forwarded from a {each['kind']}" for each in value.get("forwarded", []))
    return f"{said} ({whose})" if whose else said


def apart(report: Report, path: Path) -> bool:
    """Whether an answer belongs to the identity part."""
    here = report.flow.ask(path, report.state)
    return path[-1].startswith("~card") or (here is not None and here.private)
