"""PURE: whether two supervisors have said that the legal hold of a referral's files may be
lifted.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ASKED: Final = "lifting of the hold asked"
AGREED: Final = "lifting of the hold agreed"
LIFTED: Final = "hold lifted"
HOURS: Final = 7 * 24
"""After so long without a second person nobody has asked, and after so long again nobody has
agreed.
"""


@dataclass(frozen=True, slots=True)
class Lifting:
    """Who asked and who agreed, as the ledger calls them; "" where nobody did."""

    asked: str = ""
    agreed: str = ""


def lifting(lines: Sequence[bytes], now: int) -> Lifting:
    """How it stands by the entries of a referral's log; `now` in seconds since 1970."""
    stands, since = Lifting(), 0
    for line in lines:
        entry = json.loads(line)
        kind, actor, hour = entry["kind"], entry["actor"], int(entry["hour"])
        if kind == ASKED:
            stands, since = Lifting(asked=actor), hour
        elif kind == AGREED and stands.asked and actor != stands.asked and hour <= since + HOURS:
            stands, since = Lifting(stands.asked, actor), hour
        elif kind == LIFTED:
            stands = Lifting()
    return stands if now // 3600 <= since + HOURS else Lifting()
