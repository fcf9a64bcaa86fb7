"""Formatted text as a bot may send it: HTML to plain text and entities, refused where Telegram
refuses it.

https://core.telegram.org/bots/api#html-style. Markdown is not read here: neither bot sends it.
"""

import re
from html.parser import HTMLParser
from typing import Any, Final

KINDS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}


BARE: Final = re.compile(r"<(?!/?[a-z][a-z-]*(?:\s[^<>]*)?>)([^\s<>]*)", re.IGNORECASE)
"""A < that begins no tag must be written as &lt;."""


class Unparsable(Exception):
    """Telegram's words for markup that is none."""


def units(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def from_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and its entities, offsets and lengths in UTF-16 code units. Raises Unparsable."""
    for bare in BARE.finditer(text):
        tag, at = bare[1], len(text[: bare.start()].encode())
        raise Unparsable(f'Unsupported start tag "{tag}" at byte offset {at}')
    reading = _Html()
    reading.feed(text)
    reading.close()
    if reading.open:
        raise Unparsable(f'Can\'t find end tag corresponding to start tag "{reading.open[-1][0]}"')
    return reading.text, sorted(reading.found, key=lambda e: (e["offset"], -e["length"]))


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[tuple[str, int, str]] = []
        self.found: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KINDS:
            raise Unparsable(f'Unsupported start tag "{tag}" at byte offset {self._offset()}')
        self.open.append((tag, units(self.text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.open:
            raise Unparsable(f"Unexpected end tag at byte offset {self._offset()}")
        begun, offset, link = self.open.pop()
        if begun != tag:
            raise Unparsable(
                f"Unmatched end tag at byte offset {self._offset()}, "
                f'expected "</{begun}>", found "</{tag}>"'
            )
        if (length := units(self.text) - offset) and (tag != "a" or link):
            self.found.append(
                {
                    "type": KINDS[tag],
                    "offset": offset,
                    "length": length,
                    **({"url": link} if link else {}),
                }
            )

    def handle_data(self, data: str) -> None:
        self.text += data

    def _offset(self) -> int:
        line, column = self.getpos()
        before = "".join(self.rawdata.splitlines(keepends=True)[: line - 1])
        return len((before + self.rawdata[len(before) : len(before) + column]).encode())
