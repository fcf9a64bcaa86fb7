"""Commands for what is kept: the vault, backups, restoring, and messages that a restore
holds back.
"""

from pathlib import Path
from typing import Annotated

import typer

from bot.operator.own_settings import settings
from bot.terminal import INCOMPLETE, REFUSED, say, wait

vault_app = typer.Typer(no_args_is_help=True, help="Where the sealed files lie.")
keys_app = typer.Typer(no_args_is_help=True, help="Shred keys for processes on several machines.")
held_app = typer.Typer(
    no_args_is_help=True,
    help="Messages to witnesses that were on their way when a backup was made.",
)


@vault_app.command("copy")
def vault_copy(
    to: Annotated[
        str, typer.Argument(help="file:///PATH or s3://BUCKET?endpoint=https://HOST&region=REGION")
    ],
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Read again what is there already.")
    ] = False,
) -> None:
    """Copy the vault to another store; can be stopped and run again. Then set FIRSTHAND_VAULT_URL
    to it.
    """
    from bot.operator.copy_vault import copy_vault  # noqa: PLC0415

    wait(copy_vault(settings(), to, say, check=check))
    say(
        "Stop firsthand, run this once more, set FIRSTHAND_VAULT_URL to the new address, and start "
        "it."
    )


@keys_app.command("certificates")
def keys_certificates(
    folder: Annotated[
        Path, typer.Argument(help="A new folder; what is in it goes to the machines, see below.")
    ],
    host: Annotated[
        list[str],
        typer.Option("--host", help="Name or address of a machine that runs the keys role."),
    ],
) -> None:
    """Make certificates for the keys role and for those that ask it, where they run on several
    machines.

    ca.pem goes to each of them, keys.pem, witness.pem and files.pem only to where that role runs,
    all of it under FIRSTHAND_KEYS_TLS. To renew them, make all anew.
    """
    from bot.errors import Refused  # noqa: PLC0415
    from bot.keyring import tls  # noqa: PLC0415

    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; name a new folder")
    tls.make(folder, host)
    say(f"{folder} holds {', '.join([tls.AUTHORITY, *(f'{role}.pem' for role in tls.ROLES)])}.")


@keys_app.command("accept")
def keys_accept(
    *,
    lose_unsent: Annotated[
        bool,
        typer.Option(
            "--lose-unsent", help="Although shred.keys and its mirror agree that they are newer."
        ),
    ] = False,
) -> None:
    """Go on with the shred keys that are here, though they are not those used last: an old mirror,
    or new ones.

    Only when the true ones are lost for good. Unsent reports that do not open are let go, and their
    witnesses told.
    """
    from bot.operator import accept_keys  # noqa: PLC0415

    wait(accept_keys.accept(settings(), say, lose_unsent=lose_unsent))


def prepare() -> None:
    """Make folders, keys and schema, or bring the schema up to this release, and start nothing."""
    from bot.operator.installation import make_installation  # noqa: PLC0415

    mine = settings()
    wait(make_installation(mine))
    say(
        f"Ready, as {mine.mode}: the keys are in {mine.key_folder}, and the database is of this "
        "release."
    )


def mirror() -> None:
    """Begin the mirror of the shred keys in FIRSTHAND_KEYS_MIRROR: once, with firsthand stopped,
    its disk mounted.
    """
    from bot.operator.server_keys import begin_mirror  # noqa: PLC0415

    wait(begin_mirror(settings()))
    say("The mirror is there. From now on every change is written to both.")


def backup(
    to: Annotated[Path, typer.Argument(help="A folder on another disk; the same one every time.")],
    *,
    keep: Annotated[int, typer.Option(min=1, help="How many snapshots are kept, the newest.")] = 30,
    check: Annotated[
        bool, typer.Option("--check", help="Read again what is there already.")
    ] = False,
) -> None:
    """Back everything up while it runs: sealed as it is, without any key; what is new of the vault
    only.
    """
    from bot.operator import backup as backups  # noqa: PLC0415

    wait(backups.make(settings(), to.absolute(), say, keep=keep, check=check))


def restore(
    source: Annotated[Path, typer.Argument(help="The folder that firsthand backup wrote.")],
    snapshot: Annotated[str, typer.Option(help="The name of one snapshot; else the newest.")] = "",
    *,
    lose_unsent: Annotated[
        bool,
        typer.Option(
            "--lose-unsent",
            help="The shred keys are lost for good, and every unsent report with them.",
        ),
    ] = False,
) -> None:
    """Restore a backup into an empty installation; the server's keys must be in FIRSTHAND_KEYS
    before.
    """
    from bot.operator import restore as restoring  # noqa: PLC0415
    from bot.operator import restored  # noqa: PLC0415

    here = settings()
    done = wait(
        restoring.restore(here, source.absolute(), say, name=snapshot, lose_unsent=lose_unsent)
    )
    restored.report(done, here, say)
    if done.missing:
        raise typer.Exit(INCOMPLETE)


@held_app.command("list")
def held_list() -> None:
    """How many there are; what they say is sealed."""
    from bot.operator import held_messages  # noqa: PLC0415

    messages, chats = wait(held_messages.counted(settings()))
    say(f"{messages} messages to {chats} chats are held.")


@held_app.command("send")
def held_send() -> None:
    """Send them all: right after a short gap. Some are then shown twice; no receipt is lost."""
    from bot.operator import held_messages  # noqa: PLC0415

    say(f"{wait(held_messages.let_go(settings()))} messages are on their way again.")


@held_app.command("drop")
def held_drop() -> None:
    """Forget them all. Whoever writes is answered with their question; a receipt that had not been
    sent is lost.
    """
    from bot.operator import held_messages  # noqa: PLC0415

    say(f"{wait(held_messages.drop(settings()))} messages are dropped.")


def print_key(
    *,
    log: Annotated[
        bool, typer.Option("--log", help="Of the custody log, for firsthand open and verify.")
    ] = False,
) -> None:
    """Print the public key by which anybody can check this installation's receipts; with --log,
    the one by which its dossiers are checked. Publish both.
    """
    from bot.referral import signed_note  # noqa: PLC0415
    from storage import keys  # noqa: PLC0415

    signs = keys.custody_log if log else keys.installation
    say(signed_note.one_line(signs(settings().key_folder, make=False).public_key()))


def doctor(
    role: Annotated[
        str,
        typer.Option(help="On a machine of one role: witness, files, officers, custody or keys."),
    ] = "",
) -> None:
    """Say what is wrong with this installation, in words, with the remedy."""
    from bot import config  # noqa: PLC0415
    from bot.operator import doctor as doctors  # noqa: PLC0415
    from bot.operator.own_settings import installation_of  # noqa: PLC0415

    found = wait(doctors.examine(role))
    for finding in found:
        say(f"✗ {finding.what}\n    {finding.remedy}")
    if found:
        raise typer.Exit(REFUSED)
    which = installation_of(config.read(role))
    say(f"✓ nothing is wrong that this command can see, in {which}")
