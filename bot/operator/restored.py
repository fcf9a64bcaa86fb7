"""What came back from a backup, and what could not, in words."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """Counts; `lost` are unsent reports whose key is gone, `untold` those of them whose chat nobody
    knows.
    """

    referrals: int
    drafts: int
    lost: int
    untold: int
    held: int
    missing: int
    """Files of referrals that were not in the backup either."""
    posts: int
    """Notes and packages to officers that were on their way."""
    officers: list[str]
    """The call signs of those who are active again."""


def report(restored: Restored, settings: Settings, say: Callable[[str], None]) -> None:
    """What came back and what did not, in words."""
    say(
        f"{restored.referrals} referrals are back, and {restored.drafts} reports that witnesses "
        "have not sent yet."
    )
    if restored.lost:
        say(
            f"{restored.lost} unsent reports did not come back: they were sent, erased or had "
            f"expired after the backup, or their keys are gone. {restored.lost - restored.untold} "
            f"chats are told when they write next; of {restored.untold} hidden ones nobody knows "
            "the chat."
        )
    if restored.missing:
        say(
            f"{restored.missing} files of referrals are not in this backup; an earlier snapshot "
            "may have them."
        )
    if restored.held:
        say(
            f"{restored.held} messages to witnesses are held, since most of them were sent: "
            "firsthand held --help"
        )
    if restored.posts:
        say(
            f"{restored.posts} notes and packages to officers are dropped: whoever misses one asks "
            "for it again."
        )
    if restored.officers:
        say(
            f"Officers as they were then: {', '.join(restored.officers)}. Whoever was removed "
            "since, remove again now."
        )
    if settings.keys_mirror is None:
        say("FIRSTHAND_KEYS_MIRROR is not set: were these keys lost, every unsent report would be.")
