"""The command line: what can be asked, and where it is answered.

What a command needs is imported inside it: --help must be there at once.
"""

import os
import sys
from collections.abc import Callable
from importlib import metadata
from typing import Annotated

import typer

from bot.errors import MISCONFIGURED, RENEWED, Misconfigured, Refused, Tampered
from bot.operator import commands, queue_commands, staff_commands
from bot.process.renewing import RENEW, SUPERVISED, Renewal
from bot.terminal import REFUSED, TAMPERED, say
from bot.workstation import commands as on_workstation

EPILOG = (
    "Exit codes: 0 done · 1 refused, and why · 2 wrong usage · 3 evidence disagrees with its "
    "record · 4 done, but something is missing · 78 a setting is missing or wrong."
)

WHAT = {
    "KeysMissing": "a key file in FIRSTHAND_KEYS is missing or not whole; see firsthand doctor",
    "Missing": "an object is not in the vault; see firsthand doctor",
    "NotOwner": (
        "another installation owns the shred keys of this database (FIRSTHAND_DATABASE_URL)"
    ),
    "Unsealable": "something does not open with the keys in FIRSTHAND_KEYS; see firsthand doctor",
    "DatabaseAway": "FIRSTHAND_DATABASE_URL lets nobody in; see firsthand doctor",
    "sqlalchemy": (
        "the database cannot be used, or a disk is full; see firsthand doctor, and FIRSTHAND_HOME"
    ),
}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    epilog=EPILOG,
    help="Firsthand: a reporting channel for direct evidence of war crimes.",
)


RoleOption = Annotated[
    str, typer.Option("--role", help="One role only: sandbox, witness, files, officers or keys.")
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
    """Run a command; errors are sentences for whoever must act, never tracebacks."""
    try:
        app()
    except Misconfigured as wrong:
        _end(MISCONFIGURED, str(wrong))
    except Refused as no:
        _end(REFUSED, str(no))
    except Tampered as wrong:
        _end(TAMPERED, f"Stop: {wrong}")
    except Renewal:
        sys.exit(RENEWED)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as failure:
        _end(
            REFUSED,
            f"{failure.strerror or type(failure).__name__}: "
            f"{failure.filename or 'see firsthand doctor'}",
        )
    except Exception as failure:
        kind = (
            "sqlalchemy"
            if type(failure).__module__.startswith("sqlalchemy")
            else type(failure).__name__
        )
        if kind not in WHAT:
            raise
        _end(REFUSED, f"{type(failure).__name__}: {WHAT[kind]}")


def _end(code: int, text: str) -> None:
    print(text, file=sys.stderr)
    sys.exit(code)


@app.command()
def run(role: RoleOption = "") -> None:
    """Start everything: without tokens in the sandbox, with tokens on Telegram. Stop with
    Ctrl+C.
    """
    from bot import config, logs, running  # noqa: PLC0415

    mine = config.read(role)
    logs.set_up(role or "supervisor")
    if role and RENEW in os.environ and SUPERVISED not in os.environ:
        running.kept(mine, role)
    elif role:
        running.one(mine, role)
    else:
        running.everything(mine, say)


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
