"""PURE: what a sealed row says, as JSON; a lone half of a surrogate pair, which a phone may send,
survives.
"""

import json
from typing import Any

Body = dict[str, Any]


def dump(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def load(raw: bytes) -> Body:
    body: Body = json.loads(raw.decode("utf-8", "surrogatepass"))
    return body
