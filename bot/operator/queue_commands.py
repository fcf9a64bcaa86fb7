"""Commands for the queue, as far as the server can read it, and for what was set aside."""

from pathlib import Path
from typing import Annotated

import typer

from bot.operator.own_settings import settings
from bot.terminal import say, wait

referral_app = typer.Typer(
    no_args_is_help=True, help="The queue, as far as the server can read it."
)
quarantine_app = typer.Typer(
    no_args_is_help=True, help="Messages that were set aside: something failed on them."
)


@referral_app.command("list")
def referral_list(
    status: Annotated[str, typer.Option(help="Only those of this status, as new or claimed.")] = "",
    most: Annotated[int, typer.Option(help="How many at the most, newest first.")] = 50,
) -> None:
    """List referrals, newest first."""
    from bot import tables  # noqa: PLC0415
    from bot.operator import queue  # noqa: PLC0415

    rows = wait(queue.list_referrals(settings(), status or None, most))
    tables.show(("Reference", "Status", "Received", "Language", "Events", "Files", "With"), rows)


@referral_app.command("show")
def referral_show(reference: Annotated[str, typer.Argument()]) -> None:
    """Show what the server knows of one referral, and its custody lines."""
    from bot.operator import queue  # noqa: PLC0415

    for line in wait(queue.show(settings(), reference)):
        say(line)


@referral_app.command("package")
def referral_package(
    reference: Annotated[str, typer.Argument()],
    to: Annotated[Path, typer.Option("--to", help="The folder it is written to.")] = Path(),
    by: Annotated[
        str, typer.Option("--by", help="The officer it is for; it goes into the custody ledger.")
    ] = "",
) -> None:
    """Write a sealed package to a disk, for one too large for Telegram."""
    from bot.operator import queue  # noqa: PLC0415

    path = wait(queue.write_package(settings(), reference, to, by))
    say(f"{path} ({path.stat().st_size / 1e6:.1f} MB), sealed; it opens on its officer's machine.")


@referral_app.command("lift")
def referral_lift(reference: Annotated[str, typer.Argument()]) -> None:
    """Lift the legal hold from a referral's files in a bucket, once two supervisors agreed in the
    officers' bot.

    Run it with the key of the bucket's owner in FIRSTHAND_VAULT_KEY and FIRSTHAND_VAULT_SECRET. It
    removes nothing.
    """
    from bot.operator import lift_hold, queue  # noqa: PLC0415

    wait(lift_hold.lift(settings(), queue.reference_of(reference), say))


@quarantine_app.command("list")
def quarantine_list() -> None:
    """List what is set aside, without a word of it: number, hour, class of the error."""
    from bot import tables  # noqa: PLC0415
    from bot.operator import queue  # noqa: PLC0415

    tables.show(("Number", "Set aside", "Because of"), wait(queue.list_quarantine(settings())))


@quarantine_app.command("retry")
def quarantine_retry(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="From the list; without any, all.")
    ] = None,
) -> None:
    """Try again what is set aside, for instance after an upgrade. What fails again stays, and goes
    with its report.
    """
    from bot.operator import queue  # noqa: PLC0415

    asked = wait(queue.try_again(settings(), numbers or []))
    say(
        f"{asked} asked for; the running witness process tries them within seconds. See: firsthand "
        "quarantine list"
    )
