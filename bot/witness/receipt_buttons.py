"""What the receipt's buttons carry: after sending nothing here remembers the chat, so the buttons
do.

What was received can be asked for until a day later: a row without a chat, found by what only the
buttons know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast

from bot.channels.incoming import Commanded
from bot.language.translate import Translator
from bot.referral import reference as references
from bot.witness.outgoing import outgoing
from bot.witness.render import Renderer
from conversations import texts
from conversations.model import Param, Size, Text
from storage.keys import Box

CLEAR: Final = "~clear."
LEAVE: Final = "~leave"
AGAIN: Final = {"~add.": Commanded("add"), "~new.": Commanded("start")}
MOST_CLEARED: Final = 2000
"""Messages that one press clears at the most; ids run over all chats of a bot."""
PROOF_SECONDS: Final = 86_400
What = Literal["files", "signed"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A press that asks for the list of files or the signed receipt; `sure`: after the warning."""

    what: What
    sure: bool
    proof: str
    language: str


def buttons(renderer: Renderer, first: int, proof: str, files: int) -> list[list[Any]]:
    """Label, token and row of each; `first`: the id of the conversation's first message."""
    language = renderer.language
    found = [
        [renderer.label(texts.ADD_TO_IT), f"~add.{language}", 0],
        [renderer.label(texts.NEW_REPORT), f"~new.{language}", 1],
    ]
    if proof and files:
        found.append([renderer.label(texts.LIST_OF_FILES), f"~files.{proof}.{language}", 2])
    if proof:
        found.append([renderer.label(texts.SIGNED_RECEIPT), f"~signed.{proof}.{language}", 3])
    return [*found, [renderer.label(texts.CLEAR), f"{CLEAR}{first}", 4]]


def clear_button(renderer: Renderer, first: int) -> list[list[Any]]:
    """Under the last words of a conversation of which nothing is kept: the button alone knows which
    messages it had.
    """
    return [[renderer.label(texts.CLEAR), f"{CLEAR}{first}", 0]] if first else []


def number(renderer: Renderer, reference: str, message: int) -> dict[str, Any]:
    """Told to whoever writes the return words of a report that is sent; `message`: the one they are
    in.
    """
    said = renderer.translator.say(
        Text(texts.SENT_BEFORE, {"reference": reference}), renderer.language
    )
    return outgoing(said, buttons(renderer, message, "", 0))


def answer_old_button(translator: Translator, language: str) -> dict[str, Any]:
    """The answer to an old button of a report that is sent."""
    add = [translator.say(Text(texts.ADD_TO_IT), language), f"~add.{language}", 0]
    return outgoing(translator.say(Text(texts.IS_SENT), language), [add])


def messages_to_clear(token: str, message: int) -> list[int]:
    """The messages from the first of the conversation to the receipt that the button hangs on.

    Ids in between that are other chats' are passed over by the channel, which looks for them in
    this chat only.
    """
    first = token.removeprefix(CLEAR)
    if not token.startswith(CLEAR) or not first.isdecimal() or not message:
        return []
    return list(range(max(int(first[:18]), message - MOST_CLEARED + 1), message + 1))


def command_of(token: str, under: str) -> tuple[Commanded, str] | None:
    """The command that a button stands for, and the language of the receipt it hung on.

    The number stands in that message, `under`: nobody has to type what the button hangs on.
    """
    for begins, command in AGAIN.items():
        if token.startswith(begins):
            language = token.removeprefix(begins)
            return replace(
                command, code=references.found(under)
            ) if command.control == "add" else command, language
    return None


def asked_for(token: str) -> Wanted | None:
    """Whether a button asks for what was received: "~files.PROOF.LANGUAGE", with a mark once the
    warning was read.
    """
    what, _, rest = token.removeprefix("~").partition(".")
    proof, _, language = rest.partition(".")
    if not token.startswith("~") or what.rstrip("!") not in ("files", "signed") or not proof:
        return None
    return Wanted(cast("What", what.rstrip("!")), what.endswith("!"), proof, language)


def proof_name(master: Box, proof: str) -> str:
    """The name of the row; without the button nobody finds which it is."""
    return f"proof:{master.name('proof', proof).hex()}"


def warning(translator: Translator, asked: Wanted) -> dict[str, Any]:
    """What is said before anything is shown: it stays on the phone."""
    show = [
        translator.say(Text(texts.PROOF_SHOW), asked.language),
        f"~{asked.what}!.{asked.proof}.{asked.language}",
        0,
    ]
    leave = [translator.say(Text(texts.NO), asked.language), LEAVE, 1]
    return outgoing(translator.say(Text(texts.PROOF_WARNING), asked.language), [show, leave])


def show_received(
    translator: Translator, asked: Wanted, body: Mapping[str, Any] | None, signed: str
) -> dict[str, Any]:
    """The list of files, or the signed receipt; or that it is too late for either."""
    if body is None:
        return outgoing(translator.say(Text(texts.PROOF_GONE), asked.language), [])
    clear = [[translator.say(Text(texts.CLEAR), asked.language), f"{CLEAR}{body['first']}", 0]]
    if asked.what == "signed":
        return outgoing(
            translator.say(Text(texts.PROOF_SIGNED, {"signed": signed}), asked.language), clear
        )
    files = "\n\n".join(
        f"{translator.say(_file(x), asked.language)}\n{x['sha256']}" for x in body["files"]
    )
    params: dict[str, Param] = {
        "reference": body["reference"],
        "hour": body["hour"],
        "files": files,
    }
    return outgoing(translator.say(Text(texts.PROOF_FILES, params), asked.language), clear)


def _file(exhibit: Mapping[str, Any]) -> Text:
    kind = Text(texts.KINDS[exhibit["kind"]])
    params: dict[str, Param] = {
        "number": int(exhibit["id"][1:]),
        "kind": kind,
        "size": Size(exhibit["size"]),
    }
    return Text(texts.REVIEW_FILE_LINE, params)
