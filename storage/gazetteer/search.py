"""Settlements for what a witness wrote, and the nearest one to a point. Read only, and fast."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from math import cos, radians
from pathlib import Path
from typing import Final

from storage.gazetteer.folding import fold, forms, russian, stems
from storage.gazetteer.unchanging import Unchanging
from storage.gazetteer.words import (
    NEVER,
    RAION,
    REGIONS,
    SHORTEST_REGION,
    SMALL,
    STREETS,
    TOWN,
    UNITS,
)

PLACES: Final = Path(__file__).with_name("places.sqlite")
WORDS_READ: Final = 14
"""Of a longer text only its beginning is looked at: people name the place first."""
WORDS_OF_A_NAME: Final = 3
COLUMNS: Final = "code, kind, name, latin, raion, raion_latin, hromada, hromada_latin"
PRESENT: Final = 2
"""Among the ways in which a stem can be a place's: the name it has now."""
MISSPELT: Final = 5
"""Letters of the shortest stem that may have one wrong, but for its first."""
MOST_WRONG: Final = 2
LONG_STEM: Final = 7
"""In a longer one two may be."""
LONGEST_WORD: Final = 30
MOST_FORMS: Final = 500
"""Both keep a message that is no place from costing more than a place does."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """One settlement of the codifier: its code, what it is, and its names and its parents' in both
    alphabets.
    """

    code: str
    kind: str
    name: str
    latin: str
    raion: str
    raion_latin: str
    hromada: str
    hromada_latin: str


@dataclass(frozen=True, slots=True)
class _Found:
    settlement: Settlement
    people: int
    own: int
    """PRESENT: it has this name; 1: it had it officially; 0: it is or was called so somewhere."""
    exact: bool = False


class Gazetteer:
    """The settlements of Ukraine, from a file that never changes; any thread may look."""

    def __init__(self, path: Path = PLACES) -> None:
        self._database = Unchanging(path)

    def find(self, words: str, region: str = "") -> tuple[Settlement, ...]:
        """Settlements that the words may name, the likeliest first; none where they name none, or
        none in their region.

        `region`: beginning of the code, where it is known from elsewhere. Inflected, old, Russian
        and Latin names are understood; misspelt ones where nothing else is.
        """
        said, regions = _read(words)
        regions = {region} if region else regions
        for found in self._searches(said):
            here = [f for f in found if not regions or f.settlement.code[:4] in regions]
            if here:
                likeliest = sorted(_of_the_raion(words, here), key=_likeliest)
                return tuple(f.settlement for f in likeliest)
        return ()

    def _searches(self, said: Sequence[tuple[str, bool]]) -> Iterator[list[_Found]]:
        """What is found, the surest way first. In a sentence most words without a capital are no
        names: of those only towns are taken.
        """
        alone = sum(bool(word) for word, _ in said) == 1
        yield self._named(_names(said, capital=True))
        small = self._named(_names(said, capital=False))
        yield [f for f in small if alone or f.people >= TOWN]
        yield self._misspelt(_names(said, capital=True))
        yield self._misspelt(_names(said, capital=False) if alone else [])

    def near(self, lat: int, lon: int) -> Settlement | None:
        """The nearest settlement with known coordinates within some 30 km; `lat`, `lon` in
        millionths of a degree.
        """
        across = cos(radians(lat / 1e6)) ** 2
        row = self._database.execute(
            f"SELECT {COLUMNS} FROM places WHERE lat BETWEEN ?1 - 270000 AND ?1 + 270000 AND lon "
            "BETWEEN ?2 - 450000 AND ?2 + 450000 ORDER BY (lat - ?1) * (lat - ?1) + (lon - ?2) * "
            "(lon - ?2) * ?3 LIMIT 1",
            (lat, lon, across),
        ).fetchone()
        return Settlement(*row) if row else None

    def _named(self, names: Sequence[str]) -> list[_Found]:
        """Settlements called so, now or before; where one is called so to the letter, no village of
        a like name.
        """
        for name in names:
            found = [self._exactly(f, name) for f in self._with_stems(forms(name))]
            if any(f.exact for f in found):
                return [f for f in found if f.exact or f.own != PRESENT or f.people >= TOWN]
            if found:
                return found
        return []

    @staticmethod
    def _exactly(found: _Found, name: str) -> _Found:
        return replace(found, exact=found.own == PRESENT and fold(found.settlement.name) == name)

    def _misspelt(self, names: Sequence[str]) -> list[_Found]:
        for name in names:
            near: dict[str, int] = {}
            for stem in stems(name):
                if len(stem) >= MISSPELT:
                    near |= {
                        s: n
                        for s in self._alike(stem)
                        if (n := _distance(stem, s)) <= 1 + (len(stem) > LONG_STEM)
                    }
            if near:
                least = min(near.values())
                return self._with_stems(s for s, n in near.items() if n == least)
        return []

    def _with_stems(self, wanted: Iterable[str]) -> list[_Found]:
        asked = sorted(set(islice(wanted, MOST_FORMS)))
        rows = self._database.execute(
            f"SELECT {COLUMNS}, people, max(own) FROM stems s JOIN places p ON p.id = s.place "
            f"WHERE stem IN ({','.join('?' * len(asked))}) GROUP BY p.id",
            asked,
        )
        return [_Found(Settlement(*row[:-2]), row[-2], row[-1]) for row in rows]

    def _alike(self, stem: str) -> list[str]:
        """Stems of about this length that share its first or its last half: one wrong letter spares
        one of the two.
        """
        half = (len(stem) + 1) // 2
        beginning, ending = stem[:half], stem[half:][::-1]
        rows = [
            s
            for (s,) in self._database.execute(
                _BETWEEN["stems"], (beginning, beginning + "\U0010ffff")
            )
        ]
        rows += [
            s[::-1]
            for (s,) in self._database.execute(
                _BETWEEN["backwards"], (ending, ending + "\U0010ffff")
            )
        ]
        return [s for s in rows if s[0] == stem[0] and abs(len(s) - len(stem)) <= MOST_WRONG]


def _distance(one: str, other: str) -> int:
    """Letters to change, add or leave out (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above = row
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1]


_BETWEEN: Final = {
    table: f"SELECT DISTINCT stem FROM {table} WHERE stem BETWEEN ? AND ?"
    for table in ("stems", "backwards")
}


def called(name: str, said: str) -> str:
    """How the words call this settlement, letter for letter, where they say its name and no form of
    it; else "".
    """
    tokens = re.findall(r"[\w'’ʼ`-]+", said)[:WORDS_READ]
    length = len(fold(name).split())
    known = {s for stem in stems(name) for s in (stem, *russian(stem))}
    for start in range(len(tokens) - length + 1):
        span = " ".join(tokens[start : start + length])
        folded = fold(span)
        if span[:1].isupper() and folded[-1:] == fold(name)[-1:] and stems(span) & known:
            return span
    return ""


def _of_the_raion(words: str, found: list[_Found]) -> list[_Found]:
    """Those of a raion that the words name, where any is: there are seventy villages called
    Андріївка.
    """
    tokens = [fold(token) for token in re.findall(r"[\w'’ʼ`-]+", words)[:WORDS_READ]]
    named = {
        word
        for word, after in pairwise([*tokens, ""])
        if after.startswith(RAION) and len(word) > SHORTEST_REGION
    }
    return [f for f in found if any(_is_raion(word, f.settlement.raion) for word in named)] or found


def _is_raion(word: str, raion: str) -> bool:
    """Whether a word before "район" is this raion's name, in either language, declined, or without
    its ending.
    """
    called = {stem for each in stems(raion) for stem in (each, *russian(each))}
    return any(word.startswith(stem) or stem.startswith(word) for stem in called)


def _likeliest(found: _Found) -> tuple[bool, bool, bool, int, int, int, str]:
    """A town by a name it has or had, then what has the very name, then towns by any name, then the
    rest.
    """
    town = found.people >= TOWN
    kinds = ("city", "settlement", "village")
    kind = kinds.index(found.settlement.kind)
    return (
        not (town and found.own),
        not found.exact,
        not town,
        -found.own,
        -found.people,
        kind,
        found.settlement.code,
    )


def _read(text: str) -> tuple[list[tuple[str, bool]], set[str]]:
    """The words that may be part of a name, folded, with whether they began with a capital; and the
    regions named.

    An empty word stands for what parts two names: punctuation, a street, a region.
    """
    tokens = re.findall(r"[\w'’ʼ`-]+|[,.;:()/\n]", text)[: WORDS_READ * 2]
    regions: set[str] = set()
    said: list[tuple[str, bool]] = []
    pairs = list(pairwise([*tokens, ""]))
    passing = False
    for token, after in pairs:
        word = fold(token)
        unit = fold(after).startswith(UNITS)
        named = {
            c for c, begins in REGIONS.items() if any(_begins(word, b, unit=unit) for b in begins)
        }
        regions |= named
        street = token.casefold() in STREETS
        small = token.casefold() in SMALL and not (said and token[:1].isupper())
        small = small or token.casefold() in NEVER
        stop = named or unit or passing or street or word.startswith(UNITS) or small
        no_name = stop or not word or word.isdecimal() or len(token) > LONGEST_WORD
        capital = token[:1].isupper()
        said += [("", False)] if no_name else [(part, capital) for part in word.split()]
        passing = street or (passing and not word)
    return said[:WORDS_READ], regions


def _begins(word: str, name: str, *, unit: bool) -> bool:
    """Adjectives name a region only before the word for it: Донецьк is a city, Донецька область is
    not.
    """
    if name.endswith("к"):
        return (
            unit
            and len(word) > SHORTEST_REGION
            and (word.startswith(name) or name.startswith(word))
        )
    return word.startswith(name)


def _names(said: Sequence[tuple[str, bool]], *, capital: bool) -> list[str]:
    """Names that may be in the words, with a capital or without: long before short, early before
    late.
    """
    spans = [
        said[i : i + n] for n in range(WORDS_OF_A_NAME, 0, -1) for i in range(len(said) - n + 1)
    ]
    return [
        " ".join(w for w, _ in span)
        for span in spans
        if all(w for w, _ in span) and span[0][1] == capital
    ]
