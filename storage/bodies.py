"""PURE: what a sealed row says, as JSON; a lone half of a surrogate pair, which a phone may send,
survives.
"""

import json
from typing import Any, Final

import orjson

Body = dict[str, Any]
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dump(body: Body) -> bytes:
    """Values of JSON, tuples as lists. Raises TypeError for others."""
    try:
        return orjson.dumps(body)
    except TypeError:  # text that is no UTF-8, or a number of more than 64 bits
        return _ENCODER.encode(body).encode("utf-8", "surrogatepass")


def load(raw: bytes) -> Body:
    """Raises ValueError for what is no JSON."""
    try:
        body: Body = orjson.loads(raw)
    except ValueError:
        body = json.loads(raw.decode("utf-8", "surrogatepass"))
    return body


def channel_of(body: Body) -> str:
    """Through which channel a row of work goes; rows of 0.2 and before called it the bot."""
    return str(body["channel"] if "channel" in body else body["bot"])
