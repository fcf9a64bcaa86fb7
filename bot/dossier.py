"""PURE: what a referral says, as JSON and as a readable transcript, from the report as it stands at sending."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.perform import answers_at
from bot.times import when
from bot.words import Words
from conversations.flow import Ask, Flow, way
from conversations.model import Answer, Message, Passed, Path, Picked, Said, Spoken, Text
from conversations.questions import Choice
from conversations.state import Exhibit, State

SCHEMA = "firsthand.referral/1"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """An unsent report with everything in it, opened; `answers`, `shown` and `exhibits` are the rows' bodies."""

    flow: Flow
    state: State
    answers: Sequence[Json] = field(repr=False)
    shown: Sequence[Json] = field(repr=False)
    exhibits: Mapping[str, Json] = field(repr=False)
    set_aside: Sequence[Json] = field(default=(), repr=False)


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
        "roles": [],
        "flags": [],
        "consents": [_consent(report, path) for path in (("who",), ("consent",)) if path in state.marks],
        "incidents": [_incident(report, member, words) for member in state.members["incident"]],
        "answers": _answers(report, (), words),
        "exhibits": [_exhibit(report, x) for x in state.files("held")],
        "announced_not_received": [_announced(report, x) for x in state.files("lost")],
        "addenda": [],
        "set_aside": [{"raw": s["raw"], "why": s["why"], "at": when(s["at"])} for s in report.set_aside],
    }


def _consent(report: Report, path: Path) -> Json:
    mark = report.state.marks[path]
    here = report.flow.ask(path)
    text = str(here.question.text) if here else ""
    shown = _shown(report, mark.prompt)
    return {
        "id": path[0],
        "answer": mark.options[0],
        "text_version": hashlib.sha256(text.encode()).hexdigest()[:12],
        "language": shown["language"],
        "at": when(mark.at),
    }


def _incident(report: Report, member: str, words: Words) -> Json:
    state = report.state
    path = ("incident", member, "account")
    parts = [body for body in report.answers if tuple(body["path"]) == path]
    return {
        "id": member,
        "account": [_part(body) for body in parts],
        "answers": _answers(report, ("incident", member), words),
        "changed": [
            {"step": c.path[-1], "at": when(c.at)} for c in state.changed if c.path[:2] == ("incident", member)
        ],
    }


def _part(body: Json) -> Json:
    answer = body["answer"]
    said = {"text": answer["text"]} if answer["kind"] == "said" else {"exhibit": answer.get("exhibit", "")}
    return {"kind": answer["kind"], **said, "at": when(body["at"])}


def _answers(report: Report, under: Path, words: Words) -> Json:
    """The answers directly under an address, but for the account, which is given part by part."""
    found: Json = {}
    for stop in way(report.flow, report.state):
        if not isinstance(stop.step, Ask) or stop.path[:-1] != under or stop.path[-1] == "account":
            continue
        mark = report.state.marks.get(stop.path)
        if mark is None or stop.path in (("who",), ("consent",), ("language",)):
            continue
        kept = answers_at(list(report.answers), stop.path) or [_of_mark(mark.kind, mark.options)]
        found[stop.path[-1]] = {
            **_value(stop.step, kept, words),
            "shown": _shown(report, mark.prompt),
            "at": when(mark.at),
        }
    return found


def _of_mark(kind: str, options: tuple[str, ...]) -> Answer:
    if kind == "picked":
        return Picked(options)
    return Passed("unknown" if options == ("unknown",) else "skipped")


def _value(ask: Ask, answers: Sequence[Answer], words: Words) -> Json:
    match answers[0]:
        case Picked(options=options):
            return {"kind": "option", "option": list(options), "option_en": [_label(ask, o, words) for o in options]}
        case Passed(how=how):
            return {"kind": how}
        case Said() | Spoken():
            texts = [a.text for a in answers if isinstance(a, Said)]
            voices = [a.exhibit for a in answers if isinstance(a, Spoken)]
            return {"kind": "words", "words": "\n".join(texts), **({"exhibits": voices} if voices else {})}


def _label(ask: Ask, option: str, words: Words) -> str:
    label: Message = option
    if isinstance(ask.question, Choice):
        label = ask.question.options.get(option, option)
    return words.say(Text(label), "en")


def _shown(report: Report, prompt: int) -> Json:
    """The very wording a question was put in, the last time it was put under that number."""
    found = [s for s in report.shown if s["prompt"] == prompt]
    return {"text": found[-1]["text"], "language": found[-1]["language"]} if found else {"text": "", "language": ""}


def _exhibit(report: Report, exhibit: Exhibit) -> Json:
    body = report.exhibits[exhibit.id]
    file, digests = body["file"], body["digests"]
    return {
        "id": exhibit.id,
        "incident": exhibit.incident,
        "said_at_step": exhibit.said_at[-1] if exhibit.said_at else "",
        "name": file["name"],
        "kind": file["kind"],
        "claimed_type": file["claimed_type"],
        "caption": file["caption"],
        "size": body["size"],
        "sha256": digests["sha256"],
        "sha512": digests["sha512"],
        "sealed_sha256": digests["sealed_sha256"],
        "at": when(body["at"]),
        "received": when(body["received"]),
        "forwarded": {"kind": file["forwarded"]} if file["forwarded"] else {},
        "recompressed": file["kind"] in ("photo", "video", "video_note"),
        "origin": {},
    }


def _announced(report: Report, exhibit: Exhibit) -> Json:
    file = report.exhibits[exhibit.id]["file"]
    return {"id": exhibit.id, "kind": exhibit.kind, "name": file["name"], "size": file["size"], "why": exhibit.why}


def identity() -> Json:
    """identity.json of a report in which no contact was asked for."""
    return {"name": "", "contact": {}, "hours": "", "wishes": {}, "messenger": ""}


def transcript(report: Report, reference: str, submitted: int, words: Words) -> str:
    """Every question as it was shown and every answer that stands, in order; changed ones as a line without words.

    All times are the channel's own, so that a question comes after the answer that led to it.
    """
    last = report.state.asked + 1
    rows: list[tuple[int, int, int, str]] = []
    for body in report.shown:
        rows.append((body["at"], body["prompt"], 0, f"ASKED ({body['language']})\n{_indent(body['text'])}"))
    for body in report.answers:
        mark = report.state.marks.get(tuple(body["path"]))
        prompt = body.get("prompt") or (mark.prompt if mark else 0)
        rows.append((body["at"], prompt, 1, f"WITNESS\n{_indent(_said(report, body, words))}"))
    for exhibit in report.state.exhibits:
        state = "received" if exhibit.status == "held" else "announced, not received"
        rows.append((exhibit.at, last, 2, f"FILE {exhibit.id}: {exhibit.kind}, {state}"))
    for changed in report.state.changed:
        rows.append((changed.at, last, 3, f"CHANGED OR REMOVED BY THE WITNESS: {'.'.join(changed.path)}"))
    told = "\n\n".join(f"[{when(at)}] {text}" for at, _, _, text in sorted(rows, key=lambda row: row[:3]))
    return f"Referral {reference}\nSent {when(submitted)}\n\n{told}\n"


def _said(report: Report, body: Json, words: Words) -> str:
    answer = body["answer"]
    match answer["kind"]:
        case "said":
            return str(answer["text"])
        case "spoken":
            return f"(voice message {answer['exhibit']})"
        case "picked":
            here = report.flow.ask(tuple(body["path"]))
            return ", ".join(f"[{_label(here, option, words) if here else option}]" for option in answer["options"])
        case _:
            return f"({answer['how']})"


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
