"""Damage of any kind is said as damage: whatever a hand or a disk has done to a file, one that is
wrong stops no other.
"""

import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pyrage

from bot.errors import Refused, Tampered

DAMAGE = (
    ValueError,  # JSON, UTF-8, numbers, hex
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
    zlib.error,
    pyrage.DecryptError,
    EOFError,
    tarfile.TarError,
)


@contextmanager
def named(name: str) -> Iterator[None]:
    """Raises Tampered where something in `name` is not of the kind it must be, and Refused where
    the disk does not give or take it.
    """
    try:
        yield
    except DAMAGE as failure:
        raise Tampered(f"{name} is damaged: {type(failure).__name__}") from None
    except OSError as failure:
        if failure.errno is None:  # pyrage says so of what is damaged behind its header
            raise Tampered(f"{name} is damaged: {type(failure).__name__}") from None
        raise Refused(f"{failure.filename or name}: {failure.strerror}") from None
