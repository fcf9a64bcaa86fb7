"""What was delivered is settled, and noted with its conversation, so that Hide takes it from the
chat.
"""

import asyncio
from dataclasses import dataclass

from bot.channels.port import Channel
from bot.witness.outgoing import Waiting
from bot.witness.screen import screen_of
from storage.drafts import Draft
from storage.group import Group
from storage.jobs import Job
from storage.keys import Box
from storage.outbox import Outgoing
from storage.writer import Writer


@dataclass(frozen=True, slots=True)
class Settling:
    """By one channel. `patient`: it may share the commit of the next answer (storage/jobs.py)."""

    channel: Channel
    master: Box
    writer: Writer
    patient: bool

    def settle(
        self, chat: str, message: Outgoing, said: Waiting | None, ids: list[int]
    ) -> asyncio.Future[None]:
        """It is on the screen, or will never be; what is there is known, so that Hide takes it."""

        def settled(group: Group) -> None:
            group.delivered(message.id)
            draft = group.draft(id_=message.conversation) if message.conversation else None
            shown = said is not None and draft is not None and not draft.hidden and bool(ids)
            if said is not None and draft is not None and shown:
                before = screen_of(draft).of(self.channel.account)
                draft.set_screen(before.delivered(ids[-1], said.prompt, said.replaces).body())
                if before.lines.get(said.replaces) == ids[-1]:
                    return  # the same message as before
            self._note_sent(group, draft, chat, message, ids)

        ids_ = (message.conversation,) if message.conversation else ()
        return self.writer.queue(Job(settled, ids=ids_, patient=self.patient))

    def _note_sent(
        self, group: Group, draft: Draft | None, chat: str, message: Outgoing, ids: list[int]
    ) -> None:
        """These stand in the chat; where Hide was pressed while they were on their way, they go."""
        if not message.conversation or not any(ids):
            return
        if draft is not None and not draft.hidden:
            draft.remember_message({"ids": ids, "account": self.channel.account})
            return
        address = self.master.seal(chat.encode(), "conversations.address").hex()
        mine = {"channel": self.channel.name, "account": self.channel.account}
        group.remove_messages({"address": address, **mine, "ids": ids})

    async def note(self, chat: str, message: Outgoing, ids: list[int]) -> None:
        """These stand in the chat, though their message is not settled: Hide must find them."""
        of = message.conversation
        if of and ids:

            def noted(group: Group) -> None:
                self._note_sent(group, group.draft(id_=of), chat, message, ids)

            await self.writer.write(Job(noted, ids=(of,)))
