"""What is wrong with an appeal file, in words: it is what witnesses are told, so that a slip in it
must not pass.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from bot.decided import DECIDED, WHAT

Raw = Mapping[str, Any]
TEXTS: Final = (
    "unit",
    "of_unit",
    "within",
    "shared_with",
    "partners",
    "bot_name",
    "signposts",
    "help_lines",
    "child_help",
    "legal_advice",
)
"""By language."""
CONFLICT: Final = (
    "crimes",
    "connected_with",
    "happened",
    "prosecutors",
    "to_prosecutors",
    "prosecutors_option",
    "share_prosecutors",
)
"""By language, too: what the appeal is about. All of them, or none: then it is Ukraine."""
LONGEST_LABEL: Final = 28
GAZETTEERS: Final = ("ukraine",)
FOR_ALL: Final = ("welcome", "holding")
VALUES: Final = (
    "id",
    "example",
    "languages",
    "events_from",
    "first_day",
    "settlements",
    "draft_days",
    "emergency",
    "files_a_day",
    "megabytes_a_day",
    "keep_versions",
    "unchecked",
)
OWN: Final = ("unit", "of_unit", "welcome")
"""Texts that name the unit: as shipped, they name an invented one."""
DECISION: Final = ("value", "by", "on")


def faults(raw: Raw) -> Iterator[str]:
    """Everything that is wrong in any installation; one sentence each."""
    yield from _unknown(raw)
    yield from _conflict(raw)
    texts = (*TEXTS, *CONFLICT, *FOR_ALL)
    for name in raw.get("unchecked", ()):
        if name not in texts:
            yield f"unchecked names {name}, which is no text{_nearest(name, texts)}"
    days = str(raw.get("draft_days", ""))
    for language, text in _table(raw, "within").items():
        if days not in re.findall(r"\d+", str(text)):
            yield f"[within] {language} does not say {days} days, as draft_days does"
    emergency = str(raw.get("emergency", ""))
    if not re.search(r"\d", emergency):
        yield "emergency is no number that can be called"
    elif emergency not in str(_table(raw, "welcome").get("all", "")):
        yield f"[welcome] does not say the emergency number {emergency}"


def faults_live(raw: Raw, example: Raw, today: datetime.date) -> Iterator[str]:
    """What must not be published: texts that are still the example's, decisions of a day to
    come.
    """
    if raw.get("id") == example["id"]:
        yield f"id is still the example's, {example['id']}: it names your appeal in every referral"
    for name in OWN:
        for language, text in _table(raw, name).items():
            if str(text).strip() == str(example[name].get(language, "")).strip():
                yield f"[{name}] {language} is still the example's: it names an invented unit"
    for name in WHAT:
        on = _table(_table(raw, DECIDED), name).get("on")
        if isinstance(on, datetime.date) and on > today:
            yield f"[decided.{name}] is of {on}, which is still to come"


def _unknown(raw: Raw) -> Iterator[str]:
    known = (*TEXTS, *CONFLICT, *FOR_ALL, *VALUES, DECIDED)
    for name in raw:
        if name not in known:
            yield f"{name} is nothing that an appeal says{_nearest(name, known)}"
    for name, made in _table(raw, DECIDED).items():
        if name not in WHAT:
            yield f"[decided.{name}] is nothing that is decided{_nearest(name, WHAT)}"
        for key in made if isinstance(made, Mapping) else ():
            if key not in DECISION:
                yield f"[decided.{name}] {key} is nothing a decision says{_nearest(key, DECISION)}"
    for name in FOR_ALL:
        if extra := sorted(set(_table(raw, name)) - {"all"}):
            yield f"[{name}] has only `all`, and {', '.join(extra)} is said to nobody"


def _conflict(raw: Raw) -> Iterator[str]:
    """Another conflict is named in full, so that no text speaks of the wrong one."""
    missing = [name for name in CONFLICT if name not in raw]
    if missing and len(missing) < len(CONFLICT):
        yield f"it names a conflict, and says nothing for {', '.join(missing)}"
    for language, text in _table(raw, "prosecutors_option").items():
        if len(str(text)) > LONGEST_LABEL:
            yield f"[prosecutors_option] {language} is longer than a button, {LONGEST_LABEL}"
    if raw.get("settlements", GAZETTEERS[0]) not in GAZETTEERS:
        yield f"settlements is none that is here; {', '.join(GAZETTEERS)} is"
    if not isinstance(raw.get("first_day", datetime.date.min), datetime.date):
        yield "first_day is no day"


def _table(raw: Raw, name: str) -> Raw:
    """What is no table says nothing; what that means is said where it is read."""
    found = raw.get(name, {})
    return found if isinstance(found, Mapping) else {}


def _nearest(name: str, known: tuple[str, ...]) -> str:
    found = get_close_matches(name, known, n=1)
    return f"; {found[0]} is" if found else ""
