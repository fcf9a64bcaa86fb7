"""The main tests: conversations as they go, in prose and in the witness's own language."""

from pathlib import Path

import pytest

from bot.language.translate import Translator
from tests.play import OUTCOMES, Direct, Story, stories


@pytest.mark.parametrize("path", stories(), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_conversation_goes_as_written(
    path: Path, words: Translator, request: pytest.FixtureRequest
) -> None:
    story = Story.read(path)
    player = Direct(words)
    played = player.play(story)
    if request.config.getoption("--update"):
        path.write_text(played, "utf-8")
    assert played == story.whole
    assert story.head["outcome"] in OUTCOMES
    assert player.outcome() == story.head["outcome"]
    assert player.filed == player.submitted <= 1


def test_every_transcript_says_whose_story_it_is() -> None:
    for path in stories():
        prose = Story.read(path).prose
        assert prose, path
        assert all(line.endswith(".") for line in prose), path
