"""Reports told in a few lines, for a test of one answer: `told` is past consent, `act` goes on."""

from dataclasses import replace

from bot.language.translate import Translator
from tests.play import Direct

CONSENTED = (
    "/start", "[English]", "[Yes]", "[Yes]", "[It happened to me]", "[Yes, go on]", "[No, I do not]",
)  # fmt: skip


BEGUN = ("/start", "[English]", "[Yes]")


def told(words: Translator, *lines: str) -> Direct:
    player = Direct(words)
    for line in (*CONSENTED, *lines):
        for event in player.events(line):
            player.happen(event)
    return player


def act(player: Direct, *lines: str) -> None:
    for line in lines:
        for event in player.events(line):
            player.happen(event)


def asked_of(player: Direct) -> set[tuple[str, ...]]:
    """What is asked until the review, where everything is skipped."""
    for _ in range(40):
        if player.state.at == ("review",):
            break
        act(player, "[Skip]")
    return {prompt.path for prompt in player.state.prompts}


def labels(player: Direct) -> list[str]:
    return [
        b.label
        for b in player.renderer().message(replace(player.shown[-1], lead=(), below=())).buttons
    ]
