"""How a command or a process ends: errors are sentences for whoever must act, never tracebacks."""

import sys
from collections.abc import Callable
from typing import Final

from bot.errors import MISCONFIGURED, RENEWED, Misconfigured, Refused, Tampered
from bot.process.renewing import Renewal
from bot.terminal import REFUSED, TAMPERED, plain

WHAT: Final = {
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


def ended(run: Callable[[], object]) -> None:
    """Run this; what goes wrong ends the process with its code, and says in a sentence why."""
    try:
        run()
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
    print(plain(text), file=sys.stderr)
    sys.exit(code)
