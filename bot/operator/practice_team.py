"""The officers of a practice installation."""

from typing import Final, NamedTuple


class Colleague(NamedTuple):
    """`account`: at the sandbox's messenger. `key`: the name of the file with their identity."""

    call_sign: str
    role: str
    account: int
    key: str


TEAM: Final = (
    Colleague("Kestrel", "supervisor", 700_000_001, "officer.key"),
    Colleague("Wren", "specialist", 700_000_002, "specialist.key"),
)
