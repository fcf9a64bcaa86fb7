"""Message ids to texts in a language; the only module that translates. Catalogues are read from the
.po files.
"""

import gettext
import io
from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.language import dates
from bot.language.languages import LOCALES, SOURCE, isolated
from conversations import texts
from conversations.model import N_, Date, Message, Quote, Size, Text

MEGABYTE, KILOBYTE = N_("{number} MB"), N_("{number} kB")

Domain = Literal["witness", "officers"]
Quoting = Callable[[Quote], str]


@cache
def catalogue(language: str, domain: Domain) -> gettext.NullTranslations:
    """A language's catalogue; English is what stands in the code."""
    path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
    if language == SOURCE and not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Translator:
    """Says texts of one domain; `phrases` are the appeal's, by language, and stand in any text by
    their name.

    `keeps`: the appeal keeps earlier versions of what is changed, so that no text may promise that
    they go. Of the channel `largest` is the size of the largest file that it takes, in bytes, and
    `channel` what it has witnesses told of itself.
    """

    def __init__(
        self,
        domain: Domain,
        phrases: Mapping[str, Mapping[str, str | int]],
        default: str,
        *,
        keeps: bool = False,
        largest: int,
        channel: Mapping[str, Message],
    ) -> None:
        self._domain = domain
        self._phrases = phrases
        self._default = default
        self._largest = largest
        self._channel = channel
        self._changed = texts.CHANGED_KEPT if keeps else texts.CHANGED_DESTROYED

    def say(self, text: Text, language: str, quoting: Quoting | None = None) -> str:
        """A text with everything in it. `quoting` gives what the witness said; a text that quotes
        needs it.
        """
        language = language if language in self._phrases else self._default
        words = self._find(text.id, language, text)
        if "{" not in words:
            return words
        params = {**self._phrases[language]}
        if "{changed_words}" in words:
            params["changed_words"] = self._find(self._changed, language, Text(self._changed))
        for name, message in self._channel.items():
            if f"{{{name}}}" in words:
                params[name] = self._find(message, language, Text(message))
        if "{file_limit}" in words:
            params["file_limit"] = self.size(self._largest, language)
        for name, value in text.params.items():
            match value:
                case Text():
                    params[name] = self.say(value, language, quoting)
                case Quote():
                    params[name] = isolated(quoting(value), language) if quoting else ""
                case Size():
                    params[name] = self.size(value.bytes, language)
                case Date():
                    params[name] = self.date(value, language)
                case str():
                    params[name] = isolated(value, language)
                case _:
                    params[name] = value
        return words.format_map(params)

    def date(self, date: Date, language: str) -> str:
        """A date as people say it, with the part of the day that was named."""
        return dates.say(date, lambda text: self.say(text, language), language)

    def _find(self, message: Message, language: str, text: Text) -> str:
        known = catalogue(language, self._domain)
        if isinstance(message, str):
            return known.gettext(message) if message else ""
        count = text.params.get("count", 1)
        return known.ngettext(*message, count if isinstance(count, int) else 1)

    def size(self, count: int, language: str) -> str:
        """A number of bytes as people say it: megabytes with one digit after the point, below that
        kilobytes.
        """
        if count >= 100_000:  # noqa: PLR2004 - from here on kilobytes are harder to read
            number, unit = format_decimal(round(count / 1e6, 1), locale=language), MEGABYTE
        else:
            number, unit = format_decimal(-(-count // 1000), locale=language), KILOBYTE
        return catalogue(language, self._domain).gettext(unit).format(number=number)
