"""The state of a conversation as its row holds it, before it is sealed."""

from conversations import codec
from conversations.state import State
from storage.bodies import dump, load


def freeze(state: State) -> bytes:
    return dump(codec.freeze(state))


def thaw(saved: bytes) -> State:
    """Raises Unreadable for anything that is no state of a version this release knows."""
    try:
        body = load(saved)
    except ValueError:
        raise codec.Unreadable from None
    return codec.thaw(body)
