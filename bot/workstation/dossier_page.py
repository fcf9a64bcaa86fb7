"""PURE: a dossier as one plain page for an officer's browser: no network, no script, and nothing
shows by itself.

Pictures wait behind a description, first grey and blurred, then sharp if asked for; sound and film
play only when started (practice of secondary trauma: docs/officers.md). What a witness said is only
ever text.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from markupsafe import Markup

from bot.language.languages import english_name
from bot.referral.origins import source
from conversations.flow import Ask
from conversations.flows import Flows
from conversations.languages import LANGUAGES
from conversations.regions import REGIONS

Json = Mapping[str, Any]
POLICY: Final = (
    "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'"
)
STYLE: Final = (Path(__file__).parent / "pages" / "style.css").read_text("utf-8")
CARE: Final = (
    "What is told and shown here may distress you. Nothing on this page plays or shows by itself. "
    "Read first; keep the sound off; take a break; you need not look at a picture alone."
)
FLAGS: Final = {
    "danger": "Words of danger",
    "urgent": "Asked to be contacted at once",
    "sensitive": "Sensitive: no detail was asked",
    "insider": "May have taken part: no questions were asked",
    "minor": "Under 18",
    "outside_uk": "Not in the UK",
    "before_window": "Before the appeal's dates",
    "channel": "Forwarded from a public channel",
}
PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp")
FILMS: Final = (".mp4", ".webm", ".mov")
SOUNDS: Final = (".ogg", ".oga", ".mp3", ".m4a", ".wav")
_FLOWS: Final = Flows(LANGUAGES)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def page(
    referral: Json,
    addenda: Mapping[str, Json],
    files: Mapping[str, str],
    custody: Sequence[Json],
    identity: Json | None,
) -> str:
    """The page of one dossier. `files`: where each exhibit lies beside the page ("x1", "a1/x2"), if
    it is here.
    """
    reference = str(referral["reference"])
    parts = [
        _head(referral, _call(referral, identity)),
        *(
            _incident(referral, number, incident)
            for number, incident in enumerate(referral["incidents"], 1)
        ),
        _asked("Sharing, contact and other questions", referral["answers"], referral, ()),
        _exhibits("Files", referral, files, ""),
        *(_addendum(name, addendum, files) for name, addendum in addenda.items()),
        _identity(identity),
        _custody(custody),
    ]
    return _document(reference, Markup("\n").join(parts))


def _document(title: str, body: Markup) -> str:
    # our own style
    return str(
        Markup(
            '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
            '<meta http-equiv="Content-Security-Policy" content="{}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n<title>{}</title>\n'
            "<style>{}</style></head>\n"
            "<body>\n{}\n</body></html>\n"
        ).format(POLICY, title, Markup(STYLE), body)  # noqa: S704
    )


def _head(referral: Json, call: Markup) -> Markup:
    flags = Markup("").join(
        Markup('<span class="mark">{}</span>').format(FLAGS.get(f, f)) for f in referral["flags"]
    )
    lines = [
        ("Received", referral["submitted"]),
        ("Begun", referral["begun"]),
        ("Language", english_name(str(referral["language"]))),
        ("Connection", ", ".join(_option(referral, ("role",), o) for o in referral["roles"])),
    ]
    if referral["announced_not_received"]:
        lost = ", ".join(
            f"{x['id']} ({x['kind']}, {x['why']})" for x in referral["announced_not_received"]
        )
        lines.append(("Announced, not received", lost))
    rows = Markup("").join(
        Markup("<tr><th>{}</th><td>{}</td></tr>").format(*line) for line in lines
    )
    consents = Markup("").join(_consent(referral, consent) for consent in referral["consents"])
    return Markup(
        "<h1>Referral {}</h1>\n{}<p>{}</p>\n"
        '<div class="care" role="note">{}</div>\n<table>{}</table>\n'
        "<h2>What was agreed to</h2>\n<table>{}</table>"
    ).format(referral["reference"], call, flags, CARE, rows, consents)


def _consent(referral: Json, consent: Json) -> Markup:
    """What was asked and answered, with everything that was said on the way to it, in English and
    as it was shown.
    """
    told = [t["text"] for t in consent.get("told_before", ())]
    before = Markup("").join(
        Markup('<p class="said" dir="auto">{}</p>').format(text) for text in told
    )
    shown = consent.get("shown", {}).get("text", "")
    return Markup(
        '<tr><td>{}<br><small dir="auto">{}</small>{}</td>'
        "<td><b>{}</b></td><td><small>{} · {}</small></td></tr>"
    ).format(
        consent.get("question_en") or _question(referral, (consent["id"],)),
        shown,
        Markup("<details><summary>Said before it</summary>{}</details>").format(before)
        if told
        else "",
        consent.get("answer_en", consent["answer"]),
        consent["at"],
        consent["text_version"],
    )


def _call(referral: Json, identity: Json | None) -> Markup:
    """Above everything else: somebody asked to be called."""
    if "urgent" not in referral["flags"]:
        return Markup("")
    number = (identity or {}).get("urgent", "")
    apart = (
        "The number, if one was left, is sealed apart, and not to your key: ask your supervisor "
        "now."
    )
    said = number or (apart if identity is None else "No number was left.")
    return Markup(
        '<p class="care" role="alert">The witness asked to be contacted at once. <b>{}</b></p>\n'
    ).format(said)


def _incident(referral: Json, number: int, incident: Json) -> Markup:
    told = Markup("").join(_told(part) for part in incident["account"]) or Markup(
        '<p class="quiet">No account was given.</p>'
    )
    changed = ", ".join(f"{c['step']} ({c['at']})" for c in incident["changed"])
    point = incident["answers"].get("point")
    answers = {k: v for k, v in incident["answers"].items() if k != "point"}
    return Markup(
        "<h2>Event {}</h2>\n<h3>In the witness's own "
        "words</h3>\n<blockquote>{}</blockquote>\n{}{}{}"
    ).format(
        number,
        told,
        Markup("<p><small>Changed or removed before sending: {}</small></p>").format(changed)
        if changed
        else "",
        _point(point) if point else "",
        _asked("Answers", answers, referral, ("incident", incident["id"])),
    )


def _told(part: Json) -> Markup:
    below = " · ".join(filter(None, (part["at"], _beside(part))))
    return Markup('<p class="said" dir="auto">{}</p><small>{}</small>').format(_part(part), below)


def _part(part: Json) -> str:
    return str(part["text"]) if part["kind"] == "said" else f"(voice message {part['exhibit']})"


def _beside(part: Json) -> str:
    """What stands with words or a file: whose, under which file, what they answer and quote,
    addresses behind words.
    """
    found = [source(part.get("forwarded") or {})]
    if under := part.get("caption_of"):
        found.append(f"written under {under}")
    if meant := part.get("reply_to"):
        what = ", ".join(meant.get("exhibits", ())) or meant.get(
            "words_of", "a message that is not in this report"
        )
        found.append(f"in reply to {what}")
    if quote := part.get("quote"):
        found.append(f"quoting “{quote['text']}” {source(quote.get('forwarded') or {})}".strip())
    found += [f"behind “{link['text']}”: {link['address']}" for link in part.get("links", ())]
    return " · ".join(filter(None, found))


def _point(point: Json) -> Markup:
    near = f", near {point['near']['name']}" if "near" in point else ""
    near += f", chosen as “{point['venue']}”" if "venue" in point else ""
    return Markup("<p>Point on the map: {}, {} (± {} m){}</p>").format(
        point["lat"], point["lon"], point["accuracy_m"], near
    )


def _asked(
    title: str, answers: Json, referral: Json, under: tuple[str, ...], *, every: bool = False
) -> Markup:
    """A table of what was asked and answered, English beside the original; what only led on is
    folded away.
    """
    main: list[Markup] = []
    rest: list[Markup] = []
    for step, answer in answers.items():
        ask = _ask(referral, (*under, step))
        row = Markup('<tr><td>{}<br><small dir="auto">{}</small></td><td>{}</td></tr>').format(
            answer.get("question_en") or _question(referral, (*under, step)),
            answer["shown"]["text"],
            _answer(answer),
        )
        (main if every or (ask is not None and ask.heading) else rest).append(row)
    if not answers:
        return Markup("")
    folded = Markup(
        "<details><summary>Questions that only led on ({})</summary><table>{}</table></details>"
    ).format(len(rest), Markup("").join(rest))
    return Markup("<h3>{}</h3>\n<table>{}</table>\n{}").format(
        title, Markup("").join(main), folded if rest else ""
    )


def _answer(answer: Json) -> Markup:
    words = (
        Markup('<div class="said" dir="auto">{}</div>').format(answer["words"])
        if answer.get("words")
        else Markup()
    )
    for forwarded in answer.get("forwarded", ()):
        words += Markup("<small>{}</small>").format(source(forwarded))
    for part in answer.get("said", ()):
        words += Markup("<small>{}</small>").format(_beside({**part, "forwarded": {}}))
    match answer["kind"]:
        case "option":
            read = "; ".join(answer["option_en"])
        case "edtf":
            read = f"read as: {answer['edtf'] or 'not read'} {answer['part_of_day']}".strip()
        case "place":
            place = answer["place"]
            region = str(REGIONS.get(place["region"], place["region"]))
            read = f"{place['name'] or 'the region'}, {region} (codifier {place['code']})"
        case "skipped" | "unknown" as how:
            read = "skipped" if how == "skipped" else "does not know"
        case _:
            read = ", ".join(f"voice message {x}" for x in answer.get("exhibits", ()))
    return words + Markup("<b>{}</b>").format(read) if read else words


def _exhibits(title: str, referral: Json, files: Mapping[str, str], within: str) -> Markup:
    shown = [
        _exhibit(x, files.get(f"{within}{x['id']}", ""), referral) for x in referral["exhibits"]
    ]
    return (
        Markup("<h2>{}</h2>\n{}").format(title, Markup("\n").join(shown)) if shown else Markup("")
    )


def _exhibit(exhibit: Json, file: str, referral: Json) -> Markup:
    """What an exhibit is, in words; then the ways to look at it."""
    origin = exhibit["origin"]
    same = f"as for {origin['as_for']}" if "as_for" in origin else ""
    asked = {k: v for k, v in origin.items() if k != "as_for"}
    lines = [
        (
            f"{exhibit['kind']}, {exhibit['size']:,} bytes, "
            f"{exhibit['claimed_type'] or 'type not said'}"
        ),
        f"sent {exhibit['at']}, kept {exhibit['received']}",
        f"event {exhibit['incident'][1:]}" if exhibit["incident"] else "",
        "compressed again by the app"
        if exhibit["recompressed"]
        else "as a file, unchanged by the app",
        f"one thing with {', '.join(x for x in exhibit['parts'] if x != exhibit['id'])}"
        if "parts" in exhibit
        else "",
        f"in place of {exhibit['replaces']}, which its sender exchanged"
        if "replaces" in exhibit
        else "",
        _beside(exhibit),
    ]
    return Markup(
        '<div class="exhibit" id="{0}"><h3>{0}: <bdi>{1}</bdi></h3>'
        '<p>{2}</p>{3}<p class="digest">SHA-256 {4}</p>'
        "<p><small>{5}</small></p>{6}{7}</div>"
    ).format(
        exhibit["id"],
        exhibit["name"] or exhibit["kind"],
        " · ".join(line for line in lines if line),
        Markup('<blockquote class="said" dir="auto">{}</blockquote>').format(_caption(exhibit))
        if exhibit["caption"]
        else "",
        exhibit["sha256"],
        same,
        _asked("Where it is from", asked, referral, ("exhibit", exhibit["id"]), every=True),
        _look(exhibit, file),
    )


def _caption(exhibit: Json) -> str:
    """The words under a file; in dossiers of before 0.2 they stand alone."""
    caption = exhibit["caption"]
    if isinstance(caption, str):
        return caption
    return f"{caption['text']}{' (changed after it was sent)' if caption['changed'] else ''}"


def _look(exhibit: Json, file: str) -> Markup:
    if not file:
        return Markup('<p class="quiet">Not in this dossier.</p>')
    lower, name = file.lower(), exhibit["id"]
    link = Markup('<p><a href="{}">Open the file itself</a> (nothing is dimmed there)</p>').format(
        file
    )
    kind = exhibit["kind"]
    if lower.endswith(PICTURES) or kind == "photo":
        return Markup(
            "<details><summary>Show {0}: grey and blurred</summary>"
            '<input type="checkbox" class="grey" id="g-{1}"> '
            '<label for="g-{1}">sharp, still grey</label> '
            '<input type="checkbox" class="sharp" id="s-{1}"> '
            '<label for="s-{1}">sharp, in colour</label>'
            '<img src="{1}" alt="{0}" loading="lazy"></details>{2}'
        ).format(name, file, link)
    if lower.endswith(FILMS) or kind in ("video", "video_note", "animation"):
        film = Markup('<video src="{}" controls muted preload="none" width="320"></video>').format(
            file
        )
        shut = Markup(
            "<details><summary>Show {}: a film, silent until you turn the sound "
            "on</summary>{}</details>{}"
        )
        return shut.format(name, film, link)
    if lower.endswith(SOUNDS) or kind in ("voice", "audio"):
        sound = Markup('<audio src="{}" controls preload="none"></audio>').format(file)
        return Markup("<details><summary>Listen to {}</summary>{}</details>{}").format(
            name, sound, link
        )
    return link


def _addendum(name: str, addendum: Json, files: Mapping[str, str]) -> Markup:
    told = [part for incident in addendum["incidents"] for part in incident["account"]]
    words = Markup("").join(_told(part) for part in told)
    taken = ", ".join(addendum["withdrawn"])
    return Markup("<h2>Added {}: {}</h2>\n<blockquote>{}</blockquote>{}{}").format(
        name,
        addendum["submitted"],
        words,
        Markup("<p><b>No longer to be shared with: {}</b></p>").format(taken) if taken else "",
        _exhibits(f"Files of {name}", addendum, files, f"{name}/"),
    )


def _identity(identity: Json | None) -> Markup:
    if identity is None:
        return Markup('<h2>Who it is</h2>\n<p class="quiet">Sealed apart, and not to your key.</p>')
    rows = Markup("").join(
        Markup('<tr><th>{}</th><td dir="auto">{}</td></tr>').format(k, v)
        for k, v in _flat(identity)
    )
    return Markup(
        "<h2>Who it is</h2>\n<details><summary>Show name and "
        "contact</summary><table>{}</table></details>"
    ).format(rows)


def _flat(values: Json, before: str = "") -> Iterable[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key} ")
        elif value and (before, key, value) != ("contact ", "way", "no"):
            yield f"{before}{key}", ", ".join(value) if isinstance(value, list) else str(value)


def _custody(lines: Sequence[Json]) -> Markup:
    rows = Markup("").join(
        Markup("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            line["n"], line["kind"], line["actor"], line["subject"]
        )
        for line in lines
    )
    return Markup(
        "<h2>Custody</h2>\n<details><summary>{} lines</summary><table>{}</table></details>"
    ).format(len(lines), rows)


def _ask(referral: Json, path: tuple[str, ...]) -> Ask | None:
    flow = referral.get("flow") or {"id": "follow_up", "version": 1}
    try:
        return _FLOWS.of(flow["id"], flow["version"]).ask(path)
    except LookupError:
        return None


def _question(referral: Json, path: tuple[str, ...]) -> str:
    """The question in English; what an installation says in it by itself is left open."""
    ask = _ask(referral, path)
    return str(ask.question.text).format_map(_Blank()) if ask is not None else path[-1]


def _option(referral: Json, path: tuple[str, ...], option: str) -> str:
    ask = _ask(referral, path)
    options = getattr(ask.question, "options", {}) if ask is not None else {}
    return str(cast("Mapping[str, object]", options).get(option, option))
