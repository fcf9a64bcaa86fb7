"""Doing what the conversation asked for: every effect becomes a row of the same transaction.

1. Nothing is done here at once: what must reach a phone, a channel or an officer is a row that is
   found again after a crash.
2. Effects are rows in their order; a Show after Forget is said under a key of its own, since the
   report's is gone by then.
3. A chat that is hidden is told nothing: nothing leads to it any more.
4. What quotes the witness waits until the kept answers are loaded, and what follows waits with it,
   so that messages stand in the order they were said in.
5. A question is kept with the report as it was worded, without what it quoted: that may be taken
   back yet.
"""

from dataclasses import asdict

from bot.witness import receipt_buttons
from bot.witness.outgoing import Recent, shown
from bot.witness.render import Kept, Renderer, is_ours, quotes
from bot.witness.screen import screen_of
from conversations import codec
from conversations.effects import (
    Append,
    Discard,
    Drop,
    DropWords,
    Effects,
    Fetch,
    FindPlace,
    Forget,
    Hide,
    Keep,
    Look,
    MakeWords,
    SetAside,
    Show,
    Submit,
    Wait,
)
from conversations.events import Event, Filed
from conversations.model import Answer, Quote
from storage.bodies import Body
from storage.drafts import Draft
from storage.group import Group


def perform(
    group: Group,
    draft: Draft,
    event: Event,
    effects: Effects,
    renderer: Renderer,
    *,
    versions: bool = False,
) -> None:
    """Turn effects into changes of `draft`; a Show after Forget goes out under a key of its own.

    `versions`: every answer is also kept as it was first given, whatever becomes of it.
    """
    for effect in effects:
        match effect:
            case Show():
                hidden = any(isinstance(e, Hide) for e in effects)
                _show(group, draft, effect, event, renderer, hidden=hidden)
            case Keep():
                _keep(draft, event, effect, renderer.language if versions else None)
            case Drop(path=path, part=""):
                draft.drop(path)
            case Drop(path=path, part=part):
                draft.drop_part(path, part)
            case Fetch():
                _ask_for_fetch(draft, effect, group.now)
            case SetAside(kind=kind, raw=raw):
                draft.set_aside({"raw": raw, "why": kind, "kind": kind, "at": event.at}, kind)
            case Discard(exhibit=exhibit):
                draft.drop_exhibit(exhibit)
            case Wait(key=key, seconds=seconds):
                draft.do("wait", group.now + seconds, {"key": key}, name=f"wait:{key}")
            case MakeWords(own=own):
                draft.do(
                    "words", group.now, {"own": own, "language": renderer.language}, name="words"
                )
            case DropWords():  # under the same name: words that are still being made are not taken
                draft.do("words", group.now, {"drop": True}, name="words")
            case Hide(anew=anew):
                _hide(group, draft, closing=any(isinstance(e, Forget) for e in effects), anew=anew)
            case Forget():
                draft.close()
            case Submit() | Append():
                draft.do("submit", group.now, {}, name="submit")
            case Look(reference=reference, words=words, words_asked=asked):
                body = {"reference": reference, "words": words, "asked": asked}
                draft.do("look", group.now, body, name="look")
            case FindPlace(for_path=path):
                body = {**asdict(effect), "language": renderer.language}
                draft.do("place", group.now, body, name=f"place:{'.'.join(path)}")


def _keep(draft: Draft, event: Event, keep: Keep, version: str | None) -> None:
    """Keep an answer; `version`: the language of the chat, where earlier versions are kept, too."""
    answered: Body = {"path": keep.path, "part": keep.part, "answer": codec.write(keep.answer)}
    body = {**answered, "at": event.at, "prompt": event.prompt}
    draft.keep(keep.path, keep.part, body)
    if version is not None:
        draft.keep_shown({**body, "kept": True, "language": version, "text": ""})


def _show(
    group: Group, draft: Draft, show: Show, event: Event, renderer: Renderer, *, hidden: bool
) -> None:
    """`hidden`: the chat is being cleared anyway."""
    if draft.hidden:
        # nothing leads to the chat any more; a number is told again to whoever has the return words
        return
    if draft.closed:
        body = shown(show, renderer.language, renderer.tag)
        if isinstance(event, Filed):
            body["buttons"] = receipt_buttons.buttons(
                renderer, screen_of(draft).first, event.proof, event.exhibits
            )
        elif not hidden:
            body["buttons"] = receipt_buttons.clear_button(renderer, screen_of(draft).first)
        group.say_last(draft.channel, {**body, "address": draft.address.hex()})
    elif quotes(show) or group.waits(draft):
        group.after_loading(
            draft, lambda: _send(group, draft, show, event, renderer, kept_in(group, draft))
        )
    else:
        _send(group, draft, show, event, renderer, None)


def _send(
    group: Group, draft: Draft, show: Show, event: Event, renderer: Renderer, kept: Kept | None
) -> None:
    if draft.closed:
        return
    sealed = draft.send(shown(renderer.filled(show, kept), renderer.language, renderer.tag))
    if is_ours(show):
        group.recent[sealed] = Recent(show, renderer.language, renderer.tag)
    question = (
        show.prompt
        and not show.buttons_only
        and (not show.replaces or show.replaces.startswith("pick"))
        and not show.path[0].startswith("~")
    )
    if question or show.before:
        asked = {
            "prompt": show.prompt or 0,
            "before": show.before,
            "path": show.path,
            "text": renderer.wording(show),
            "language": renderer.language,
        }
        draft.keep_shown({**asked, "at": event.at})


def kept_in(group: Group, draft: Draft) -> Kept:
    """Finds the answers of one conversation once they are loaded."""

    def kept(quote: Quote) -> list[Answer]:
        return codec.answers_at(group.answers[draft.id], quote.path)

    return kept


def _ask_for_fetch(draft: Draft, fetch: Fetch, now: int) -> None:
    file = fetch.file
    body: Body = {
        "name": fetch.exhibit,
        "file": asdict(file),
        "incident": fetch.incident,
        "said_at": fetch.said_at,
        "at": fetch.at,
        "received": now,
    }
    draft.exhibit(fetch.exhibit, None, body)
    draft.do(
        "fetch",
        now,
        {
            "exhibit": fetch.exhibit,
            "file": file.id,
            "size": file.size,
            "channel": draft.channel,
            "kind": file.kind,
        },
    )


def _hide(group: Group, draft: Draft, *, closing: bool, anew: bool) -> None:
    """Ask for the chat to be cleared; the list of its messages gets a key of its own, apart from
    the report's.

    Where the report stays, its link to the chat goes with it.
    """
    address, account = draft.address, screen_of(draft).account
    fresh = [draft.opened("messages.body", body) for body in draft.changes.messages]
    if not closing:
        group.hide(draft)

    def remove() -> None:
        known = [
            body
            for body in (*group.messages[draft.id], *fresh)
            if body.get("account", account) == account
        ]
        ids = sorted({i for body in known for i in body["ids"]})
        if ids:
            group.remove_messages(
                {"address": address.hex(), "channel": draft.channel, "account": account, "ids": ids}
            )
        if anew:
            group.do_alone("begin", {"address": address.hex(), "channel": draft.channel})

    group.after_loading(draft, remove)
