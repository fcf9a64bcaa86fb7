"""A message as it waits in the outbox: what is to be shown, as it was meant, or a text that the
conversation itself did not say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.channels.port import Button, Rendered
from bot.language.translate import Translator
from bot.witness.render import render
from conversations.effects import Show
from conversations.show_codec import read_show, write_show
from storage.bodies import Body


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is to be delivered. `replaces`: the name of the one whose place it takes;
    `prompt`: the question it asks; `only`: the message of that question stays, with these buttons.
    """

    message: Rendered = field(repr=False)
    replaces: str = ""
    prompt: int | None = None
    only: bool = False


@dataclass(frozen=True, slots=True)
class Recent:
    """What was just said, as it was meant."""

    show: Show = field(repr=False)
    language: str
    tag: str

    def waiting(self, translator: Translator) -> Waiting:
        show = self.show
        message = render(translator, show, self.language, self.tag)
        return Waiting(message, show.replaces, show.prompt, only=show.buttons_only)


def shown(show: Show, language: str, tag: str) -> Body:
    """What is to be shown, with nothing left to be quoted; `tag`: whose its buttons are."""
    return {"show": write_show(show), "language": language, "tag": tag}


def read_waiting(body: Body, translator: Translator) -> Waiting:
    """The message that waits, as this channel says it; a row of 0.2 is a text in any case."""
    if "show" not in body:
        text = Rendered(body["text"], _buttons(body))
        return Waiting(text, body["slot"], body["prompt"], only=bool(body.get("only")))
    said = Recent(read_show(body["show"]), body["language"], body["tag"]).waiting(translator)
    if "buttons" in body:  # those of a conversation that is over
        return replace(said, message=Rendered(said.message.text, _buttons(body)))
    return said


def _buttons(body: Body) -> tuple[Button, ...]:
    return tuple(Button(label, token, row) for label, token, row in body["buttons"])


def outgoing(text: str, buttons: Sequence[list[object]] = ()) -> Body:
    """A text that no conversation said: it is over, or could not read what came. `buttons`: label,
    token and row of each.
    """
    return {"text": text, "buttons": list(buttons), "slot": "", "prompt": None}
