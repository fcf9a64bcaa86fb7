"""Words around a place's name: regions, units, streets, and small words that are no name."""

from typing import Final

from storage.gazetteer.folding import fold

TOWN: Final = 10_000
"""Inhabitants of a place that is meant rather than a village of the same name."""
REGIONS: Final = {
    "UA01": ("крим",),
    "UA05": ("винницк", "винничин"),
    "UA07": ("волинск", "волин"),
    "UA12": ("днипропетровск", "днепропетровск"),
    "UA14": ("донецк", "донечин"),
    "UA18": ("житомирск", "житомиршин"),
    "UA21": ("закарпатск", "закарпат"),
    "UA23": ("запоризк", "запорожск"),
    "UA26": ("ивано франкивск", "ивано франковск", "прикарпат"),
    "UA32": ("кивск", "киевск", "кившин", "киевшин"),
    "UA35": ("кировоградск", "кировоградшин"),
    "UA44": ("луганск", "луганшин"),
    "UA46": ("лвивск", "лвовск", "лвившин"),
    "UA48": ("миколаивск", "николаевск", "миколаившин"),
    "UA51": ("одеск", "одешин"),
    "UA53": ("полтавск", "полтавшин"),
    "UA56": ("ривненск", "ровенск", "ривненшин"),
    "UA59": ("сумск", "сумшин"),
    "UA61": ("тернопилск", "тернополск", "тернопилшин"),
    "UA63": ("харкивск", "харковск", "харкившин"),
    "UA65": ("херсонск", "херсоншин"),
    "UA68": ("хмелницк", "хмелничин"),
    "UA71": ("черкаск", "черкашин"),
    "UA73": ("чернивецк", "черновицк", "буковин"),
    "UA74": ("чернигивск", "черниговск", "чернигившин"),
}
"""Beginnings of how the regions are called, folded. Kyiv and Sevastopol are settlements of their
own.
"""
UNITS: Final = tuple(
    fold(u)
    for u in (
        "область",
        "обл",
        "регіон",
        "region",
        "oblast",
        "район",
        "raion",
        "р-н",
        "district",
        "громад",
    )
)
RAION: Final = tuple(fold(u) for u in ("район", "raion", "р-н", "district"))
SMALL: Final = frozenset(
    """
    я ми в у на біля під коло недалеко від з із до за і й та або це було місті місто м село селі с
    селище селищі смт околиці околицях центрі центр між поруч мы около возле под рядом недалеко от
    из с во со и а или это было город городе г поселок посёлок поселке деревня деревне центре
    окраине между i we in at near the of a an to from and or it was by on village town city outside
    close centre center
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
SHORTEST_REGION: Final = 2
NEVER: Final = frozenset(
    """
    україна україні україну росія росію росії білорусь день ніч ранок вечір дім дома школа лікарня
    тюрма ліс поле дорога украина украине украину россия россию россии белоруссия беларусь день ночь
    утро вечер дом школа больница лес дорога здесь там моего моя мой нас они январь февраль март
    апрель май июнь июль август сентябрь октябрь ноябрь декабрь ukraine russia belarus prison school
    hospital house home east west north south here there my our they
    """.split()  # noqa: SIM905
)
"""Countries, months and common words that villages are called by, too."""
STREETS: Final = frozenset(
    """
    вул вулиця вулиці вулицею ул улица улице улицы просп проспект проспекті проспекте площа площі
    площадь площади провулок провулку переулок переулке street st road avenue square
    """.split()  # noqa: SIM905
)
