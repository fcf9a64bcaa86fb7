"""An officer's own commands: open, check, seal anew. What they need is imported inside them."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import Refused, Tampered
from bot.terminal import INCOMPLETE, UNSIGNED, say

KeyOption = Annotated[
    str,
    typer.Option(
        "--key", help="The published public key of the custody log: its line, or a file of it."
    ),
]


def open_packages(
    packages: Annotated[
        list[Path],
        typer.Argument(help="The .tar the bot sent, loose exhibits, or a folder of them."),
    ],
    identity: Annotated[
        list[Path], typer.Option("--identity", "-i", help="Your age key file; may be repeated.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Where the dossiers are written.")] = Path(),
    key: KeyOption = "",
) -> None:
    """Open packages on your own machine: checked piece by piece, written as BagIt dossiers."""
    from bot.workstation import identity_file, pieces, signed  # noqa: PLC0415
    from bot.workstation.open_all import open_all  # noqa: PLC0415

    os.umask(0o077)  # what is opened is for its officer alone
    mine = identity_file.identities(identity)
    published = signed.read_published(key)
    if not published:
        say(f"Note: {signed.UNKNOWN}.")
    result = open_all(pieces.gather(packages), mine, to, say, published)
    for reference, missing in result.missing.items():
        for path in missing:
            say(f"{reference} missing: {path}")
    if result.missing:
        say(
            "What is too large for one message comes as a document of its own: save it beside the "
            "package. What never came, ask for again, with the package."
        )
    if result.opened:
        say(f"{len(result.opened)} opened. Read them in your browser: {to / 'index.html'}")
    if result.tampered:
        raise Tampered("; ".join(f"{name}: {why}" for name, why in result.tampered.items()))
    if result.refused:
        raise Refused("; ".join(f"{name}: {why}" for name, why in result.refused.items()))
    if result.old:
        say(f"✗ {', '.join(result.old)}: {signed.OLD_KIND}.")
        raise typer.Exit(UNSIGNED)
    if result.missing:
        raise typer.Exit(INCOMPLETE)


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
    written = report_key.reseal(
        pieces.only(package), identity_file.identities(identity), recipient.strip(), to
    )
    say(
        f"Written: {written}\n\nHand it to your colleague, any way you like: only their key opens "
        "it, and what it gives them is the account and the files, and whatever is added to them "
        "later, but no names and no contacts. First compare the fingerprint of their key with "
        "them, by voice:\n"
        f"    {age.spaced(age.fingerprint(recipient.strip()))}\n\n"
        "They lay it beside the package, and open the folder with firsthand open. The custody log "
        "does not know of it: note for yourself when, for whom, and on whose word."
    )


def verify(
    paths: Annotated[
        list[Path], typer.Argument(help="Packages (.tar) or opened dossiers (folders).")
    ],
    key: KeyOption = "",
    head: Annotated[
        list[Path] | None,
        typer.Option("--head", help="A text file with a head from the officers' channel."),
    ] = None,
) -> None:
    """Check packages and dossiers against their own records, without opening anything."""
    from bot.workstation import signed  # noqa: PLC0415
    from bot.workstation import verify as verifying  # noqa: PLC0415

    published = signed.read_published(key)
    if not published:
        say(f"Note: {signed.UNKNOWN}.")
    result = verifying.verify(paths, say, published, signed.read_posted(head or ()))
    for line in result.missing:
        say(f"    missing: {line}")
    if result.wrong:
        whose = ", ".join(f"{name} ({why})" for name, why in result.wrong.items())
        raise Tampered(
            f"{len(result.wrong)} of {result.checked} disagree with their records: {whose}"
        )
    if result.absent:
        raise Refused("; ".join(result.absent))
    if result.old:
        raise typer.Exit(UNSIGNED)
    if result.missing or result.partly:
        say("What is marked ✓ was checked, and agrees; nothing else was.")
        raise typer.Exit(INCOMPLETE)
    if published:
        say("What is marked ✓ was checked, and agrees with a custody log that this key signed.")
    else:
        say("What is marked ✓ was checked, and agrees; nothing else was.")


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

    checked = check_receipt.check(paper, dossier, key)
    for line in checked.found:
        say(f"✓ {line}")
    for name in checked.missing:
        say(f"✗ {name} was received, and is not in this dossier")
    if checked.missing:
        raise typer.Exit(INCOMPLETE)
