"""What the bot says of itself in each language, and that it is set only where it differs."""

from pathlib import Path

import pytest

from bot import appeal
from bot.language.translate import Translator
from bot.settings import SANDBOX_TOKENS
from bot.witness.bot_profile import COMMANDS, introductions
from tests.installation import Installation, running

KNOWN = appeal.load(appeal.EXAMPLE)


@pytest.mark.parametrize("language", ["", *KNOWN.languages])
def test_every_part_fits_what_telegram_takes(language: str, words: Translator) -> None:
    said = introductions(KNOWN, words)[language]
    assert (len(said.name) <= 64, len(said.short) <= 120, len(said.description) <= 512) == (
        True,
        True,
        True,
    )
    assert max(len(text) for _, text in said.commands) <= 256


async def calls(it: Installation, since: int = 0) -> list[str]:
    return [
        c["method"] for c in (await it.http.get("/calls", params={"since": since})).json()["calls"]
    ]


async def called(it: Installation, prefix: str, times: int, since: int = 0) -> None:
    """Wait until the methods that begin so were, so often."""

    async def so() -> bool:
        return len([m for m in await calls(it, since) if m.startswith(prefix)]) == times

    await it.until(so)


@pytest.mark.long
async def test_it_is_set_once_in_each_language_and_not_again_at_the_next_start(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, "sandbox", "witness") as it:
        languages = len(KNOWN.languages) + 1
        await called(
            it, "setmycommands", languages
        )  # the last of each; a name may be that of all others
        asked = f"/bot{SANDBOX_TOKENS['witness']}/getMyCommands"
        shown = (await it.http.post(asked, json={"language_code": "uk"})).json()["result"]
        assert [c["command"] for c in shown] == list(COMMANDS)
        before = (await it.http.get("/calls")).json()["next"]
        it.kill("witness")
        it.restart("witness")
        await called(it, "getmy", 4 * languages, before)
        assert not [m for m in await calls(it, before) if m.startswith("setmy")]
