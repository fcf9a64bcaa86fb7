"""PURE: what the officers' channel and private chats say; no content, name or media of a report
ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.language.languages import english_name
from bot.referral.times import hour
from conversations.regions import REGIONS
from storage.records import Referral


@dataclass(frozen=True, slots=True)
class Message:
    """A text and its buttons, each a label and its data."""

    text: str = field(repr=False)
    buttons: tuple[tuple[str, str], ...] = ()


def card(referral: Referral, call_sign: str) -> Message:
    """The referral's post in the channel, as it stands now."""
    facts = referral.facts
    lines = [
        f"Referral {referral.reference}",
        _status(referral, call_sign),
        *(text for name, text in PRIORITIES if facts.get(name)),
        "",
        f"Received: {hour(referral.hour)}",
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
    "killed": "killing",
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


def queue(waiting: Sequence[Referral]) -> Message:
    """What nobody has claimed."""
    if not waiting:
        return Message("The queue is empty: every referral has been claimed.")
    first = sorted(waiting, key=_rank)[:MOST_LISTED]
    more = f", the first {len(first)} of them" if len(waiting) > len(first) else ""
    head = f"In the queue: {len(waiting)}{more}. Priorities first, then who has waited longest."
    buttons = tuple((f"Claim {r.reference}", f"c:{r.reference}") for r in first)
    return Message("\n\n".join([head, *(_line(r) for r in first)]), buttons)


def mine(claimed: Sequence[Referral]) -> Message:
    """What an officer has claimed."""
    if not claimed:
        return Message("You have no referral. /queue shows what waits.")
    first = sorted(claimed, key=_rank)[:MOST_LISTED]
    more = f", the first {len(first)} of them" if len(claimed) > len(first) else ""
    buttons = tuple(b for r in first for b in _at_hand(r.reference))
    return Message(
        "\n\n".join([f"With you: {len(claimed)}{more}.", *(_line(r) for r in first)]), buttons
    )


def found(referral: Referral, call_sign: str, *, own: bool) -> Message:
    """One referral as its card has it, with what this officer can do with it now."""
    shown = card(referral, call_sign)
    return Message(shown.text, _at_hand(referral.reference) if own else shown.buttons)


def not_found(asked: str) -> Message:
    return Message(
        f"There is no referral {asked}. Its number has ten characters, as 7K3M-9QXW-WK."
        if asked
        else which("/find").text
    )


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
    about = [f"{english_name(str(facts['language']))}, {counts}", f"received {hour(referral.hour)}"]
    return "\n".join([referral.reference, *named, *about])


def digest(waiting: int) -> Message:
    """Said once in the channel when more cards wait than it can take in a minute."""
    return Message(
        f"{waiting} cards are waiting. They follow at the pace Telegram allows, danger first. "
        f"/queue in your private "
        "chat shows all that wait."
    )


def other_card(reference: str) -> Message:
    """What becomes of a second card of one referral."""
    return Message(f"Referral {reference} has another card in this channel: please use that one.")


def _status(referral: Referral, call_sign: str) -> str:
    match referral.status:
        case "new":
            return "Status: new"
        case "claimed":
            return f"Status: claimed by {call_sign}"
        case other:
            return f"Status: {other}"


def claimed(
    reference: str,
    *,
    opens: bool,
    others: Sequence[str],
    call: Sequence[str] | None,
    child: bool = False,
) -> Message:
    """Told to the officer who claimed. `opens`: it is sealed to a key of theirs, as to those of
    `others`.

    `call`: the witness asked to be called, and the number opens for these; None where it opens for
    them, too.
    """
    lines = [f"You have claimed {reference}."]
    if call is not None:
        asked = (
            "A child left a number to be called."
            if child
            else "The witness asked to be contacted at once."
        )
        lines.append(
            f"{asked} The number does not open with a key of yours; it opens for: {_names(call)}. "
            f"Reach them now, or "
            "hand it back."
        )
    if not opens:
        lines.append(
            f"It is not sealed to a key of yours. It opens for: {_names(others)}. Hand it back, so "
            f"that one of them "
            f"claims it. {_anew(reference)}"
        )
    else:
        lines.append(
            "The package is sealed; open it on your own machine with\n"
            f"firsthand open {reference}.tar --identity YOUR.key"
        )
    buttons = (("Send me the package", f"p:{reference}"), ("Hand back", f"h:{reference}"))
    return Message("\n".join(lines), buttons if opens else buttons[::-1])


def _anew(reference: str) -> str:
    return (
        "If it must be you: one of them makes you a key file on their own machine, and you lay it "
        "beside the package:"
        f"\nfirsthand reseal {reference}.tar --identity THEIR.key --for your age1 line"
    )


def _names(call_signs: Sequence[str]) -> str:
    return (
        ", ".join("the team's offline key" if name == "team" else name for name in call_signs)
        or "nobody"
    )


def handed_back(reference: str) -> Message:
    return Message(f"{reference} is back in the queue.")


def too_late(reference: str) -> Message:
    return Message(f"{reference} is not free: somebody claimed it before you.")


def not_yours(reference: str) -> Message:
    return Message(
        f"{reference} is not with you. /queue shows what can be claimed, /mine what is with you."
    )


def which(command: str) -> Message:
    return Message(f"Which one? Write {command} and the number, as {command} 7K3M-9QXW-WK.")


def sealed_to_others(reference: str, holders: list[str]) -> Message:
    """Told beside a package that its officer's key does not open."""
    return Message(
        f"The package of {reference} follows. It is not sealed to a key of yours, so that you "
        f"cannot open it yet. It "
        f"opens for: {_names(holders)}. {_anew(reference)}",
        (("Hand back", f"h:{reference}"),),
    )


def too_large(name: str, size: int) -> Message:
    return Message(
        f"{name} ({size / 1e6:.0f} MB) is too large for Telegram. Ask the operator for it: "
        f"firsthand referral package writes it to a disk."
    )


def waiting(check: str) -> Message:
    """Told to somebody who used their invite."""
    return Message(
        f"Your invite is accepted. Tell your supervisor this number, by voice: {check}\n"
        f"You can work as soon as they confirm it."
    )


def confirm(call_sign: str, role: str, check: str, officer: int) -> Message:
    """Asked of a supervisor."""
    return Message(
        f"{call_sign} asks to be enrolled as {role}. Their number is {check}.\n"
        f"Confirm only if they tell you this number themselves, by voice.",
        (("Confirm", f"e:{officer}.{check}"), ("Refuse", f"r:{officer}.{check}")),
    )


def enrolled(call_sign: str, role: str) -> Message:
    return Message(
        f"You are enrolled as {call_sign}, {role}. Referrals come as cards in the "
        f"channel.\n\n{HELP}"
    )


HELP: Final = (
    "Press Claim on a card to take a referral. Here you then get its sealed package, which opens "
    "on your own "
    "machine.\n\n"
    "/queue – what nobody has claimed\n"
    "/mine – what is with you\n"
    "/find REFERENCE – one referral, as it stands\n"
    "/package REFERENCE – its package again\n"
    "/back REFERENCE – hand it back\n"
    "/lift REFERENCE – for supervisors: two of you agree that its files need no longer be kept "
    "from removal"
)


def agree_to_lift(reference: str, call_sign: str) -> Message:
    """Asked of every other supervisor."""
    return Message(
        f"{call_sign} asks that the files of {reference} be no longer kept from removal. Agree "
        f"only if you have spoken "
        "with them, and know who ordered it. Nothing is removed by this.",
        (("I agree", f"l:{reference}"),),
    )


def lifting_asked(reference: str, others: Sequence[str]) -> Message:
    if not others:
        return Message(
            f"Nobody else is enrolled as a supervisor, so that nobody could agree about "
            f"{reference}."
        )
    return Message(
        f"Asked about {reference}: {_names(others)}. One of them must agree within seven days."
    )


def lifting_agreed(reference: str) -> Message:
    return Message(
        f"Two of you agree about {reference}. Within seven days the operator can run:\n"
        f"firsthand referral lift {reference}\nThe custody log has both of you."
    )


def nothing_to_lift(reference: str) -> Message:
    return Message(
        f"Nobody else has asked about {reference} in the last seven days, or it is agreed already. "
        f"To ask: "
        f"/lift {reference}"
    )


def decided(call_sign: str, *, confirmed: bool) -> Message:
    return Message(f"{call_sign} is {'enrolled' if confirmed else 'refused'}.")
