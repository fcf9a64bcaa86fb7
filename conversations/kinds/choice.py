"""PURE: one of several options: its buttons, and the option that typed words mean.

An age that is typed answers a question for the age of 18; which words say one is in
conversations/reading/.
"""

from conversations import controls
from conversations.model import Option, Text
from conversations.questions import Choice
from conversations.reading import ages, typed
from conversations.state import State


def buttons(question: Choice, state: State) -> tuple[Option, ...]:
    """Its options, and what is to be read behind them."""
    own = tuple(
        Option(id_, Text(label), verbatim=id_ in question.verbatim)
        for id_, label in question.offered.items()
    )
    return (*own, controls.button(state, "more")) if question.more else own


def read(question: Choice, words: str) -> str | None:
    """The option that typed words mean: its number, yes or no, or its English label; None if they
    mean none. Labels in the language of the chat are read outside (typed_labels.py).
    """
    ids = tuple(question.offered)
    if words.isdecimal() and question.counts:
        return question.counts[min(int(words[:3]), len(question.counts) - 1)]
    # of two digits, it is an age
    if words.isdecimal() and not (question.adult and len(words) > 1):
        place = int(words[:3])
        if 1 <= place <= len(ids):
            return ids[place - 1]
    word: str = typed.yes_or_no(words)
    word = question.yes if word == "yes" and question.yes else word
    if word in ids:
        return word
    if question.adult and (said := ages.read(words)):
        return ages.of_age(said[0], words) if len(said) == 1 else None
    same = words.casefold()
    return next((i for i, label in question.offered.items() if same == str(label).casefold()), None)
