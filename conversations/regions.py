"""The regions of Ukraine by their codes in the official codifier; the two cities with a region's
standing are last.
"""

from typing import Final

from conversations.model import N_, Message

REGIONS: Final[dict[str, Message]] = {
    "UA05": N_("Vinnytsia region"),
    "UA07": N_("Volyn region"),
    "UA12": N_("Dnipro region"),
    "UA14": N_("Donetsk region"),
    "UA18": N_("Zhytomyr region"),
    "UA21": N_("Zakarpattia region"),
    "UA23": N_("Zaporizhzhia region"),
    "UA26": N_("Ivano-Frankivsk region"),
    "UA32": N_("Kyiv region"),
    "UA35": N_("Kirovohrad region"),
    "UA01": N_("Crimea"),
    "UA44": N_("Luhansk region"),
    "UA46": N_("Lviv region"),
    "UA48": N_("Mykolaiv region"),
    "UA51": N_("Odesa region"),
    "UA53": N_("Poltava region"),
    "UA56": N_("Rivne region"),
    "UA59": N_("Sumy region"),
    "UA61": N_("Ternopil region"),
    "UA63": N_("Kharkiv region"),
    "UA65": N_("Kherson region"),
    "UA68": N_("Khmelnytskyi region"),
    "UA71": N_("Cherkasy region"),
    "UA73": N_("Chernivtsi region"),
    "UA74": N_("Chernihiv region"),
    "UA80": N_("Kyiv, the city"),
    "UA85": N_("Sevastopol"),
}
CITIES: Final = ("UA80", "UA85")
CODE: Final = 4
"""Characters of a code that name its region."""


def of(code: str) -> str:
    """The region that a settlement or region belongs to; empty for what is no code of one."""
    region = code[:CODE]
    return region if region in REGIONS else ""
