"""PURE: identity.json: who reports and how to reach them, sealed apart."""

from bot.language.translate import Translator
from bot.referral.answers_json import options_of
from bot.referral.report import Json, Report, describe_value, of_mark, plain_value
from conversations import codec
from conversations.model import Said
from conversations.steps import Ask
from conversations.way import way


def identity(report: Report, chat: str, translator: Translator, binding: str) -> Json:
    """identity.json: what is sealed apart; `chat` is where the witness can be reached if they chose
    this chat, `binding` random, so that the digest of it all tells nothing.
    """
    private = {
        stop.path: describe_value(
            report,
            stop.step,
            codec.answers_at(report.answers, stop.path) or [of_mark(mark)],
            translator,
        )
        for stop in way(report.flow, report.state)
        if isinstance(stop.step, Ask)
        and stop.step.private
        and (mark := report.state.marks.get(stop.path)) is not None
    }
    top = {path[0]: plain_value(value) for path, value in private.items() if len(path) == 1}
    contact = options_of(report.state, "contact")
    others = [plain_value(value) for path, value in private.items() if path[-1] == "others_contact"]
    others += [
        a.text
        for path in report.state.marks
        if path[-1].startswith("~card")
        for a in codec.answers_at(report.answers, path)
        if isinstance(a, Said)
    ]
    return {
        "name": top.get("name", ""),
        "contact": {
            "way": "".join(contact) or "no",
            "phone": top.get("phone", ""),
            "email": top.get("email", ""),
        },
        "hours": top.get("hours", ""),
        "wishes": {k: top[k] for k in ("speak", "officer", "interpreter", "region") if k in top},
        "messenger": chat if contact == ("bot",) else "",
        "others": others,
        "urgent": top.get("urgent_contact", ""),
        "child": top.get("child_details", ""),
        "origins": report.origins.identity(),
        "binding": binding,
    }
