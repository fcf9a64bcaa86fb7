"""PURE: what the bot says to one officer in their own chat, and to nobody else."""

from collections.abc import Sequence
from typing import Final

from bot.officers.message import Message


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
            "Reach them now, or hand it back."
        )
    if not opens:
        lines.append(
            f"It is not sealed to a key of yours. It opens for: {_names(others)}. Hand it back, so "
            f"that one of them claims it. {_anew(reference)}"
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
        f"beside the package:\nfirsthand reseal {reference}.tar --identity THEIR.key --for your "
        "age1 line"
    )


def _names(call_signs: Sequence[str]) -> str:
    return (
        ", ".join("the team's offline key" if name == "team" else name for name in call_signs)
        or "nobody"
    )


def added(reference: str, *, danger: bool, withdrawn: Sequence[str]) -> Message:
    """Told to whoever has a referral to which its witness added something."""
    lines = [f"Something was added to {reference}, which is with you."]
    if danger:
        lines.insert(0, "Words of danger, or a wish to be contacted at once.")
    if withdrawn:
        lines.append("No longer to be shared with: " + ", ".join(withdrawn))
    lines.append("Ask for the package again; it opens beside the older state.")
    return Message("\n".join(lines), (("Send me the package", f"p:{reference}"),))


def handed_back(reference: str) -> Message:
    return Message(f"{reference} is back in the queue.")


def too_late(reference: str) -> Message:
    return Message(f"{reference} is not free: somebody claimed it before you.")


def not_yours(reference: str) -> Message:
    return Message(
        f"{reference} is not with you. /queue shows what can be claimed, /mine what is with you."
    )


def ask_which(command: str) -> Message:
    return Message(f"Which one? Write {command} and the number, as {command} 7K3M-9QXW-WK.")


def sealed_to_others(reference: str, holders: list[str]) -> Message:
    """Told beside a package that its officer's key does not open."""
    return Message(
        f"The package of {reference} follows. It is not sealed to a key of yours, so that you "
        f"cannot open it yet. It opens for: {_names(holders)}. {_anew(reference)}",
        (("Hand back", f"h:{reference}"),),
    )


def too_large(name: str, size: int) -> Message:
    return Message(
        f"{name} ({size / 1e6:.0f} MB) is too large for Telegram. Ask the operator for it: "
        "firsthand referral package writes it to a disk."
    )


def waits_for_head(reference: str) -> Message:
    return Message(
        f"The package of {reference} waits: the custody log is not signed yet. It comes by itself; "
        "if it takes long, tell the operator that the custody process does not sign."
    )


def ask_again(reference: str) -> Message:
    return Message(
        f"The package of {reference} was asked for before an upgrade. Please ask for it again.",
        (("Send me the package", f"p:{reference}"),),
    )


def not_whole(reference: str) -> Message:
    return Message(
        f"The package of {reference} cannot be handed out: what is stored is not what its records "
        "say, or a file is missing. Tell the operator: firsthand doctor says which. It is tried "
        "again."
    )


def tell_your_number(check: str) -> Message:
    """Told to somebody who used their invite."""
    return Message(
        f"Your invite is accepted. Tell your supervisor this number, by voice: {check}\n"
        "You can work as soon as they confirm it."
    )


def confirm(call_sign: str, role: str, check: str, officer: int) -> Message:
    """Asked of a supervisor."""
    return Message(
        f"{call_sign} asks to be enrolled as {role}. Their number is {check}.\n"
        "Confirm only if they tell you this number themselves, by voice.",
        (("Confirm", f"e:{officer}.{check}"), ("Refuse", f"r:{officer}.{check}")),
    )


def enrolled(call_sign: str, role: str) -> Message:
    return Message(
        f"You are enrolled as {call_sign}, {role}. Referrals come as cards in the "
        f"channel.\n\n{HELP}"
    )


HELP: Final = (
    "Press Claim on a card to take a referral. Here you can then ask for its sealed package, "
    "which opens on your own machine.\n\n"
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
        "only if you have spoken with them, and know who ordered it. Nothing is removed by this.",
        (("I agree", f"l:{reference}"),),
    )


def lifting_asked(reference: str, others: Sequence[str]) -> Message:
    if not others:
        return Message(
            "Nobody else is enrolled as a supervisor, so that nobody could agree about "
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
        f"To ask: /lift {reference}"
    )


def decided(call_sign: str, *, confirmed: bool) -> Message:
    return Message(f"{call_sign} is {'enrolled' if confirmed else 'refused'}.")
