"""What typed words say about when: words to tokens by three lexicons, then one grammar over the
tokens' kinds.

Never a time that was not said: a missing year stays XXXX, a missing hour is not there. What counts
from today, a holiday or the first day of the war is marked, so that the witness is shown the date
and says yes to it.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from conversations.reading.calendar import UNKNOWN, exists, holiday, month_end
from conversations.reading.points import Point, edge, of_one_year, qualified, together
from conversations.reading.tokens import LEXICONS, ambiguous, plain, tokens

YEARS_IN_LETTERS: Final = range(13, 30)
"""The years of the appeal, as people say them: thirteen to twenty-nine."""
TEN, TWENTY = 10, 20
COUNTED: Final = re.compile(r"(?i),|(?<!\w)(?:у|в|во|in)(?!\w)")
"""Between a number and a month: then it is no day of it. There were twelve of us in March; flat 5,
March 2022.
"""


@dataclass(frozen=True, slots=True)
class Read:
    """`edtf` may be empty where only a part of the day was said. `confirm`: show it and ask before
    keeping it.

    `rest`: what stood behind the date and may be a place.
    """

    edtf: str
    part_of_day: str = ""
    confirm: bool = False
    rest: str = field(default="", repr=False)


class _Impossible(Exception):
    """A day that no calendar has was said: it is not taken for its month alone."""


def read(words: str, today: date, first_day: date | None) -> Read | None:
    """The date that the words hold; None if they hold none. `today`: the day they were said;
    `first_day`: that of the war, if any is meant by these words.
    """
    best: Read | None = None
    for language in LEXICONS:
        try:
            found = _Reading(words, today, first_day, language).read()
        except _Impossible:
            return None
        if found and (best is None or _weight(found) > _weight(best)):
            best = found
    return best


def _weight(found: Read) -> tuple[int, int]:
    return (bool(found.edtf), len(found.edtf.replace("X", "")) + 20 * bool(found.part_of_day))


class _Reading:
    def __init__(self, words: str, today: date, first_day: date | None, language: str) -> None:
        self.words, self.today, self.language = words, today, language
        self.first_day = first_day
        self.tokens = ambiguous(tokens(text := plain(words), language), text)
        self.at = [t for i, t in enumerate(self.tokens) if t.kind and not self._hyphen(i)]

    def _hyphen(self, i: int) -> bool:
        """The one in "mid-March"."""
        return i > 0 and self.tokens[i].kind == "-" and self.tokens[i - 1].kind == "H"

    def read(self) -> Read | None:
        part = next((t.value for t in self.at if t.kind == "p"), "")
        self.at = [t for t in self.at if t.kind != "p"]
        found = self._best()
        if found is None:
            return Read("", part) if part else None
        edtf, confirm, first, last, said = found
        unsure = any(t.kind == "?" for t in self.at)
        edtf = qualified(edtf, approximate=said, unsure=unsure)
        return Read(edtf, part or self._part(first, last), confirm, self._rest(last))

    def _part(self, first: int, last: int) -> str:
        return next((t.value[1] for t in self.at[first:last] if t.kind == "P"), "")

    def _best(self) -> tuple[str, bool, int, int, bool] | None:
        """The first date; a second one elsewhere makes it a question."""
        found: tuple[str, bool, int, int, bool] | None = None
        i = 0
        while i < len(self.at):
            one = self._dated(i)
            if one is None:
                i += 1
                continue
            if found is not None:
                return (
                    (found[0], True, *found[2:]) if one[0] != found[0] and "-" in one[0] else found
                )
            found = one
            i = one[3]
        return found

    def kinds(self, i: int, pattern: str) -> bool:
        """Whether the kinds from i on are these."""
        return "".join(t.kind for t in self.at[i : i + len(pattern)]) == pattern

    # ── one date with what stands before it ──────────────────────────────────

    def _dated(self, i: int) -> tuple[str, bool, int, int, bool] | None:
        start = i
        about = side = ""
        while i < len(self.at) and self.at[i].kind in "~?<>ft":
            kind = self.at[i].kind
            if kind == "~":
                about = kind
            elif kind in "<>ft":
                side = kind
            i += 1
        if i > start and i - start > 3:  # noqa: PLR2004 - so many small words are no date's
            return None
        found = self._range(start, i, side, about=bool(about))
        return found or self._single(start, i, side, about=bool(about))

    def _range(
        self, start: int, i: int, side: str, *, about: bool
    ) -> tuple[str, bool, int, int, bool] | None:
        between = self.kinds(i, "b")
        first = self._end(i + between)
        if first is None:
            return None
        one, j = first
        join = self.at[j].kind if j < len(self.at) else ""
        if between and join != "a":
            return None
        if join in ("t", "-", "o") or between:
            second = self._end(j + 1)
        elif side == "f" and one.day and not one.month:  # "with the night from 12 on 13 March"
            second, join = self._end(j), "t"
        else:
            return None
        if second is None:
            return None
        two, k = second
        one, two = together(one, two)
        if not one.month and one.day:
            return None
        pair = of_one_year(edge(one.text(), 0), edge(two.text(), -1))
        if UNKNOWN not in "".join(pair) and ".." not in pair and pair[0] > pair[1]:
            return None
        edtf = (
            f"[{pair[0]},{pair[1]}]" if join == "o" and not one.edtf + two.edtf else "/".join(pair)
        )
        return edtf, one.confirm or two.confirm, start, k, about

    def _end(self, i: int) -> tuple[Point, int] | None:
        """One end of a range: a point, or a bare day whose month stands at the other end."""
        point = self._point(i)
        if point is not None:
            return point
        if self.kinds(i, "d"):
            return Point(day=self.at[i].value), i + 1
        return None

    def _single(
        self, start: int, i: int, side: str, *, about: bool
    ) -> tuple[str, bool, int, int, bool] | None:
        found = self._point(i)
        if found is None:
            return None
        point, j = found
        edtf = point.text()
        if side in ("<", "t") and side:
            edtf = f"../{edge(edtf, -1)}"
        elif side in (">", "f") and side:
            edtf = f"{edge(edtf, 0)}/.."
        return edtf, point.confirm, start, j, about

    # ── points ───────────────────────────────────────────────────────────────

    def _point(self, i: int) -> tuple[Point, int] | None:
        for attempt in (
            self._numeric,
            self._day,
            self._stretch,
            self._month,
            self._season,
            self._feast,
            self._war,
            self._counted,
            self._year,
            self._weekday,
        ):
            found = attempt(i)
            if found is not None:
                return found
        return None

    def _numeric(self, i: int) -> tuple[Point, int] | None:
        if self.kinds(i, "n") or self.kinds(i, "k"):
            point: Point = self.at[i].value
            return point, i + 1
        return None

    def _day(self, i: int) -> tuple[Point, int] | None:
        if self.kinds(i, "dm"):
            day, month, j = self.at[i].value, self.at[i + 1].value, i + 2
            if COUNTED.search(self.words[self.at[i].end : self.at[i + 1].start]):
                return None
        elif self.kinds(i, "md") and self.language == "en":
            month, day, j = self.at[i].value, self.at[i + 1].value, i + 2
            if self.kinds(j, "od") or self.kinds(j, "-d"):
                return self._american(month, day, j)
        elif self.kinds(i, "#m"):
            raise _Impossible
        else:
            return None
        year, j, confirm = self._of_year(j)
        return self._checked(year, month, day, confirm=confirm), j

    def _american(self, month: int, day: int, j: int) -> tuple[Point, int]:
        """March 12 or 13, 2022; March 12-14, 2022."""
        kind, other = self.at[j].kind, self.at[j + 1].value
        year, k, confirm = self._of_year(j + 2)
        one, two = (self._checked(year, month, d, confirm=confirm) for d in (day, other))
        edtf = f"[{one.text()},{two.text()}]" if kind == "o" else f"{one.text()}/{two.text()}"
        return Point(edtf=edtf, confirm=confirm), k

    def _checked(self, year: str, month: int, day: int, *, confirm: bool) -> Point:
        if not exists(year, month, day):
            raise _Impossible
        return Point(year, month, day, confirm=confirm)

    def _of_year(self, j: int) -> tuple[str, int, bool]:
        """The year that follows, if one does: in digits, in letters, or last and this year."""
        if self.kinds(j, "y"):
            return self.at[j].value, j + 1 + self._year_word(j + 1), False
        if self.kinds(j, "du") and self.at[j].word and self.at[j + 1].value == "year":
            return str(2000 + self.at[j].value), j + 2, False
        relative = self._relative_year(j)
        if relative is not None:
            return str(relative[0]), relative[1], True
        return UNKNOWN, j, False

    def _year_word(self, j: int) -> int:
        return int(self.kinds(j, "u") and self.at[j].value == "year")

    def _relative_year(self, j: int) -> tuple[int, int] | None:
        back = {"l": 1, "i": 0, "L": 2}
        if self.kinds(j, "R"):
            return self.today.year - 1, j + 1
        if self.kinds(j, "L") and self.at[j].value == "year":
            return self.today.year - 2, j + 1
        if j + 1 < len(self.at) and self.at[j].kind in back and self._year_word(j + 1):
            return self.today.year - back[self.at[j].kind], j + 2
        return None

    def _stretch(self, i: int) -> tuple[Point, int] | None:
        """The beginning, middle or end of a month or a year: three thirds, their edges
        uncertain.
        """
        kind = self.at[i].kind if i < len(self.at) else ""
        if kind not in tuple("BHEF"):
            return None
        third = {"B": 0, "F": 0, "H": 1, "E": 2}[kind]
        if self.kinds(i + 1, "m"):
            month = self.at[i + 1].value
            year, j, confirm = self._of_year(i + 2)
            last = month_end(2024 if year == UNKNOWN else int(year), month)
            first, end = ((1, 10), (11, 20), (21, last))[third]
            edtf = f"{year}-{month:02}-{first:02}~/{year}-{month:02}-{end:02}~"
            return Point(edtf=edtf, confirm=confirm), j
        if self.kinds(i + 1, "y"):
            year = self.at[i + 1].value
            first, end = ((1, 4), (5, 8), (9, 12))[third]
            edtf = f"{year}-{first:02}~/{year}-{end:02}~"
            return Point(edtf=edtf), i + 2 + self._year_word(i + 2)
        if self.kinds(i + 1, "W"):
            if kind == "F":
                return Point(edtf="2022-02-24~/2022-03-05~", confirm=True), i + 2
            if kind == "B" and self.at[i + 1].value == "invasion":
                return Point(edtf="2022-02-24~/2022-03~", confirm=True), i + 2
        return None

    def _month(self, i: int) -> tuple[Point, int] | None:
        relative = self._relative_year(i)
        if relative and self.kinds(relative[1], "m"):
            return Point(str(relative[0]), self.at[relative[1]].value, confirm=True), relative[
                1
            ] + 1
        if self.kinds(i, "lm"):
            month = self.at[i + 1].value
            year = self.today.year - (month >= self.today.month)
            return Point(str(year), month, confirm=True), i + 2
        if not self.kinds(i, "m"):
            return None
        if (
            self.kinds(i + 1, "d")
            and self.at[i + 1].word
            and self.at[i + 1].value in YEARS_IN_LETTERS
        ):
            year_in_letters = str(2000 + self.at[i + 1].value)
            return Point(year_in_letters, self.at[i].value), i + 2 + self._year_word(i + 2)
        year, j, confirm = self._of_year(i + 1)
        return Point(year, self.at[i].value, confirm=confirm), j

    def _season(self, i: int) -> tuple[Point, int] | None:
        relative = self._relative_year(i)
        if relative and self.kinds(relative[1], "s"):
            return Point(
                edtf=f"{relative[0]}-{self.at[relative[1]].value}", confirm=True
            ), relative[1] + 1
        if self.kinds(i, "ls"):
            season = self.at[i + 1].value
            over = self.today.month > {21: 5, 22: 8, 23: 11, 24: 2}[season]
            return Point(edtf=f"{self.today.year - (not over)}-{season}", confirm=True), i + 2
        if self.kinds(i, "s"):
            year, j, confirm = self._of_year(i + 1)
            return Point(edtf=f"{year}-{self.at[i].value}", confirm=confirm), j
        return None

    def _feast(self, i: int) -> tuple[Point, int] | None:
        if not self.kinds(i, "h"):
            return None
        year, j, _ = self._of_year(i + 1)
        return Point(edtf=holiday(self.at[i].value, year), confirm=True), j

    def _war(self, i: int) -> tuple[Point, int] | None:
        """The first day (of the war), if the witness says so."""
        if not (first := self.first_day) or not self.kinds(i, "du") or not self.at[i].word:
            return None
        number, unit = self.at[i].value, self.at[i + 1].value
        named = self.kinds(i + 2, "W")
        # words go no further
        if unit == "day" and (named or number == 1) and number <= 31:  # noqa: PLR2004
            day = first + timedelta(days=number - 1)
            return Point(edtf=day.isoformat(), confirm=True), i + 2 + named
        if unit == "week" and named and number == 1:
            return Point(edtf=f"{first}/{first + timedelta(days=6)}", confirm=True), i + 3
        return None

    def _counted(self, i: int) -> tuple[Point, int] | None:
        """Yesterday; three days ago; last week."""
        token = self.at[i] if i < len(self.at) else None
        if token is None:
            return None
        if token.kind in ("T", "P"):
            back = token.value if token.kind == "T" else token.value[0]
            return Point(edtf=(self.today + timedelta(days=back)).isoformat(), confirm=True), i + 1
        if self.kinds(i, "Ug"):
            return self._ago(*token.value), i + 2
        vague = i > 0 and self.at[i - 1].kind == "v"
        if self.kinds(i, "ug") and not vague:
            return self._ago(1, token.value), i + 2
        if token.kind in ("q", "d") and self.kinds(i + 1, "ug"):
            return self._ago(token.value, self.at[i + 1].value), i + 3
        if token.kind in ("l", "i", "L") and self.kinds(i + 1, "u"):
            return self._last(token.kind, self.at[i + 1].value, i + 2)
        return None

    def _ago(self, count: int, unit: str) -> Point:
        match unit:
            case "day":
                return Point(edtf=(self.today - timedelta(days=count)).isoformat(), confirm=True)
            case "week":
                return Point(edtf=f"{self.today - timedelta(weeks=count)}~", confirm=True)
            case "month":
                whole = self.today.year * 12 + self.today.month - 1 - count
                return Point(edtf=f"{whole // 12}-{whole % 12 + 1:02}~", confirm=True)
            case _:
                return Point(edtf=f"{self.today.year - count}~", confirm=True)

    def _last(self, which: str, unit: str, j: int) -> tuple[Point, int] | None:
        back = {"l": 1, "i": 0, "L": 2}[which]
        monday = self.today - timedelta(days=self.today.weekday() + 7 * back)
        match unit:
            case "week":
                end = monday + timedelta(days=6) if back else self.today
                return Point(edtf=f"{monday}/{end}", confirm=True), j
            case "month":
                whole = self.today.year * 12 + self.today.month - 1 - back
                return Point(str(whole // 12), whole % 12 + 1, confirm=True), j
            case "year":
                return Point(str(self.today.year - back), confirm=True), j
            case _:
                return None

    def _year(self, i: int) -> tuple[Point, int] | None:
        relative = self._relative_year(i)
        if relative:
            return Point(str(relative[0]), confirm=True), relative[1]
        if self.kinds(i, "y"):
            return Point(self.at[i].value), i + 1 + self._year_word(i + 1)
        if self.kinds(i, "zd"):
            return Point(str(2000 + self.at[i + 1].value)), i + 2 + self._year_word(i + 2)
        if self.kinds(i, "qq") and self.at[i].value == TWENTY and self.at[i + 1].value >= TEN:
            return Point(str(2000 + self.at[i + 1].value)), i + 2
        ordinal = self.kinds(i, "du") and self.at[i].word and self.at[i + 1].value == "year"
        if ordinal and self.at[i].value in YEARS_IN_LETTERS:
            return Point(str(2000 + self.at[i].value)), i + 2
        return None

    def _weekday(self, i: int) -> tuple[Point, int] | None:
        """The last day of that name; with a date beside it, the date says more."""
        last = self.kinds(i, "lw")
        if not last and not self.kinds(i, "w"):
            return None
        j = i + last
        if self._point(j + 1) is not None:
            return self._point(j + 1)
        back = (self.today.weekday() - self.at[j].value - 1) % 7 + 1
        return Point(edtf=(self.today - timedelta(days=back)).isoformat(), confirm=True), j + 1

    # ── what else was said ───────────────────────────────────────────────────

    def _rest(self, last: int) -> str:
        """What stands behind the date, if it may be a place: after a comma or so, with a capital
        letter in it.
        """
        end = max((t.end for t in self.at[:last]), default=0)
        while self.words[end : end + 1].isalnum():
            end += 1
        rest = self.words[end:]
        parts = [t for t in self.tokens if t.start >= end and t.kind in ("p", "")]
        for token in parts:
            if not rest[: token.start - end].strip(" ,.;:–-") and token.kind == "p":
                rest = self.words[token.end :]
                end = token.end
        rest = re.sub(r"^(?:\s*(?:року|р\.|года|г\.))?[\s,.;:–-]+", "", rest).strip()
        return rest if re.search(r"(?<!\w)[A-ZА-ЯІЇЄҐ]\w", rest) else ""
