"""PURE: the words, links and files of a rich message, whose text lies in blocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.channels.message_fields import DEEPEST, MEDIA, Json
from conversations.model import File


@dataclass(slots=True)
class Reading:
    """What has been found so far: words, addresses behind words, files."""

    text: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def add(self, words: str) -> None:
        if words:
            self.text.append(words)

    def line(self, words: str) -> None:
        """Words on a new line."""
        if self.text and not self.text[-1].endswith("\n"):
            self.text.append("\n")
        self.add(words)


def files_of(holder: Json) -> Iterator[File]:
    """The files of a message, or of what it quotes: of a live photo the still and the film."""
    live = holder.get("live_photo")
    if sizes := holder.get("photo") or (live or {}).get("photo"):
        yield _file(
            max(sizes, key=lambda p: (p["width"] * p["height"], p.get("file_size") or 0)), "photo"
        )
    if live:
        yield replace(_file(live, "video"), live=True)
    if holder.get("animation"):
        yield _file(holder["animation"], "animation")
        return  # a document of the same file stands beside it
    for kind in MEDIA:
        if media := holder.get(kind):
            yield _file(media, kind)


def _file(media: Json, kind: Any) -> File:
    claimed = media.get("mime_type") or ("image/jpeg" if kind == "photo" else "")
    size = media.get("file_size")
    return File(
        id=media["file_id"],
        kind=kind,
        name=media.get("file_name") or "",
        claimed_type=claimed,
        size=size if size is not None else -1,
        unique=media.get("file_unique_id") or "",
    )


def read_blocks(blocks: Any, reading: Reading, depth: int, mark: str = "") -> None:
    """Every block on a line of its own, as the app shows it."""
    if depth > DEEPEST:
        raise ValueError("blocks nested too deep")
    for block in blocks:
        reading.line(mark)
        mark = ""
        _block(block, reading, depth)


def _block(block: Json, reading: Reading, depth: int) -> None:
    for name in ("text", "summary", "expression"):
        if name in block:
            reading.add(_rich(block[name], reading))
    if place := block.get("location"):
        reading.add(f"{place['latitude']}, {place['longitude']}")
    reading.files += files_of({**block, "voice": block.get("voice_note")})
    for item in block.get("items") or ():
        done = (
            {True: "[x] ", False: "[ ] "}[bool(item.get("is_checked"))]
            if item.get("has_checkbox")
            else ""
        )
        read_blocks(
            item.get("blocks") or ({"text": ""},),
            reading,
            depth + 1,
            f"{item.get('label', '')} {done}".lstrip(),
        )
    for row in block.get("cells") or ():
        reading.line(" | ".join(_rich(cell.get("text") or "", reading) for cell in row))
    for button in block.get("buttons") or ():
        reading.add(_rich({"button": button}, reading) + " ")
    read_blocks(block.get("blocks") or (), reading, depth + 1)
    for name in ("caption", "credit"):
        if said := block.get(name):
            parts = (
                (said.get("text"), said.get("credit"))
                if isinstance(said, dict) and "type" not in said
                else (said,)
            )
            for part in filter(None, parts):
                reading.line(_rich(part, reading))


def _rich(text: Any, reading: Reading, depth: int = 0) -> str:
    """Formatted words as plain ones; addresses behind them are noted."""
    if depth > DEEPEST:
        raise ValueError("words nested too deep")
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(_rich(part, reading, depth + 1) for part in text)
    if not isinstance(text, dict):
        return ""
    if button := text.get("button"):
        text = {"text": button.get("text", ""), "url": button.get("url", "")}
    said = _rich(text.get("text", ""), reading, depth + 1) or str(text.get("alternative_text", ""))
    said = said or str(text.get("expression", ""))
    address = text.get("url") or text.get("email_address") or text.get("phone_number") or ""
    if address and address != said:
        reading.links.append((said, str(address)))
    return said
