"""PURE: what the officers' channel and private chats say; no content, name or media of a report
ever.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.language.languages import english_name
from bot.officers.message import Message
from bot.officers.notes import ask_which
from bot.referral.times import readable_hour
from conversations.regions import REGIONS
from storage.records import Referral


def card(referral: Referral, call_sign: str) -> Message:
    """The referral's post in the channel, as it stands now."""
    facts = referral.facts
    lines = [
        f"Referral {referral.reference}",
        _status(referral, call_sign),
        *(text for name, text in PRIORITIES if facts.get(name)),
        "",
        f"Received: {readable_hour(referral.hour)}",
        f"Language: {english_name(str(facts['language']))}",
        (
            f"Events: {facts['incidents']}   Files: {facts['exhibits']}   Voice messages: "
            f"{facts['voices']}"
        ),
    ]
    lines += _kinds(facts)
    if facts["announced"]:
        lines.append(f"Announced, not received: {facts['announced']}")
    if facts.get("addenda"):
        lines.append(f"Added since: {facts['addenda']}")
    if facts.get("withdrawn"):
        lines.append("Sharing taken back: " + ", ".join(facts["withdrawn"]))
    buttons = (("Claim", f"c:{referral.reference}"),) if referral.status == "new" else ()
    return Message("\n".join(lines), buttons)


EVENTS: Final = {
    "attack": "shelling or attack",
    "protected": "hospital, school, church",
    "property": "property",
    "blocked": "aid or leaving blocked",
    "environment": "environment",
    "moved": "forced movement",
    "served": "forced service or labour",
    "shields": "troops among people",
    "held": "held or missing",
    "weapons": "prohibited weapons",
    "killed": "people killed or hurt",
    "graves": "bodies, graves",
}
PRIORITIES: Final = (
    (
        "danger",
        "Priority: danger. The witness wrote of danger now, or asked to be contacted at once.",
    ),
    ("child", "Priority: a child. No account was taken."),
    ("suspect_in_uk", "Priority: a suspect may be in the UK."),
)
"""Three named priorities, each with the rule that holds; a person confirms, nothing is scored."""
FLAGS: Final = (
    ("outside_uk", "witness outside the UK"),
    ("before_window", "before the appeal's dates"),
    ("other_proceedings", "told elsewhere before"),
    ("suspect_identifiable", "somebody could be recognised"),
)


def _kinds(facts: dict[str, Any]) -> list[str]:
    """For ordinary categories the types and months; of a special one "specialist", and nothing
    finer.
    """
    if facts.get("events") == ["specialist"]:
        return ["Specialist"]
    found = []
    if facts.get("events"):
        found.append("Types: " + ", ".join(EVENTS.get(e, e) for e in facts["events"]))
    if facts.get("oblasts"):
        found.append("Regions: " + ", ".join(str(REGIONS[code]) for code in facts["oblasts"]))
    if facts.get("months"):
        found.append("Months: " + ", ".join(facts["months"]))
    flags = [text for name, text in FLAGS if facts.get(name)]
    return [*found, f"Flags: {', '.join(flags)}"] if flags else found


MOST_LISTED: Final = 8
"""Referrals in one list: as many as a thumb finds buttons for."""


def _rank(referral: Referral) -> tuple[int, int, str]:
    """The named priorities in their order, then who waits longest."""
    named = [n for n, (name, _) in enumerate(PRIORITIES) if referral.facts.get(name)]
    return (named[0] if named else len(PRIORITIES), referral.hour, referral.reference)


def queue(waiting: Sequence[Referral], start: int = 0) -> Message:
    """What nobody has claimed, from the `start`th on."""
    if not waiting:
        return Message("The queue is empty: every referral has been claimed.")
    order = "Priorities first, then by the hour they came."
    return _listed(f"In the queue: {len(waiting)}", order, waiting, start, "q", _to_claim)


def mine(claimed: Sequence[Referral], start: int = 0) -> Message:
    """What an officer has claimed, from the `start`th on."""
    if not claimed:
        return Message("You have no referral. /queue shows what waits.")
    return _listed(f"With you: {len(claimed)}", "", claimed, start, "m", _at_hand)


def _listed(
    head: str,
    order: str,
    every: Sequence[Referral],
    start: int,
    verb: str,
    buttons_of: Callable[[str], tuple[tuple[str, str], ...]],
) -> Message:
    """As many as a message has room for, and a button for those that follow."""
    start = start if start < len(every) else 0
    shown = sorted(every, key=_rank)[start : start + MOST_LISTED]
    after = start + len(shown)
    of_all = f", {start + 1} to {after} of them" if len(shown) < len(every) else ""
    buttons = [button for r in shown for button in buttons_of(r.reference)]
    if left := len(every) - after:
        buttons.append((f"The next {min(left, MOST_LISTED)}", f"{verb}:{after}"))
    said = f"{head}{of_all}. {order}".strip()
    return Message("\n\n".join([said, *(_line(r) for r in shown)]), tuple(buttons))


def found(referral: Referral, call_sign: str, *, own: bool) -> Message:
    """One referral as its card has it, with what this officer can do with it now."""
    shown = card(referral, call_sign)
    return Message(shown.text, _at_hand(referral.reference) if own else shown.buttons)


def not_found(asked: str) -> Message:
    return Message(
        f"There is no referral {asked}. Its number has ten characters, as 7K3M-9QXW-WK."
        if asked
        else ask_which("/find").text
    )


def _to_claim(reference: str) -> tuple[tuple[str, str], ...]:
    return ((f"Claim {reference}", f"c:{reference}"),)


def _at_hand(reference: str) -> tuple[tuple[str, str], ...]:
    return (
        (f"Package {reference}", f"p:{reference}"),
        (f"Hand back {reference}", f"h:{reference}"),
    )


def _line(referral: Referral) -> str:
    facts = referral.facts
    counts = f"events {facts['incidents']}, files {facts['exhibits']}, voice {facts['voices']}"
    named = [text.partition(".")[0] for name, text in PRIORITIES if facts.get(name)]
    named += ["Specialist"] if facts.get("events") == ["specialist"] else []
    about = [
        f"{english_name(str(facts['language']))}, {counts}",
        f"received {readable_hour(referral.hour)}",
    ]
    if facts.get("addenda"):
        about.append(f"added since: {facts['addenda']}")
    return "\n".join([referral.reference, *named, *about])


def digest(waiting: int, at: str) -> Message:
    """Said in the channel while more cards wait than it can take in a minute; `at`: the minute."""
    return Message(
        f"At {at}, {waiting} cards were waiting. They follow at the pace Telegram allows, danger "
        "first. /queue in your private chat shows all that wait."
    )


def other_card(reference: str) -> Message:
    """What becomes of a second card of one referral."""
    return Message(f"Referral {reference} has a later card in this channel: please use that one.")


def _status(referral: Referral, call_sign: str) -> str:
    match referral.status:
        case "new":
            return "Status: new"
        case "claimed":
            return f"Status: claimed by {call_sign}"
        case other:
            return f"Status: {other}"
