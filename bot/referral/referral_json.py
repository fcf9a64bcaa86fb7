"""PURE: what a referral says, as JSON and as a readable transcript, from the report as it stands at
sending.
"""

import hashlib

from bot.language.translate import Translator
from bot.referral import set_aside_piece
from bot.referral.answers_json import describe_answers, options_of
from bot.referral.exhibits_json import describe_announced, describe_exhibit
from bot.referral.report import (
    Json,
    Report,
    describe_part,
    describe_place,
    in_english,
    is_apart,
    label,
    shown_as,
)
from bot.referral.times import iso_time
from conversations import codec
from conversations.flows.options import SHARES
from conversations.model import Path, Placed, Said, Settlement, Text
from conversations.state import VERSIONS
from conversations.steps import Say
from conversations.texts import CONTROLS, NO, YES

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


def referral(
    report: Report, reference: str, appeal: str, submitted: int, translator: Translator
) -> Json:
    """referral.json, as docs/referral.schema.json describes it; times are ISO 8601 in UTC."""
    state = report.state
    return {
        "schema": SCHEMA,
        "reference": reference,
        "appeal": appeal,
        "flow": {"id": state.flow, "version": state.version},
        "language": state.language,
        "begun": iso_time(state.began),
        "submitted": iso_time(submitted),
        "roles": list(options_of(state, "role")),
        "flags": [flag for flag in state.flags if not flag.startswith("~")],
        "consents": [
            *(_consent(report, path, translator) for path in CONSENTS if path in state.marks),
            *(_shared(report, who, translator) for who in SHARES if ("share",) in state.marks),
        ],
        "incidents": [
            _incident(report, member, translator) for member in state.members["incident"]
        ],
        "answers": describe_answers(report, (), translator),
        "exhibits": [describe_exhibit(report, x, translator) for x in state.files("held")],
        "announced_not_received": [describe_announced(report, x) for x in state.files("lost")],
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
        {"step": ".".join(b["path"]), **describe_part(report, b)}
        for b in report.versions
        if b["answer"]["kind"] in ("said", "spoken")
        and (tuple(b["path"]), b["part"], b["answer"]) not in stand
        and not is_apart(report, tuple(b["path"]))
    ]


def _consent(report: Report, path: Path, translator: Translator) -> Json:
    mark = report.state.marks[path]
    here = report.flow.ask(path, report.state)
    shown = shown_as(report, mark.prompt)
    answer = mark.options[0] if mark.options else "skipped"
    return {
        "id": path[0],
        "answer": answer,
        "text_version": _text_version(str(here.question.text) if here else ""),
        "language": shown["language"],
        "at": iso_time(mark.at),
        **(
            {
                "question_en": in_english(here, path, translator),
                "answer_en": label(here, answer, translator),
            }
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


def _shared(report: Report, who: str, translator: Translator) -> Json:
    """One of those with whom it may be shared, asked about on one screen: whoever was not chosen
    was refused.
    """
    mark = report.state.marks["share",]
    chosen = "skipped" if mark.kind != "picked" else "yes" if who in mark.options else "no"
    english = {"yes": YES, "no": NO, "skipped": CONTROLS["skip"]}[chosen]
    whole = _consent(report, ("share",), translator)
    named = f"{whole['question_en']} – {translator.say(Text(SHARES[who]), 'en')}"
    return {
        **whole,
        "id": f"share_{who}",
        "answer": chosen,
        "question_en": named,
        "answer_en": translator.say(Text(english), "en"),
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


def _incident(report: Report, member: str, translator: Translator) -> Json:
    state = report.state
    path = ("incident", member, "account")
    parts = [body for body in report.answers if tuple(body["path"]) == path]
    return {
        "id": member,
        "account": [
            describe_part(report, body)
            for body in parts
            if body["answer"]["kind"] in ("said", "spoken")
        ],
        "answers": {
            **describe_answers(report, ("incident", member), translator),
            **_point(report, member),
        },
        "changed": [
            {"step": c.path[-1], "at": iso_time(c.at)}
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
    near = [describe_place(a.code, a.name) for a in kept if isinstance(a, Settlement)]
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
            "at": iso_time(report.state.marks[path].at),
        }
    }
