"""One thing that is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and what whoever runs the installation can do about it; both are sentences."""

    what: str
    remedy: str
