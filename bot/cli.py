"""The command line: what can be asked, and where it is answered.

What a command needs is imported inside it: --help must be there at once.
"""

from collections.abc import Callable
from importlib import metadata
from typing import Annotated

import typer

from bot.endings import ended
from bot.operator import commands, queue_commands, staff_commands
from bot.terminal import say
from bot.workstation import commands as on_workstation

EPILOG = (
    "Exit codes: 0 done · 1 refused, and why · 2 wrong usage · 3 evidence disagrees with its "
    "record · 4 done, but something is missing · 78 a setting is missing or wrong."
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    epilog=EPILOG,
    help="Firsthand: a reporting channel for direct evidence of war crimes.",
)


RoleOption = Annotated[
    str,
    typer.Option(
        "--role", help="One role only: sandbox, witness, files, officers, custody or keys."
    ),
]


@app.callback(invoke_without_command=True)
def version(
    shown: Annotated[  # noqa: FBT002
        bool, typer.Option("--version", help="Say which version this is, and end.", is_eager=True)
    ] = False,
) -> None:
    if shown:
        say(metadata.version("firsthand"))
        raise typer.Exit


def main() -> None:
    """Run a command."""
    ended(app)


@app.command()
def run(role: RoleOption = "") -> None:
    """Start everything: without tokens in the sandbox, with tokens on Telegram. Stop with
    Ctrl+C.
    """
    from bot import starting  # noqa: PLC0415

    if role:
        starting.run_role(role)
    else:
        starting.run_everything()


@app.command()
def sandbox() -> None:
    """Start only the sandbox: a Telegram Bot API server on loopback, with its page."""
    from bot import config, logs, running  # noqa: PLC0415

    mine = config.read("sandbox")
    logs.set_up("sandbox")
    say(f"The sandbox is at {mine.telegram_api}")
    running.one(mine, "sandbox")


COMMANDS: dict[str, Callable[..., None]] = {
    "open": on_workstation.open_packages,
    "reseal": on_workstation.reseal,
    "verify": on_workstation.verify,
    "receipt": on_workstation.receipt,
    "prepare": commands.prepare,
    "doctor": commands.doctor,
    "backup": commands.backup,
    "restore": commands.restore,
    "mirror": commands.mirror,
    "key": commands.print_key,
}
for name, does in COMMANDS.items():
    app.command(name)(does)
for name, group in {
    "officer": staff_commands.officer_app,
    "recipient": staff_commands.recipient_app,
    "referral": queue_commands.referral_app,
    "quarantine": queue_commands.quarantine_app,
    "vault": commands.vault_app,
    "held": commands.held_app,
    "keys": commands.keys_app,
}.items():
    app.add_typer(group, name=name)
