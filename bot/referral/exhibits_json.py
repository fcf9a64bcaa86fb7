"""PURE: what a referral says of its files: received, or announced and not received."""

from bot.language.translate import Translator
from bot.referral import origins
from bot.referral.answers_json import describe_answers
from bot.referral.report import Json, Report, is_apart
from bot.referral.times import iso_time
from conversations.conditions import asked_about
from conversations.state import Exhibit, State


def describe_exhibit(report: Report, exhibit: Exhibit, translator: Translator) -> Json:
    body = report.exhibits[exhibit.id]
    file, digests = body["file"], body["digests"]
    return {
        "id": exhibit.id,
        "incident": exhibit.incident,
        "said_at_step": exhibit.said_at[-1] if exhibit.said_at else "",
        "name": file["name"],
        "kind": file["kind"],
        "claimed_type": file["claimed_type"],
        "caption": _caption(report, exhibit),
        "size": body["size"],
        "sha256": digests["sha256"],
        "sha512": digests["sha512"],
        "sealed_sha256": digests["sealed_sha256"],
        "at": iso_time(body["at"]),
        "received": iso_time(body["received"]),
        "forwarded": origins.of_file(report.origins, file),
        "recompressed": file["kind"] in ("photo", "video", "video_note"),
        "origin": _origin(report, exhibit, translator),
        **({"replaces": exhibit.replaces} if exhibit.replaces else {}),
        **({"parts": parts} if len(parts := _parts(report.state, exhibit)) > 1 else {}),
        **origins.beside(report.origins, file.get("about") or {}, report.state, report.answers),
    }


def _caption(report: Report, exhibit: Exhibit) -> Json:
    """The words that stand under a file, and whether they were changed after it was sent. Empty
    where none do.

    An album's stand under its first file; what was kept before 0.2 has them as they were announced.
    """
    body = report.exhibits[exhibit.id]
    if earlier := body["file"].get("caption", ""):
        return {"text": earlier, "at": iso_time(body["at"]), "changed": False}
    first = next(x for x in report.state.exhibits if x.message == exhibit.message)
    for said in report.answers:
        if (
            said["part"] == f"{exhibit.message}.words"
            and first.id == exhibit.id
            and not is_apart(report, tuple(said["path"]))
        ):
            return {
                "text": said["answer"]["text"],
                "at": iso_time(said["at"]),
                "changed": said["at"] != exhibit.at,
            }
    return {}


def _parts(state: State, exhibit: Exhibit) -> list[str]:
    """The still and the film of a live photo, which are one thing."""
    mine = [x for x in state.exhibits if x.message == exhibit.message]
    return [x.id for x in mine] if any(x.live for x in mine) else []


def _origin(report: Report, exhibit: Exhibit, translator: Translator) -> Json:
    """What was said of a file; where the answer was the same for all, it is the first one's, and
    says so.
    """
    same = report.state.marks.get(("incident", exhibit.incident, "origin_same"))
    of_all = same is not None and same.options == ("same",)
    about = describe_answers(report, ("exhibit", exhibit.id), translator, same=of_all)
    if about:
        return about
    asked = asked_about(report.state, exhibit.incident)
    if same is None or same.options != ("same",) or exhibit.id not in asked:
        return {}
    return {
        "as_for": asked[0],
        **describe_answers(report, ("exhibit", asked[0]), translator, same=True),
    }


def describe_announced(report: Report, exhibit: Exhibit) -> Json:
    file = report.exhibits[exhibit.id]["file"]
    return {
        "id": exhibit.id,
        "kind": exhibit.kind,
        "name": file["name"],
        "size": file["size"],
        "why": exhibit.why,
    }
