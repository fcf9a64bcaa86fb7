"""PURE: the languages that are read, whatever the language of the chat. One more is one file and a
line here.
"""

from typing import Final

from conversations.reading.english import ENGLISH
from conversations.reading.language import Language
from conversations.reading.russian import RUSSIAN
from conversations.reading.ukrainian import UKRAINIAN

LANGUAGES: Final[tuple[Language, ...]] = (UKRAINIAN, RUSSIAN, ENGLISH)
