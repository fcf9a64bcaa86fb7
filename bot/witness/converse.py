"""Load, step, perform, save: what a witness did becomes an event, the event becomes rows, in one
transaction.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.incoming import Commanded, Edit, Incoming, Pressed, Typed, Unread, What
from bot.language.translate import Translator
from bot.logs import where_raised
from bot.process.renewing import Renewing
from bot.witness import events, receipt_buttons
from bot.witness.after_sending import TAG, Afterwards
from bot.witness.delivery_gate import Gate
from bot.witness.events import Bound
from bot.witness.lost_reports import tell
from bot.witness.outgoing import outgoing
from bot.witness.perform import perform
from bot.witness.render import Renderer
from bot.witness.return_words import Recalls, Returning
from bot.witness.screen import Screen, screen_of
from bot.witness.typed_labels import named
from bot.witness.wordlist import from_list, language_of
from conversations import codec, follow, texts
from conversations.effects import Show
from conversations.engine import IDLE, step
from conversations.events import Began, Event, Recalled
from conversations.flow import Flow
from conversations.flows import Flows
from conversations.flows.follow_up import FOLLOW_UP
from conversations.landmarks import CONSENT
from conversations.model import File, Text
from conversations.questions import Known, OwnWords
from conversations.state import VERSIONS, State
from storage.drafts import Draft
from storage.group import Group
from storage.jobs import Job, Overtaken
from storage.keys import Box, chat_name, lost_name
from storage.ledger import INSTALLATION, Entry, append
from storage.writer import Writer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Converse:
    """The conversations of one installation."""

    writer: Writer
    master: Box
    translator: Translator
    gate: Gate
    returning: Returning
    flows: Flows
    renewing: Renewing = field(default_factory=Renewing)

    @property
    def afterwards(self) -> Afterwards:
        return Afterwards(self.master, self.translator, self.flows)

    async def take(self, channel: str, items: Sequence[Incoming | Unread]) -> None:
        """Return once everything in `items` is durable, each chat's in its order, whatever becomes
        of single ones.
        """
        self.renewing.heard()
        chats: dict[str, list[Incoming | Unread]] = {}
        for item in items:
            chats.setdefault(item.chat, []).append(item)
        await asyncio.gather(
            *(self._take_chat(channel, chat, mine) for chat, mine in chats.items())
        )

    async def _take_chat(self, channel: str, chat: str, items: list[Incoming | Unread]) -> None:
        await self.gate.quiet(channel, chat)
        try:
            await self._write(channel, chat, items)
        except Exception:  # noqa: BLE001 - one of them may be poison: find out which, alone
            for item in items:
                await self._take_one(channel, chat, item)
        for item in items:
            if isinstance(item, Incoming) and item.answer:
                asyncio.ensure_future(item.answer())  # noqa: RUF006 - best effort, at once

    async def _take_one(self, channel: str, chat: str, item: Incoming | Unread) -> None:
        try:
            await self._write(channel, chat, [item])
        except (OSError, SQLAlchemyError, Overtaken):
            raise  # not the event's fault: it is not accepted, and comes again
        except Exception as failure:  # noqa: BLE001 - set aside, and the rest goes on
            why = type(failure).__name__
            log.error("event set aside", error=where_raised(failure))
            await self._write(
                channel, chat, [Unread(chat, item.key, _raw(item), why, delivery=item.delivery)]
            )

    async def _write(self, channel: str, chat: str, items: list[Incoming | Unread]) -> None:
        sender = self._sender(channel, chat)
        keys = [self._seen(channel, item) for item in items]
        keys += [*self.afterwards.names(channel, items), lost_name(self.master, sender.name)]
        recalls = await self.returning.recalls(sender.name, items, self._writes)
        words = tuple(w for w in recalls.values() if w is not None)
        sent = await self.writer.sent_with(words) if words else {}
        await self.writer.write(
            Job(
                lambda group: self._step_all(group, sender, items, recalls, sent),
                chats=(sender.name,),
                words=words,
                names=tuple(keys),
            )
        )

    def _sender(self, channel: str, chat: str) -> "_Sender":
        return _Sender(channel, chat, chat_name(self.master, channel, chat))

    async def _writes(self, chat: bytes) -> bool:
        """Whether a report is being written in this chat."""
        draft, now = await self.writer.look(chat=chat), int(self.writer.clock())
        return draft is not None and _is_written(self._state(draft, now)[1], now)

    def _seen(self, channel: str, item: Incoming | Unread) -> bytes:
        """What stays for days of whoever wrote, hid or erased: it must not be made of anything that
        names a chat.
        """
        return self.master.name("seen", channel, item.delivery)

    def _step_all(
        self,
        group: Group,
        sender: "_Sender",
        items: Iterable[Incoming | Unread],
        recalls: Recalls,
        sent: Mapping[bytes, str],
    ) -> None:
        for item in items:
            if not group.note_seen(self._seen(sender.channel, item)):
                continue
            if isinstance(item, Unread):
                self._set_aside(group, self._draft(group, sender), item)
            elif item.key in recalls and recalls[item.key] is None:
                here = group.draft(chat=sender.name)
                language = self._language(here, group.now) if here else ""
                self.afterwards.not_now(group, sender.channel, item, texts.NO_TRIES, language)
            elif (words := recalls.get(item.key)) is not None and (
                self._try_recall(group, sender, item, words)
                or self._try_tell_number(group, sender, item, sent.get(words, ""))
                or self._try_refuse_words(group, sender, item, words)
            ):
                # the words stood under them
                if files := [part for part in item.parts if isinstance(part, File)]:
                    self._step_one(
                        group, sender, replace(item, what=files[0], also=tuple(files[1:]))
                    )
            else:
                self._step_one(group, sender, item)

    def _try_recall(self, group: Group, sender: "_Sender", item: Incoming, words: bytes) -> bool:
        """Whether the message was return words: of the report that is open here, or of a hidden one
        that comes back.
        """
        found, here = group.of_words(words), group.draft(chat=sender.name)
        if found is None or (found is not here and not found.hidden):
            return False
        if found is not here:
            if here is not None and self._state(here, group.now)[1].something_kept():
                return False  # what is held here must be decided on first
            if here is not None:
                here.close()
            group.appear(found, sender.name, self._sealed(sender))
        found.set_screen(screen_of(found).of(item.account).received(item.message).body())
        if item.message:
            found.remember_message({"ids": [item.message], "account": item.account})
        event = Recalled(
            id=self._event_id(sender.channel, item.chat, item.key),
            at=item.at or group.now,
            received=group.now,
        )
        self.happen(group, found, event)
        return True

    def _try_tell_number(
        self, group: Group, sender: "_Sender", item: Incoming, reference: str
    ) -> bool:
        """Whether the message was return words of a report that is sent: then its number is told
        once more.
        """
        here = group.draft(chat=sender.name)
        state = self._state(here, group.now)[1] if here is not None else None
        if not reference or (
            state is not None and (state.something_kept() or state.flow == FOLLOW_UP.id)
        ):
            return False
        known = state.language if state is not None else ""
        language = known or language_of(item.words)
        self.afterwards.tell_number(group, sender.channel, item, reference, language)
        return True

    def _try_refuse_words(
        self, group: Group, sender: "_Sender", item: Incoming, words: bytes
    ) -> bool:
        """Whether the message was five words of a list that nothing asked for: they open nothing
        here, and what may open another's report must not become part of this one.
        """
        if not from_list(item.words):
            return False
        here, language = group.draft(chat=sender.name), ""
        if here is not None:
            flow, state = self._state(here, group.now)
            asked, language = flow.ask(state.at, state), state.language
            if asked is not None and isinstance(asked.question, (Known, OwnWords)):
                return False
        found, why = group.of_words(words), texts.OPENS_NOTHING
        if found is not None:
            why = texts.OPENS_LATER if found.hidden else texts.OPEN_ELSEWHERE
        self.afterwards.not_now(group, sender.channel, item, why, language)
        return True

    def _event_id(self, channel: str, chat: str, key: str) -> str:
        return self.master.name("event", channel, chat, key).hex()[:12]

    def _step_one(self, group: Group, sender: "_Sender", item: Incoming) -> None:
        draft = group.draft(chat=sender.name)
        pressed = isinstance(item.what, Pressed)
        if pressed and self.afterwards.pressed(group, sender.channel, item, draft):
            return
        language = ""
        if isinstance(item.what, Pressed) and (
            again := receipt_buttons.command_of(item.what.token, item.what.under)
        ):
            command, language = again[0], again[1] if again[1] in self.flows.languages else ""
            item = replace(item, what=command)
        if draft is None and not events.begins(item.what):
            return
        if draft is None:
            draft = self._draft(group, sender, language)
        screen = screen_of(draft).of(item.account).received(item.message)
        draft.set_screen(screen.body())
        if item.message and not pressed:  # a button is pressed on a message of ours
            draft.remember_message({"ids": [item.message], "account": item.account})
        self._step_parts(group, draft, item, screen)

    def _step_parts(self, group: Group, draft: Draft, item: Incoming, screen: Screen) -> None:
        """Everything that one message says and carries, in order: files, words, a command.

        A voice comes last: of a voice and words at a question that takes one answer the words are
        read.
        """
        with_words = any(isinstance(part, Typed) for part in item.parts)
        in_order = sorted(
            enumerate(item.parts), key=lambda part: with_words and events.is_voice(part[1])
        )
        for number, what in in_order:
            if draft.closed or draft.hidden:  # by what stood before it
                return
            flow, state = self._state(draft, group.now)
            event = self._event(item, number, what, state, screen, draft, group.now)
            if follow.enters(state, event):
                state = follow.enter(state, group.now)
                flow = self.flows.of(state.flow, state.version)
                code = what.code if isinstance(what, Commanded) and what.control == "add" else ""
                event = Began(id=event.id, at=event.at, received=event.received, code=code)
            self._step(group, draft, flow, state, event)

    def _draft(self, group: Group, sender: "_Sender", language: str = "") -> Draft:
        found = group.draft(chat=sender.name)
        if found is None:
            found = group.begin(sender.channel, sender.name, self._sealed(sender))
            found.save(codec.freeze(self.flows.begin(group.now, language)))
            spoken = [language] if language else self.flows.languages
            tell(group, found, lost_name(self.master, sender.name), self.translator, spoken)
        return found

    def _sealed(self, sender: "_Sender") -> bytes:
        return self.master.seal(sender.chat.encode(), "conversations.address")

    def once_more(self, group: Group, draft: Draft, item: Incoming) -> None:
        """Step what was set aside before, bound to the question that was on the screen when it
        came.
        """
        item = replace(item, chat=self.master.open(draft.address, "conversations.address").decode())
        self._step_parts(group, draft, item, screen_of(draft))

    def happen(self, group: Group, draft: Draft, event: Event) -> State:
        """Step one conversation with an event that no witness made: sealed, lost, waited, filed."""
        flow, state = self._state(draft, group.now)
        return self._step(group, draft, flow, state, event)

    def greet(self, group: Group, channel: str, chat: str, event: Began) -> None:
        """Begin a conversation in a chat that has none, though nobody has written."""
        self.happen(group, self._draft(group, self._sender(channel, chat)), event)

    def address(self, draft: Draft) -> str:
        """The channel's own name of the chat, for the identity part of a report whose witness chose
        this chat.
        """
        if draft.hidden:
            return ""
        return self.master.open(draft.address, "conversations.address").decode()

    def expire(self, group: Group, draft: Draft) -> None:
        """Erase a report that is still open and was left for too long."""
        _, state = self._state(draft, group.now)
        if state.stage == "open":
            draft.close()
            group.in_transaction(lambda connection: _erased(connection, group.now))

    def _step(self, group: Group, draft: Draft, flow: Flow, state: State, event: Event) -> State:
        after, effects = step(flow, state, event)
        draft.save(codec.freeze(after))
        if after.stage in ("filed", "gone") or after.hidden:
            self.renewing.left()
        if after.stage == "filed":
            draft.close(filed=True)
            if not draft.hidden:
                self.afterwards.note(group, draft, after.language)
        if draft.chat is not None:
            (self.returning.agreed if _is_written(after, group.now) else self.returning.closed)(
                draft.chat
            )
        if after.stage == "gone" and state.something_kept():
            group.in_transaction(lambda connection: _erased(connection, group.now))
        renderer = Renderer(self.translator, flow, after.language, draft.id[:TAG])
        perform(group, draft, event, effects, renderer, versions=VERSIONS in after.flags)
        return after

    def _set_aside(self, group: Group, draft: Draft, item: Unread) -> None:
        """Keep what could not be understood under the report's key, and say so; the conversation
        goes on.
        """
        draft.set_aside(
            {"raw": item.raw.decode("utf-8", "replace"), "why": item.why, "at": group.now}, item.why
        )
        language = self._language(draft, group.now)
        said = Renderer(self.translator, self.flows.report, language, draft.id[:TAG]).message(
            Show(Text(texts.SET_ASIDE))
        )
        draft.send(outgoing(said.text))

    def _state(self, draft: Draft, now: int) -> tuple[Flow, State]:
        if not draft.state:
            return self.flows.report, self.flows.begin(now)
        state = codec.thaw(draft.state)
        return self.flows.of(state.flow, state.version), state

    def _language(self, draft: Draft, now: int) -> str:
        """The chat's language, even if the rest of its state cannot be read."""
        try:
            return self._state(draft, now)[1].language
        except (codec.Unreadable, LookupError):
            return ""

    def _event(
        self,
        item: Incoming,
        number: int,
        what: What,
        state: State,
        screen: Screen,
        draft: Draft,
        now: int,
    ) -> Event:
        """What a witness did, bound to the question that was on the screen when they did it."""

        def named_event(key: str) -> str:
            return self._event_id(draft.channel, item.chat, key)

        message = named_event(item.key)
        under = message if number and isinstance(item.what, File) else ""
        when: Bound = {
            "id": events.part_of(message, number, what, under=under),
            "at": item.at or now,
            "received": now,
            "prompt": item.prompt or screen.prompt_before(item.message),
        }
        match what:
            case Pressed(token=token):
                return events.of_press(token, draft.id[:TAG], state, when)
            case Edit() as edit:
                return events.of_edit(edit, named_event(item.of), named_event, when)
            case Typed() as typed:
                flow = self.flows.of(state.flow, state.version)
                renderer = Renderer(self.translator, flow, state.language, draft.id[:TAG])
                button = "" if typed.forwarded else named(typed.text, flow, state, renderer)
                return events.of_words(typed, button, under, named_event, when)
            case _:
                return events.of_other(what, named_event, when)


@dataclass(frozen=True, slots=True)
class _Sender:
    """A chat of a channel, and the keyed name under which rows know it."""

    channel: str
    chat: str = field(repr=False)
    name: bytes = field(repr=False)


def _is_written(state: State, now: int) -> bool:
    """Whether what is typed is part of a report, and not perhaps the words that unlock it."""
    locked = state.locked or (state.words and state.last and now - state.last > IDLE)
    return (
        state.settled(CONSENT)
        and not state.hidden
        and not locked
        and state.stage not in ("gone", "filed")
    )


async def _erased(connection: AsyncConnection, now: int) -> None:
    """All that the ledger ever holds of a draft."""
    entry = Entry("a draft was erased", "witness", "a draft")
    await append(connection, INSTALLATION, [entry], hour=now // 3600, recipient=None)


def _raw(item: Incoming | Unread) -> bytes:
    """What is set aside of an event that could not be stepped."""
    if isinstance(item, Unread):
        return item.raw
    parts = [{"what": type(part).__name__, **asdict(part)} for part in item.parts]
    return json.dumps(
        {"at": item.at, "what": parts[0]["what"], "parts": parts}, default=str
    ).encode()
