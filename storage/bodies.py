"""PURE: what a sealed row says, as JSON; a lone half of a surrogate pair, which a phone may send,
survives.
"""

import json
from contextlib import suppress
from typing import Any, Final

import orjson

Body = dict[str, Any]
_PLAIN: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dump(body: Body) -> bytes:
    """Values of JSON, tuples as lists. Raises TypeError for others."""
    try:
        return orjson.dumps(body, option=_PLAIN)
    except TypeError:  # text that is no UTF-8, or a number of more than 64 bits
        return b" " + _ENCODER.encode(body).encode("utf-8", "surrogatepass")


def load(raw: bytes) -> Body:
    """Raises ValueError for what is no JSON."""
    # what the other wrote it reads: orjson would round its numbers
    if not raw.startswith(b" "):
        with suppress(ValueError):  # of 0.2 and before, which had one for all
            return _body(orjson.loads(raw))
    return _body(json.loads(raw.decode("utf-8", "surrogatepass")))


def _body(found: Any) -> Body:
    """What we wrote is an object."""
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 - as for what is no JSON
    return found


def channel_of(body: Body) -> str:
    """Through which channel a row of work goes; rows of 0.2 and before called it the bot."""
    return str(body["channel"] if "channel" in body else body["bot"])
