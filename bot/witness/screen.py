"""Which question stands where in the chat, so that an answer finds the question it was
given under.
"""

from dataclasses import dataclass, field, replace

from conversations.state import PROMPTS_REMEMBERED
from storage.bodies import Body, load
from storage.drafts import Draft

LINES_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Screen:
    """`prompts`: (question's number, message id), oldest first; `lines`: status messages by
    name.
    """

    prompts: tuple[tuple[int, int], ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    newest: int = 0
    first: int = 0
    """The first message of this conversation, so that all of it can be cleared after the report is
    sent.
    """
    account: str = ""
    """Whose message ids these are. Another bot counts its own: its screen is another."""

    def prompt_before(self, message: int) -> int | None:
        """The newest question whose message stood above this one; of a channel without ids (0), the
        newest.
        """
        found = [number for number, id_ in self.prompts if id_ < message or not message]
        return found[-1] if found else None

    def message_of(self, prompt: int | None) -> int:
        """The message that asks a question; 0 where none is known."""
        return next((id_ for number, id_ in reversed(self.prompts) if number == prompt), 0)

    def of(self, account: str) -> "Screen":
        """This screen, or an empty one where another bot is spoken with by now."""
        if not account or self.account == account:
            return self
        return Screen(account=account) if self.account else replace(self, account=account)

    def received(self, message: int) -> "Screen":
        return replace(self, newest=max(self.newest, message), first=self.first or message)

    def delivered(self, message: int, prompt: int | None, replaces: str) -> "Screen":
        prompts = self.prompts
        if prompt:
            prompts = (*(p for p in prompts if p[1] != message), (prompt, message))[
                -PROMPTS_REMEMBERED:
            ]
            prompts = tuple(sorted(prompts, key=lambda p: p[1]))
        lines = {**self.lines, replaces: message} if replaces else self.lines
        lines = dict(list(lines.items())[-LINES_REMEMBERED:])
        return Screen(
            prompts, lines, max(self.newest, message), self.first or message, self.account
        )

    def body(self) -> Body:
        return {
            "prompts": self.prompts,
            "slots": self.lines,
            "newest": self.newest,
            "first": self.first,
            "account": self.account,
        }


def screen_of(draft: Draft) -> Screen:
    return read(draft.screen)


def read(raw: bytes | None) -> Screen:
    if raw is None:
        return Screen()
    body = load(raw)
    prompts = tuple((number, message) for number, message in body["prompts"])
    return Screen(
        prompts, body["slots"], body["newest"], body.get("first", 0), body.get("account", "")
    )
