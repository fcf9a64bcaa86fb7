"""What a phone has room for: the rows of buttons under every question that any story leads to, in every language."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from bot.witness.render import Renderer
from conversations.asking import buttons_of
from conversations.check import every_step
from conversations.effects import Show
from conversations.events import Asked
from conversations.flow import Flow
from conversations.kinds import several
from conversations.model import Option, Text
from conversations.questions import Several
from conversations.state import Mark
from conversations.steps import Ask, Group
from conversations.way import start
from tests import appeals
from tests.play import Direct, Story, stories

MOST_ROWS = 8
"""On a phone 390 points wide; with more, the question is pushed off the top."""
LONGEST_IN_A_ROW = {1: 30, 2: 20, 3: 14}
"""Characters that a button takes without breaking a word, by how many share its row."""
NOW = [path for path in stories() if path.parent.name in ("report", "follow up")]
EVERY = appeals.words()


def shown(name: str) -> Iterator[Show]:
    for path in NOW:
        if path.stem == name:
            player = Direct(EVERY)
            player.play(Story.read(path))
            yield from player.shown


def fits(choices: Sequence[Option]) -> None:
    """No more rows than there is room for, and no word longer than its button, in any language."""
    show = Show(Text("Yes"), tuple(choices), prompt=1)
    for language in appeals.EXAMPLE.languages:
        rows: dict[int, list[str]] = {}
        for button in Renderer(EVERY, appeals.EVERY.report, language, "x").message(show).buttons:
            rows.setdefault(button.row, []).append(button.label)
        assert len(rows) <= MOST_ROWS, (language, list(rows.values()))
        for row in rows.values():
            words = [word for label in row for word in label.split()]
            assert max(map(len, words), default=0) <= LONGEST_IN_A_ROW[len(row)], (language, row)


@pytest.mark.parametrize("name", sorted({path.stem for path in NOW}))
def test_no_screen_has_more_buttons_than_a_phone_has_room_for(name: str) -> None:
    for show in shown(name):
        fits(show.choices)


@pytest.mark.parametrize(
    "flow", [appeals.EVERY.report, appeals.EVERY.of("follow_up", 2)], ids=lambda flow: flow.id
)
def test_no_question_has_more_buttons_than_a_phone_has_room_for(flow: Flow) -> None:
    """With the most controls there are: something was told, so that Finish and the way past the event are there."""
    told = Mark("said", parts=("e1",), prompt=1, at=1)
    state = start(flow, 1).marked(("consent",), Mark("picked", ("go",), prompt=1, at=1))
    state = state.marked(("incident", "i1", "account"), told)
    for step in flow.steps:
        inner = every_step(step.steps) if isinstance(step, Group) else (step,)
        for ask in inner:
            if not isinstance(ask, Ask):
                continue
            path = (step.id, "i1", ask.id) if isinstance(step, Group) else (ask.id,)
            pages = len(ask.question.pages) if isinstance(ask.question, Several) else 1
            for page in range(pages):
                here = replace(state, at=path, page=page)
                fits(buttons_of(flow, here, ask))
                if isinstance(ask.question, Several):  # with an answer that is turned on and off
                    fits(
                        buttons_of(
                            flow,
                            several.open_up(here, Asked(control="done", id="x", at=1, received=1)),
                            ask,
                        )
                    )
