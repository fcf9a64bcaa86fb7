"""The example appeal with every language there is a file for, the one that is only a proof too."""

import re
import tempfile
from pathlib import Path
from typing import Final

from bot import appeal
from bot.appeal import Appeal
from bot.channels.sentences import TELEGRAM
from bot.language.languages import own_name
from bot.language.translate import Translator
from conversations.flows import Flows

OFFERED: Final = 'languages = ["uk", "ru", "en"]'


def with_arabic(folder: Path) -> Path:
    """The file of an appeal that offers Arabic as well."""
    text = appeal.EXAMPLE.read_text("utf-8")
    assert OFFERED in text
    path = folder / "appeal.toml"
    path.write_text(text.replace(OFFERED, 'languages = ["uk", "ru", "en", "ar"]'), "utf-8")
    return path


def own(**values: str) -> str:
    """The text of an appeal that is a unit's own and may go live once it is decided; `values` by
    their names in the file.
    """
    text = appeal.EXAMPLE.read_text("utf-8").replace("example = true", "example = false")
    for example, mine in (
        ("ukraine-example", "ukraine-own"),
        ("Example Police", "Kestrel Police"),
        ("Прикладу", "Кестрела"),
        ("Примера", "Кестрела"),
        ("المثال", "كيستريل"),
    ):
        text = text.replace(example, mine)
    for name, value in values.items():
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text, count=1)
    return text


with tempfile.TemporaryDirectory() as _folder:
    EXAMPLE: Final = appeal.load(with_arabic(Path(_folder)))
EVERY: Final = Flows({language: own_name(language) for language in EXAMPLE.languages})
"""Flows that offer all four."""


def words(known: Appeal = EXAMPLE) -> Translator:
    """Says texts in the languages of an appeal, and in the first one where none is known."""
    return translator(known, known.languages[0])


def translator(known: Appeal, default: str, *, keeps: bool = False) -> Translator:
    """As an installation on Telegram says them."""
    return Translator(
        "witness", known.phrases, default, keeps=keeps, largest=20_000_000, channel=TELEGRAM
    )
