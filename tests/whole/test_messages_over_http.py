"""Captions, edits, articles, live photos and a new bot, through the real program and its client over HTTP."""

import json
import os
from pathlib import Path

from aiogram.types import Update

from bot.settings import SANDBOX_CHANNEL, SANDBOX_TOKENS
from tests.installation import Installation, running
from tests.people import Phone
from tests.reader import referral, rows
from tests.whole.test_end_to_end import LABELS, consented, package, sent, told

SAY = LABELS["uk"]
RAPE = "Мою сестру зґвалтували."


async def test_a_caption_of_a_special_category_is_not_opened_with_an_ordinary_officers_key(
    shared: Installation,
) -> None:
    it = shared
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    await phone.send(("a.jpg", os.urandom(1000)), kind="photo", caption=RAPE)
    await phone.until(SAY["received"].format(1))
    await phone.write("/finish")
    await phone.until("спеціальну підготовку")
    await phone.write("/finish")
    reference = await sent(phone, SAY)
    card = await it.channel().until(reference)
    assert "Specialist" in card["text"] and RAPE not in json.dumps(card, ensure_ascii=False)
    keys = [
        path
        for (path,) in rows(it.database, "SELECT path FROM pieces WHERE referral = ?", reference)
    ]
    fingerprints = {path.split("/")[1] for path in keys if path.startswith("keys/")}
    officers = {
        f"{name}.age"
        for (name,) in rows(
            it.database,
            "SELECT fingerprint FROM recipients JOIN officers ON officer = officers.id WHERE role <> 'specialist'",
        )
    }
    assert fingerprints and not fingerprints & officers


async def test_what_was_edited_exchanged_and_sent_in_new_kinds_is_opened_as_it_stands(
    shared: Installation, tmp_path: Path
) -> None:
    it = shared
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    still, film, wrong, right = (os.urandom(900) for _ in range(4))
    (first,) = await phone.send(
        ("a.jpg", wrong), kind="photo", caption="Тут живе Канарка Прибрана."
    )
    await phone.live(still, film, "Живе фото.")
    await phone.article(
        {"type": "heading", "size": 1, "text": "Список"},
        {
            "type": "list",
            "items": [
                {"label": "1.", "blocks": [{"type": "paragraph", "text": "Прийшли вранці."}]}
            ],
        },
    )
    await phone._do("service", kind="message_auto_delete_timer_changed")
    await phone._do(
        "other",
        kind="checklist",
        value={"title": "Що бачив", "tasks": [{"id": 1, "text": "підвал"}]},
    )
    await phone.until("список справ")
    await phone.exchange(first["message_id"], right, caption="Тут живе сусідка.")
    await phone.until("Новий файл надходить")
    reference = await told(phone, SAY)
    folder = await package(it, reference, tmp_path / "package")
    it.command("open", str(folder), "--identity", str(it.identity), "--to", str(tmp_path / "out"))
    it.command("verify", str(folder), str(tmp_path / "out" / reference))
    data = tmp_path / "out" / reference / "data"
    every = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert all(content in every for content in (still, film, right)) and wrong not in every
    assert "Канарка Прибрана".encode() not in every
    report = json.loads((data / "referral.json").read_bytes())
    assert {part["text"] for part in report["incidents"][0]["account"]} == {
        "Тут живе сусідка.", "Живе фото.", "Список\n1. Прийшли вранці.",
    }  # fmt: skip
    assert "підвал" in (data / "set_aside" / "s1.json").read_text("utf-8")
    page = (tmp_path / "out" / reference / "index.html").read_text("utf-8")
    assert "written under x4" in page and "one thing with x3" in page


async def test_a_new_bot_under_the_same_installation_goes_on_with_the_report(
    tmp_path: Path,
) -> None:
    """The old bot was banned: the new one counts its messages and updates from small numbers of its own."""
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        for number in range(3):
            await phone.write(f"Старому {number}.")
        await phone.until("Збережено: 3 повідомлення")
        it.kill("witness")
        it.kill("files")
        token = (await it.http.post("/bots/witness/ban")).json()["token"]
        for role in ("witness", "files"):
            it.restart(
                role, FIRSTHAND_WITNESS_BOT_TOKEN=token, FIRSTHAND_OFFICERS_BOT_TOKEN=SANDBOX_TOKENS["officers"],
                FIRSTHAND_OFFICERS_CHANNEL=str(SANDBOX_CHANNEL), FIRSTHAND_TELEGRAM_API=f"http://127.0.0.1:{it.port}",
            )  # fmt: skip
        again = Phone(it.http, phone.person, "witness")
        assert await again.write("Новому 0.") == 1, "its own first message"
        for number in (1, 2):
            await again.write(f"Новому {number}.")
        await again.until("Збережено: 6 повідомлень")
        reference = await told(again, SAY)
        story = referral(it.database, reference, it.identity, tmp_path)
    said = [part["text"] for part in story["incidents"][0]["account"]]
    assert said == [f"{which} {n}." for which in ("Старому", "Новому") for n in range(3)]


async def test_the_sandbox_sends_only_what_the_library_knows(tmp_path: Path) -> None:
    """Strict against the newest description of the Bot API that the library brings: nothing of it is left over."""
    async with running(tmp_path, "sandbox") as it:
        phone = await Phone.new(it.http)
        await phone.write("/start")
        await phone.live(b"still", b"film", "x")
        await phone.article({"type": "paragraph", "text": {"type": "bold", "text": "y"}})
        await phone._do("venue", lat=50.5, lon=30.2, title="Школа", address="Буча")
        await phone._do("contact", name="A", phone="+1", vcard="BEGIN:VCARD\nEND:VCARD")
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "S"}
        await phone._do("text", text="z", reply_to=1, message_thread_id=3)
        await phone._do(
            "text",
            text="q",
            quote={"text": "was", "position": 0},
            external_reply={"origin": origin},
        )
        for kind in ("message_auto_delete_timer_changed", "chat_background_set", "boost_added", "users_shared",
                     "write_access_allowed", "forum_topic_created"):  # fmt: skip
            await phone._do("service", kind=kind)
        await phone._do(
            "other", kind="checklist", value={"title": "c", "tasks": [{"id": 1, "text": "t"}]}
        )
        token = (
            it.environment.get("FIRSTHAND_WITNESS_BOT_TOKEN")
            or "1000001:SANDBOX-witness-only-on-loopback"
        )
        answer = await it.http.post(f"/bot{token}/getUpdates", json={"timeout": 0})
        updates = [Update.model_validate(raw) for raw in answer.json()["result"]]
        assert len(updates) == 14
        for update in updates:
            assert update.message is not None and not update.message.model_extra
        assert (
            await it.http.post(
                f"/people/{phone.person}/witness/edit", json={"message_id": 1, "text": ""}
            )
        ).status_code == 409
