"""Phrases after which something must be said: present danger, taking part, sexual violence or
torture.

Danger is the first person in the present or the future; killing and tanks in an account of the past
are not it. Nothing is removed, refused or changed because of what is found here.
"""

import re
from typing import Final

from conversations.reading.tokens import plain

DANGER: Final = (
    # Ukrainian
    (
        r"(?:мене|нас) (?:зараз |прямо зараз )?(?:переслідують|хочуть убити|хочуть "
        r"вбити|вб'ють|уб'ють|б'ють зараз)"
    ),
    (
        r"(?:вони|він|хтось) (?:зараз |стоять |стоїть )?(?:під (?:моїми )?дверима|ламає двері|ламають "
        r"двері|за дверима)"
    ),
    r"(?:я|ми) (?:зараз )?(?:у|в) небезпеці",
    r"(?:мені|нам) (?:зараз )?(?:загрожує небезпека|загрожують|погрожують)",
    r"він (?:мене )?(?:зараз )?(?:вб'є|уб'є)",
    r"рятуйте|врятуйте|допоможіть (?:мені|нам) (?:зараз|негайно)",
    r"(?:не хочу|не хочеться) (?:більше )?жити",
    r"(?:хочу|збираюся|збираюсь) (?:померти|вмерти)",
    r"(?:накладу|хочу накласти) на себе руки",
    r"(?:вб'ю|уб'ю|вбити|убити) себе",
    r"заподію собі",
    r"(?:не бачу|немає) сенсу жити",
    r"покінчу з собою|покінчити з собою",
    r"краще б мене не було",
    # Russian
    r"(?:меня|нас) (?:сейчас |прямо сейчас )?(?:преследуют|хотят убить|убьют)",
    (
        r"(?:они|он|кто-то) (?:сейчас |стоят |стоит )?(?:под (?:моей )?дверью|ломает дверь|ломают "
        r"дверь|за дверью)"
    ),
    r"(?:я|мы) (?:сейчас )?в опасности",
    r"(?:мне|нам) (?:сейчас )?(?:угрожают|грозит опасность)",
    r"он меня (?:сейчас )?убьет",
    r"спасите|помогите (?:мне|нам) (?:сейчас|срочно)",
    r"(?:не хочу|не хочется) (?:больше )?жить",
    r"(?:хочу|собираюсь) умереть",
    r"наложу на себя руки",
    r"(?:убью|убить) себя",
    r"(?:не вижу|нет) смысла жить",
    r"покончу с собой|покончить с собой",
    r"лучше бы меня не было",
    # English
    r"(?:i am|i'm|we are|we're) (?:now )?in danger",
    r"(?:they|he|someone|somebody) (?:are|is) (?:outside|at) my (?:door|house|home|flat)",
    r"(?:they|he) (?:is|are) going to kill (?:me|us)",
    r"(?:he|they) will kill (?:me|us)",
    r"(?:i am|i'm|we are|we're) being (?:followed|threatened)",
    r"(?:they|he) (?:is|are) threatening (?:me|us)",
    r"(?:i )?(?:do not|don't) want to live",
    r"i (?:want|am going|'m going|am about) to (?:die|kill myself|end my life)",
    r"kill(?:ing)? myself",
    r"no (?:reason|point) (?:to live|in living)",
    r"end my life",
    r"hurt myself",
)

INSIDER: Final = (
    (
        r"я (?:сам |сама )?(?:стріляв|стріляла) (?:в|по|у) "
        r"(?:них|людей|людину|цивільн\w*|полонен\w*|мирн\w*)"
    ),
    r"(?:мені|нам) наказали (?:стріляти|розстріляти|вбити|убити|катувати|бити|спалити|грабувати)",
    (
        r"(?:я|ми) (?:вбив|вбили|убив|убили|розстріляв|розстріляли|катував|катували) "
        r"(?:цивільн\w*|полонен\w*|людей|людину|мирн\w*|їх|його)"
    ),
    r"я виконував наказ(?:и)?",
    r"я брав участь (?:у|в) (?:розстріл\w*|катуванн\w*|страт\w*)",
    (
        r"я (?:сам |сама )?(?:стрелял|стреляла) (?:в|по) "
        r"(?:них|людей|людям|человека|гражданск\w*|пленн\w*|мирн\w*)"
    ),
    r"(?:мне|нам) приказали (?:стрелять|расстрелять|убить|пытать|бить|сжечь|грабить)",
    (
        r"(?:я|мы) (?:убил|убили|расстрелял|расстреляли|пытал|пытали) "
        r"(?:гражданск\w*|пленн\w*|людей|человека|мирн\w*|их|его)"
    ),
    r"я выполнял приказ(?:ы)?",
    r"я участвовал в (?:расстрел\w*|пытк\w*|казн\w*)",
    (
        r"(?:i|we) (?:shot|killed|tortured|executed) (?:civilians?|prisoners?|people|them|him|her|a "
        r"man|a woman)"
    ),
    r"(?:i|we) (?:was|were) ordered to (?:shoot|kill|torture|execute|beat|burn|loot)",
    r"i (?:was following|followed|obeyed|carried out) (?:the |an )?orders?",
    r"i took part in (?:the |an )?(?:execution|killing|torture|shooting)",
)

SENSITIVE: Final = (
    r"з?ґ?г?валт(?:у|ов|івни)\w*",
    r"сексуальн\w+ насильств\w+",
    r"катув(?:ал\w*|анн\w*|ань)",
    r"електрострум\w*",
    r"роздягли (?:мене|її|його|нас)",
    r"насилува\w+",
    r"(?:из)?насилова\w+",
    r"изнасил\w+",
    r"сексуальн\w+ насили\w+",
    r"пыта(?:ли|л|ла|ют|ть)\b(?! (?:понять|найти|узнать))",
    r"пытк\w+",
    r"электрошок\w*",
    (
        r"(?:струмом|током) (?:били|катували|пытали|мучили)|(?:били|катували|пытали|мучили) "
        r"(?:струмом|током)"
    ),
    r"rap(?:ed|e|ing|ist)",
    r"sexual(?:ly)? (?:violence|assault\w*|abus\w*)",
    r"tortur\w+",
    r"electrocut\w+|electric shocks?",
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)")


KINDS: Final = {"danger": _any(DANGER), "insider": _any(INSIDER), "sensitive": _any(SENSITIVE)}


QUOTED: Final = re.compile('[«„“"][^«»„“”"]*[»“”"]')
"""What somebody else is told to have said: nobody is in danger now, or did anything, because of
that.
"""


def found(words: str) -> tuple[str, ...]:
    """Which of danger, insider and sensitive the words carry."""
    text = " ".join(plain(words).split())
    own = QUOTED.sub(" ", text)
    return tuple(
        kind
        for kind, pattern in KINDS.items()
        if pattern.search(text if kind == "sensitive" else own)
    )
