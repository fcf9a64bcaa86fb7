"""How the bot introduces itself: its name, descriptions and commands in each language, set only
where they differ.
"""

from collections.abc import Mapping
from typing import Final

import structlog

from bot.appeal import Appeal
from bot.channels.port import Introduces, Introduction
from bot.language.translate import Translator
from conversations.model import N_, Control, Message, Text

log = structlog.get_logger()

SHORT: Final = N_("For people in the UK who know first-hand of {crimes}.")
DESCRIPTION: Final = N_(
    "{unit} asks people who are in the UK for what they saw, lived through or were sent about "
    "{crimes}.\n\nA program asks a few short questions. Nothing is sent until you press "
    "Send. This bot never asks for money, codes or passwords.\n\nIn danger call {emergency}."
)
COMMANDS: Final[dict[Control | str, Message]] = {
    "start": N_("Begin, or go on"),
    "hide": N_("Hide this chat at once"),
    "finish": N_("See everything, go on to sending"),
    "pause": N_("Come back later"),
    "delete": N_("Erase what is not sent"),
    "add": N_("Add to a report that is sent"),
    "status": N_("How a report stands"),
    "language": N_("Another language"),
    "privacy": N_("Who sees what you write"),
    "help": N_("Help"),
}
"""In the order of the menu: Hide is near the thumb."""


def introductions(appeal: Appeal, translator: Translator) -> dict[str, Introduction]:
    """By language; "" is what everybody else sees: the appeal's first language."""
    found = {language: _one(appeal, translator, language) for language in appeal.languages}
    return {"": found[appeal.languages[0]], **found}


def _one(appeal: Appeal, translator: Translator, language: str) -> Introduction:
    return Introduction(
        name=str(appeal.phrases[language]["bot_name"]),
        short=translator.say(Text(SHORT), language),
        description=translator.say(Text(DESCRIPTION), language),
        commands=tuple(
            (name, translator.say(Text(text), language)) for name, text in COMMANDS.items()
        ),
    )


async def introduce(channel: Introduces, known: Mapping[str, Introduction]) -> None:
    """Tell the channel, a language at a time; what it refuses is a warning and changes nothing
    else.
    """
    for language, introduction in known.items():
        for what in await channel.introduce(language, introduction):
            log.warning("the channel refused part of the introduction", kind=what)
