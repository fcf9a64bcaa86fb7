"""What witnesses would be told: the flows, the languages, the appeal."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot import appeal
from bot.clock import clock
from bot.language.languages import english_name, missing, reviewed
from bot.operator.doctor.finding import Finding
from bot.settings import Settings
from conversations.check import faults
from conversations.flows import FLOWS


def examine(settings: Settings) -> Iterator[Finding]:
    for flow in FLOWS:
        for fault in faults(flow):
            remedy = "Report this: it is a fault in the release."
            yield Finding(f"The flow {flow.id!r} could strand a witness: {fault}", remedy)
    known = appeal.load(settings.appeal)
    for language in known.unfinished:
        remedy = f"Complete locales/{language}, or take {language} out of the appeal's languages."
        yield Finding(
            f"{language} is not offered: {missing(language)} of its texts are missing.", remedy
        )
    if settings.mode == "live":
        yield from _for_live(known, settings)


def _for_live(known: appeal.Appeal, settings: Settings) -> Iterator[Finding]:
    if known.example:
        yield Finding(
            "The appeal is the shipped example.", "Write your own and set FIRSTHAND_APPEAL."
        )
    today = datetime.fromtimestamp(clock(), UTC).date()
    for sentence in (*appeal.unpublishable(settings.appeal, today), *known.undecided):
        yield Finding(
            f"FIRSTHAND_APPEAL: {sentence}.", "A live installation does not start before."
        )
    for language in known.languages:
        if not reviewed(language):
            remedy = (
                "Have it read by somebody who speaks it, and name them in the head of "
                f"locales/{language}."
            )
            yield Finding(f"No person has reviewed the texts in {english_name(language)}.", remedy)
    for phrase in known.unchecked:
        remedy = (
            "Check its facts (numbers, addresses), correct them, and take it out of unchecked in "
            "the appeal."
        )
        yield Finding(
            f"Nobody has checked the facts in the appeal's {phrase}; witnesses do not see it.",
            remedy,
        )
