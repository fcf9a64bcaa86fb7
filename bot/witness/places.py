"""What the gazetteer finds, as choices for a chat: names in Latin letters for readers of English,
else as they are.

To who wrote in Russian a name is shown as they wrote it, where that is the name itself and no form
of it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.language.translate import Translator
from conversations import regions
from conversations.model import Text
from conversations.texts import HROMADA, KINDS_OF_PLACE, RAION
from storage.gazetteer.search import Gazetteer, Settlement, called

Choices = tuple[tuple[str, str], ...]
MOST = 100


def find(
    gazetteer: Gazetteer | None,
    translator: Translator,
    language: str,
    said: str,
    *,
    region: str = "",
    point: Sequence[int] | None = None,
) -> Choices:
    """For words the settlements they may name; for a point the one nearest to it. None where the
    appeal has no gazetteer: its words and points stand as they are.
    """
    if gazetteer is None:
        return ()
    if point is None:
        return _choices(
            gazetteer.find(said, region)[:MOST],
            translator,
            language,
            said if language == "ru" else "",
        )
    nearest = gazetteer.near(*point)
    return _choices((nearest,), translator, language) if nearest else ()


def _choices(
    found: Sequence[Settlement], translator: Translator, language: str, said: str = ""
) -> Choices:
    """Code and name of each; of two of one name in one region the name says too what tells them
    apart.

    `said`: words in Russian, whose spelling is kept.
    """
    alike: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    for one in found:
        alike[one.name, regions.of(one.code)].append(one)

    def named(one: Settlement) -> str:
        name = one.latin if language == "en" else called(one.name, said) or one.name
        same = alike[one.name, regions.of(one.code)]
        return name if len(same) == 1 else f"{name} ({_apart(same, translator, language)(one)})"

    return tuple((one.code, named(one)) for one in found)


def _apart(
    same: Sequence[Settlement], translator: Translator, language: str
) -> Callable[[Settlement], str]:
    """City or village where that tells them apart, else the raion, else the hromada."""
    ways: tuple[Callable[[Settlement], str], ...] = (
        lambda one: translator.say(Text(KINDS_OF_PLACE[one.kind]), language),
        lambda one: translator.say(
            Text(RAION, {"name": one.raion_latin if language == "en" else one.raion}), language
        ),
        lambda one: translator.say(
            Text(HROMADA, {"name": one.hromada_latin if language == "en" else one.hromada}),
            language,
        ),
    )
    return next((way for way in ways if len({way(one) for one in same}) == len(same)), ways[-1])
