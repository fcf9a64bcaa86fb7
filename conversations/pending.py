"""PURE: what is in hand at the question on the screen: an answer that is begun and is none yet."""

from dataclasses import dataclass, field
from typing import Final

from conversations import regions
from conversations.reading import calendar
from conversations.wording import Path

DAY: Final = len("2022-03-12")


@dataclass(frozen=True, slots=True)
class DateInHand:
    """A date that is being put together, or is whole and waits for the witness's yes.

    `edtf`: the year, "2022-03" once there is a month, "2022-03-w08" once there is a week, by its
    first day; of a stretch, its first end and a slash before that. `part_of_day`: the one that
    was typed with it.
    """

    edtf: str = field(repr=False)
    part_of_day: str = ""
    complete: bool = False

    @property
    def building(self) -> str:
        """What is being put together: of a stretch, its second end."""
        return "" if self.complete else self.edtf.rpartition("/")[2]

    @property
    def before(self) -> str:
        """Of a stretch, its first end with the slash; empty where there is none."""
        return self.edtf.removesuffix(self.building) if not self.complete else ""

    @property
    def so_far(self) -> str:
        """The date that stands when the witness goes on without the rest; empty where there is
        none.
        """
        first, slash, second = self.edtf.partition("/")
        if slash and not second:
            return first
        found = f"{first}{slash}{without_week(second)}" if slash else without_week(self.edtf)
        return calendar.without_year(found) if calendar.needs_year(found) else found

    @property
    def unconfirmed(self) -> str:
        """The same where it is left without a yes: a date that nobody said yes to is uncertain, of
        a stretch both its ends.
        """
        made = self.so_far
        if not self.complete:
            return made
        return "/".join(f"{end}?" if end[-1:].isdecimal() else end for end in made.split("/"))


def without_week(made: str) -> str:
    """Without the week that was pressed: 2022-03 of 2022-03-w08."""
    return made.rpartition("-w")[0] or made


def typed_date(edtf: str, part: str) -> DateInHand:
    """A date that was typed, as it waits for its year or for a yes."""
    return DateInHand(edtf, part, complete=not calendar.needs_year(edtf))


@dataclass(frozen=True, slots=True)
class LookingUp:
    """Words at the question where are kept; the settlement that they name is being looked for."""


@dataclass(frozen=True, slots=True)
class ChoosingRegion:
    """The regions are on the screen."""


@dataclass(frozen=True, slots=True)
class NamingSettlement:
    """A region was pressed, and its settlement is asked for."""

    region: str


@dataclass(frozen=True, slots=True)
class Offered:
    """Settlements are on the screen; with `region`, those of it alone."""

    region: str = ""


Pending = DateInHand | LookingUp | ChoosingRegion | NamingSettlement | Offered | None


@dataclass(frozen=True, slots=True)
class Found:
    """Settlements that were found for the words at `path`, or lie nearest to a point that waits
    there: code and name, the likeliest first; none yet while the point is looked up.

    `live`: the point is one that goes on moving in the app.
    """

    path: Path
    choices: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    live: bool = False


# ── as states of 0.1 and 0.2 have it, in one string ──────────────────────────


def read_pending(saved: str) -> Pending:
    """What "=", "?", "UA32", "*UA32", "2022-03-w08" and "=2022-03-12|night" stood for."""
    if saved.startswith("*"):
        return Offered(saved[1:])
    if regions.of(saved):
        return NamingSettlement(regions.of(saved))
    match saved:
        case "":
            return None
        case "=":
            return LookingUp()
        case "?":
            return ChoosingRegion()
        case _:
            edtf, _, part = saved.partition("|")
            return DateInHand(edtf.removeprefix("="), part, complete=edtf.startswith("="))


def read_found(saved: list[str]) -> Found | None:
    """What ["incident.i1.where", "UA80… Kyiv"] stood for; of a point, "live" or the nearest."""
    if not saved:
        return None
    rest = [each for each in saved[1:] if each != "live"]
    choices = tuple((code, name) for code, _, name in (each.partition(" ") for each in rest))
    return Found(tuple(saved[0].split(".")), choices, live="live" in saved[1:])
