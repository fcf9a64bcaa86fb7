"""What a chat in which nothing is written can still ask of a report that is sent: by its buttons,
or its words.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.channels.incoming import Incoming, Pressed, Unread
from bot.language.translate import Translator
from bot.witness import receipt_buttons
from bot.witness.outgoing import outgoing
from bot.witness.render import Renderer
from conversations.flows import Flows
from conversations.model import Message, Text
from storage.drafts import Draft
from storage.group import Group
from storage.keys import Box

TAG: Final = 6
"""Characters of the conversation's id that its buttons carry, so that another report's buttons are
known as such.
"""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Answers without a conversation; what goes out has a key of its own, gone when it is
    delivered.
    """

    master: Box
    translator: Translator
    flows: Flows

    def names(self, channel: str, items: Iterable[Incoming | Unread]) -> list[bytes]:
        """What must be looked up to know whether these presses are on buttons of reports that are
        sent.
        """
        return [name for item in items for name in self._names(channel, _tag(item)).values()]

    def note(self, group: Group, draft: Draft, language: str) -> None:
        """Remember for some days that the buttons of this conversation are those of a report that
        is sent.
        """
        group.mark_seen(self.master.name("sent", draft.channel, draft.id[:TAG], language))

    def pressed(self, group: Group, channel: str, item: Incoming, draft: Draft | None) -> bool:
        """Whether the press was on a button of a report that is sent; then it is answered."""
        token = item.what.token if isinstance(item.what, Pressed) else ""
        if ids := receipt_buttons.messages_to_clear(token, item.message):
            group.remove_messages({**self._chat_at(channel, item.chat), "ids": ids})
        elif token == receipt_buttons.LEAVE:
            group.remove_messages({**self._chat_at(channel, item.chat), "ids": [item.message]})
        elif (asked := receipt_buttons.asked_for(token)) is None:
            return self._old_button(group, channel, item, draft)
        elif asked.sure:
            group.do_alone(
                "prove",
                {**self._chat_at(channel, item.chat), **asdict(asked), "message": item.message},
            )
        else:
            self._say(group, channel, item.chat, receipt_buttons.warning(self.translator, asked))
        return True

    def tell_number(
        self, group: Group, channel: str, item: Incoming, reference: str, language: str
    ) -> None:
        """The answer to the return words of a report that is sent."""
        renderer = Renderer(self.translator, self.flows.report, language, "")
        self._say(
            group, channel, item.chat, receipt_buttons.number(renderer, reference, item.message)
        )

    def not_now(
        self, group: Group, channel: str, item: Incoming, why: Message, language: str
    ) -> None:
        """The answer to return words that open nothing here, or cannot be looked for at this
        moment.
        """
        spoken = [language] if language else self.flows.languages
        text = "\n\n".join(self.translator.say(Text(why), each) for each in spoken)
        self._say(group, channel, item.chat, outgoing(text))

    def _old_button(self, group: Group, channel: str, item: Incoming, draft: Draft | None) -> bool:
        tag = _tag(item)
        if draft is not None and draft.id.startswith(tag):
            return False
        for language, name in self._names(channel, tag).items():
            if group.was_seen(name):
                self._say(
                    group,
                    channel,
                    item.chat,
                    receipt_buttons.answer_old_button(self.translator, language),
                )
                return True
        return False

    def _names(self, channel: str, tag: str) -> dict[str, bytes]:
        """By language, since nothing else tells it any more; no chat can be told from such
        a name.
        """
        languages = sorted(self.flows.languages) if tag else []
        return {
            language: self.master.name("sent", channel, tag, language) for language in languages
        }

    def _chat_at(self, channel: str, chat: str) -> dict[str, str]:
        return {
            "address": self.master.seal(chat.encode(), "conversations.address").hex(),
            "channel": channel,
        }

    def _say(self, group: Group, channel: str, chat: str, message: dict[str, Any]) -> None:
        group.say_last(channel, {**message, "address": self._chat_at(channel, chat)["address"]})


def _tag(item: Incoming | Unread) -> str:
    """The report that a pressed button belongs to; empty where it is none of a report's."""
    token = item.what.token if isinstance(item, Incoming) and isinstance(item.what, Pressed) else ""
    tag, dot, _ = token.partition(".")
    return tag if dot and len(tag) == TAG and not tag.startswith("~") else ""
