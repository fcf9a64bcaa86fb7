"""PURE: the age that somebody says of themselves, where it is asked whether they are 18."""

import re

OF_AGE = 18
LONGEST_AGE = 3  # digits
YEARS = r"роки|років|року|рік|лет|год|года|годов|годик|годиков|years?(?:\s+old)?"
NOT_YET = r"ні|нема|немає|нет|no|менше|молодше|меньше|младше|моложе|under|below"
OF_AN_AGE = re.compile(
    rf"{YEARS}|{NOT_YET}|р|л|г|y|o|old|і|и|and|так|да|yes|мені|мне|я|i|am|m|im|my|is|вже|уже|already"
    r"|зараз|сейчас|now|виповнил\w+|исполнил\w+|повних|полных|вік|возраст|age|aged|доросл\w+|взросл\w+|adult"
    r"|повнолітн\w+|совершеннолетн\w+|понад|больше|більше|over|ще|еще|ещё"
)
"""Words that say how old somebody is, and nothing else; hours are none of them."""
SAID_TO_BE_AGE = re.compile(
    r"\b(?:мені|мне|i am|i['’]?m)\s+"
    r"(?:вже |уже |already |only |just |лише |тільки |только |всего )?(\d{1,3})"
    rf"(?:\s+(?:{YEARS}))?"
    r"(?=$|[.,;:!?)…]+(?:$|\s+(?!\d))|\s+[-–—]\s|\s+(?:і|й|та|и|а|but|and)\s+(?!\d))",
    re.IGNORECASE,
)
"""In a sentence that says more, only what somebody says of themselves, with nothing hanging on it:
another number may be a day, an hour, a house, a sentence served, how long ago something was, or how
old a child was.
"""


def read(typed: str) -> list[int]:
    """The numbers that may be the age of whoever wrote; a year or a date is none."""
    if tells_more(typed):
        return [int(age) for age in SAID_TO_BE_AGE.findall(typed)]
    numbers = re.findall(r"\d+", typed)
    return [int(n) for n in numbers] if all(len(n) <= LONGEST_AGE for n in numbers) else []


def of_age(age: int, typed: str) -> str:
    """Under 18, or not 18 yet, is no, though the number is 18."""
    words = re.findall(r"[^\W\d_]+", typed.casefold())
    not_yet = not tells_more(typed) and any(re.fullmatch(NOT_YET, word) for word in words)
    if age == OF_AGE and not_yet:
        return "no"
    return "yes" if age >= OF_AGE else "no"


def tells_more(typed: str) -> bool:
    """Whether words that may say an age say something else, too: one word is enough, "12 March"."""
    words = re.findall(r"[^\W\d_]+", typed.casefold())
    return not all(OF_AN_AGE.fullmatch(word) for word in words)
