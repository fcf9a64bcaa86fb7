"""A message as it waits in the outbox: the one shape that delivery reads."""

from collections.abc import Sequence

from storage.bodies import Body


def outgoing(
    text: str,
    buttons: Sequence[list[object]] = (),
    *,
    slot: str = "",
    prompt: int | None = None,
    only: bool = False,
) -> Body:
    """`buttons`: label, token and row of each. `slot`: what this takes the place of; `prompt`: the
    question it asks.

    `only`: the message of that question stays as it is, with these buttons.
    """
    body: Body = {"text": text, "buttons": list(buttons), "slot": slot, "prompt": prompt}
    return {**body, "only": True} if only else body
