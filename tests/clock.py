"""How long a report takes: messages, taps and minutes of a story, from its transcript. `python -m tests.clock` prints it.

180 words a minute read, every message in full; 25 typed on a phone; 110 spoken; 2 seconds a tap; an account of 120
words, whatever the transcript's own says.
"""

from dataclasses import dataclass
from pathlib import Path

from bot import appeal
from bot.language.translate import Translator
from tests.appeals import translator
from tests.play import FOLDER, Direct, Story

READ, TYPED, SPOKEN, TAP_SECONDS, ACCOUNT = 180, 25, 110, 2, 120
LANGUAGES = {"uk": "Ukrainian", "ru": "Russian", "en": "English"}
PATHS = {
    "shortest": "the shortest way ({})",
    "one event, no contact": "one event and no contact ({})",
    "fullest, no files": "everything is answered but no files are there ({})",
}


@dataclass(frozen=True)
class Clock:
    """`messages`: the bot's, as they stand in the chat at the end: one that is changed in place counts once.

    `before`: taps before the account; minutes with the account typed, and spoken.
    """

    messages: int
    taps: int
    before: int
    read: int
    typed: float
    spoken: float


def measure(path: Path, words: Translator) -> Clock:
    story = Story.read(path)
    player = Direct(words)
    played = player.play(story).splitlines()
    said = [
        line[2:]
        for line in (*player.on_the_way, *played)
        if line.startswith(("< ", "~ ", "  ")) and not _buttons(line)
    ]
    read = sum(len(line.split()) for line in said)
    taps = [i for i, line in enumerate(story.lines) if line.startswith("[")]
    written = [i for i, line in enumerate(story.lines) if line[0] not in "[{/"]
    typed_words = sum(len(story.lines[i].split()) for i in written[1:])
    common = read / READ + len(taps) * TAP_SECONDS / 60 + typed_words / TYPED
    return Clock(
        messages=sum(not show.replaces for show in player.shown)
        + len({s.replaces for s in player.shown} - {""}),
        taps=len(taps),
        before=sum(i < written[0] for i in taps),
        read=read,
        typed=common + ACCOUNT / TYPED,
        spoken=common + ACCOUNT / SPOKEN,
    )


def _buttons(line: str) -> bool:
    return line.startswith("  [") and line.rstrip().endswith("]")


def table() -> str:
    """The table of docs/clock.md."""
    known = appeal.load(appeal.EXAMPLE)
    words = translator(known, known.languages[0])
    rows = ["| path | language | messages of the bot | words read | taps | before the account | minutes, typed | spoken |",
            "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, story in PATHS.items():
        for language, called in LANGUAGES.items():
            c = measure(FOLDER / "report" / f"{story.format(language)}.txt", words)
            rows.append(
                f"| {name} | {called} | {c.messages} | {c.read} | {c.taps} | {c.before} | {c.typed:.1f} | {c.spoken:.1f} |"
            )
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
