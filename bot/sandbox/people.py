"""The people's side: what somebody with the app can do, and what their app shows; no more than the
app lets them.
"""

import json
import secrets
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.screens import Screens
from bot.sandbox.world import CHANNEL_ID, BotAccount, Chat, Faults, Json, Person, World, seeded

PIECE = 1024 * 1024
MOST_IN_ALBUM = 10
NAMED = {"flood": "429", "broken": "5xx"}
"""Faults whose name outside is no name in Python."""
FILES = ("photo", "document", "video", "video_note", "audio", "animation", "live_photo")
OTHERS = ("checklist", "poll", "story", "paid_media", "dice")
SERVICES: dict[str, Json] = {
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400},
    "chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🏠"}},
    "boost_added": {"boost_count": 1},
    "write_access_allowed": {},
    "users_shared": {"request_id": 1, "users": [{"user_id": 5}]},
    "forum_topic_created": {"name": "A topic", "icon_color": 7_322_096},
}
"""What the app writes by itself, as Telegram sends it."""
CAN_BE_HIDDEN = ("photo", "video", "animation")
PHOTO_SIZES = ((90, 67, 0.02), (320, 240, 0.2), (1280, 960, 1.0))
"""Width, height and share of the bytes: as Telegram does, a photo comes in several sizes, the
largest last.
"""


class NotInTheApp(Exception):
    """The app does not let a person do this."""


class People:
    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        one = "/people/{person:int}/{bot}"
        acts = {
            "text": self.text,
            "press": self.press,
            "files": self.files,
            "pin": self.pin,
            "contact": self.contact,
            "edit": self.edit,
            "delete": self.delete,
            "forward": self.forward,
            "block": self.block,
            "unblock": self.unblock,
            "invite": self.invite,
            "deactivate": self.deactivate,
            "article": self.article,
            "venue": self.venue,
            "live": self.live,
            "exchange": self.exchange,
            "other": self.other,
            "service": self.service,
        }
        return [
            Route("/people", self.add, methods=["POST"]),
            *(Route(f"{one}/{name}", act, methods=["POST"]) for name, act in acts.items()),
            *Screens(self.world, lambda request: self._where(request)[2]).routes(),
            Route("/start.json", self.start),
            Route("/faults", self.faults_now),
            Route("/faults", self.faults, methods=["PUT"]),
            Route("/rights", self.rights, methods=["PUT"]),
            Route("/bots/{bot}/ban", self.ban, methods=["POST"]),
            Route("/clock", self.clock, methods=["PUT"]),
        ]

    async def start(self, _: Request) -> Response:
        """Who is here from the beginning: the page has a desk for each of these officers."""
        there = [
            {"id": p.id, "name": p.name}
            for p in self.world.people.values()
            if "officers" in p.started
        ]
        return JSONResponse({"officers": there})

    # ── what a person does ───────────────────────────────────────────────────

    async def add(self, request: Request) -> Response:
        body = await _json(request)
        person = self.world.add_person(
            str(body.get("name", "Person")), str(body.get("language", "en"))
        )
        return JSONResponse({"id": person.id})

    async def text(self, request: Request) -> Response:
        """Plain words, or formatted ones with their entities; in reply to a message, with a quote
        of another chat.
        """
        body = await _json(request)
        beside = ("entities", "quote", "external_reply", "message_thread_id")
        said: Json = {name: body[name] for name in beside if name in body}
        if "message_thread_id" in said:
            said["is_topic_message"] = True
        return self._say(
            request, {"text": str(body["text"]), **said, **self._replying(request, body)}
        )

    def _replying(self, request: Request, body: Json) -> Json:
        """The message of this chat that one replies to, as it is now."""
        if "reply_to" not in body:
            return {}
        meant = self._where(request)[2].messages.get(int(body["reply_to"]))
        if meant is None:
            raise NotInTheApp("that message is gone")
        return {
            "reply_to_message": {
                k: v for k, v in meant.items() if k not in ("reply_to_message", "reply_markup")
            }
        }

    async def article(self, request: Request) -> Response:
        """What the app makes of a list, a table or pasted formatting: blocks, and no text."""
        body = await _json(request)
        return self._say(
            request, {"rich_message": {"blocks": body["blocks"]}, **self._replying(request, body)}
        )

    async def venue(self, request: Request) -> Response:
        body = await _json(request)
        place = {"latitude": body["lat"], "longitude": body["lon"]}
        return self._say(
            request,
            {
                "location": place,
                "venue": {
                    "location": place,
                    "title": str(body["title"]),
                    "address": str(body["address"]),
                },
            },
        )

    async def other(self, request: Request) -> Response:
        """A checklist, a poll, a story: what has a kind of its own and neither words nor files."""
        body = await _json(request)
        if body["kind"] not in OTHERS:
            raise NotInTheApp(f"others are: {', '.join(OTHERS)}")
        return self._say(request, {str(body["kind"]): body["value"]})

    async def service(self, request: Request) -> Response:
        """What the app writes into a chat by itself: a timer that was set, a background, a pinned
        message.
        """
        body = await _json(request)
        if body["kind"] not in SERVICES:
            raise NotInTheApp(f"service messages are: {', '.join(SERVICES)}")
        person, bot, chat = self._where(request)
        value = SERVICES[str(body["kind"])]
        message = self.world.message(
            bot, chat, {str(body["kind"]): value}, sender=self.world.as_user(person)
        )
        if bot.name not in person.blocked:
            self.world.update(bot, "message", dict(message))
        return JSONResponse(message)

    async def pin(self, request: Request) -> Response:
        body = await _json(request)
        return self._say(request, {"location": {"latitude": body["lat"], "longitude": body["lon"]}})

    async def contact(self, request: Request) -> Response:
        body = await _json(request)
        card = {"vcard": str(body["vcard"])} if body.get("vcard") else {}
        return self._say(
            request,
            {
                "contact": {
                    "phone_number": str(body["phone"]),
                    "first_name": str(body["name"]),
                    **card,
                }
            },
        )

    async def forward(self, request: Request) -> Response:
        body = await _json(request)
        origin = {
            "type": "hidden_user",
            "date": int(self.world.now()),
            "sender_user_name": "Somebody",
        }
        return self._say(
            request, {"text": str(body["text"]), "forward_origin": body.get("origin", origin)}
        )

    def _say(self, request: Request, content: Json) -> Response:
        person, bot, chat = self._where(request)
        message = self._new(person, bot, chat, content)
        return JSONResponse(message)

    def _new(self, person: Person, bot: BotAccount, chat: Chat, content: Json) -> Json:
        if bot.name in person.blocked:
            raise NotInTheApp("unblock the bot first")
        person.started.add(bot.name)
        message = self.world.message(bot, chat, content, sender=self.world.as_user(person))
        kind = "channel_post" if chat.kind == "channel" else "message"
        self.world.update(bot, kind, dict(message))
        return message

    async def press(self, request: Request) -> Response:
        """Press a button that is shown; ?forge=1 sends data that never was on one."""
        person, bot, chat = self._where(request)
        body = await _json(request)
        message = chat.messages.get(int(body["message_id"]))
        forged = request.query_params.get("forge") == "1"
        rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
        if not forged and all(b.get("callback_data") != body["data"] for row in rows for b in row):
            raise NotInTheApp("that button is not on the screen")
        query: Json = {
            "id": str(secrets.randbits(63)),
            "from": self.world.as_user(person),
            "chat_instance": str(chat.id),
            "data": str(body["data"]),
            "message": dict(message)
            if message
            else {
                "message_id": int(body["message_id"]),
                "date": 0,
                "chat": self.world.as_chat(chat),
            },
        }
        bot.queries[query["id"]] = self.world.now()
        self.world.update(bot, "callback_query", query)
        return JSONResponse({"id": query["id"]})

    async def files(self, request: Request) -> Response:
        """One file, or 2–10 as an album: separate messages that share a media_group_id, the caption
        on the first.
        """
        person, bot, chat = self._where(request)
        async with request.form(max_part_size=4 * 1024**3) as form:
            uploads = [f for _, f in form.multi_items() if isinstance(f, UploadFile)]
            if not 1 <= len(uploads) <= MOST_IN_ALBUM:
                raise NotInTheApp("an album has 2 to 10 items")
            kind, caption = str(form.get("as", "document")), str(form.get("caption", ""))
            hidden = (
                {"has_media_spoiler": True} if form.get("spoiler") and kind in CAN_BE_HIDDEN else {}
            )
            album = {"media_group_id": str(secrets.randbits(60))} if len(uploads) > 1 else {}
            sent: list[Json] = []
            for upload in uploads:
                path = await self._save(upload)
                content = self._media(path, upload.filename or "", upload.content_type or "", kind)
                said = {"caption": caption} if caption and not sent else {}
                sent.append(self._new(person, bot, chat, {**content, **album, **hidden, **said}))
        return JSONResponse(sent)

    async def _save(self, upload: UploadFile) -> Path:
        path = self.world.fresh_path()
        with path.open("wb") as file:
            while piece := await upload.read(PIECE):
                file.write(piece)
        return path

    def _media(self, path: Path, name: str, type_: str, kind: str) -> Json:
        if kind == "photo":
            return {"photo": [self._photo(path, *size) for size in PHOTO_SIZES]}
        stored = self.world.keep(path, name, type_)
        media: Json = {
            "file_id": stored.id,
            "file_unique_id": stored.id[:16],
            "file_size": stored.size,
        }
        if kind in ("document", "video", "audio", "animation"):
            media |= {"file_name": name, "mime_type": type_}
        if kind in ("video", "audio", "voice", "animation", "video_note"):
            media["duration"] = 3
        if kind in ("video", "animation"):
            media |= {"width": 640, "height": 360}
        if kind == "video_note":
            media["length"] = 240
        if kind == "sticker":
            media |= {
                "width": 512,
                "height": 512,
                "is_animated": False,
                "is_video": False,
                "type": "regular",
            }
        return {kind: media}

    def _photo(self, path: Path, width: int, height: int, share: float) -> Json:
        if share < 1:
            small = self.world.fresh_path()
            content = path.read_bytes()
            small.write_bytes(content[: max(1, int(len(content) * share))])
            path = small
        stored = self.world.keep(path, "", "image/jpeg")
        return {
            "file_id": stored.id,
            "file_unique_id": stored.id[:16],
            "file_size": stored.size,
            "width": width,
            "height": height,
        }

    async def edit(self, request: Request) -> Response:
        """New words of one's own message, or blocks in their place; no words under a file take the
        caption away.
        """
        person, bot, chat = self._where(request)
        body = await _json(request)
        message = self._own(person, chat, body)
        if "forward_origin" in message:
            raise NotInTheApp("what is forwarded cannot be edited")
        words = str(body.get("text", ""))
        field = "text" if "text" in message or "rich_message" in message else "caption"
        if field == "text" and not words and "blocks" not in body:
            raise NotInTheApp("a message cannot be emptied")
        for gone in ("text", "caption", "rich_message", "entities", "caption_entities"):
            message.pop(gone, None)
        now = (
            {"rich_message": {"blocks": body["blocks"]}}
            if "blocks" in body
            else {field: words}
            if words
            else {}
        )
        edited = self.world.edited(chat, message, now)
        self.world.update(bot, "edited_message", dict(edited))
        return JSONResponse(edited)

    async def exchange(self, request: Request) -> Response:
        """Another file in the place of the one in a message, or one added to words; the words
        become its caption.
        """
        person, bot, chat = self._where(request)
        async with request.form(max_part_size=4 * 1024**3) as form:
            message = self._own(person, chat, {"message_id": str(form["message_id"])})
            upload, kind = form["file"], str(form.get("as", "document"))
            if not isinstance(upload, UploadFile) or "voice" in message:
                raise NotInTheApp("the app does not exchange that")
            words = str(form.get("caption", message.get("text", message.get("caption", ""))))
            content = self._media(
                await self._save(upload), upload.filename or "", upload.content_type or "", kind
            )
        for gone in ("text", "caption", "entities", "caption_entities", *FILES):
            message.pop(gone, None)
        edited = self.world.edited(
            chat, message, {**content, **({"caption": words} if words else {})}
        )
        self.world.update(bot, "edited_message", dict(edited))
        return JSONResponse(edited)

    async def live(self, request: Request) -> Response:
        """A live photo: the still and the film of it, in one message."""
        person, bot, chat = self._where(request)
        async with request.form(max_part_size=4 * 1024**3) as form:
            still, film = form["still"], form["film"]
            if not (isinstance(still, UploadFile) and isinstance(film, UploadFile)):
                raise NotInTheApp("a live photo has a still and a film")
            photo = self._media(await self._save(still), "", "", "photo")
            moving = self._media(await self._save(film), "", "video/mp4", "video")["video"]
            words = str(form.get("caption", ""))
        moving.pop("file_name")
        content = {
            **photo,
            "live_photo": {**moving, **photo},
            **({"caption": words} if words else {}),
        }
        return JSONResponse(self._new(person, bot, chat, content))

    async def delete(self, request: Request) -> Response:
        """A person's deletion is gone on both sides, and the bot is never told."""
        person, _, chat = self._where(request)
        message = self._own(person, chat, await _json(request), any_message=True)
        self.world.deleted(chat, message["message_id"])
        return JSONResponse({})

    def _own(self, person: Person, chat: Chat, body: Json, *, any_message: bool = False) -> Json:
        message = chat.messages.get(int(body["message_id"]))
        if message is None or not (any_message or message.get("from", {}).get("id") == person.id):
            raise NotInTheApp("that message is not yours")
        return message

    async def block(self, request: Request) -> Response:
        return self._member(request, "kicked", "member")

    async def unblock(self, request: Request) -> Response:
        return self._member(request, "member", "kicked")

    async def deactivate(self, request: Request) -> Response:
        """Delete the person's account: the bot is not told, and learns it when it writes."""
        self._person(request).deactivated = True
        return JSONResponse({})

    def _member(self, request: Request, now: str, before: str) -> Response:
        person, bot, chat = self._where(request)
        (person.blocked.add if now == "kicked" else person.blocked.discard)(bot.name)
        self._membership(person, bot, chat, now, before)
        return JSONResponse({})

    def _membership(
        self, person: Person, bot: BotAccount, chat: Chat, now: str, before: str
    ) -> None:
        until = {"until_date": 0}
        change = {
            "chat": self.world.as_chat(chat),
            "from": self.world.as_user(person),
            "date": int(self.world.now()),
            "old_chat_member": {
                "user": bot.as_user(),
                "status": before,
                **(until if before == "kicked" else {}),
            },
            "new_chat_member": {
                "user": bot.as_user(),
                "status": now,
                **(until if now == "kicked" else {}),
            },
        }
        self.world.update(bot, "my_chat_member", change)

    async def invite(self, request: Request) -> Response:
        """Add the bot to a group of the person's own."""
        person = self._person(request)
        bot = self.world.bot(request.path_params["bot"])
        chat = self.world.add_group(
            bot.name, "group", str((await _json(request)).get("title", "A group"))
        )
        self._membership(person, bot, chat, "member", "left")
        return JSONResponse({"id": chat.id})

    async def ban(self, request: Request) -> Response:
        """Telegram bans the bot; whoever runs it makes another."""
        return JSONResponse({"token": self.world.ban(request.path_params["bot"])})

    async def rights(self, request: Request) -> Response:
        """Take the channel's rights from the bots, or give them back."""
        self.world.may_post = bool((await _json(request))["post"])
        return JSONResponse({"post": self.world.may_post})

    # ── how the world is ─────────────────────────────────────────────────────

    async def faults_now(self, _: Request) -> Response:
        """What goes wrong at the moment, by the names that PUT takes."""
        faults = {NAMED.get(k, k): v for k, v in asdict(self.world.faults).items()}
        return JSONResponse(
            {"faults": faults, "ahead": self.world.ahead, "post": self.world.may_post}
        )

    async def faults(self, request: Request) -> Response:
        body = await _json(request)
        known = {f.name for f in fields(Faults)}
        names = {outside: inside for inside, outside in NAMED.items()}
        wanted = {names.get(k, k): v for k, v in body.items()}
        if not set(wanted) <= known:
            raise NotInTheApp(f"faults are: {', '.join(sorted(known))}")
        self.world.faults = Faults(**wanted)
        # the same faults come in the same order, whatever was called before
        self.world.chance = seeded()
        return JSONResponse({})

    async def clock(self, request: Request) -> Response:
        self.world.ahead = float((await _json(request))["ahead"])
        return JSONResponse({"now": self.world.now()})

    def _person(self, request: Request) -> Person:
        person = self.world.people.get(request.path_params["person"])
        if person is None:
            raise NotInTheApp(
                "the sandbox was started again and has forgotten this phone: reload the page"
            )
        return person

    def _where(self, request: Request) -> tuple[Person, BotAccount, Chat]:
        person = self._person(request)
        if person.deactivated and request.method != "GET":
            raise NotInTheApp("this account was deleted")
        name = request.path_params["bot"]
        if name == "channel":
            return person, self.world.bot("officers"), self.world.channel
        if all(b.name != name for b in self.world.bots.values()):
            raise NotInTheApp("no such bot")
        bot = self.world.bot(name)
        chat = request.query_params.get("chat")
        if chat is not None and (bot.name, int(chat)) in self.world.chats:
            return person, bot, self.world.chats[bot.name, int(chat)]
        return person, bot, self.world.private(bot.name, person.id)


async def _json(request: Request) -> dict[str, Any]:
    raw = await request.body()
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise NotInTheApp("send a JSON object")
    return body


__all__ = ["CHANNEL_ID", "NotInTheApp", "People"]
