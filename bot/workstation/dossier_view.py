"""PURE: what a dossier's page shows, as plain values for its template; what a witness said is only
ever text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from bot.referral.origins import source
from bot.workstation.marks import LABELS, marks
from conversations.flow import Ask
from conversations.flows import Flows
from conversations.languages import LANGUAGES
from conversations.regions import REGIONS

Json = Mapping[str, Any]
PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp")
FILMS: Final = (".mp4", ".webm", ".mov")
SOUNDS: Final = (".ogg", ".oga", ".mp3", ".m4a", ".wav")
RECORDED: Final = ("voice", "video_note")
REACH: Final = ("contact", "speak", "hours", "officer", "interpreter", "region", "worry")
"""Answers that whoever calls must have read."""
_FLOWS: Final = Flows(LANGUAGES)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: in words, with what stands beside them, and as it is read."""

    words: str = ""
    notes: list[str] = field(default_factory=list)
    read: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A question in English, as it was shown where that is another language, and its answer."""

    question: str
    shown: str
    answer: Answer


@dataclass(slots=True)
class Asked:
    """`rest`: questions that only led on to others, folded away."""

    main: list[Row] = field(default_factory=list)
    rest: list[Row] = field(default_factory=list)


def alerts(
    referral: Json, addenda: Mapping[str, Json], identity: Json | None
) -> Iterator[dict[str, str]]:
    """What stands above everything else: somebody asked to be called, or danger was added."""
    if "urgent" in referral["flags"]:
        apart = (
            "The number, if one was left, is sealed apart, and not to your key: ask your "
            "supervisor now."
        )
        number = (identity or {}).get("urgent", "")
        said = number or (apart if identity is None else "No number was left.")
        yield {"text": "The witness asked to be contacted at once.", "number": str(said)}
    for name, addendum in addenda.items():
        if {"danger", "urgent"} & set(addendum.get("flags", ())):
            text = f"Words of danger were added on {addendum['submitted']}: see {name} below."
            yield {"text": text, "number": ""}


def mark_labels(referral: Json, addenda: Iterable[Json]) -> list[str]:
    return [LABELS.get(name, name) for name in marks(referral, addenda)]


def consent(referral: Json, said: Json) -> dict[str, object]:
    """What was asked and answered, with everything that was said on the way to it."""
    question = said.get("question_en") or _question(referral, (said["id"],))
    shown = said.get("shown", {}).get("text", "")
    return {
        "question": question,
        "shown": "" if shown == question else shown,
        "before": [t["text"] for t in said.get("told_before", ())],
        "answer": said.get("answer_en", said["answer"]),
        "at": said["at"],
        "version": said["text_version"],
    }


def event(referral: Json, incident: Json) -> dict[str, object]:
    """One event: the account before any list."""
    parts = [told(part) for part in incident["account"]]
    point = incident["answers"].get("point")
    answers = {k: v for k, v in incident["answers"].items() if k != "point"}
    return {
        "parts": parts,
        "forwarded": any(part["whose"] for part in parts),
        "changed": ", ".join(f"{c['step']} ({c['at']})" for c in incident["changed"]),
        "point": _point(point) if point else "",
        "answers": asked(answers, referral, ("incident", incident["id"])),
    }


def told(part: Json) -> dict[str, str]:
    """A part of the account. `whose`: said above what is not the witness's own."""
    forwarded = part.get("forwarded") or {}
    others = bool(forwarded) and forwarded["kind"] != "self"
    text = str(part["text"]) if part["kind"] == "said" else f"(voice message {part['exhibit']})"
    return {
        "text": text,
        "whose": "Forwarded: not their own words" if others else "",
        "below": " · ".join(filter(None, (part["at"], _beside(part)))),
    }


def _beside(part: Json) -> str:
    """What stands with words or a file: whose, under which file, what they answer and quote,
    addresses behind words.
    """
    found = [source(part.get("forwarded") or {})]
    if under := part.get("caption_of"):
        found.append(f"written under {under}")
    if meant := part.get("reply_to"):
        what = ", ".join(meant.get("exhibits", ())) or meant.get(
            "words_of", "a message that is not in this report"
        )
        found.append(f"in reply to {what}")
    if quote := part.get("quote"):
        found.append(f"quoting “{quote['text']}” {source(quote.get('forwarded') or {})}".strip())
    found += [f"behind “{link['text']}”: {link['address']}" for link in part.get("links", ())]
    return " · ".join(filter(None, found))


def _point(point: Json) -> str:
    near = f", near {point['near']['name']}" if "near" in point else ""
    near += f", chosen as “{point['venue']}”" if "venue" in point else ""
    return f"Point on the map: {point['lat']}, {point['lon']} (± {point['accuracy_m']} m){near}"


def asked(
    answers: Json, referral: Json, under: tuple[str, ...] = (), *, every: bool = False
) -> Asked:
    """What was asked and answered. `every`: nothing is folded away."""
    found = Asked()
    for step, answer in answers.items():
        ask = _ask(referral, (*under, step))
        question = answer.get("question_en") or _question(referral, (*under, step))
        shown = answer["shown"]["text"]
        row = Row(question, "" if shown == question else shown, _answer(answer))
        main = every or (ask is not None and bool(ask.heading))
        (found.main if main else found.rest).append(row)
    return found


def reach(referral: Json) -> Asked:
    """What was said of how, when and by whom they may be reached."""
    answers = {step: a for step, a in referral["answers"].items() if step in REACH}
    return asked(answers, referral, every=True)


def _answer(answer: Json) -> Answer:
    notes = [source(forwarded) for forwarded in answer.get("forwarded", ())]
    notes += [_beside({**part, "forwarded": {}}) for part in answer.get("said", ())]
    return Answer(str(answer.get("words") or ""), [n for n in notes if n], _read(answer))


def _read(answer: Json) -> str:
    match answer["kind"]:
        case "option":
            return "; ".join(answer["option_en"])
        case "edtf":
            return f"read as: {answer['edtf'] or 'not read'} {answer['part_of_day']}".strip()
        case "place":
            place = answer["place"]
            region = str(REGIONS.get(place["region"], place["region"]))
            return f"{place['name'] or 'the region'}, {region} (codifier {place['code']})"
        case "skipped" | "unknown" as how:
            return "skipped" if how == "skipped" else "does not know"
        case _:
            return ", ".join(f"voice message {x}" for x in answer.get("exhibits", ()))


def exhibits(referral: Json, files: Mapping[str, str], within: str = "") -> list[dict[str, object]]:
    """The files of a report, or of an addendum: `within` is then "a1/"."""
    return [
        _exhibit(x, files.get(f"{within}{x['id']}", ""), referral, within)
        for x in referral["exhibits"]
    ]


def _exhibit(exhibit: Json, file: str, referral: Json, within: str) -> dict[str, object]:
    """What an exhibit is, in words; then the ways to look at it."""
    origin = exhibit["origin"]
    where_from = {k: v for k, v in origin.items() if k != "as_for"}
    return {
        "name": f"{within}{exhibit['id']}",
        "called": exhibit["name"] or exhibit["kind"],
        "about": " · ".join(filter(None, _about(exhibit))),
        "caption": _caption(exhibit) if exhibit["caption"] else "",
        "sha256": exhibit["sha256"],
        "same": f"as for {origin['as_for']}" if "as_for" in origin else "",
        "origin": asked(where_from, referral, ("exhibit", exhibit["id"]), every=True),
        "file": file,
        "look": _look(exhibit["kind"], file.lower()),
    }


def _about(exhibit: Json) -> Iterator[str]:
    type_ = exhibit["claimed_type"] or "type not said"
    yield f"{exhibit['kind']}, {exhibit['size']:,} bytes, {type_}"
    yield f"sent {exhibit['at']}, kept {exhibit['received']}"
    yield f"event {exhibit['incident'][1:]}" if exhibit["incident"] else ""
    if exhibit["kind"] in RECORDED:
        yield "recorded in the app"
    elif exhibit["recompressed"]:
        yield "compressed again by the app"
    else:
        yield "as a file, unchanged by the app"
    if "parts" in exhibit:
        yield f"one thing with {', '.join(x for x in exhibit['parts'] if x != exhibit['id'])}"
    if "replaces" in exhibit:
        yield f"in place of {exhibit['replaces']}, which its sender exchanged"
    yield _beside(exhibit)


def _caption(exhibit: Json) -> str:
    """The words under a file; in dossiers of before 0.2 they stand alone."""
    caption = exhibit["caption"]
    if isinstance(caption, str):
        return caption
    return f"{caption['text']}{' (changed after it was sent)' if caption['changed'] else ''}"


def _look(kind: str, file: str) -> str:
    if file.endswith(PICTURES) or kind == "photo":
        return "picture"
    if file.endswith(FILMS) or kind in ("video", "video_note", "animation"):
        return "film"
    return "sound" if file.endswith(SOUNDS) or kind in ("voice", "audio") else ""


def addendum(name: str, added: Json, files: Mapping[str, str]) -> dict[str, object]:
    """What was added later, under its own name."""
    return {
        "name": name,
        "submitted": added["submitted"],
        "marks": mark_labels(added, ()),
        "parts": [told(part) for incident in added["incidents"] for part in incident["account"]],
        "taken": ", ".join(added["withdrawn"]),
        "exhibits": exhibits(added, files, f"{name}/"),
    }


def who(identity: Json | None) -> list[tuple[str, str]] | None:
    """Name and contact, as rows; None for whom they are not sealed to."""
    shown = {k: v for k, v in (identity or {}).items() if k != "binding"}
    return None if identity is None else list(_flat(shown))


def _flat(values: Json, before: str = "") -> Iterable[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key} ")
        elif value and (before, key, value) != ("contact ", "way", "no"):
            yield f"{before}{key}", ", ".join(value) if isinstance(value, list) else str(value)


def _ask(referral: Json, path: tuple[str, ...]) -> Ask | None:
    flow = referral.get("flow") or {"id": "follow_up", "version": 1}
    try:
        return _FLOWS.of(flow["id"], flow["version"]).ask(path)
    except LookupError:
        return None


def _question(referral: Json, path: tuple[str, ...]) -> str:
    """The question in English; what an installation says in it by itself is left open."""
    ask = _ask(referral, path)
    return str(ask.question.text).format_map(_Blank()) if ask is not None else path[-1]


def option(referral: Json, path: tuple[str, ...], chosen: str) -> str:
    """An option in English."""
    ask = _ask(referral, path)
    options = getattr(ask.question, "options", {}) if ask is not None else {}
    return str(cast("Mapping[str, object]", options).get(chosen, chosen))
