"""PURE: what a dossier's page shows of a file, as plain values for its template."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.workstation.asked_view import Json, asked, beside

PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".tif", ".tiff")
FILMS: Final = (".mp4", ".webm", ".mov", ".m4v", ".avi", ".mkv", ".3gp")
SOUNDS: Final = (".ogg", ".oga", ".opus", ".mp3", ".m4a", ".wav", ".aac", ".amr")
READ: Final = (".pdf", ".txt")
"""What a browser opens by itself without obeying what is in it; everything else is not linked."""
RECORDED: Final = ("voice", "video_note")


def exhibits(referral: Json, files: Mapping[str, str], within: str = "") -> list[dict[str, object]]:
    """The files of a report, or of an addendum: `within` is then "a1/"."""
    return [
        _exhibit(x, files.get(f"{within}{x['id']}", ""), referral, within)
        for x in referral["exhibits"]
    ]


def _exhibit(exhibit: Json, file: str, referral: Json, within: str) -> dict[str, object]:
    """What an exhibit is, in words; then the ways to look at it."""
    origin = exhibit["origin"]
    where_from = {k: v for k, v in origin.items() if k != "as_for"}
    return {
        "name": f"{within}{exhibit['id']}",
        "called": exhibit["name"] or exhibit["kind"],
        "about": " · ".join(filter(None, _about(exhibit))),
        "caption": _caption(exhibit) if exhibit["caption"] else "",
        "sha256": exhibit["sha256"],
        "same": f"as for {origin['as_for']}" if "as_for" in origin else "",
        "origin": asked(where_from, referral, ("exhibit", exhibit["id"]), every=True),
        "file": file,
        "linked": file.lower().endswith((*PICTURES, *FILMS, *SOUNDS, *READ)),
        "look": _look(file.lower()),
    }


def _about(exhibit: Json) -> Iterator[str]:
    type_ = exhibit["claimed_type"] or "type not said"
    yield f"{exhibit['kind']}, {exhibit['size']:,} bytes, {type_}"
    yield f"sent {exhibit['at']}, kept {exhibit['received']}"
    yield f"event {exhibit['incident'][1:]}" if exhibit["incident"] else ""
    if exhibit["kind"] in RECORDED:
        yield "recorded in the app"
    elif exhibit["recompressed"]:
        yield "compressed again by the app"
    else:
        yield "as a file, unchanged by the app"
    if "parts" in exhibit:
        yield f"one thing with {', '.join(x for x in exhibit['parts'] if x != exhibit['id'])}"
    if "replaces" in exhibit:
        yield f"in place of {exhibit['replaces']}, which its sender exchanged"
    yield beside(exhibit)


def _caption(exhibit: Json) -> str:
    """The words under a file; in dossiers of before 0.2 they stand alone."""
    caption = exhibit["caption"]
    if isinstance(caption, str):
        return caption
    return f"{caption['text']}{' (changed after it was sent)' if caption['changed'] else ''}"


def _look(file: str) -> str:
    if file.endswith(PICTURES):
        return "picture"
    if file.endswith(FILMS):
        return "film"
    return "sound" if file.endswith(SOUNDS) else ""
