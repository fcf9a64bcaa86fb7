"""How the police may reach a witness, and how to talk with them: one tap each, behind a button."""

from dataclasses import replace

from conversations.conditions import any_of, any_where, both
from conversations.flows.options import REGIONS, REGIONS_3, YES_NO
from conversations.languages import LANGUAGES
from conversations.model import N_, Message
from conversations.questions import Choice, Words
from conversations.steps import Ask, Conditions

DETAILS = (
    Ask(
        "speak",
        Choice(
            N_("In which language should they talk with you?"),
            {**LANGUAGES, "other": N_("Another language")},
            verbatim=tuple(LANGUAGES),
        ),
        heading=N_("Language"),
    ),
    Ask(
        "hours",
        Choice(
            N_("At what time of day is it safe to reach you?"),
            {
                "morning": N_("Morning"),
                "day": N_("Afternoon"),
                "evening": N_("Evening"),
                "any": N_("Any time"),
            },
        ),
        heading=N_("Time"),
    ),
    Ask(
        "officer",
        Choice(
            N_("Would you rather talk with a woman or a man?"),
            {"woman": N_("A woman"), "man": N_("A man"), "either": N_("No matter")},
        ),
        heading=N_("Officer"),
        unless=(any_where("specialist", "woman", "man", "either"),),
    ),
    Ask(
        "interpreter", Choice(N_("Do you need an interpreter?"), YES_NO), heading=N_("Interpreter")
    ),
    Ask(
        "region",
        Choice(N_("In which part of the UK are you?"), REGIONS_3),
        heading=N_("Part of the UK"),
        unless=(any_of("uk", "no"),),
    ),
    Ask(
        "name",
        Words(N_("How may they address you? A first name is enough, and you can skip it.")),
        heading=N_("Name"),
    ),
)
"""As version 3 asks them; version 2 asks all of everybody, and lists the regions otherwise."""


def details(since: int, until: int, only: Conditions) -> tuple[Ask, ...]:
    """How to talk with the witness, where these conditions hold."""
    asks = DETAILS if since else tuple(_of_2(ask) for ask in DETAILS)
    return tuple(
        replace(ask, part=5, private=True, since=since, until=until, only=(both(*only),))
        for ask in asks
    )


def _of_2(ask: Ask) -> Ask:
    question = ask.question
    if ask.id == "region" and isinstance(question, Choice):
        question = replace(question, options=REGIONS)
    return replace(ask, question=question, unless=())


def reached(name: str, heading: Message, text: Message) -> tuple[Ask, Ask]:
    """The number or address itself; version 3 first asks how to talk with them, if the button is
    pressed.
    """
    ask = Ask(
        name, Words(text), heading=heading, part=5, private=True, only=(any_of("contact", name),)
    )
    more = Words(text, opens={"contact_more": N_("Language, time, with whom")})
    return replace(ask, until=2), replace(ask, question=more, since=3)
