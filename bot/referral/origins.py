"""PURE: whose the forwarded and quoted things in a report are: in kind in the account, by name in
what is sealed apart.

Only a public channel is named in the account: anybody can look it up. People, groups and private
channels are "person A", "chat B" there, so that somebody who forwards a message names nobody in it,
themselves least of all.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from bot.referral.times import iso_time
from conversations.state import State

Json = dict[str, Any]
KINDS = {
    "user": "a person",
    "hidden_user": "a person who hides their account",
    "chat": "a group",
    "channel": "a channel",
}
PUBLIC = ("title", "username", "message_id")


@dataclass(slots=True)
class Origins:
    """The names of one report's origins, in the order in which they are met."""

    names: dict[str, str] = field(default_factory=dict)

    def forwarded(self, kind: str, at: int, origin: str) -> Json:
        """What the account says of a forward: in kind, when it was first sent, whether anybody
        could see it.
        """
        if not kind:
            return {}
        known: Json = json.loads(origin) if origin else {}
        public = (
            bool(known.get("username")) and kind in ("channel", "chat")
            if known
            else kind == "channel"
        )
        said: Json = {"kind": kind, "public": public, **({"date": iso_time(at)} if at else {})}
        if public and known:
            said["channel"] = {name: known[name] for name in PUBLIC if name in known}
        elif known:
            said["who"] = self._named(kind, origin)
        return said

    def _named(self, kind: str, origin: str) -> str:
        known = json.loads(origin)
        whose = json.dumps({k: v for k, v in known.items() if k != "message_id"}, sort_keys=True)
        if whose not in self.names:
            what = "person" if kind in ("user", "hidden_user") else "chat"
            number = sum(name.startswith(what) for name in self.names.values())
            self.names[whose] = f"{what} {_letters(number)}"
        return self.names[whose]

    def identity(self) -> Json:
        """By the name that the account has: who it is, as the app says."""
        return {name: json.loads(whose) for whose, name in self.names.items()}


def _letters(number: int) -> str:
    rest, last = divmod(number, len(ascii_uppercase))
    return (_letters(rest - 1) if rest else "") + ascii_uppercase[last]


def source(forwarded: Json) -> str:
    """Whose something is, as far as the app says; empty where it is the witness's own."""
    if not forwarded:
        return ""
    if forwarded["kind"] == "self":
        return f"forwarded, the sender's own, first sent {forwarded.get('date', 'unknown')}"
    channel = forwarded.get("channel", {})
    named = ", ".join(str(part) for part in (channel.get("title"), channel.get("username")) if part)
    who = forwarded.get("who") or named
    first = forwarded.get("date", "unknown")
    kind = KINDS.get(forwarded["kind"], f"a {forwarded['kind']}")
    return f"forwarded from {kind}{f' ({who})' if who else ''}, first sent {first}"


def of_file(origins: Origins, file: Mapping[str, Any]) -> Json:
    """Whose a file is; of what was kept before 0.2 less is known."""
    about = file.get("about") or {}
    return origins.forwarded(
        file["forwarded"], file.get("forwarded_at", 0), about.get("origin", "")
    )


def of_answer(origins: Origins, answer: Mapping[str, Any]) -> Json:
    about = answer.get("about") or {}
    return origins.forwarded(
        answer.get("forwarded", ""), answer.get("forwarded_at", 0), about.get("origin", "")
    )


def beside(
    origins: Origins, about: Mapping[str, Any], state: State, answers: Sequence[Json]
) -> Json:
    """What stands with words or a file: addresses behind words, what they answer, what they
    quote.
    """
    said: Json = {}
    if links := about.get("links"):
        said["links"] = [{"text": text, "address": address} for text, address in links]
    if meant := about.get("reply_to"):
        said["reply_to"] = _meant(meant, state, answers)
    if quote := about.get("quote"):
        whose = origins.forwarded(quote["forwarded"], quote["at"], quote["origin"])
        said["quote"] = {"text": quote["text"], **({"forwarded": whose} if whose else {})}
    if (under := about.get("under")) and (
        files := [x.id for x in state.exhibits if x.message == under]
    ):
        said["caption_of"] = files[0]
    return said


def _meant(event: str, state: State, answers: Iterable[Json]) -> Json:
    """Which exhibits or words of the report a message answers; neither where it is none of this
    report's.
    """
    if files := [x.id for x in state.exhibits if x.message == event]:
        return {"exhibits": files}
    times = [iso_time(body["at"]) for body in answers if body["part"].partition(".")[0] == event]
    return {"words_of": times[0]} if times else {"not_in_this_report": True}
