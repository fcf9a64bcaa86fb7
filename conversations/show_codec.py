"""PURE: what is to be shown as plain JSON values, and back: it waits in the outbox as it was meant,
and the channel that takes it decides how it looks.
"""

from collections.abc import Mapping
from typing import Any, Final

from conversations.effects import Show
from conversations.wording import Date, Message, Option, Param, Quote, Size, Text

OPTION: Final = ("control", "verbatim", "chosen")
"""Of a button, what is written only where it is so."""


def write_show(show: Show) -> dict[str, Any]:
    """A Show as plain JSON values; only what it says."""
    every = {
        "choices": [_write_option(option) for option in show.choices],
        "replaces": show.replaces,
        "lead": [_write_text(text) for text in show.lead],
        "below": [_write_text(text) for text in show.below],
        "prompt": show.prompt,
        "path": list(show.path),
        "before": show.before,
        "buttons_only": show.buttons_only,
    }
    said = {name: value for name, value in every.items() if value}
    return {"text": _write_text(show.text), **said}


def read_show(saved: Mapping[str, Any]) -> Show:
    """The Show that was written. Raises KeyError, TypeError or ValueError for anything else."""
    return Show(
        _read_text(saved["text"]),
        tuple(_read_option(option) for option in saved.get("choices", ())),
        saved.get("replaces", ""),
        tuple(_read_text(text) for text in saved.get("lead", ())),
        tuple(_read_text(text) for text in saved.get("below", ())),
        saved.get("prompt"),
        tuple(saved.get("path", ())),
        saved.get("before", 0),
        saved.get("buttons_only", False),
    )


def _write_option(option: Option) -> dict[str, Any]:
    flags = {name: True for name in OPTION if getattr(option, name)}
    row = {"row": option.row} if option.row >= 0 else {}
    return {"id": option.id, "label": _write_text(option.label), **flags, **row}


def _read_option(saved: Mapping[str, Any]) -> Option:
    flags = {name: bool(saved.get(name)) for name in OPTION}
    return Option(saved["id"], _read_text(saved["label"]), row=saved.get("row", -1), **flags)


def _write_text(text: Text) -> list[Any]:
    """The sentence, and what is put into it where anything is."""
    params = {name: _write_param(value) for name, value in text.params.items()}
    return [text.id, params] if params else [text.id]


def _read_text(saved: list[Any]) -> Text:
    sentence, *params = saved
    id_: Message = sentence if isinstance(sentence, str) else (sentence[0], sentence[1])
    found = params[0] if params else {}
    return Text(id_, {name: _read_param(value) for name, value in found.items()})


def _write_param(value: Param) -> Any:
    match value:
        case Text():
            return {"text": _write_text(value)}
        case Quote(path=path, first=first):
            return {"quote": [list(path), first]}
        case Size(bytes=count):
            return {"size": count}
        case Date(edtf=edtf, part_of_day=part):
            return {"date": [edtf, part]}
        case _:
            return value


def _read_param(saved: Any) -> Param:
    match saved:
        case {"text": text}:
            return _read_text(text)
        case {"quote": [path, first]}:
            return Quote(tuple(path), first)
        case {"size": count}:
            return Size(count)
        case {"date": [edtf, part]}:
            return Date(edtf, part)
        case str() | int():
            return saved
        case _:
            raise ValueError("no parameter of a text")
