"""What one transaction works on: drafts changed in memory by several jobs, and the loose ends that
belong to none.

1. What the jobs ask for is loaded first, all of it at once; a job finds what it asked for, and
   looking for anything else is refused.
2. Jobs run one after the other, in memory; each sees what those before it left.
3. A job that fails is taken back whole, drafts and loose ends, and the others stay.
4. What needs more rows (answers to be quoted, messages to be removed) says so, and runs after they
   are loaded, in its turn.
5. Everything is written together or not at all, in an order that lets a new conversation begin
   where another has just ended (group_rows.py).
6. Keys whose rows go are overwritten after the commit, never before it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from storage.bodies import Body, dump
from storage.connection import Connection
from storage.drafts import Draft, fresh
from storage.jobs import Alone, Job, Loose, NotAskedFor, T
from storage.keys import Box
from storage.shredding import Reserve


class Group:
    """Everything one transaction works on: drafts by chat and id, what was seen before, and new key
    slots.
    """

    def __init__(self, reserve: Reserve, now: int) -> None:
        self.now = now
        self.loose = Loose()
        self._reserve = reserve
        self._drafts: dict[str, Draft] = {}
        self._by_chat: dict[bytes, str] = {}
        self._by_words: dict[bytes, str] = {}
        self._known: set[bytes] = set()
        self.answers: dict[str, list[Body]] = {}
        self.messages: dict[str, list[Body]] = {}
        self.exhibits: dict[tuple[str, str], Body] = {}
        self.aside: dict[str, int] = {}
        self.recent: dict[bytes, object] = {}
        """What was said that is no word of a witness, by its sealed row: whoever delivers it here
        need not read it again.
        """
        self.later: list[tuple[Draft, Callable[[], None]]] = []
        self.taken: list[int] = []
        self.claims: set[tuple[int, int]] = set()
        self._job: Job[Any] | None = None

    def run(self, job: Job[T]) -> T:
        """What the job returns; it finds what it asked for, and may look at nothing else."""
        self._job = job
        try:
            return job.run(self)
        finally:
            self._job = None

    def in_transaction(self, run: Callable[[Connection], Awaitable[None]]) -> None:
        """Run this, too, in the transaction that writes the drafts."""
        self.loose.also.append(run)

    def delivered(self, message: int) -> None:
        """A message of the outbox is with its channel."""
        self.loose.settled_outbox.add(message)

    def destroy_key(self, slot: int | None) -> None:
        """Of a row that has one of its own; it is overwritten once the row is gone."""
        if slot is not None:
            self.loose.shred.add(slot)

    def opens(self, id_: str) -> bool:
        """Whether the key of this conversation is there; without it nobody reads its rows again."""
        return id_ not in self.loose.detached

    def draft(self, *, chat: bytes | None = None, id_: str = "") -> Draft | None:
        """The open conversation of a chat, or of that id. Raises NotAskedFor."""
        if chat is None:
            self._must_ask("ids", id_)
            return self.loaded(id_)
        self._must_ask("chats", chat)
        return self.loaded(self._by_chat.get(chat, ""))

    def loaded(self, id_: str) -> Draft | None:
        """The open conversation of that id, if any of the jobs asked for it."""
        found = self._drafts.get(id_)
        return None if found is None or found.closed else found

    def _must_ask(self, what: str, key: object) -> None:
        """What was not asked for was not loaded: it is not there, whether or not it exists."""
        if self._job is not None and key not in getattr(self._job, what):
            raise NotAskedFor(what)

    def set_aside(self, draft: Draft) -> int:
        """How much of this conversation is set aside; it must be what the job counts."""
        return self.aside[draft.id] + len(draft.changes.quarantine)

    def of_words(self, words: bytes) -> Draft | None:
        """The open conversation that these return words open. Raises NotAskedFor."""
        self._must_ask("words", words)
        return self.loaded(self._by_words.get(words, ""))

    def exhibit(self, conversation: str, name: str) -> Body | None:
        """The row of a file, if it is there. Raises NotAskedFor."""
        self._must_ask("exhibits", (conversation, name))
        return self.exhibits.get((conversation, name))

    def hide(self, draft: Draft) -> None:
        """Nothing leads from its chat to it; what comes next from there is as from somebody new."""
        if draft.chat is not None:
            self._by_chat.pop(draft.chat, None)
        draft.hide()

    def appear(self, draft: Draft, chat: bytes, address: bytes) -> None:
        """A hidden report comes back, in this chat."""
        draft.appear(chat, address)
        self.put(draft)

    def begin(self, channel: str, chat: bytes, address: bytes) -> Draft:
        """A new conversation for a chat that has none."""
        slot, box = self._take()
        draft = fresh(channel, chat, address, slot, box)
        self.put(draft)
        return draft

    def put(self, draft: Draft) -> None:
        self._drafts[draft.id] = draft
        if draft.chat is not None:
            self._by_chat[draft.chat] = draft.id
        if draft.words is not None:
            self._by_words[draft.words] = draft.id

    def note_seen(self, name: bytes) -> bool:
        """Whether this is the first time; from now on it is not. Raises NotAskedFor."""
        self._must_ask("names", name)
        if name in self._known or name in self.loose.seen:
            return False
        self.loose.seen.add(name)
        return True

    def was_seen(self, name: bytes) -> bool:
        """Whether this name was noted before. Raises NotAskedFor."""
        self._must_ask("names", name)
        return name in self._known or name in self.loose.seen

    def mark_seen(self, name: bytes) -> None:
        """Know this name from now on, as long as updates are known."""
        if name not in self._known:
            self.loose.seen.add(name)

    def say_last(self, channel: str, body: Body) -> None:
        """Send a message after its conversation is gone: it has a key of its own, gone when it is
        delivered.
        """
        slot, box = self._take()
        self.loose.farewells.append((channel, slot, box.seal(dump(body), "outbox.body")))

    def remove_messages(self, body: Body) -> None:
        """Delete messages from a chat that no longer has a conversation."""
        self.do_alone("remove", body)

    def do_alone(self, kind: str, body: Body, *, due: int = 0, name: str | None = None) -> None:
        """Work of no conversation, under a key of its own that is overwritten when it is done."""
        slot, box = self._take()
        self.loose.alone.append(Alone(kind, due, slot, box.seal(dump(body), "work.body"), name))

    def after_loading(self, draft: Draft, what: Callable[[], None]) -> None:
        """Do this once the draft's kept answers and messages are loaded, too."""
        self.later.append((draft, what))

    def waits(self, draft: Draft) -> bool:
        """Whether something is to be done for this draft after loading, so that what follows must
        wait, too.
        """
        return any(waiting is draft for waiting, _ in self.later)

    def load_seen(self, names: set[bytes]) -> None:
        """Those that were noted before, of the names that the jobs ask for."""
        self._known = names

    @property
    def says(self) -> bool:
        """Whether something is to be delivered."""
        return any((self.loose.farewells, *(d.changes.outbox for d in self._drafts.values())))

    def drafts(self) -> list[Draft]:
        return list(self._drafts.values())

    def _take(self) -> tuple[int, Box]:
        slot, box = self._reserve.take()
        self.taken.append(slot)
        return slot, box

    def snapshot(self, job: "Job[Any]") -> "Snapshot":
        """What to return to if this job fails half way: the drafts it may touch, and the loose
        ends.
        """
        found = [(self._by_chat, c) for c in job.chats] + [(self._by_words, w) for w in job.words]
        mine = {*job.ids, *(by[name] for by, name in found if name in by)}
        return Snapshot(
            before=set(self._drafts),
            drafts=[(d, d.checkpoint()) for id_ in mine if (d := self._drafts.get(id_))],
            by_chat=dict(self._by_chat),
            loose=Loose(*(type(v)(v) for v in (getattr(self.loose, f) for f in Loose.__slots__))),
            later=len(self.later),
            taken=len(self.taken),
        )

    def restore(self, kept: "Snapshot") -> None:
        for id_ in set(self._drafts) - kept.before:
            del self._drafts[id_]
        for draft, checkpoint in kept.drafts:
            # the same object: what others are to do after loading holds on to it
            draft.restore(checkpoint)
        self._by_chat = kept.by_chat
        self._reserve.back(self.taken[kept.taken :])
        del self.taken[kept.taken :]
        self.loose = kept.loose
        del self.later[kept.later :]


@dataclass(frozen=True, slots=True)
class Snapshot:
    before: set[str]
    drafts: list[tuple[Draft, Draft]]
    by_chat: dict[bytes, str]
    loose: Loose
    later: int
    taken: int


def opened(row: Any, box: Box) -> Draft:
    """A loaded row as a Draft. Raises Unsealable."""
    return Draft(
        row.id,
        row.channel,
        row.chat,
        box.open(row.address, "conversations.address"),
        row.slot,
        box,
        box.open(row.state, "conversations.state"),
        row.account_recipient,
        row.identity_recipient,
        row.report_keys,
        box.open(row.screen, "conversations.screen") if row.screen else None,
        row.version,
        words=row.words,
    )
