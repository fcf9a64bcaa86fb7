"""Words for dates in Ukrainian, Russian and English, as patterns of what each is; one grammar reads
all three.

A kind is one letter: the grammar in dates.py is written over these letters. What is no word of a
date is `x`.
"""

import re
from dataclasses import dataclass
from typing import Final

Value = int | str | tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Entry:
    kind: str
    value: Value
    pattern: str


def _many(kind: str, **values: str) -> list[Entry]:
    return [Entry(kind, name, pattern) for name, pattern in values.items()]


def _numbered(kind: str, patterns: list[str], first: int = 1) -> list[Entry]:
    return [Entry(kind, n, pattern) for n, pattern in enumerate(patterns, first)]


def _ordinals(
    ones: list[str], tens: dict[int, str], joined: dict[int, str], gap: str
) -> list[Entry]:
    """1–31 as ordinal words; the longer ones first, since "twenty-first" holds "first"."""
    found = [
        Entry("d", ten + n, f"{joined[ten]}{gap}(?:{one})")
        for ten in joined
        for n, one in enumerate(ones[:9], 1)
        if ten + n <= 31  # noqa: PLR2004 - days of a month
    ]
    found += [Entry("d", ten, pattern) for ten, pattern in tens.items()]
    return found + _numbered("d", ones)


_UK_ORD = r"(?:ого|ому|ий|е|им|а|у|ої|ій|их|ий)"
_UK_ONES = [
    rf"перш{_UK_ORD}",
    rf"друг{_UK_ORD}",
    r"треті?(?:й|ього|ьому|є|ім|я|ю)",
    rf"четверт{_UK_ORD}",
    rf"п'ят{_UK_ORD}",
    rf"шост{_UK_ORD}",
    r"сьом(?:ого|ому|ий|е|им)",
    r"восьм(?:ого|ому|ий|е|им)",
    rf"дев'ят{_UK_ORD}",
    rf"десят{_UK_ORD}",
    *(
        rf"{stem}надцят{_UK_ORD}"
        for stem in ("оди", "два", "три", "чотир", "п'ят", "шіст", "сім", "вісім", "дев'ят")
    ),
]
_RU_ORD = r"(?:ого|ому|ый|ое|ым|ой|ом|ая|ую|ий|ые|ых)"
_RU_ONES = [
    rf"перв{_RU_ORD}",
    rf"втор{_RU_ORD}",
    r"трет(?:ий|ьего|ьему|ье|ьим|ьем|ья|ью)",
    rf"четв[её]рт{_RU_ORD}",
    rf"пят{_RU_ORD}",
    rf"шест{_RU_ORD}",
    rf"седьм{_RU_ORD}",
    rf"восьм{_RU_ORD}",
    rf"девят{_RU_ORD}",
    rf"десят{_RU_ORD}",
    *(
        rf"{stem}надцат{_RU_ORD}"
        for stem in ("один", "две", "три", "четыр", "пят", "шест", "сем", "восем", "девят")
    ),
]
_EN_ONES = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]

UK: Final = [
    *_many(
        "h",
        newyear=r"нов(?:ий|ого|им) р(?:ік|оку|оком)",
        easter=r"велик(?:день|одня|однем|дні)|пас[хк](?:а|у|и|ою|і)",
        independence=r"д(?:ень|ня|нем) незалежності",
        nicholas=r"миколая",
        christmas=r"різдв(?:о|а|ом|і)",
        trinity=r"трійц(?:я|ю|і)",
    ),
    *_many(
        "W",
        war=r"війни",
        invasion=r"(?:повномасштабно(?:го|ї) )?вторгнення|повномасштабної(?: війни)?",
    ),
    Entry("F", None, r"перш(?:і|их) дн(?:і|ів|ях)|перш(?:их|і) числ(?:ах|а)"),
    Entry("E", None, r"останні(?:х|ми) числ(?:ах|ами)|останні дні|наприкінці|кін(?:ець|ці|ця|цем)"),
    Entry("B", None, r"почат(?:ок|ку|ком)"),
    Entry("H", None, r"(?:в|у|по)?середин[іауи]|посеред"),
    Entry("U", (6, "month"), r"пів ?року"),
    Entry("z", 2000, r"дві тисячі"),
    *_numbered(
        "m",
        [
            r"січ(?:ень|ня|ню|нем|ні)",
            r"лют(?:ий|ого|ому|им)",
            r"берез(?:ень|ня|ню|нем|ні)",
            r"квіт(?:ень|ня|ню|нем|ні)",
            r"трав(?:ень|ня|ню|нем|ні)",
            r"черв(?:ень|ня|ню|нем|ні)",
            r"лип(?:ень|ня|ню|нем|ні)",
            r"серп(?:ень|ня|ню|нем|ні)",
            r"верес(?:ень|ня|ню|нем|ні)",
            r"жовт(?:ень|ня|ню|нем|ні)",
            r"листопад[ауі]?|листопадом",
            r"груд(?:ень|ня|ню|нем|ні)",
        ],
    ),
    *_numbered(
        "w",
        [
            r"понеділ(?:ок|ка|ку)",
            r"вівтор(?:ок|ка|ку)",
            r"серед[ауи]",
            r"четвер(?:|га|гу)",
            r"п'ятниц[яюі]",
            r"субот[ауи]",
            r"неділ[яюі]",
        ],
        first=0,
    ),
    *_many(
        "p",
        morning=r"зранку|вранці|уранці|рано-вранці|ран(?:ок|ку|ком)|світан(?:ок|ку|ком)",
        day=r"вдень|удень|опівдні",
        evening=r"ввечері|увечері|веч(?:ір|ора|ором|орі)",
        night=r"вночі|уночі|опівночі|ніч|ночі|ніччю",
    ),
    *_numbered(
        "s",
        [
            r"навесні|весн(?:а|и|і|у|ою)",
            r"влітку|улітку|літ(?:о|а|ом|у)",
            r"восени|ос(?:інь|ені|інню)",
            r"взимку|узимку|зим(?:а|и|і|у|ою)",
        ],
        first=21,
    ),
    *_many(
        "u",
        day=r"д(?:ень|ня|ню|ні|нів)",
        week=r"тиж(?:день|ня|ню|ні|нів)",
        month=r"місяц(?:ь|я|ю|і|ів)",
        year=r"рік|рок(?:у|и|ів|ом|ами|ові)|році",
    ),
    Entry("g", None, r"тому"),
    Entry("v", None, r"кілька|декілька|багато"),
    Entry("L", None, r"позаминул(?:ого|ої|ому|ий|у)"),
    Entry("l", None, r"минул(?:ого|ої|ому|ий|у|ій|им|ою)"),
    Entry("i", None, r"ц(?:ього|ієї|ей|ю|ій)"),
    Entry("R", -1, r"торік"),
    Entry("T", 0, r"сьогодні"),
    Entry("T", -2, r"позавчора"),
    Entry("T", -1, r"в?учора|вчора"),
    Entry("?", None, r"здається|мабуть|може(?: бути)?|можливо|напевно|не впевнен(?:а|ий)"),
    Entry("~", None, r"приблизно|десь|близько|орієнтовно|числа|біля"),
    Entry("<", None, r"не пізніше(?: ніж)?"),
    Entry(">", None, r"не раніше(?: ніж)?|пізніше(?: ніж)?|після"),
    Entry("<", None, r"раніше(?: ніж)?|перед"),
    Entry("f", None, r"починаючи (?:з|від)|з|із|зі|від"),
    Entry("t", None, r"до|по"),
    Entry("b", None, r"між|поміж"),
    Entry("o", None, r"чи|або"),
    Entry("a", None, r"і|й|та"),
    Entry("", None, r"в|у|на|о|об|під|р|року"),
    *(
        Entry("q", n, word)
        for n, word in enumerate(
            (
                r"один|одну|одного",
                r"дв[аі]",
                r"три",
                r"чотири",
                r"п'ять",
                r"шість",
                r"сім",
                r"вісім",
                r"дев'ять",
                r"десять",
            ),
            1,
        )
    ),
    *_ordinals(
        _UK_ONES,
        {20: rf"двадцят{_UK_ORD}", 30: rf"тридцят{_UK_ORD}"},
        {20: "двадцять", 30: "тридцять"},
        " ",
    ),
]

RU: Final = [
    *_many(
        "h",
        newyear=r"нов(?:ый|ого|ым) год(?:а|ом)?",
        easter=r"пасх(?:а|у|и|ой|е)",
        independence=r"д(?:ень|ня) независимости",
        victory=r"д(?:ень|ня) победы",
        nicholas=r"николая",
        christmas=r"рождеств(?:о|а|ом)",
        trinity=r"троиц(?:а|у|ы)",
    ),
    *_many(
        "W",
        war=r"войны",
        invasion=r"(?:полномасштабно(?:го|й) )?вторжения|полномасштабной(?: войны)?",
    ),
    Entry("F", None, r"первы(?:е|х) дн(?:и|ей|ях)|первы(?:х|е) числ(?:ах|а)"),
    Entry("E", None, r"последни(?:х|ми) числ(?:ах|ами)|последние дни|кон(?:ец|це|ца|цом)"),
    Entry("B", None, r"начал(?:о|е|а|ом)"),
    Entry("H", None, r"середин(?:е|а|у|ы)|посреди"),
    Entry("U", (6, "month"), r"полгода"),
    Entry("z", 2000, r"две тысячи"),
    *_numbered(
        "m",
        [
            r"январ[ьюяе]|январем",
            r"феврал[ьюяе]|февралем",
            r"март[ауе]?|мартом",
            r"апрел[ьюяе]|апрелем",
            r"ма[йяе]|маем",
            r"июн[ьюяе]|июнем",
            r"июл[ьюяе]|июлем",
            r"август[ауе]?|августом",
            r"сентябр[ьюяе]|сентябрем",
            r"октябр[ьюяе]|октябрем",
            r"ноябр[ьюяе]|ноябрем",
            r"декабр[ьюяе]|декабрем",
        ],
    ),
    *_numbered(
        "w",
        [
            r"понедельник[ау]?",
            r"вторник[ау]?",
            r"сред[ауы]",
            r"четверг[ау]?",
            r"пятниц[ауы]",
            r"суббот[ауы]",
            r"воскресень[еяю]",
        ],
        first=0,
    ),
    *_many(
        "p",
        morning=r"утром|утр[оа]|рассвет[ае]?",
        day=r"днем|полдень|полудень",
        evening=r"вечер(?:ом|а)?",
        night=r"ноч(?:ью|ь|и)|полно(?:чь|чи)",
    ),
    *_numbered(
        "s",
        [r"весн(?:а|ой|ы|у|е)", r"лет(?:ом|о)", r"осен(?:ью|ь|и)", r"зим(?:а|ой|ы|у|е)"],
        first=21,
    ),
    *_many(
        "u",
        day=r"д(?:ень|ня|ней|ни)",
        week=r"недел[яюеиь]",
        month=r"месяц(?:|а|ев|е)",
        year=r"год(?:|а|у|ом|ами|ов)|лет",
    ),
    Entry("g", None, r"назад"),
    Entry("v", None, r"несколько|много"),
    Entry("L", None, r"позапрошл(?:ого|ом|ый|ую|ой)"),
    Entry("l", None, r"прошл(?:ого|ом|ый|ую|ой|ым|ое|ая)"),
    Entry("i", None, r"эт(?:ого|ом|от|у|ой)"),
    Entry("T", 0, r"сегодня"),
    Entry("T", -2, r"позавчера"),
    Entry("T", -1, r"вчера"),
    Entry("?", None, r"кажется|наверное|наверно|может(?: быть)?|возможно|вроде|не уверен(?:а)?"),
    Entry("~", None, r"примерно|приблизительно|где-то|около|ориентировочно|числа"),
    Entry("<", None, r"не по(?:зже|зднее)(?: чем)?"),
    Entry(">", None, r"не раньше(?: чем)?|по(?:зже|зднее)(?: чем)?|после"),
    Entry("<", None, r"раньше(?: чем)?|перед"),
    Entry("f", None, r"начиная (?:с|от)|с|со|от"),
    Entry("t", None, r"до|по"),
    Entry("b", None, r"между"),
    Entry("o", None, r"или|либо"),
    Entry("a", None, r"и"),
    Entry("", None, r"в|во|на|под|г"),
    *(
        Entry("q", n, word)
        for n, word in enumerate(
            (
                r"один|одну|одного",
                r"дв[ае]",
                r"три",
                r"четыре",
                r"пять",
                r"шесть",
                r"семь",
                r"восемь",
                r"девять",
                r"десять",
            ),
            1,
        )
    ),
    *_ordinals(
        _RU_ONES,
        {20: rf"двадцат{_RU_ORD}", 30: rf"тридцат{_RU_ORD}"},
        {20: "двадцать", 30: "тридцать"},
        " ",
    ),
]

_EN_TEENS = (
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_EN_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

EN: Final = [
    *_many(
        "h",
        newyear=r"new year(?:'s)?(?: day| eve)?",
        easter=r"easter(?: day| sunday)?",
        independence=r"independence day",
        victory=r"victory day",
        christmas=r"christmas(?: day)?",
    ),
    *_many("W", war=r"war", invasion=r"(?:full[- ]scale )?invasion|full[- ]scale war"),
    Entry("F", None, r"first days"),
    Entry("E", None, r"last days|late|end"),
    Entry("B", None, r"beginning|start|early"),
    Entry("H", None, r"middle|mid-?"),
    Entry("U", (6, "month"), r"half a year"),
    Entry("L", "year", r"year before last"),
    Entry("T", -2, r"day before yesterday"),
    Entry("T", -1, r"yesterday"),
    Entry("T", 0, r"today"),
    Entry("P", (0, "night"), r"tonight"),
    Entry("P", (-1, "night"), r"last night"),
    Entry("P", (0, "morning"), r"this morning"),
    Entry("P", (0, "evening"), r"this evening"),
    *_numbered(
        "m",
        [
            r"jan(?:uary)?",
            r"feb(?:ruary)?",
            r"mar(?:ch)?",
            r"apr(?:il)?",
            r"may",
            r"june?",
            r"july?",
            r"aug(?:ust)?",
            r"sept?(?:ember)?",
            r"oct(?:ober)?",
            r"nov(?:ember)?",
            r"dec(?:ember)?",
        ],
    ),
    *_numbered(
        "w", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], first=0
    ),
    *_many(
        "p",
        morning=r"morning|dawn|sunrise",
        day=r"afternoon|noon|midday|daytime",
        evening=r"evening|dusk",
        night=r"night|midnight",
    ),
    *_numbered("s", ["spring", "summer", "autumn|fall", "winter"], first=21),
    *_many("u", day=r"days?", week=r"weeks?", month=r"months?", year=r"years?"),
    Entry("?", None, r"i think|maybe|perhaps|probably|possibly|not sure"),
    Entry("~", None, r"some ?time (?:around|in)|about|around|approximately|roughly|circa|sometime"),
    Entry("g", None, r"ago"),
    Entry("v", None, r"few|some|several|many"),
    Entry("l", None, r"last"),
    Entry("i", None, r"this"),
    Entry("<", None, r"(?:not|no) later than"),
    Entry(">", None, r"not (?:before|earlier than)|later than|after"),
    Entry("<", None, r"earlier than|before|by"),
    Entry("f", None, r"starting (?:from|on)|from|since"),
    Entry("t", None, r"to|until|till"),
    Entry("b", None, r"between"),
    Entry("o", None, r"or"),
    Entry("a", None, r"and"),
    Entry("", None, r"the|of|in|on|at|a|an"),
    Entry(
        "q",
        20,
        r"twenty(?![- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))(?! ?-)",
    ),
    *(Entry("q", 20 + n, rf"twenty[- ]{word}") for n, word in enumerate(_EN_UNITS[:9], 1)),
    *(Entry("q", n, word) for n, word in enumerate((*_EN_UNITS, *_EN_TEENS), 1)),
    *_ordinals(_EN_ONES, {20: "twentieth", 30: "thirtieth"}, {20: "twenty", 30: "thirty"}, "[- ]"),
]


def _compiled(entries: list[Entry]) -> tuple[tuple[Entry, re.Pattern[str]], ...]:
    return tuple((e, re.compile(rf"(?<!\w)(?:{e.pattern})(?!\w)")) for e in entries)


LEXICONS: Final = {"uk": _compiled(UK), "ru": _compiled(RU), "en": _compiled(EN)}
