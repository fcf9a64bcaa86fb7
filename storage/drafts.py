"""Unsent reports as they are between reading and writing: one Draft a conversation, changed in
memory, written once.
"""

import copy
import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from storage import age
from storage.bodies import Body, dump, load
from storage.keys import Box


@dataclass(slots=True, repr=False)
class NewWork:
    """A work row to be: `name` makes it the only one of its name, replacing what was due before."""

    kind: str
    due: int
    body: Body | None = None
    name: str | None = None


@dataclass(slots=True, repr=False)
class Changes:
    """What a transaction will do to one conversation's rows."""

    keep: dict[tuple[bytes, bytes], bytes] = field(default_factory=dict)
    drop: set[bytes] = field(default_factory=set)
    drop_parts: set[tuple[bytes, bytes]] = field(default_factory=set)
    shown: list[bytes] = field(default_factory=list)
    outbox: list[bytes] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    exhibits: dict[str, tuple[str | None, bytes]] = field(default_factory=dict)
    drop_exhibits: set[str] = field(default_factory=set)
    discarded: list[str] = field(default_factory=list)
    """Objects that came into the vault in this transaction, for an exhibit that it drops."""
    work: list[NewWork] = field(default_factory=list)
    quarantine: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)

    def copied(self) -> "Changes":
        """What is done to it later leaves the copy as it is."""
        return Changes(*(type(v)(v) for v in (getattr(self, f) for f in self.__slots__)))


@dataclass(slots=True, repr=False)
class Draft:
    """A conversation as loaded; `version` 0 means it is new. Closed drafts are deleted and their
    key shredded.
    """

    id: str
    channel: str
    chat: bytes | None
    address: bytes
    slot: int
    box: Box
    state: bytes
    account_recipient: str
    identity_recipient: str
    report_keys: bytes
    screen: bytes | None = None
    version: int = 0
    touched: bool = False
    rescreened: bool = False
    closed: bool = False
    filed: bool = False
    words: bytes | None = None
    """The keyed, memory-hard name by which return words find the report."""
    relinked: bool = False
    changes: Changes = field(default_factory=Changes)

    # names under the shred key: found again, but not read

    def place(self, path: Sequence[str]) -> bytes:
        return self.box.name("place", *path)

    def part(self, part: str) -> bytes:
        return self.box.name("part", part)

    # what happens to its rows

    def keep(self, path: Sequence[str], part: str, body: Body) -> None:
        """Keep one part of an answer, replacing the same part if it is there."""
        place = self.place(path)
        self.changes.keep[place, self.part(part)] = self.seal("answers.body", body)
        self.changes.drop_parts.discard((place, self.part(part)))

    def drop(self, path: Sequence[str]) -> None:
        """Destroy an answer, whether written before or in this transaction."""
        place = self.place(path)
        self.changes.drop.add(place)
        for key in [k for k in self.changes.keep if k[0] == place]:
            del self.changes.keep[key]

    def drop_part(self, path: Sequence[str], part: str) -> None:
        """Destroy one part of an answer, the others stay."""
        key = (self.place(path), self.part(part))
        self.changes.drop_parts.add(key)
        self.changes.keep.pop(key, None)

    def keep_shown(self, body: Body) -> None:
        self.changes.shown.append(self.seal("shown.body", body))

    def send(self, body: Body) -> bytes:
        """Say this; returns the sealed row that waits to be delivered."""
        sealed = self.seal("outbox.body", body)
        self.changes.outbox.append(sealed)
        return sealed

    def remember_message(self, body: Body) -> None:
        self.changes.messages.append(self.seal("messages.body", body))

    def exhibit(self, name: str, object_: str | None, body: Body) -> None:
        self.changes.exhibits[name] = (object_, self.seal("exhibits.body", body))

    def drop_exhibit(self, name: str) -> None:
        self._discard(self.changes.exhibits.pop(name, (None, b""))[0])
        self.changes.drop_exhibits.add(name)

    def _discard(self, object_: str | None) -> None:
        if object_ is not None:
            self.changes.discarded.append(object_)

    def do(self, kind: str, due: int, body: Body | None = None, name: str | None = None) -> None:
        self.changes.work.append(NewWork(kind, due, body, name))

    def set_aside(self, body: Body, why: str) -> None:
        self.changes.quarantine.append((self.seal("quarantine.body", body), why))

    def save(self, state: bytes) -> None:
        self.state, self.touched = state, True

    def set_screen(self, body: Body) -> None:
        self.screen, self.rescreened = dump(body), True

    @property
    def changed(self) -> bool:
        """Whether anything of it is to be written, so that it must still be what was loaded."""
        return self.touched or self.rescreened or self.relinked or self.closed or self.changes.any

    @property
    def hidden(self) -> bool:
        """Whether no chat leads to it; only its return words do."""
        return self.chat is None

    def hide(self) -> None:
        """Cut the link to its chat: nothing is sent, and what the chat held is forgotten."""
        self.chat, self.address, self.screen = None, b"", None
        self.relinked = self.rescreened = True
        self.changes.outbox.clear()
        self.changes.messages.clear()
        self.changes.work = [w for w in self.changes.work if w.kind != "wait"]

    def appear(self, chat: bytes, address: bytes) -> None:
        """Be the conversation of this chat from now on."""
        self.chat, self.address, self.screen = chat, address, None
        self.relinked = self.rescreened = True

    def take_words(self, name: bytes | None) -> None:
        """Be opened by the words of this name, or by none."""
        self.words, self.relinked = name, True

    def close(self, *, filed: bool = False) -> None:
        """Delete every row of it in this transaction; what was about to be written is not.

        `filed`: its vault objects now belong to a referral. Otherwise they are discarded.
        """
        self.closed, self.filed = True, filed
        if not filed:
            for object_, _ in self.changes.exhibits.values():
                self._discard(object_)
        self.changes = Changes(messages=self.changes.messages, discarded=self.changes.discarded)

    def seal(self, about: str, body: Body) -> bytes:
        return self.box.seal(dump(body), about)

    def opened(self, about: str, sealed: bytes) -> Body:
        """Raises Unsealable."""
        return load(self.box.open(sealed, about))

    def restore(self, checkpoint: "Draft") -> None:
        """Be again what it was when the checkpoint was made."""
        for name in Draft.__slots__:
            setattr(self, name, getattr(checkpoint, name))

    def checkpoint(self) -> "Draft":
        """A copy to return to if a job fails half way."""
        kept = copy.copy(self)
        kept.changes = self.changes.copied()
        return kept


def fresh(channel: str, chat: bytes, address: bytes, slot: int, box: Box) -> Draft:
    """A conversation that begins: two new age identities whose private halves only its shred key
    opens.
    """
    account, account_identity = age.new_identity()
    identity, identity_identity = age.new_identity()
    private = dump({"account": account_identity, "identity": identity_identity})
    return Draft(
        os.urandom(16).hex(),
        channel,
        chat,
        address,
        slot,
        box,
        b"",
        account,
        identity,
        box.seal(private, "conversations.report_keys"),
    )
