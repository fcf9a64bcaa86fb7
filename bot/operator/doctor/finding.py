"""One thing that is wrong."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and what whoever runs the installation can do about it; both are sentences."""

    what: str
    remedy: str


STOP: Final = (
    "Stop, keep this machine as it is, and tell the officer in charge: evidence may be touched."
)
