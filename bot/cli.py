"""The command line. What a command needs is imported inside it: --help must be there at once."""

import os
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import MISCONFIGURED, RENEWED, Misconfigured, Refused, Tampered
from bot.operator import commands
from bot.process.renewing import RENEW, SUPERVISED, Renewal
from bot.terminal import say, settings, wait

OK, REFUSED, USAGE, TAMPERED, INCOMPLETE = 0, 1, 2, 3, 4
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
    rich_markup_mode="rich",
    epilog=EPILOG,
    help="Firsthand: a reporting channel for direct evidence of war crimes.",
)
officer_app = typer.Typer(no_args_is_help=True, help="Who works with the referrals.")
recipient_app = typer.Typer(
    no_args_is_help=True, help="The public keys that referrals are sealed to."
)
referral_app = typer.Typer(
    no_args_is_help=True, help="The queue, as far as the server can read it."
)
app.add_typer(officer_app, name="officer")
app.add_typer(recipient_app, name="recipient")
app.add_typer(referral_app, name="referral")
quarantine_app = typer.Typer(
    no_args_is_help=True, help="Messages that were set aside: something failed on them."
)
app.add_typer(quarantine_app, name="quarantine")

app.add_typer(commands.vault_app, name="vault")
app.add_typer(commands.held_app, name="held")
app.add_typer(commands.keys_app, name="keys")
app.command("prepare")(commands.prepare)
app.command("mirror")(commands.mirror)
app.command("backup")(commands.backup)
app.command("restore")(commands.restore)

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


@app.command("open")
def open_(
    packages: Annotated[
        list[Path],
        typer.Argument(help="The .tar the bot sent, loose exhibits, or a folder of them."),
    ],
    identity: Annotated[
        list[Path], typer.Option("--identity", "-i", help="Your age key file; may be repeated.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Where the dossiers are written.")] = Path(),
) -> None:
    """Open packages on your own machine: checked piece by piece, written as BagIt dossiers."""
    from bot.workstation import identity_file, pieces  # noqa: PLC0415
    from bot.workstation.open_all import open_all  # noqa: PLC0415

    os.umask(0o077)  # what is opened is for its officer alone
    mine = identity_file.identities(identity)
    result = open_all(pieces.gather(packages), mine, to, say)
    for reference, missing in result.missing.items():
        for path in missing:
            say(f"{reference} missing: {path} (sent as a document of its own; give it too)")
    if result.opened:
        say(f"{len(result.opened)} opened. Read them in your browser: {to / 'index.html'}")
    if result.tampered:
        raise Tampered(
            "; ".join(f"{reference}: {why}" for reference, why in result.tampered.items())
        )
    if result.refused:
        raise Refused("; ".join(f"{reference}: {why}" for reference, why in result.refused.items()))
    if result.missing:
        raise typer.Exit(INCOMPLETE)


@app.command()
def reseal(
    package: Annotated[Path, typer.Argument(help="The .tar the bot sent.")],
    identity: Annotated[
        list[Path], typer.Option("--identity", "-i", help="Your age key file; may be repeated.")
    ],
    recipient: Annotated[str, typer.Option("--for", help="Your colleague's public line: age1…")],
    to: Annotated[Path, typer.Option("--to", help="Where the small file is written.")] = Path(),
) -> None:
    """Seal a referral that you can open to a colleague's key, too: makes one small file for beside
    the package.
    """
    from bot.workstation import identity_file, pieces, report_key  # noqa: PLC0415
    from storage import age  # noqa: PLC0415

    os.umask(0o077)
    found, *others = pieces.gather([package])
    if others:
        raise Refused(f"{package} holds several packages; give the .tar of one")
    written = report_key.reseal(found, identity_file.identities(identity), recipient.strip(), to)
    say(
        f"Written: {written}\n\nHand it to your colleague, any way you like: only their key opens "
        "it, and what it gives them is the account and the files, and whatever is added to them "
        "later, but no names and no contacts. First compare the fingerprint of their key with "
        "them, by voice:\n"
        f"    {' '.join(re.findall('.{4}', age.fingerprint(recipient.strip())))}\n\n"
        "They lay it beside the package, and open the folder with firsthand open. The custody log "
        "does not know of it: note for yourself when, for whom, and on whose word."
    )


@app.command()
def verify(
    paths: Annotated[
        list[Path], typer.Argument(help="Packages (.tar) or opened dossiers (folders).")
    ],
) -> None:
    """Check packages and dossiers against their own records, without opening anything."""
    from bot.workstation.verify import verify  # noqa: PLC0415

    missing = [line for path in paths for line in verify(path, say)]
    for line in missing:
        say(f"    missing: {line}")
    say("What was checked agrees with itself; nothing in it shows that it came from the server.")
    if missing:
        raise typer.Exit(INCOMPLETE)


@app.command()
def receipt(
    paper: Annotated[Path, typer.Argument(help="A text file with the receipt's two lines.")],
    dossier: Annotated[Path, typer.Argument(help="The opened dossier it is compared with.")],
    key: Annotated[
        str,
        typer.Option(
            help="The installation's public key, if it was published; else the dossier's."
        ),
    ] = "",
) -> None:
    """Check a witness's signed receipt: whose it is, and that the dossier holds what it says."""
    from bot.workstation import check_receipt  # noqa: PLC0415

    for line in check_receipt.check(paper, dossier, key):
        say(line)


@app.command("key")
def key_() -> None:
    """Print the public key by which anybody can check this installation's receipts."""
    from bot.referral import signed_receipt  # noqa: PLC0415
    from storage import keys  # noqa: PLC0415

    say(signed_receipt.public_key(keys.installation(settings().key_folder, make=False)))


@app.command()
def doctor(
    role: Annotated[
        str, typer.Option(help="On a machine of one role alone: witness, files, officers or keys.")
    ] = "",
) -> None:
    """Say what is wrong with this installation, in words, with the remedy."""
    from bot.operator import doctor as doctors  # noqa: PLC0415

    found = wait(doctors.examine(role))
    for finding in found:
        say(f"✗ {finding.what}\n    {finding.remedy}")
    if found:
        raise typer.Exit(REFUSED)
    say("✓ nothing is wrong that this command can see")


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

    tables.show(("Call sign", "Role", "State"), wait(staff.officers_(settings())))


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
    from bot.operator import staff  # noqa: PLC0415

    if bool(officer) is team:
        raise Refused(
            "say whose key it is: --officer CALLSIGN, or --team for the team's offline identity"
        )
    challenge = challenge or Path(f"{officer or 'team'}.challenge.age")
    fingerprint = wait(staff.add_recipient(settings(), recipient, officer, challenge))
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
    from bot.operator import staff  # noqa: PLC0415

    wait(staff.answer(settings(), fingerprint, code))
    say(
        "The key is active: reports sent from now on are sealed to it, an officer's once they are "
        "confirmed."
    )


@recipient_app.command("remove")
def recipient_remove(fingerprint: Annotated[str, typer.Argument()]) -> None:
    """Seal nothing new to this public key. What was sealed to it before stays readable to its
    holder.
    """
    from bot.operator import staff  # noqa: PLC0415

    wait(staff.remove_recipient(settings(), fingerprint))
    say("Nothing new is sealed to this key.")


@recipient_app.command("list")
def recipient_list() -> None:
    """List the keys referrals are sealed to."""
    from bot import tables  # noqa: PLC0415
    from bot.operator import staff  # noqa: PLC0415

    tables.show(("Fingerprint", "Whose", "Role", "State"), wait(staff.recipients_(settings())))


@referral_app.command("list")
def referral_list(
    status: Annotated[str, typer.Option(help="Only those of this status, as new or claimed.")] = "",
    most: Annotated[int, typer.Option(help="How many at the most, newest first.")] = 50,
) -> None:
    """List referrals, newest first."""
    from bot import tables  # noqa: PLC0415
    from bot.operator import staff  # noqa: PLC0415

    rows = wait(staff.referrals_(settings(), status or None, most))
    tables.show(("Reference", "Status", "Received", "Language", "Events", "Files", "With"), rows)


@referral_app.command("show")
def referral_show(reference: Annotated[str, typer.Argument()]) -> None:
    """Show what the server knows of one referral, and its custody lines."""
    from bot.operator import staff  # noqa: PLC0415

    for line in wait(staff.show(settings(), reference)):
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
    from bot.operator import staff  # noqa: PLC0415

    path = wait(staff.write_package(settings(), reference, to, by))
    say(f"{path} ({path.stat().st_size / 1e6:.1f} MB), sealed; it opens on its officer's machine.")


@referral_app.command("lift")
def referral_lift(reference: Annotated[str, typer.Argument()]) -> None:
    """Lift the legal hold from a referral's files in a bucket, once two supervisors agreed in the
    officers' bot.

    Run it with the key of the bucket's owner in FIRSTHAND_VAULT_KEY and FIRSTHAND_VAULT_SECRET. It
    removes nothing.
    """
    from bot.operator import lift_hold, staff  # noqa: PLC0415

    wait(lift_hold.lift(settings(), staff.reference_of(reference), say))


@quarantine_app.command("list")
def quarantine_list() -> None:
    """List what is set aside, without a word of it: number, hour, class of the error."""
    from bot import tables  # noqa: PLC0415
    from bot.operator import staff  # noqa: PLC0415

    tables.show(("Number", "Set aside", "Because of"), wait(staff.quarantine_(settings())))


@quarantine_app.command("retry")
def quarantine_retry(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="From the list; without any, all.")
    ] = None,
) -> None:
    """Try again what is set aside, for instance after an upgrade. What fails again stays, and goes
    with its report.
    """
    from bot.operator import staff  # noqa: PLC0415

    asked = wait(staff.try_again(settings(), numbers or []))
    say(
        f"{asked} asked for; the running witness process tries them within seconds. See: firsthand "
        "quarantine list"
    )
