"""PURE: what a dossier's page shows, as plain values for its template; what a witness said is only
ever text.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.workstation.asked_view import Asked, Json, asked, beside, question_in_english
from bot.workstation.exhibit_view import exhibits
from bot.workstation.marks import LABELS, marks

REACH: Final = ("contact", "speak", "hours", "officer", "interpreter", "region", "worry")
"""Answers that whoever calls must have read."""


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
    question = said.get("question_en") or question_in_english(referral, (said["id"],))
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
        "below": " · ".join(filter(None, (part["at"], beside(part)))),
    }


def _point(point: Json) -> str:
    near = f", near {point['near']['name']}" if "near" in point else ""
    near += f", chosen as “{point['venue']}”" if "venue" in point else ""
    return f"Point on the map: {point['lat']}, {point['lon']} (± {point['accuracy_m']} m){near}"


def reach(referral: Json) -> Asked:
    """What was said of how, when and by whom they may be reached."""
    answers = {step: a for step, a in referral["answers"].items() if step in REACH}
    return asked(answers, referral, every=True)


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
