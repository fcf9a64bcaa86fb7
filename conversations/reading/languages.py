"""PURE: the languages that are read, whatever the language of the chat. One more is one file, a
line here, and what numbers have around them in tokens.py: hours, and endings such as 5th.
"""

from typing import Final

from conversations.reading.english import ENGLISH
from conversations.reading.language import Language
from conversations.reading.russian import RUSSIAN
from conversations.reading.ukrainian import UKRAINIAN

LANGUAGES: Final[tuple[Language, ...]] = (UKRAINIAN, RUSSIAN, ENGLISH)
