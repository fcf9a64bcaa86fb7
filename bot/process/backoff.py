"""How long to wait before something that failed is tried again."""

import random


def backoff(tries: int, *, longest: float, first: float = 1.0) -> float:
    """Seconds: twice as long after every try, up to `longest`; a fifth less or not, by chance, so
    that many who failed at the same moment do not come back at the same moment.
    """
    return min(first * 2.0 ** min(tries, 32), longest) * random.uniform(0.8, 1.0)  # noqa: S311
