"""PURE: a message to officers: its words and its buttons."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A text and its buttons, each a label and its data."""

    text: str = field(repr=False)
    buttons: tuple[tuple[str, str], ...] = ()
