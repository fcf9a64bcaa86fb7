"""PURE: names folded so that Ukrainian, Russian and Latin spellings of one place, in any case, come
near each other.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Final

_CYRILLIC: Final = str.maketrans(
    {
        "ы": "и",
        "і": "и",
        "ї": "и",
        "й": "и",
        "є": "е",
        "э": "е",
        "ё": "е",
        "ґ": "г",
        "ь": "",
        "ъ": "",
        "'": "",
        "’": "",
        "ʼ": "",
        "`": "",
        "-": " ",
        "щ": "ш",
    }
)
_LATIN: Final = (
    ("shch", "ш"),
    ("zgh", "зг"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("tch", "ч"),
    ("sch", "ш"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ya", "я"),
    ("ia", "я"),
    ("ja", "я"),
    ("ye", "е"),
    ("ie", "е"),
    ("je", "е"),
    ("yi", "и"),
    ("yu", "ю"),
    ("iu", "ю"),
    ("ju", "ю"),
    ("ou", "у"),
    ("oo", "у"),
    ("ck", "к"),
    ("ph", "ф"),
    *zip("abvwhgdezyijklmnopqrstufcx", "абввггдезиииклмнопкрстуфкк", strict=True),
)
_PAIRS: Final = re.compile(r"(.)\1")
_ENDINGS: Final = (
    "ському",
    "ского",
    "ами",
    "ями",
    "ого",
    "ому",
    "ою",
    "ею",
    "ем",
    "ом",
    "ам",
    "ям",
    "ах",
    "ях",
    "их",
    "им",
    "ов",
    "ев",
    "ив",
    "ои",
    "ую",
    "ая",
    "ое",
    "а",
    "е",
    "и",
    "о",
    "у",
    "ю",
    "я",
)
"""Of nouns and adjectives in both languages, folded; longest first."""
_SOFTENED: Final = {"ц": "к", "з": "г", "с": "х"}
"""Before the ending of a locative: Волноваха, у Волновасі."""
_CLOSED: Final = re.compile(r"[ії][бвгґджзклмнпрстфхцчшщ]{1,2}ь?$")
_LAST_VOWEL: Final = re.compile(r"и(?=[бвгджзклмнпрстфхцчш]{1,2}$)")
_FLEETING: Final = re.compile(r"(?<=[бвгджзклмнпрстфхцчш])[ео](?=[кцн]$)")
"""The vowel that goes when a name is declined: Кам'янець, у Кам'янці; Городок, у Городку."""
_RUSSIAN: Final = (
    ("ивк", "овк", "евк"),
    ("ивск", "овск", "евск"),
    ("олександр", "александр"),
    ("олекси", "алексе"),
    ("микол", "никол"),
    ("костянтин", "константин"),
    ("олен", "елен"),
    ("роз", "раз"),
    ("катерин", "екатерин"),
    ("андри", "андре"),
    ("серги", "серге"),
    ("бил", "бел"),
    ("писк", "песк"),
    ("лис", "лес"),
    ("риченск", "реченск"),
)
SHORTEST: Final = 2


def fold(name: str) -> str:
    """A name's skeleton in Cyrillic letters; spaces between words stay."""
    text = unicodedata.normalize("NFC", name.casefold()).translate(_CYRILLIC)
    if re.search(r"[a-z]", text):
        text = "".join(
            c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
        )
        for latin, letter in _LATIN:
            text = text.replace(latin, letter)
    return _PAIRS.sub(r"\1", " ".join(re.sub(r"[^\w ]+", " ", text).split()))


def stems(name: str) -> set[str]:
    """What a name is found by: its words without their endings, and with the vowel that changes
    when it is declined.

    Харків has Харкова, Ірпінь has Ірпеня: the last і of a closed syllable becomes o or e.
    """
    bare = [_stem(word) for word in fold(name).split()]
    last = bare[-1] if bare else ""
    vowels = "иое" if _CLOSED.search(name.casefold()) else "и"
    lasts = {_LAST_VOWEL.sub(vowel, last) for vowel in vowels} | {_FLEETING.sub("", last)}
    firsts = {tuple(bare[:-1]), tuple(_FLEETING.sub("", word) for word in bare[:-1])}
    return {" ".join((*first, last)) for first in firsts for last in lasts} - {""}


def russian(stem: str) -> set[str]:
    """What a Ukrainian stem becomes where the name is said in Russian: Олександрівка,
    Александровка.
    """
    found = {stem}
    for ukrainian, *forms_ in _RUSSIAN:
        found |= {one.replace(ukrainian, form) for one in found for form in forms_}
    return found - {stem}


def _stem(word: str) -> str:
    bare = word.rstrip("аеиоуюя")
    return bare if len(bare) >= SHORTEST else word


def forms(folded: str) -> Iterator[str]:
    """The stems that words as they were written may have."""
    for each in product(*(sorted(_forms(word)) for word in folded.split())):
        yield " ".join(each)


def _forms(word: str) -> set[str]:
    found = {_stem(word), word}
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            found.add(word[: -len(ending)])
    found |= {
        stem[:-1] + _SOFTENED[stem[-1]]
        for stem in found
        if word.endswith("и") and stem[-1:] in _SOFTENED
    }
    return {f for f in found if len(f) >= SHORTEST}
