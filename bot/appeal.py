"""The appeal: the public call this installation serves, as data."""

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import decided
from bot.appeal_faults import CONFLICT, TEXTS, faults, faults_live
from bot.decided import Decision
from bot.errors import Misconfigured
from bot.language.languages import SOURCE, complete, own_name
from conversations.flows import Flows

EXAMPLE = Path(__file__).parent / "appeals" / "example.toml"

FILES_A_DAY, MEGABYTES_A_DAY = 500, 10_000


@dataclass(frozen=True, slots=True)
class Appeal:
    """`phrases`: language → name → text, each in the grammatical case it is used in."""

    id: str
    example: bool
    languages: tuple[str, ...]
    """Those that are offered."""
    unfinished: tuple[str, ...]
    """Those the appeal asks for whose file in locales/ lacks texts; a report begun in one can still
    be finished.
    """
    events_from: datetime.date
    first_day: datetime.date | None
    """What "the first day of the war" means; None: no words do."""
    settlements: bool
    """Whether those of the gazetteer, which are Ukraine's, are offered."""
    draft_days: int
    phrases: Mapping[str, Mapping[str, str | int]]
    files_a_day: int = FILES_A_DAY
    megabytes_a_day: int = MEGABYTES_A_DAY
    """What one chat may send in a day; words are not counted."""
    keep_versions: bool = False
    """Words that are changed or removed before sending are kept with the rest, and the witness is
    told first.
    """
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    """What a named person decided; a live installation needs them all."""
    unchecked: tuple[str, ...] = ()
    """Phrases whose facts nobody has confirmed yet; a live installation leaves them out."""

    @property
    def undecided(self) -> list[str]:
        """What nobody has decided yet, or otherwise than it stands; one sentence each."""
        values = {"keep_versions": self.keep_versions, "draft_days": self.draft_days}
        return list(decided.missing(values, self.decisions))

    def flows(self) -> Flows:
        """The conversation as this appeal leads it."""
        return Flows(
            {language: own_name(language) for language in self.languages},
            keeps=self.keep_versions,
            since=self.events_from,
            first_day=self.first_day,
            regions=self.settlements,
        )


def load(path: Path, *, live: bool = False) -> Appeal:
    """Read an appeal file; `live`: without what is unchecked. Raises Misconfigured with what is
    missing in it.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as failure:
        raise Misconfigured(f"FIRSTHAND_APPEAL: {path.name} cannot be read: {failure}") from None
    if wrong := list(faults(raw)):
        raise Misconfigured("\n".join(f"FIRSTHAND_APPEAL: {path.name}: {w}" for w in wrong))
    about = _conflict(raw)
    try:
        wanted = tuple(raw["languages"])
        offered = complete(wanted)
        if not offered:
            raise Misconfigured(
                f"FIRSTHAND_APPEAL: {path.name} offers no language whose file in locales/ is "
                "complete"
            )
        return Appeal(
            id=raw["id"],
            example=bool(raw.get("example", False)),
            languages=offered,
            unfinished=tuple(language for language in wanted if language not in offered),
            events_from=raw["events_from"],
            first_day=about.get("first_day"),
            settlements="settlements" in about,
            draft_days=_count(raw, path, "draft_days"),
            phrases={
                language: _phrases({**raw, **about}, language, live=live)
                for language in dict.fromkeys((*wanted, SOURCE))
            },
            keep_versions=bool(raw.get("keep_versions", False)),
            files_a_day=_count(raw, path, "files_a_day", FILES_A_DAY),
            megabytes_a_day=_count(raw, path, "megabytes_a_day", MEGABYTES_A_DAY),
            decisions=decided.read(raw),
            unchecked=tuple(raw.get("unchecked", ())),
        )
    except KeyError as missing:
        raise Misconfigured(f"FIRSTHAND_APPEAL: {path.name} says nothing for {missing}") from None


def _conflict(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the appeal is about; one that does not say is the example's, Ukraine."""
    ukraine = {} if CONFLICT[0] in raw else tomllib.loads(EXAMPLE.read_text("utf-8"))
    named = {**ukraine, **raw}  # a value that is said counts, also in a file that names no conflict
    return {name: named[name] for name in (*CONFLICT, "first_day", "settlements") if name in named}


def unpublishable(path: Path, today: datetime.date) -> list[str]:
    """What a live installation must not say to anybody; one sentence each."""
    raw = tomllib.loads(path.read_text("utf-8"))
    return list(faults_live(raw, tomllib.loads(EXAMPLE.read_text("utf-8")), today))


def _count(raw: Mapping[str, Any], path: Path, name: str, default: int | None = None) -> int:
    value = raw[name] if default is None else raw.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Misconfigured(
            f"FIRSTHAND_APPEAL: in {path.name}, {name} must be a whole number of 1 or more"
        )
    return value


def _phrases(raw: Mapping[str, Any], language: str, *, live: bool) -> dict[str, str | int]:
    texts: dict[str, str | int] = {}
    for name in (*TEXTS, *CONFLICT):
        if language not in raw[name]:
            raise KeyError(f"{name}.{language}")
        texts[name] = (
            "" if live and name in raw.get("unchecked", ()) else raw[name][language].strip()
        )
    for name in ("welcome", "holding"):
        texts[name] = raw[name]["all"].strip()
    texts["emergency"] = str(raw["emergency"])
    return texts
