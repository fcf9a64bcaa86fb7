"""Taking in what came from a channel: tried as return words where it may be some, else stepped;
each chat's in its order, and durable before it is acknowledged.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.incoming import Incoming, Unread
from bot.logs import where_raised
from bot.witness.converse import Converse
from bot.witness.events import is_written
from bot.witness.return_words import Recalls
from bot.witness.screen import screen_of
from bot.witness.sender import Sender
from bot.witness.wordlist import from_list, language_of
from conversations import texts
from conversations.events import Recalled
from conversations.flows.follow_up import FOLLOW_UP
from conversations.model import File
from conversations.questions import Known, OwnWords
from storage.group import Group
from storage.jobs import Job, Overtaken

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taking:
    """Whatever comes for the conversations of one installation."""

    converse: Converse

    async def take(self, channel: str, items: Sequence[Incoming | Unread]) -> None:
        """Return once everything in `items` is durable, each chat's in its order, whatever becomes
        of single ones.
        """
        self.converse.renewing.heard()
        chats: dict[str, list[Incoming | Unread]] = {}
        for item in items:
            chats.setdefault(item.chat, []).append(item)
        await asyncio.gather(
            *(self._take_chat(channel, chat, mine) for chat, mine in chats.items())
        )

    async def _take_chat(self, channel: str, chat: str, items: list[Incoming | Unread]) -> None:
        await self.converse.gate.quiet(channel, chat)
        sender = Sender.of(self.converse.master, channel, chat)
        recalls: Recalls | None = None  # found out once: each costs one of the tries of a chat
        try:
            recalls = await self._recalls(sender, items)
            await self._write(sender, items, recalls)
        except Exception:  # noqa: BLE001 - one of them may be poison: find out which, alone
            for item in items:
                await self._take_one(sender, item, recalls)
        for item in items:
            if isinstance(item, Incoming) and item.answer:
                asyncio.ensure_future(item.answer())  # noqa: RUF006 - best effort, at once

    async def _take_one(
        self, sender: Sender, item: Incoming | Unread, known: Recalls | None
    ) -> None:
        try:
            recalls = await self._recalls(sender, [item]) if known is None else known
            await self._write(sender, [item], recalls)
        except (OSError, SQLAlchemyError, Overtaken):
            raise  # not the event's fault: it is not accepted, and comes again
        except Exception as failure:  # noqa: BLE001 - set aside, and the rest goes on
            why = type(failure).__name__
            log.error("event set aside", error=where_raised(failure))
            unread = Unread(sender.chat, item.key, _raw(item), why, delivery=item.delivery)
            await self._write(sender, [unread], {})

    async def _write(
        self, sender: Sender, items: list[Incoming | Unread], recalls: Recalls
    ) -> None:
        named = [(item, sender.seen(item.delivery)) for item in items]
        keys = [name for _, name in named]
        keys += [*self.converse.afterwards.names(sender.channel, items), sender.lost]
        words = tuple(w for w in recalls.values() if w is not None)
        sent = await self.converse.writer.sent_with(words) if words else {}
        await self.converse.writer.write(
            Job(
                lambda group: self._step_all(group, sender, named, recalls, sent),
                chats=(sender.name,),
                words=words,
                names=tuple(keys),
            )
        )

    async def _recalls(self, sender: Sender, items: Sequence[Incoming | Unread]) -> Recalls:
        return await self.converse.returning.recalls(sender.name, items, self._writes)

    async def _writes(self, chat: bytes) -> bool:
        """Whether a report is being written in this chat."""
        draft, now = await self.converse.writer.look(chat=chat), int(self.converse.writer.clock())
        return draft is not None and is_written(self.converse.state_of(draft, now)[1], now)

    def _step_all(
        self,
        group: Group,
        sender: Sender,
        named: Iterable[tuple[Incoming | Unread, bytes]],
        recalls: Recalls,
        sent: Mapping[bytes, str],
    ) -> None:
        for item, name in named:
            if not group.note_seen(name):
                continue
            if isinstance(item, Unread):
                self.converse.set_aside(group, self.converse.draft_of(group, sender), item)
            elif item.key in recalls and recalls[item.key] is None:
                self._tell_later(group, sender, item)
            elif (words := recalls.get(item.key)) is not None and (
                self._try_recall(group, sender, item, words)
                or self._try_tell_number(group, sender, item, sent.get(words, ""))
                or self._try_refuse_words(group, sender, item, words)
            ):
                # the words stood under them
                if files := [part for part in item.parts if isinstance(part, File)]:
                    self.converse.step_one(
                        group, sender, replace(item, what=files[0], also=tuple(files[1:]))
                    )
            else:
                self.converse.step_one(group, sender, item)

    def _tell_later(self, group: Group, sender: Sender, item: Incoming) -> None:
        """So much was tried that nothing more is looked for in this chat for now."""
        here, afterwards = group.draft(chat=sender.name), self.converse.afterwards
        language = self.converse.language_of(here, group.now) if here else ""
        afterwards.not_now(group, sender.channel, item, texts.NO_TRIES, language)

    def _try_recall(self, group: Group, sender: Sender, item: Incoming, words: bytes) -> bool:
        """Whether the message was return words: of the report that is open here, or of a hidden one
        that comes back.
        """
        found, here = group.of_words(words), group.draft(chat=sender.name)
        if found is None or (found is not here and not found.hidden):
            return False
        if found is not here:
            if here is not None and self.converse.state_of(here, group.now)[1].something_kept():
                return False  # what is held here must be decided on first
            if here is not None:
                self.converse.close(here)
            group.appear(found, sender.name, sender.sealed)
        found.set_screen(screen_of(found).of(item.account).received(item.message).body())
        if item.message:
            found.remember_message({"ids": [item.message], "account": item.account})
        event = Recalled(id=sender.event(item.key), at=item.at or group.now, received=group.now)
        self.converse.happen(group, found, event)
        return True

    def _try_tell_number(
        self, group: Group, sender: Sender, item: Incoming, reference: str
    ) -> bool:
        """Whether the message was return words of a report that is sent: then its number is told
        once more.
        """
        here = group.draft(chat=sender.name)
        state = self.converse.state_of(here, group.now)[1] if here is not None else None
        if not reference or (
            state is not None and (state.something_kept() or state.flow == FOLLOW_UP.id)
        ):
            return False
        known = state.language if state is not None else ""
        language = known or language_of(item.words)
        self.converse.afterwards.tell_number(group, sender.channel, item, reference, language)
        return True

    def _try_refuse_words(self, group: Group, sender: Sender, item: Incoming, words: bytes) -> bool:
        """Whether the message was five words of a list that nothing asked for: they open nothing
        here, and what may open another's report must not become part of this one.
        """
        if not from_list(item.words):
            return False
        here, language = group.draft(chat=sender.name), ""
        if here is not None:
            flow, state = self.converse.state_of(here, group.now)
            asked, language = flow.ask(state.at, state), state.language
            if asked is not None and isinstance(asked.question, (Known, OwnWords)):
                return False
        found, why = group.of_words(words), texts.OPENS_NOTHING
        if found is not None:
            why = texts.OPENS_LATER if found.hidden else texts.OPEN_ELSEWHERE
        self.converse.afterwards.not_now(group, sender.channel, item, why, language)
        return True


def _raw(item: Incoming | Unread) -> bytes:
    """What is set aside of an event that could not be stepped."""
    if isinstance(item, Unread):
        return item.raw
    parts = [{"what": type(part).__name__, **asdict(part)} for part in item.parts]
    return json.dumps(
        {"at": item.at, "what": parts[0]["what"], "parts": parts}, default=str
    ).encode()
