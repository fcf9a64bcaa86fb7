"""Load, step, perform, save: what a witness did becomes an event, the event becomes rows, in one
transaction.
"""

from dataclasses import dataclass, field, replace

import structlog

from bot.channels.incoming import Commanded, Edit, Incoming, Pressed, Typed, Unread, What
from bot.language.translate import Translator
from bot.process.renewing import Renewing
from bot.witness import events, receipt_buttons
from bot.witness.after_sending import TAG, Afterwards
from bot.witness.delivery_gate import Gate
from bot.witness.events import Bound
from bot.witness.lost_in_restore import tell
from bot.witness.outgoing import outgoing
from bot.witness.perform import perform
from bot.witness.render import Renderer
from bot.witness.return_words import Returning
from bot.witness.saved_state import freeze, thaw
from bot.witness.screen import Screen, screen_of
from bot.witness.sender import Sender
from bot.witness.typed_labels import named
from conversations import codec, follow, texts
from conversations.effects import Show
from conversations.engine import step
from conversations.events import Began, Event
from conversations.flow import Flow
from conversations.flows import Flows
from conversations.model import File, Text
from conversations.state import VERSIONS, State
from conversations.way import forget as forget_way
from storage.connection import Connection
from storage.drafts import Draft
from storage.group import Group
from storage.keys import Box
from storage.ledger import INSTALLATION, Entry, append
from storage.writer import Writer

log = structlog.get_logger()
STATES_REMEMBERED = 500


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
    states: dict[bytes, State] = field(default_factory=dict, repr=False)
    """The last ones, by what was saved of them: reading one takes as long as a step."""

    @property
    def afterwards(self) -> Afterwards:
        return Afterwards(self.master, self.translator, self.flows)

    def step_one(self, group: Group, sender: Sender, item: Incoming) -> None:
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
            draft = self.draft_of(group, sender, language)
        screen = screen_of(draft).of(item.account).received(item.message)
        draft.set_screen(screen.body())
        if item.message and not pressed:  # a button is pressed on a message of ours
            draft.remember_message({"ids": [item.message], "account": item.account})
        self._step_parts(group, draft, sender, item, screen)

    def _step_parts(
        self, group: Group, draft: Draft, sender: Sender, item: Incoming, screen: Screen
    ) -> None:
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
            flow, state = self.state_of(draft, group.now)
            event = self._event(sender, item, number, what, state, screen, draft.id, group.now)
            if follow.enters(state, event):
                state = follow.enter(state, group.now)
                flow = self.flows.of(state.flow, state.version)
                code = what.code if isinstance(what, Commanded) and what.control == "add" else ""
                event = Began(id=event.id, at=event.at, received=event.received, code=code)
            self._step(group, draft, flow, state, event)

    def draft_of(self, group: Group, sender: Sender, language: str = "") -> Draft:
        found = group.draft(chat=sender.name)
        if found is None:
            found = group.begin(sender.channel, sender.name, sender.sealed)
            found.save(freeze(self.flows.begin(group.now, language)))
            spoken = [language] if language else self.flows.languages
            tell(group, found, sender.lost, self.translator, spoken)
        return found

    def once_more(self, group: Group, draft: Draft, item: Incoming) -> None:
        """Step what was set aside before, bound to the question that was on the screen when it
        came.
        """
        sender = Sender.of(self.master, draft.channel, self.address(draft))
        self._step_parts(group, draft, sender, item, screen_of(draft))

    def happen(self, group: Group, draft: Draft, event: Event) -> State:
        """Step one conversation with an event that no witness made: sealed, lost, waited, filed."""
        flow, state = self.state_of(draft, group.now)
        return self._step(group, draft, flow, state, event)

    def greet(self, group: Group, channel: str, chat: str, event: Began) -> None:
        """Begin a conversation in a chat that has none, though nobody has written."""
        self.happen(group, self.draft_of(group, Sender.of(self.master, channel, chat)), event)

    def address(self, draft: Draft) -> str:
        """The channel's own name of the chat, for the identity part of a report whose witness chose
        this chat.
        """
        if draft.hidden:
            return ""
        return self.master.open(draft.address, "conversations.address").decode()

    def expire(self, group: Group, draft: Draft) -> None:
        """Erase a report that is still open and was left for too long."""
        _, state = self.state_of(draft, group.now)
        if state.stage == "open":
            self.close(draft)
            group.in_transaction(lambda connection: _erased(connection, group.now))

    def _step(self, group: Group, draft: Draft, flow: Flow, state: State, event: Event) -> State:
        after, effects = step(flow, state, event)
        self.states.pop(draft.state, None)
        draft.save(freeze(after))
        if after.stage in ("filed", "gone") or after.hidden:
            self.renewing.left()
            forget_way()
        else:
            self._remember(draft.state, after)
        if after.stage == "filed":
            draft.close(filed=True)
            if not draft.hidden:
                self.afterwards.note(group, draft, after.language)
        if draft.chat is not None:
            (
                self.returning.agreed
                if events.is_written(after, group.now)
                else self.returning.closed
            )(draft.chat)
        if after.stage == "gone" and state.something_kept():
            group.in_transaction(lambda connection: _erased(connection, group.now))
        renderer = Renderer(self.translator, flow, after.language, draft.id[:TAG])
        perform(group, draft, event, effects, renderer, versions=VERSIONS in after.flags)
        return after

    def set_aside(self, group: Group, draft: Draft, item: Unread) -> None:
        """Keep what could not be understood under the report's key, and say so; the conversation
        goes on.
        """
        draft.set_aside(
            {"raw": item.raw.decode("utf-8", "replace"), "why": item.why, "at": group.now}, item.why
        )
        language = self.language_of(draft, group.now)
        said = Renderer(self.translator, self.flows.report, language, draft.id[:TAG]).message(
            Show(Text(texts.SET_ASIDE))
        )
        draft.send(outgoing(said.text))

    def state_of(self, draft: Draft, now: int) -> tuple[Flow, State]:
        if not draft.state:
            return self.flows.report, self.flows.begin(now)
        state = self.states.get(draft.state) or thaw(draft.state)
        return self.flows.of(state.flow, state.version), state

    def close(self, draft: Draft) -> None:
        """Erase a report: nothing of it is remembered either."""
        self.states.pop(draft.state, None)
        draft.close()

    def _remember(self, saved: bytes, state: State) -> None:
        self.states[saved] = state
        if len(self.states) > STATES_REMEMBERED:
            del self.states[next(iter(self.states))]

    def language_of(self, draft: Draft, now: int) -> str:
        """The chat's language, even if the rest of its state cannot be read."""
        try:
            return self.state_of(draft, now)[1].language
        except (codec.Unreadable, LookupError):
            return ""

    def _event(
        self,
        sender: Sender,
        item: Incoming,
        number: int,
        what: What,
        state: State,
        screen: Screen,
        draft: str,
        now: int,
    ) -> Event:
        """What a witness did, bound to the question that was on the screen when they did it."""
        named_event = sender.event
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
                return events.of_press(token, draft[:TAG], state, when)
            case Edit() as edit:
                return events.of_edit(edit, named_event(item.of), named_event, when)
            case Typed() as typed:
                flow = self.flows.of(state.flow, state.version)
                renderer = Renderer(self.translator, flow, state.language, draft[:TAG])
                button = "" if typed.forwarded else named(typed.text, flow, state, renderer)
                return events.of_words(typed, button, under, named_event, when)
            case _:
                return events.of_other(what, named_event, when)


async def _erased(connection: Connection, now: int) -> None:
    """All that the ledger ever holds of a draft."""
    entry = Entry("a draft was erased", "witness", "a draft")
    await append(connection, INSTALLATION, [entry], hour=now // 3600, recipient=None)
