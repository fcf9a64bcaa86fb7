"""The service of the shred keys, as this machine reaches it, and until when its certificates are
good.
"""

import datetime
from collections.abc import AsyncIterator, Iterator
from typing import Final

from bot.errors import Misconfigured
from bot.keyring import tls
from bot.keyring.client import KeyClient
from bot.operator.doctor.finding import Finding
from bot.settings import Settings

SOON: Final = datetime.timedelta(days=60)
RENEW: Final = (
    "Make new ones: firsthand keys certificates; put them everywhere, and start the processes "
    "again."
)


async def examine(settings: Settings, role: str = "") -> AsyncIterator[Finding]:
    """A machine of the officers' role asks no service, and one of the keys' is one."""
    if not settings.key_services and not settings.keys_listen:
        return
    for finding in _certificates(settings):
        yield finding
    if role not in ("officers", "keys"):
        async for finding in _service(settings):
            yield finding


def _certificates(settings: Settings) -> Iterator[Finding]:
    now = datetime.datetime.now(datetime.UTC)
    try:
        found = tls.ends(settings.tls_folder)
    except (OSError, ValueError):
        yield Finding(f"A certificate in {settings.tls_folder} cannot be read.", RENEW)
        return
    for name, end in found.items():
        if end < now + SOON:
            verb = "is no longer good since" if end < now else "is good until"
            yield Finding(f"The certificate {name} {verb} {end:%Y-%m-%d}.", RENEW)


async def _service(settings: Settings) -> AsyncIterator[Finding]:
    role = next(
        (role for role in ("witness", "files") if (settings.tls_folder / f"{role}.pem").exists()),
        "",
    )
    if not role:
        if settings.key_services:
            yield Finding(
                f"{settings.tls_folder} holds no certificate to ask the keys service with.", RENEW
            )
        return
    try:
        context = tls.context(settings.tls_folder, role)
    except Misconfigured as wrong:
        yield Finding(str(wrong), RENEW)
        return
    client = KeyClient(settings.key_services, context)
    try:
        answers = await client.states()
    finally:
        await client.close()
    for address, state in answers.items():
        if state == "away":
            remedy = (
                "See that its keys process runs, that this machine reaches it, and that its "
                "certificate names it."
            )
            yield Finding(f"The keys service at {address} does not answer.", remedy)
        elif state == "refuses":
            yield Finding(
                f"The keys service at {address} does not know this machine's certificate.", RENEW
            )
    if answers and "owner" not in answers.values():
        remedy = (
            "Start the keys process that has the key file, and see its log. What witnesses send "
            "waits meanwhile."
        )
        yield Finding("No keys service gives out shred keys.", remedy)
