"""Commands for who works with the referrals, and whose keys they are sealed to."""

from pathlib import Path
from typing import Annotated

import typer

from bot.errors import Refused
from bot.operator.own_settings import settings
from bot.terminal import say, wait

officer_app = typer.Typer(no_args_is_help=True, help="Who works with the referrals.")
recipient_app = typer.Typer(
    no_args_is_help=True, help="The public keys that referrals are sealed to."
)


@officer_app.command("invite")
def officer_invite(
    call_sign: Annotated[str, typer.Argument(help="The name others see; not a real name.")],
    role: Annotated[
        str, typer.Option(help="officer, specialist, supervisor, liaison, auditor or operator.")
    ] = "officer",
) -> None:
    """Invite an officer: prints a one-time code for their first message to the officers' bot."""
    from bot.operator import staff  # noqa: PLC0415

    code = wait(staff.invite(settings(), call_sign, role))
    say(
        f"Hand this to {call_sign} in person or by voice. It works once, for 72 hours:\n\n    "
        f"/start {code}\n"
    )
    say("They send it to the officers' bot; a supervisor then confirms them.")


@officer_app.command("confirm")
def officer_confirm(
    call_sign: Annotated[str, typer.Argument()],
    check: Annotated[str, typer.Argument(help="The four digits the officers' bot showed them.")],
) -> None:
    """Confirm an officer from here: for the first supervisor, whom nobody else can confirm."""
    from bot.operator import staff  # noqa: PLC0415

    wait(staff.confirm(settings(), call_sign, check))
    say(f"{call_sign} is enrolled.")


@officer_app.command("list")
def officer_list() -> None:
    """List officers, their roles, and what is still to be done."""
    from bot import tables  # noqa: PLC0415
    from bot.operator import staff  # noqa: PLC0415

    tables.show(("Call sign", "Role", "State"), wait(staff.list_officers(settings())))


@officer_app.command("remove")
def officer_remove(call_sign: Annotated[str, typer.Argument()]) -> None:
    """Take an officer out at once: their account means nothing any more, nothing new is sealed to
    their keys.
    """
    from bot.operator import staff  # noqa: PLC0415

    back = wait(staff.remove(settings(), call_sign))
    say(
        f"{call_sign} is removed. What was sealed to their key before stays readable to whoever "
        "holds that key."
    )
    if back:
        say(f"Back in the queue: {', '.join(back)}")
    say("Now take them out of the officers' channel by hand: the bot has no right to.")


@recipient_app.command("add")
def recipient_add(
    recipient: Annotated[str, typer.Argument(help="The public key, age1…")],
    officer: Annotated[str, typer.Option(help="Whose it is.")] = "",
    challenge: Annotated[
        Path | None,
        typer.Option(
            help="Where the challenge for its holder is written; else HOLDER.challenge.age here."
        ),
    ] = None,
    *,
    team: Annotated[
        bool,
        typer.Option(
            "--team", help="It is the team's offline identity: it opens everything, names included."
        ),
    ] = False,
) -> None:
    """Enter a public key, of an officer or the team: pending until its holder has opened a
    challenge.
    """
    from bot.operator import recipient_keys  # noqa: PLC0415

    if bool(officer) is team:
        raise Refused(
            "say whose key it is: --officer CALLSIGN, or --team for the team's offline identity"
        )
    challenge = challenge or Path(f"{officer or 'team'}.challenge.age")
    fingerprint = wait(recipient_keys.add_recipient(settings(), recipient, officer, challenge))
    grouped = " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4))
    say(f"Compare by voice with its holder:\n\n    {grouped}\n")
    say(
        f"Give them {challenge}. They run  age -d -i THEIR.key {challenge}  and tell you the code; "
        "then:"
    )
    say(f"    firsthand recipient answer {fingerprint} CODE")


@recipient_app.command("answer")
def recipient_answer(
    fingerprint: Annotated[str, typer.Argument()], code: Annotated[str, typer.Argument()]
) -> None:
    """Activate a public key with the code its holder found in the challenge."""
    from bot.operator import recipient_keys  # noqa: PLC0415

    wait(recipient_keys.answer(settings(), fingerprint, code))
    say(
        "The key is active: reports sent from now on are sealed to it, an officer's once they are "
        "confirmed."
    )


@recipient_app.command("remove")
def recipient_remove(fingerprint: Annotated[str, typer.Argument()]) -> None:
    """Seal nothing new to this public key. What was sealed to it before stays readable to its
    holder.
    """
    from bot.operator import recipient_keys  # noqa: PLC0415

    wait(recipient_keys.remove_recipient(settings(), fingerprint))
    say("Nothing new is sealed to this key.")


@recipient_app.command("list")
def recipient_list() -> None:
    """List the keys referrals are sealed to."""
    from bot import tables  # noqa: PLC0415
    from bot.operator import recipient_keys  # noqa: PLC0415

    tables.show(
        ("Fingerprint", "Whose", "Role", "State"), wait(recipient_keys.list_recipients(settings()))
    )
