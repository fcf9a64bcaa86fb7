"""To whom a report is sealed, part by part, at the moment it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.officers.recipients import opened_by
from bot.referral.facts import is_special
from conversations.state import State
from storage import age
from storage.recipients import Holder
from storage.records import Piece, inline


@dataclass(frozen=True, slots=True)
class SealedTo:
    """To whom the account of a report is sealed, and who it is."""

    account: Sequence[Holder]
    identity: Sequence[Holder]

    @property
    def bound(self) -> dict[str, str]:
        """What custody says of it: fingerprints."""
        return {name: " ".join(found) for name, found in self.named.items()}

    @property
    def named(self) -> dict[str, list[str]]:
        """The same for referral.json."""
        return {
            "recipients": [h.fingerprint for h in self.account],
            "identity_recipients": [h.fingerprint for h in self.identity],
        }


def sealed_to(holders: Sequence[Holder], state: State) -> SealedTo:
    """Those whom a table lets open each part of it."""
    calls = bool({"urgent", "minor"} & set(state.flags))

    def chosen(part: str) -> list[Holder]:
        return [h for h in holders if opened_by(h, part, special=is_special(state), calls=calls)]

    return SealedTo(chosen("keys"), chosen("identity-keys"))


def key_pieces(part: str, identity: str, holders: Sequence[Holder]) -> list[Piece]:
    """The report's identity, once for each recipient."""
    return [
        inline(f"{part}/{h.fingerprint}.age", age.seal(f"{identity}\n".encode(), h.recipient))
        for h in holders
    ]
