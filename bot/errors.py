"""Errors of the shell, by who must act."""

from typing import Final

MISCONFIGURED: Final = 78
"""How a process ends whose settings are wrong (EX_CONFIG of sysexits.h): starting it again mends
nothing.
"""
RENEWED: Final = 75
"""How a process ends that is to be started again at once, in order and with nothing wrong
(EX_TEMPFAIL).
"""


class Misconfigured(Exception):
    """The operator must act: a setting is missing, wrong or dangerous. The message says which, and
    gives an example.
    """


class Refused(Exception):
    """The person at the keyboard must act: what was asked for is not possible. The message says
    why, and what is.
    """


class Tampered(Exception):
    """Nobody may go on: evidence disagrees with its record."""
