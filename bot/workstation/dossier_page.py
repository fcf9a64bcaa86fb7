"""PURE: a dossier as one plain page for an officer's browser: no network, no script, and nothing
shows by itself.

Pictures wait behind a description, first grey and blurred, then sharp if asked for; sound and film
play only when started (practice of secondary trauma: docs/officers.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from bot.language.languages import english_name
from bot.workstation import asked_view, exhibit_view
from bot.workstation import dossier_view as view
from bot.workstation.templates import render

Json = Mapping[str, Any]
POLICY: Final = (
    "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'"
)
CARE: Final = (
    "What is told and shown here may distress you. Nothing on this page plays or shows by itself. "
    "Read first; keep the sound off; take a break; you need not look at a picture alone."
)


@dataclass(frozen=True, slots=True)
class Custody:
    """The lines of the log, and by number the details that some of them are bound to."""

    lines: Sequence[Json] = ()
    details: Mapping[int, Json] = field(default_factory=dict)


def page(
    referral: Json,
    addenda: Mapping[str, Json],
    files: Mapping[str, str],
    custody: Custody,
    identity: Json | None,
) -> str:
    """The page of one dossier. `files`: where each exhibit lies beside the page ("x1", "a1/x2"), if
    it is here.
    """
    return render(
        "dossier.html",
        policy=POLICY,
        care=CARE,
        reference=str(referral["reference"]),
        alerts=list(view.alerts(referral, addenda, identity)),
        marks=view.mark_labels(referral, addenda.values()),
        facts=list(_facts(referral, addenda)),
        consents=[view.consent(referral, said) for said in referral["consents"]],
        events=[view.event(referral, incident) for incident in referral["incidents"]],
        answers=asked_view.asked(referral["answers"], referral),
        exhibits=exhibit_view.exhibits(referral, files),
        addenda=[view.addendum(name, added, files) for name, added in addenda.items()],
        reach=view.reach(referral),
        who=view.who(identity),
        custody=list(_custody(custody)),
    )


def _facts(referral: Json, addenda: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    roles = ", ".join(asked_view.option(referral, ("role",), role) for role in referral["roles"])
    yield "Received", str(referral["submitted"])
    yield "Begun", str(referral["begun"])
    yield "Language", english_name(str(referral["language"]))
    yield "Connection", roles
    if addenda:
        yield "Added since", ", ".join(f"{n} ({a['submitted']})" for n, a in addenda.items())
    if referral["announced_not_received"]:
        lost = (f"{x['id']} ({x['kind']}, {x['why']})" for x in referral["announced_not_received"])
        yield "Announced, not received", ", ".join(lost)


def _custody(custody: Custody) -> Iterator[tuple[str, ...]]:
    """Number, when, what, who and of what; the hour stands in the line, the minute in its
    details.
    """
    for line in custody.lines:
        details = custody.details.get(line["n"], {})
        hour = datetime.fromtimestamp(line["hour"] * 3600, UTC).strftime("%Y-%m-%d %H:00 UTC")
        sign = details.get("call_sign", "")
        actor = f"{line['actor']} ({sign})" if sign else str(line["actor"])
        yield str(line["n"]), str(details.get("at") or hour), line["kind"], actor, line["subject"]
