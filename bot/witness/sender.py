"""Who wrote: a chat of a channel, and the keyed names under which rows know it."""

from dataclasses import dataclass, field

from storage.keys import Box, chat_name, lost_name


@dataclass(frozen=True, slots=True)
class Sender:
    """`name`: what stands for the chat wherever it must be found again without naming it."""

    master: Box = field(repr=False)
    channel: str
    chat: str = field(repr=False)
    name: bytes = field(repr=False)

    @classmethod
    def of(cls, master: Box, channel: str, chat: str) -> "Sender":
        return cls(master, channel, chat, chat_name(master, channel, chat))

    @property
    def sealed(self) -> bytes:
        """The channel's own name of the chat, to which answers go."""
        return self.master.seal(self.chat.encode(), "conversations.address")

    @property
    def lost(self) -> bytes:
        """Under which it is noted that a restore did not bring its report back."""
        return lost_name(self.master, self.name)

    def seen(self, delivery: str) -> bytes:
        """What stays for days of whoever wrote, hid or erased: it must not be made of anything that
        names a chat.
        """
        return self.master.name("seen", self.channel, delivery)

    def event(self, key: str) -> str:
        """The id of the event that a message of this key is."""
        return self.master.name("event", self.channel, self.chat, key).hex()[:12]
