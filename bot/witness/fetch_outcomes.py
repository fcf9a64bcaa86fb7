"""What can become of a file that is fetched."""

from dataclasses import dataclass
from typing import Literal

from storage.vault import Stored

Why = Literal["too-big", "gone", "broken", "quota"]
"""Why a file was lost, as its witness is told."""


@dataclass(frozen=True, slots=True)
class NotThere:
    """The channel does not have it, or does not give it: it is lost."""

    why: Why


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is wrong with the file; it is tried again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class CameBroken:
    """It did not come whole: again a few times, and then it is lost."""


Outcome = Stored | NotThere | Later | CameBroken
