"""Typed labels: whoever writes what stands on a button has pressed it, in whatever language the
chat is.
"""

from bot.witness.render import Renderer
from conversations import texts
from conversations.asking import buttons_of
from conversations.check import LONGEST_LABEL
from conversations.flow import Flow
from conversations.reading.typed import bare
from conversations.state import State


def named(text: str, flow: Flow, state: State, renderer: Renderer) -> str:
    """The button on the screen whose label these words are, by id; empty if they are none.

    Numbers and names of languages are left to the question, which knows more of them.
    """
    here = flow.ask(state.at, state)
    if (
        here is None
        or not state.asked
        or state.prompts[-1].path != state.at
        or len(text) > LONGEST_LABEL
    ):
        return ""
    options = (o for o in buttons_of(flow, state, here) if not o.verbatim)
    said = ((o.id, renderer.translator.say(o.label, renderer.language)) for o in options)
    simple = (("~yes", renderer.label(texts.YES)), ("~no", renderer.label(texts.NO)))
    return next((id_ for id_, label in (*said, *simple) if bare(label) == bare(text)), "")
