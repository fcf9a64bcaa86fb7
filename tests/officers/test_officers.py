"""The officers' side over HTTP: one claim, silence for strangers, enrolment by two, nothing for who was removed."""

import asyncio
import json
from pathlib import Path

import pytest

from storage import age, recipients
from storage.database import Database
from tests.installation import SANDBOX_OFFICER, SANDBOX_SPECIALIST, Installation, running
from tests.people import Json, Phone
from tests.reader import change, count, decrypt, rows
from tests.whole.test_end_to_end import LABELS, asks_for_a_call, consented, sent, told

SAY = LABELS["en"]


async def filed(it: Installation) -> str:
    phone = await Phone.new(it.http)
    await consented(phone, SAY)
    await phone.write("I saw it.")
    return await told(phone, SAY)


async def member(it: Installation, name: str) -> tuple[Phone, Phone]:
    """Somebody with the app: their chat with the officers' bot, and the channel as they see it."""
    private = await Phone.new(it.http, name, "officers")
    return private, Phone(it.http, private.person, "channel")


def ledger(it: Installation, log: str) -> list[tuple[str, str]]:
    lines = rows(it.database, "SELECT line FROM ledger WHERE log = ? ORDER BY n", log)
    return [(json.loads(line)["kind"], json.loads(line)["actor"]) for (line,) in lines]


async def enrolled(it: Installation, name: str, role: str) -> tuple[Phone, Phone]:
    """Invited on the command line, confirmed by the supervisor in the chat."""
    code = (
        it.command("officer", "invite", name, "--role", role).stdout.split("/start ")[1].split()[0]
    )
    private, channel = await member(it, name)
    await private.write(f"/start {code}")
    number = (
        (await private.until("Tell your supervisor this number"))["text"].split(": ")[1].split()[0]
    )
    await it.officer().press(
        "Confirm", on=f"{name} asks to be enrolled as {role}. Their number is {number}"
    )
    await private.until(f"You are enrolled as {name}")
    return private, channel


async def of_referrals(channel: Phone) -> list[Json]:
    """What stands in the channel, but for whose keys reports are sealed to."""
    return [m for m in await channel.look() if not m["text"].startswith("From now on reports")]


async def nothing_more(phone: Phone) -> list[Json]:
    await asyncio.sleep(1)
    return await phone.look()


async def test_two_officers_press_claim_and_one_has_it(shared: Installation) -> None:
    it = shared
    heron, heron_channel = await enrolled(it, "Heron", "officer")
    reference = await filed(it)
    kestrel, kestrel_channel = it.officer(), it.channel()
    await asyncio.gather(heron_channel.until(reference), kestrel_channel.until(reference))
    await asyncio.gather(
        heron_channel.press("Claim", on=reference), kestrel_channel.press("Claim", on=reference)
    )
    card = await kestrel_channel.until(f"Referral {reference}\nStatus: claimed by")
    winner, loser = (heron, kestrel) if "Heron" in card["text"] else (kestrel, heron)
    await winner.until(f"You have claimed {reference}")
    await loser.until(f"{reference} is not free")
    await winner.press("Hand back", on=reference)
    await winner.until(f"{reference} is back in the queue")
    await kestrel_channel.until(f"Referral {reference}\nStatus: new")
    assert [kind for kind, _ in ledger(it, reference)] == [
        "begun",
        "submitted",
        "claimed",
        "handed back",
    ]
    assert len([m for m in await kestrel_channel.look() if reference in m["text"]]) == 1


async def test_strangers_get_silence_and_foreign_groups_are_left(shared: Installation) -> None:
    it = shared
    reference = await filed(it)
    stranger, channel = await member(it, "Stranger")
    await channel.until(reference)
    for text in ("/start", "/start abcdef", "hello", f"/package {reference}", "/help"):
        await stranger.write(text)
    await channel.press("Claim", on=reference)
    path = f"/people/{stranger.person}/officers/press?forge=1"
    await it.http.post(path, json={"message_id": 1, "data": f"p:{reference}"})
    group = (
        await it.http.post(f"/people/{stranger.person}/officers/invite", json={"title": "A group"})
    ).json()["id"]
    assert await nothing_more(stranger) == []
    assert "Status: new" in (await channel.until(reference))["text"]
    calls = (await it.http.get("/calls")).json()["calls"]
    assert [c["chat"] for c in calls if c["method"] == "leavechat"] == [str(group)]


async def test_an_invite_works_once_and_only_a_supervisor_confirms(tmp_path: Path) -> None:
    async with running(tmp_path, "sandbox", "officers") as it:
        code = it.command("officer", "invite", "Heron").stdout.split("/start ")[1].split()[0]
        first, _ = await member(it, "First")
        await first.write(f"/start {code}")
        await first.until("Tell your supervisor this number")
        second, _ = await member(it, "Second")
        await second.write(f"/start {code}")
        await first.write("/help")
        assert await nothing_more(second) == []
        assert len(await nothing_more(first)) == 1
        await it.officer().press("Refuse", on="Heron asks to be enrolled")
        await it.officer().until("Heron is refused")
        assert "removed" in it.command("officer", "list").stdout
        assert ledger(it, "installation")[-1] == ("enrolment refused", "Kestrel")


async def test_a_removed_officer_can_do_nothing_and_their_claims_return(
    tmp_path: Path, shared: Installation
) -> None:
    it = shared
    heron, channel = await enrolled(it, "Egret", "officer")
    reference = await filed(it)
    await channel.until(reference)
    await channel.press("Claim", on=reference)
    await heron.until("You have claimed")
    recipient, _ = age.new_identity()
    it.command(
        "recipient", "add", recipient, "--officer", "Egret", "--challenge", str(tmp_path / "c.age")
    )
    it.command("officer", "remove", "Egret")
    await it.channel().until(f"Referral {reference}\nStatus: new")
    before = len(await heron.look())
    await heron.press("Hand back")
    await heron.write(f"/package {reference}")
    assert len(await nothing_more(heron)) == before
    refused = it.command("recipient", "answer", age.fingerprint(recipient), "00", check=False)
    assert refused.returncode == 1
    assert (
        it.command("referral", "package", reference, "--by", "Egret", check=False).returncode == 1
    )
    assert "package handed out" not in [kind for kind, _ in ledger(it, reference)]
    lines = [kind for kind, _ in ledger(it, "installation")]
    assert "a button refused" in lines and "a message refused" in lines


async def delete_card(it: Installation, text: str) -> None:
    """As an administrator of the channel does by hand; the bot is not told."""
    card = await it.channel().until(text)
    body = {"message_id": card["message_id"]}
    assert (await it.http.post(f"/people/{SANDBOX_OFFICER}/channel/delete", json=body)).is_success


async def test_a_card_that_was_deleted_by_hand_comes_back_with_its_next_change(
    shared: Installation,
) -> None:
    it = shared
    reference = await filed(it)
    await delete_card(it, f"Referral {reference}")
    kestrel = it.officer()
    await kestrel.write(f"/find {reference}")
    await kestrel.press("Claim", on=f"Referral {reference}\nStatus: new")
    await it.channel().until(f"Referral {reference}\nStatus: claimed by Kestrel")
    await delete_card(it, f"Referral {reference}")
    await kestrel.press("Hand back", on=f"You have claimed {reference}")
    await it.channel().until(f"Referral {reference}\nStatus: new")
    assert len([m for m in await it.channel().look() if reference in m["text"]]) == 1


@pytest.mark.long
async def test_a_card_that_a_crash_left_behind_gives_way_when_it_is_pressed(tmp_path: Path) -> None:
    """The process died between sending it and noting its id, and sent another."""
    async with running(tmp_path) as it:
        reference = await filed(it)
        first = await it.channel().until(f"Referral {reference}")
        it.kill("officers")
        change(it.database, "UPDATE referrals SET card = NULL")
        change(
            it.database,
            "INSERT INTO posts (kind, referral, due, tries) VALUES ('card', ?, 0, 0)",
            reference,
        )
        it.restart("officers")

        async def sent_again_and_noted() -> bool:
            cards = [m for m in await it.channel().look() if reference in m["text"]]
            return len(cards) == 2 and not count(it.database, "posts")

        await it.until(sent_again_and_noted)
        data = first["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        press = {"message_id": first["message_id"], "data": data}
        assert (
            await it.http.post(f"/people/{SANDBOX_OFFICER}/channel/press", json=press)
        ).is_success
        await it.channel().until(f"Referral {reference} has a later card")
        await it.channel().until(f"Referral {reference}\nStatus: claimed by Kestrel")
        shown = await it.channel().look()
        assert [m["message_id"] for m in shown if "reply_markup" in m] == []


async def test_the_board_survives_a_restart_and_an_edit_that_fails(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        reference = await filed(it)
        await it.channel().until(f"Referral {reference}")
        await it.channel().press("Claim", on=reference)
        await it.channel().until("claimed by Kestrel")
        await it.officer().until(
            f"You have claimed {reference}"
        )  # it comes beside the card, not after it
        await it.http.put("/faults", json={"offline": True})
        await it.officer().press("Hand back", on=reference)
        it.kill("officers")
        it.restart("officers")
        await asyncio.sleep(1.5)
        assert (
            "Status: claimed" in (await of_referrals(it.channel()))[0]["text"]
        )  # nothing could be edited yet
        await it.http.put("/faults", json={"5xx": 0.5})
        await it.channel().until(f"Referral {reference}\nStatus: new")
        await it.http.put("/faults", json={})
        assert len([m for m in await it.channel().look() if reference in m["text"]]) == 1


async def test_a_forwarded_card_and_a_replayed_button_do_nothing(tmp_path: Path) -> None:
    """A copy of the card in somebody's private chat with the bot, and the press of an officer, sent again."""
    async with running(tmp_path) as it:
        reference = await filed(it)
        card = await it.channel().until(f"Referral {reference}")
        data = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        stranger, channel = await member(it, "Stranger")
        copy = {
            "text": card["text"],
            "origin": {"type": "channel", "date": 1, "chat": card["chat"], "message_id": 1},
        }
        await it.http.post(f"/people/{stranger.person}/officers/forward", json=copy)
        press = {"message_id": 1, "data": data}
        await it.http.post(f"/people/{stranger.person}/officers/press?forge=1", json=press)
        await channel.press("Claim", on=reference)
        assert await nothing_more(stranger) == []
        await it.channel().press("Claim", on=reference)
        await it.officer().until(f"You have claimed {reference}")
        again = {"message_id": card["message_id"], "data": data}
        await it.http.post(f"/people/{SANDBOX_OFFICER}/channel/press?forge=1", json=again)
        await it.officer().until(f"{reference} is not free")
        kinds = [kind for kind, _ in ledger(it, reference)]
        assert kinds == ["begun", "submitted", "claimed"]
        refused = {kind for kind, _ in ledger(it, "installation") if kind.endswith("refused")}
        assert refused == {"a button refused", "a message refused"}


async def test_an_officer_without_a_key_is_told_at_once_for_whom_it_opens_and_what_to_do(
    shared: Installation,
) -> None:
    it = shared
    heron, channel = await enrolled(it, "Bittern", "officer")
    reference = await filed(it)
    await channel.until(reference)
    await channel.press("Claim", on=reference)
    told_them = await heron.until("not sealed to a key of yours")
    assert "It opens for: Kestrel, Wren, the team's offline key. Hand it back" in told_them["text"]
    assert (
        f"firsthand reseal {reference}.tar --identity THEIR.key --for your age1 line"
        in told_them["text"]
    )
    assert [b["text"] for (b,) in told_them["reply_markup"]["inline_keyboard"]] == [
        "Hand back",
        "Send me the package",
    ]
    await heron.write(f"/package {reference}")
    await heron.until("so that you cannot open it yet. It opens for: Kestrel, Wren")
    await heron.until_file(f"{reference}.tar")
    await heron.write("/back")
    await heron.until("Which one? Write /back")


async def to_the_specialist(it: Installation, reference: str, folder: Path) -> Path:
    """Who claims what was handed back, and saves its package."""
    await it.channel().until(f"Referral {reference}\nStatus: new")
    await it.channel(SANDBOX_SPECIALIST).press("Claim", on=reference)
    wren = it.officer(SANDBOX_SPECIALIST)
    await wren.press("Send me the package", on="You have claimed")
    tar = folder / f"{reference}.tar"
    tar.write_bytes(await wren.download(await wren.until_file(tar.name)))
    return tar


async def test_a_special_category_goes_from_the_supervisors_claim_to_the_specialists_dossier(
    tmp_path: Path,
) -> None:
    """The supervisor is told that it is not theirs to open; the specialist claims, opens, and seals it anew for them."""
    async with running(tmp_path) as it:
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("They used electric shocks on him.")
        await phone.write("/finish")
        await phone.press("No")
        await phone.write("/finish")
        reference = await sent(phone, SAY)
        card = await it.channel().until("Specialist")
        await it.channel().press("Claim", on=reference)
        note = await it.officer().until("You have claimed")
        assert "It opens for: Wren, the team's offline key. Hand it back" in note["text"]
        await it.officer().press("Hand back", on="You have claimed")
        tar = await to_the_specialist(it, reference, tmp_path)
        supervisor = age.recipient_of(it.identity.read_text().splitlines()[1])
        refused = it.command(
            "open", str(tar), "--identity", str(it.identity), "--to", str(tmp_path), check=False
        )
        assert refused.returncode == 1 and "is not sealed to this identity" in refused.stderr
        mine = ("--identity", str(it.specialist_identity))
        made = it.command(
            "reseal", str(tar), *mine, "--for", supervisor, "--to", str(tmp_path)
        ).stdout
        print_ = age.fingerprint(supervisor)
        assert f"{reference}.{print_}.key.age" in made.replace("\n", "")
        assert " ".join(print_[at : at + 4] for at in range(0, 32, 4)) in made
        it.command("open", str(tar), str(tmp_path / f"{reference}.{print_}.key.age"), "--identity", str(it.identity),
                   "--to", str(tmp_path / "dossiers"))  # fmt: skip
        it.command("verify", str(tmp_path / "dossiers" / reference))
        assert "electric" in (tmp_path / "dossiers" / reference / "data/transcript.txt").read_text(
            "utf-8"
        )
        assert "electric" not in card["text"]


async def test_who_claims_a_call_is_told_for_whom_the_number_opens(tmp_path: Path) -> None:
    """An officer's key opens the account and no names; a supervisor's opens the number, too."""
    async with running(tmp_path) as it:
        heron, channel = await enrolled(it, "Heron", "officer")
        recipient, identity = age.new_identity()
        it.command(
            "recipient",
            "add",
            recipient,
            "--officer",
            "Heron",
            "--challenge",
            str(tmp_path / "c.age"),
        )
        answer(it, tmp_path / "c.age", recipient, identity)
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await asks_for_a_call(phone)
        await channel.until("Priority: danger")
        await channel.press("Claim", on="Priority: danger")
        note = (await heron.until("You have claimed"))["text"]
        assert (
            "The number does not open with a key of yours; it opens for: Kestrel, the team's offline key."
            in note
        )
        await heron.press("Hand back")
        await it.channel().press("Claim", on="Status: new\nPriority: danger")
        assert "does not open" not in (await it.officer().until("You have claimed"))["text"]


async def test_words_of_danger_without_a_call_are_no_wish_to_be_called(tmp_path: Path) -> None:
    """Who goes on and wants no contact is not said to have asked for one."""
    async with running(tmp_path) as it:
        heron, channel = await enrolled(it, "Heron", "officer")
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await phone.write("They are outside my door. He will kill me.")
        await phone.press("Done")
        await phone.press("Go on", on="Nobody is reading")
        await phone.write("/finish")
        await sent(phone, SAY)
        await channel.press("Claim", on="Priority: danger")
        assert "asked to be contacted" not in (await heron.until("You have claimed"))["text"]


async def test_a_child_s_number_opens_for_the_specialist_who_reads_that_they_asked(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        heron, channel = await enrolled(it, "Heron", "officer")
        phone = await Phone.new(it.http)
        for press in ("English", "Yes", "No", "Me"):
            await (phone.write("/start") if press == "English" else asyncio.sleep(0))
            await phone.press(press)
        await phone.until("name and the phone number")
        await phone.write("Ann, 07700 900123")
        await phone.press("Send")
        reference = (await phone.until("Number: "))["text"].split("Number: ")[1].split()[0]
        await channel.press("Claim", on=reference)
        note = (await heron.until("You have claimed"))["text"]
        assert "A child left a number to be called." in note and "opens for: Kestrel, Wren" in note
        await heron.press("Hand back")
        tar = await to_the_specialist(it, reference, tmp_path)
        it.command(
            "open",
            str(tar),
            "--identity",
            str(it.specialist_identity),
            "--to",
            str(tmp_path / "dossiers"),
        )
        assert "07700 900123" in (
            tmp_path / "dossiers" / reference / "data/identity.json"
        ).read_text("utf-8")


async def test_a_key_counts_once_its_officer_is_confirmed_and_never_where_they_are_refused(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, "sandbox", "officers") as it:
        code = it.command("officer", "invite", "Heron").stdout.split("/start ")[1].split()[0]
        recipient, identity = age.new_identity()
        it.command(
            "recipient",
            "add",
            recipient,
            "--officer",
            "Heron",
            "--challenge",
            str(tmp_path / "c.age"),
        )
        again = it.command("recipient", "add", recipient, "--officer", "Heron", "--challenge", str(tmp_path / "c.age"),
                           check=False)  # fmt: skip
        assert again.returncode == 1 and "is there already" in again.stderr
        answer(it, tmp_path / "c.age", recipient, identity)
        assert "waits until its officer is confirmed" in it.command(
            "recipient", "list"
        ).stdout.replace("\n", " ")
        assert not await sealed_to(it, recipient)
        heron, _ = await member(it, "Heron")
        await heron.write(f"/start {code}")
        await it.officer().press("Refuse", on="Heron asks to be enrolled")
        await it.officer().until("Heron is refused")
        assert not await sealed_to(it, recipient)
        assert (
            it.command(
                "recipient", "answer", age.fingerprint(recipient), "00", check=False
            ).returncode
            == 1
        )
        nobody = it.command("recipient", "add", recipient, check=False)
        assert nobody.returncode == 1 and "--team for the team's offline identity" in nobody.stderr
        kestrel = next(
            r
            for r in rows(it.database, "SELECT fingerprint FROM recipients WHERE kind = 'officer'")
        )[0]
        it.command("recipient", "remove", kestrel)
        assert it.command("recipient", "remove", kestrel, check=False).returncode == 1


def answer(it: Installation, challenge: Path, recipient: str, identity: str) -> None:
    """Its holder opens the challenge and says the code."""
    key = challenge.with_suffix(".key")
    key.write_text(identity)
    code = decrypt(challenge.read_bytes(), key)
    assert code is not None
    it.command("recipient", "answer", age.fingerprint(recipient), code.decode())


async def sealed_to(it: Installation, recipient: str) -> bool:
    """Whether something new would be sealed to this key."""
    database = Database(
        str(it.database) if isinstance(it.database, str) else f"sqlite:///{it.database}"
    )
    async with database.reading() as connection:
        found = [holder.recipient for holder in await recipients.active(connection)]
    await database.close()
    return recipient in found


async def test_cards_are_protected_and_what_an_officer_must_copy_is_not(
    tmp_path: Path, shared: Installation
) -> None:
    it = shared
    reference = await filed(it)
    channel, officer = it.channel(), it.officer()
    await channel.until(reference)
    await channel.press("Claim", on=reference)
    note = await officer.until(f"You have claimed {reference}")
    await officer.press("Send me the package", on=reference)
    package = await officer.until_file(f"{reference}.tar")
    card = await channel.until(reference)
    protected = [m.get("has_protected_content", False) for m in (card, note, package)]
    assert protected == [True, False, False]
    identity = str(it.identity)
    (tmp_path / f"{reference}.tar").write_bytes(await officer.download(package))
    stranger_key = tmp_path / "stranger.key"
    stranger_key.write_text(age.new_identity()[1])
    refused = it.command(
        "open", str(tmp_path / f"{reference}.tar"), "-i", str(stranger_key), check=False
    )
    assert refused.returncode == 1 and "not sealed to this identity" in refused.stderr
    broken = bytearray((tmp_path / f"{reference}.tar").read_bytes())
    broken[3000] ^= 1
    (tmp_path / "broken.tar").write_bytes(broken)
    found = it.command(
        "open", str(tmp_path / "broken.tar"), "-i", identity, "--to", str(tmp_path), check=False
    )
    assert found.returncode == 3 and found.stderr.startswith("Stop: ")
    assert not (tmp_path / reference).exists()


async def test_a_new_recipient_is_active_after_its_challenge_and_new_reports_are_sealed_to_it(
    tmp_path: Path, shared: Installation
) -> None:
    import pyrage  # noqa: PLC0415

    it = shared
    recipient, identity = age.new_identity()
    challenge = tmp_path / "challenge.age"
    it.command("recipient", "add", recipient, "--team", "--challenge", str(challenge))
    fingerprint = age.fingerprint(recipient)
    first = await filed(it)
    assert it.command("recipient", "answer", fingerprint, "wrong", check=False).returncode == 1
    code = pyrage.decrypt(
        challenge.read_bytes(), [pyrage.x25519.Identity.from_str(identity)]
    ).decode()
    it.command("recipient", "answer", fingerprint, code)
    second = await filed(it)
    sealed = {
        r
        for (r,) in rows(
            it.database, "SELECT referral FROM pieces WHERE path = ?", f"keys/{fingerprint}.age"
        )
    }
    assert sealed == {second} != {first}


def test_who_may_do_what_is_a_table_with_every_role() -> None:
    from bot.officers.access import MAY, ROLES, may  # noqa: PLC0415
    from bot.officers.recipients import OPENS  # noqa: PLC0415

    assert set().union(*MAY.values()) <= set(ROLES)
    assert set(OPENS) == {*ROLES, "team"}
    assert not any(may("stranger", action) for action in MAY)
    assert [r for r in ROLES if may(r, "confirm an enrolment")] == ["supervisor"]
    assert [r for r in OPENS if OPENS[r]["special"]] == ["team", "specialist"]


async def test_an_officer_finds_their_way_by_commands(shared: Installation) -> None:
    it = shared
    heron, _ = await enrolled(it, "Crane", "officer")
    reference = await filed(it)
    await it.channel().until(reference)
    await heron.write("/queue")
    await heron.until("In the queue:")
    await heron.write(f"/find {reference.lower().replace('-', ' ')}")
    found = await heron.until(f"Referral {reference}\nStatus: new")
    assert "reply_markup" in found
    await heron.press("Claim", on=f"Referral {reference}\nStatus: new")
    await heron.until(f"You have claimed {reference}")
    await heron.write("/mine")
    mine = await heron.until("With you: 1")
    labels = [b["text"] for row in mine["reply_markup"]["inline_keyboard"] for b in row]
    assert labels == [f"Package {reference}", f"Hand back {reference}"]
    await heron.press(f"Hand back {reference}", on="With you: 1")
    await heron.until(f"{reference} is back in the queue")
    await heron.write("/mine")
    await heron.until("You have no referral")
    await heron.write("/find 1234")
    await heron.until("There is no referral 1234")
    await heron.write("/find")
    await heron.until("Which one?")
    await heron.write("/start")
    await heron.until("/queue – what nobody has claimed")


async def test_what_a_stranger_tries_is_one_line_an_hour_in_the_ledger(tmp_path: Path) -> None:
    async with running(tmp_path, "sandbox", "officers") as it:
        stranger, _ = await member(it, "Stranger")
        for number in range(5):
            await stranger.write(f"/start {number}")
        kestrel = it.officer()
        await kestrel.write("/help")
        await kestrel.until("/queue – what nobody has claimed")
        refused = [kind for kind, _ in ledger(it, "installation") if kind.endswith("refused")]
        assert refused in (
            ["a message refused"],
            ["a message refused"] * 2,
        )  # two, if an hour ended just then


@pytest.mark.long
async def test_a_burst_is_announced_and_danger_comes_first(tmp_path: Path) -> None:
    """Cards that were filed while the officers' bot was away."""
    async with running(tmp_path, FIRSTHAND_SEND_CHAT="10000") as it:
        it.kill("officers")
        phones = [await Phone.new(it.http) for _ in range(12)]
        await asyncio.gather(*(consented(phone, SAY) for phone in phones))

        async def short(phone: Phone) -> None:
            await phone.write("I saw it.")
            await phone.press("Finish", on="Kept")
            await sent(phone, SAY)

        await asyncio.gather(*(short(phone) for phone in phones[:-1]))
        await asks_for_a_call(phones[-1])
        it.restart("officers")
        channel = it.channel()

        async def four() -> bool:
            return len(await of_referrals(channel)) == 4

        await it.until(four)  # they come at twenty a minute
        seen = [
            m["text"] for m in sorted(await of_referrals(channel), key=lambda m: m["message_id"])
        ]
        assert ", 12 cards were waiting." in seen[0]
        assert "Priority: danger" in seen[1]
        assert all("Referral " in text for text in seen[1:])


@pytest.mark.long
async def test_a_bot_that_lost_its_rights_posts_every_card_once_it_has_them_again(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as it:
        await it.http.put("/rights", json={"post": False})
        reference = await filed(it)
        assert await nothing_more(it.channel()) == []
        found = it.command("doctor", check=False)
        assert "may not post in its channel: no card is shown to anybody" in found.stdout
        await it.http.put("/rights", json={"post": True})
        await it.channel().until(f"Referral {reference}\nStatus: new")
