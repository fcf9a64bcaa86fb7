"""PURE: a report as a readable transcript: what was asked, what was said, when."""

from typing import Any
from unicodedata import category

from bot.language.translate import Translator
from bot.referral import origins
from bot.referral.report import Report, is_apart, label, said_label, shown_as
from bot.referral.times import iso_time
from conversations.state import Exhibit
from conversations.steps import Ask

Json = dict[str, Any]


def transcript(report: Report, reference: str, submitted: int, translator: Translator) -> str:
    """Every question as it was shown and every answer that stands, in order; changed ones as a line
    without words.

    All times are the channel's own, so that a question comes after the answer that led to it.
    """
    last = report.state.asked + 1
    rows: list[tuple[int, int, int, str]] = []
    for body in report.shown:
        language = body["language"] or "all languages"
        said = "ASKED" if body["prompt"] else "TOLD"
        number = body["prompt"] or body.get("before", 0)
        rows.append((body["at"], number, 0, f"{said} ({language})\n{_indent(body['text'])}"))
    for body in report.answers:
        if is_apart(report, tuple(body["path"])):
            continue
        mark = report.state.marks.get(tuple(body["path"]))
        prompt = body.get("prompt") or (mark.prompt if mark else 0)
        rows.append((body["at"], prompt, 1, f"WITNESS\n{_indent(_said(report, body, translator))}"))
    for exhibit in report.state.exhibits:
        state = "received" if exhibit.status == "held" else "announced, not received"
        said = f"FILE {exhibit.id}: {exhibit.kind}, {state}{_of_file(report, exhibit)}"
        rows.append((exhibit.at, last, 2, said))
    for number, body in enumerate(report.set_aside, 1):
        said = f"SET ASIDE s{number}: {body.get('kind', 'not read')}, kept as it came"
        rows.append((body["at"], last, 2, said))
    for changed in report.state.changed:
        rows.append(
            (changed.at, last, 3, f"CHANGED OR REMOVED BY THE WITNESS: {'.'.join(changed.path)}")
        )
    told = "\n\n".join(
        f"[{iso_time(at)}] {text}" for at, _, _, text in sorted(rows, key=lambda row: row[:3])
    )
    return visible(f"Referral {reference}\nSent {iso_time(submitted)}\n\n{told}\n")


def _both(ask: Ask, option: str, translator: Translator, language: str) -> str:
    """The label as it was shown, and in English."""
    english, shown = (
        label(ask, option, translator),
        said_label(ask, option, translator, language or "en"),
    )
    return english if shown == english else f"{shown} / {english}"


def _said(report: Report, body: Json, translator: Translator) -> str:
    answer = body["answer"]
    match answer["kind"]:
        case "said":
            return _whose(report, answer) + str(answer["text"]) + _links(answer)
        case "spoken":
            return f"{_whose(report, answer)}(voice message {answer['exhibit']})"
        case "picked":
            here = report.flow.ask(tuple(body["path"]), report.state)
            shown = (
                shown_as(report, report.state.marks[here_path].prompt)["language"]
                if (here_path := tuple(body["path"])) in report.state.marks
                else ""
            )
            return ", ".join(
                f"[{_both(here, option, translator, shown) if here else option}]"
                for option in answer["options"]
            )
        case "dated":
            return f"(date read as: {answer['edtf'] or 'not read'} {answer['part']})".replace(
                " )", ")"
            )
        case "settlement":
            return f"(place of the codifier: {answer['code']} {answer['name']})".replace(" )", ")")
        case "placed":
            return f"(point on the map: {answer['lat'] / 1e6:.6f}, {answer['lon'] / 1e6:.6f})"
        case _:
            return f"({answer['how']})"


def _of_file(report: Report, exhibit: Exhibit) -> str:
    """What else is known of a file as it was sent."""
    file = report.exhibits[exhibit.id]["file"]
    whose = origins.source(origins.of_file(report.origins, file))
    return f"{', film of a live photo' if exhibit.live else ''}{f', {whose}' if whose else ''}" + (
        f", in place of {exhibit.replaces}" if exhibit.replaces else ""
    )


def _whose(report: Report, answer: Json) -> str:
    """A line above words or a voice that are somebody else's, or that stand under a file or answer
    something.
    """
    beside = origins.beside(report.origins, answer.get("about") or {}, report.state, report.answers)
    voice = report.exhibits.get(answer.get("exhibit", ""))
    whose = (
        origins.of_file(report.origins, voice["file"])
        if voice
        else origins.of_answer(report.origins, answer)
    )
    lines = [origins.source(whose)]
    if "caption_of" in beside:
        lines.append(f"written under {beside['caption_of']}")
    if meant := beside.get("reply_to"):
        what = ", ".join(meant.get("exhibits", ())) or meant.get(
            "words_of", "a message that is not in this report"
        )
        lines.append(f"in reply to {what}")
    if quote := beside.get("quote"):
        of = origins.source(quote.get("forwarded", {}))
        lines.append(f"quoting{f' what is {of}' if of else ''}: “{quote['text']}”")
    return "".join(f"({line})\n" for line in lines if line)


def _links(answer: Json) -> str:
    """The addresses behind words, below them."""
    links = (answer.get("about") or {}).get("links", ())
    return "".join(f"\n(behind “{text}”: {address})" for text, address in links)


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def visible(text: str) -> str:
    """The text without what a terminal would obey: each control character but tab and line feed as
    its code. referral.json has them as they came.
    """
    return "".join(c if c in "\n\t" or category(c) != "Cc" else ascii(c)[1:-1] for c in text)
