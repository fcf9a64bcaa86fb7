"""The whole path over HTTP with both real client libraries, from a phone to a package that the age program opens."""

import json
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.installation import ROOT, Installation, running
from tests.machine import needed_age
from tests.people import Phone

MIB = 1024 * 1024
SIZES = (0, 1, MIB - 1, MIB, MIB + 1, 19_900_000)

LABELS = {
    "en": {
        "language": "English", "yes": "Yes", "safe": "safe for you", "uk": "in the UK now", "ukraine": "happen in Ukraine",
        "adult": "18 or older", "role": "It happened to me", "agree": "Yes, go on", "words": "No, I do not",
        "onward": "Answer questions", "skip": "Skip", "fits": "Which of these fit", "vantage": "Where were you", "who": "who did it",
        "done": "Done", "no": "No", "review": "Go on to sending", "send": "Send", "account": "Tell us in your own words",
        "when": "When did", "where": "Where did", "city": "Bucha (city)", "all": "is not sent yet. You can", "received": "Received: {}",
        "reference": "Number: ", "share": "share your report", "contact": "police contact you",
    },
    "uk": {
        "language": "Українська", "yes": "Так", "safe": "зараз безпечно писати", "uk": "Ви зараз у Великій",
        "ukraine": "сталося в Україні", "adult": "18 років", "role": "Це сталося зі мною", "agree": "Так, продовжити",
        "words": "Ні, не потрібні", "onward": "До запитань", "skip": "Пропустити", "fits": "Що з цього стосується",
        "vantage": "Де ви були", "who": "хто це зробив", "done": "Готово", "no": "Ні",
        "review": "Перейти до надсилання", "send": "Надіслати", "account": "Розкажіть своїми словами",
        "when": "Коли це сталося", "where": "Де це сталося", "city": "Буча (місто)", "all": "Можна прочитати його", "received": "Отримано: {}",
        "reference": "Номер: ", "share": "Кому поліція може", "contact": "зв’язатися з вами",
    },
    "ru": {
        "language": "Русский", "yes": "Да", "safe": "безопасно писать", "uk": "Вы сейчас в Великобритании",
        "ukraine": "произошло в Украине", "adult": "18 лет", "role": "Это произошло со мной", "agree": "Да, продолжить",
        "words": "Нет, не нужны", "onward": "К вопросам", "skip": "Пропустить", "fits": "Что из этого касается",
        "vantage": "Где вы были", "who": "кто это сделал", "done": "Готово", "no": "Нет",
        "review": "Перейти к отправке", "send": "Отправить", "account": "Расскажите своими словами",
        "when": "Когда это произошло", "where": "Где это произошло", "city": "Буча (город)", "all": "Можно прочитать его",
        "received": "Получено: {}", "reference": "Номер обращения: ", "share": "Кому полиция может", "contact": "связаться с вами",
    },
}  # fmt: skip


OWN_WORDS = "Yes, my own words"


async def consented(phone: Phone, say: dict[str, str], words: str = "") -> None:
    """To the account; `words`: which return words, instead of none."""
    await phone.write("/start")
    await phone.press(say["language"])
    for question in ("safe", "adult"):
        await phone.press(say["yes"], on=say[question])
    await phone.press(say["role"])
    await phone.press(say["agree"])
    await phone.press(words or say["words"])
    await phone.until(say["account"] if words != OWN_WORDS else "at least four return words")


async def to_when(phone: Phone, say: dict[str, str]) -> None:
    """From Done at the account to the question when."""
    await phone.press(say["done"])
    await phone.press(say["onward"])
    await phone.press(say["skip"], on=say["fits"])
    await phone.press(say["skip"], on=say["vantage"])
    await phone.until(say["when"])


async def told(phone: Phone, say: dict[str, str]) -> str:
    """From Done at the account to the reference."""
    await to_when(phone, say)
    await phone.write("12 березня 2022")
    await phone.until(say["where"])
    await phone.write("Буча, вулиця Яблунська")
    await phone.press(say["city"])
    await phone.until(say["who"])
    await phone.write("/finish")
    return await sent(phone, say)


async def asks_for_a_call(phone: Phone) -> None:
    """In English, from the account: words of danger, and a number to be called at."""
    await phone.write("They are outside my door. He will kill me.")
    await phone.press("Done")
    await phone.press("Ask the police to call me")
    await phone.until("Which phone number may the police call?")
    await phone.write("+44 7700 900000")
    await phone.until("marked as urgent")


async def sent(phone: Phone, say: dict[str, str]) -> str:
    """From the review to the reference."""
    await phone.until(say["all"])
    await phone.press(say["review"], on=say["all"])
    for question in ("share", "contact"):
        await phone.press(say["skip"], on=say[question])
    await phone.press(say["send"])
    receipt = await phone.until(say["reference"])
    return str(receipt["text"].split(say["reference"])[1].split()[0])


async def package(it: Installation, reference: str, folder: Path) -> Path:
    """Claim the card, ask for the package in the private chat, and save everything that comes."""
    channel, officer = it.channel(), it.officer()
    await channel.until(reference)
    await channel.press("Claim", on=reference)
    await channel.until("claimed by Kestrel")
    await officer.press("Send me the package", on=reference)
    folder.mkdir(exist_ok=True)
    tar = await officer.until_file(f"{reference}.tar")
    (folder / f"{reference}.tar").write_bytes(await officer.download(tar))
    return folder


def by_hand(tar: Path, identity: Path, folder: Path) -> Path:
    """What docs/officers.md says to do with nothing but tar and age; returns the folder of opened exhibits."""
    with tarfile.open(tar) as packed:
        packed.extractall(folder, filter="data")
    (inside,) = list(folder.iterdir())
    age, key = needed_age(), folder / "report.key"
    opened = [subprocess.run([age, "-d", "-i", identity, k], capture_output=True, check=False)
              for k in sorted((inside / "keys").iterdir())]  # fmt: skip
    key.write_bytes(next(o.stdout for o in opened if not o.returncode))
    out = folder / "opened"
    out.mkdir()
    for sealed in (inside / "exhibits").iterdir():
        subprocess.run([age, "-d", "-i", key, "-o", out / sealed.stem, sealed], check=True)
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
        cwd=inside,
        capture_output=True,
        check=False,
    )
    assert not done.returncode, done.stdout
    return out


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
async def test_a_report_goes_from_the_phone_to_the_opened_package(
    language: str, tmp_path: Path, shared: Installation
) -> None:
    say = LABELS[language]
    photo, paper = os.urandom(250_000), os.urandom(123_457)
    album = [os.urandom(1_000 + i) for i in range(3)]
    it = shared
    phone = await Phone.new(it.http)
    await consented(phone, say)
    await phone.write("12 березня обстріляли наш будинок.")
    await phone.write("Ми були в підвалі.")
    await phone.send(("a.jpg", photo), kind="photo")
    await phone.send(("протокол.pdf", paper))
    await phone.send(
        *((f"{i}.jpg", c) for i, c in enumerate(album)), kind="photo", caption="наш двір"
    )
    await phone.until(say["received"].format(5))
    reference = await told(phone, say)
    card = await it.channel().until(reference)
    assert not any(
        secret in json.dumps(card, ensure_ascii=False)
        for secret in ("будинок", "Буча", "Olena", "двір")
    )
    folder = await package(it, reference, tmp_path / "package")
    opened = it.command(
        "open", str(folder), "--identity", str(it.identity), "--to", str(tmp_path / "out")
    )
    assert "dossier" in opened.stdout
    it.command("verify", str(folder), str(tmp_path / "out" / reference))
    assert_logs_are_silent(it, phone)
    dossier = tmp_path / "out" / reference / "data"
    referral = json.loads((dossier / "referral.json").read_bytes())
    assert referral["language"] == language
    assert [p["text"] for p in referral["incidents"][0]["account"]] == [
        "12 березня обстріляли наш будинок.", "Ми були в підвалі.", "наш двір",
    ]  # fmt: skip
    answers = referral["incidents"][0]["answers"]
    assert (answers["when"]["words"], answers["where"]["words"]) == (
        "12 березня 2022",
        "Буча, вулиця Яблунська",
    )
    assert (answers["where"]["place"]["code"], answers["where"]["place"]["region"]) == (
        "UA32080070010087821",
        "UA32",
    )
    assert say["when"] in answers["when"]["shown"]["text"]
    assert [e["caption"].get("text") for e in referral["exhibits"]] == [
        None,
        None,
        "наш двір",
        None,
        None,
    ]
    sent = [photo, paper, *album]
    assert contents(dossier / "exhibits") == sent
    assert contents(by_hand(folder / f"{reference}.tar", it.identity, tmp_path / "hand")) == sent


def contents(folder: Path) -> list[bytes]:
    return [p.read_bytes() for p in sorted(folder.iterdir(), key=lambda p: int(p.stem[1:]))]


def assert_logs_are_silent(it: Installation, phone: Phone) -> None:
    log = it.log.read_text()
    assert not [s for s in ("Буча", "будинок", str(phone.person), "SANDBOX", "F-") if s in log]


@pytest.mark.long
async def test_every_size_comes_out_as_it_went_in_and_one_too_large_is_refused_with_the_remedy(
    tmp_path: Path, shared: Installation
) -> None:
    say = LABELS["en"]
    files = [os.urandom(size) for size in (*SIZES, 19_900_000, 19_900_000)]
    it = shared
    phone = await Phone.new(it.http)
    await consented(phone, say)
    for content in files:
        await phone.send(("file.bin", content))
    await phone.send(("film.mp4", bytes(20 * MIB + 1)))
    refused = await phone.until("larger than the 20 MB")
    assert (
        "an officer can ask you for it" in refused["text"]
        and "keep the original" in refused["text"]
    )
    await phone.until(say["received"].format(8))
    reference = await told(phone, say)
    folder = await package(it, reference, tmp_path / "package")
    officer = it.officer()
    for number in range(1, 9):  # 60 MB do not go through a bot in one piece
        loose = await officer.until_file(f"{reference}-x{number}.age")
        (folder / f"{reference}-x{number}.age").write_bytes(await officer.download(loose))
    alone = [str(folder / f"{reference}.tar"), "-i", str(it.identity), "--to", str(tmp_path / "a")]
    left_out = it.command("open", *alone, check=False)
    assert left_out.returncode == 4 and "missing: exhibits/x3.age" in left_out.stdout
    it.command("open", str(folder), "-i", str(it.identity), "--to", str(tmp_path / "out"))
    dossier = tmp_path / "out" / reference / "data"
    assert contents(dossier / "exhibits") == files
    referral = json.loads((dossier / "referral.json").read_bytes())
    assert [(a["id"], a["why"]) for a in referral["announced_not_received"]] == [("x9", "too-big")]


@pytest.mark.long
async def test_a_self_hosted_server_takes_what_the_cloud_refuses(tmp_path: Path) -> None:
    say = LABELS["en"]
    film = os.urandom(30_000_000)
    async with running(tmp_path, FIRSTHAND_TELEGRAM_LOCAL="1") as it:
        phone = await Phone.new(it.http)
        await consented(phone, say)
        await phone.send(("film.mp4", film), kind="video")
        await phone.until(say["received"].format(1))
        reference = await told(phone, say)
        folder = await package(it, reference, tmp_path / "package")
        it.command("open", str(folder), "-i", str(it.identity), "--to", str(tmp_path / "out"))
        left = list(it.home.rglob("handed-out/*"))
    assert contents(tmp_path / "out" / reference / "data" / "exhibits") == [film]
    assert left == []  # the server's own copy, in clear


async def test_a_second_quick_message_never_answers_a_question_not_yet_on_the_screen(
    tmp_path: Path,
) -> None:
    say = LABELS["en"]
    async with running(tmp_path, "sandbox", "witness") as it:
        phone = await Phone.new(it.http)
        await consented(phone, say)
        await phone.write("I saw it.")
        await to_when(phone, say)
        await it.delivered()
        it.kill("witness")  # both messages are written before the next question can be sent
        await phone.write("on 12 March 2022")
        await phone.write("On a Friday, I think.")
        it.restart("witness")
        await phone.until(say["where"])
        await phone.until("Added to your earlier answer")
        await phone.write("Bucha")
        await phone.press(say["city"])
        await phone.until(say["who"])
        await phone.write("/finish")
        review = await phone.until(say["all"])
    assert (
        "When: on 12 March 2022 On a Friday, I think. (12" in review["text"]
        and "Where: Bucha" in review["text"]
    )


@pytest.mark.long
async def test_a_process_that_dies_at_any_named_point_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    say = LABELS["en"]
    points = (
        "after commit",
        "before send",
        "after send",
        "after vault",
        "before filing",
        "after filing",
    )
    references = set()
    async with running(tmp_path, "sandbox", "witness", "files") as it:
        for point in points:
            role = "files" if point == "after vault" else "witness"
            phone = await Phone.new(it.http)
            await consented(phone, say)
            await it.delivered()
            it.kill(role)
            if point.endswith("filing"):
                await sent_until_it_dies(it, phone, say, point)
            else:
                await told_across_a_death(it, phone, say, point, role)
            receipt = await phone.until(say["reference"])
            references.add(receipt["text"].split(say["reference"])[1].split()[0])
        filed = {line.split("\t")[0] for line in it.command("referral", "list").stdout.splitlines()}
    assert filed == references and len(filed) == len(points)


async def told_across_a_death(
    it: Installation, phone: Phone, say: dict[str, str], point: str, role: str
) -> None:
    it.restart_dying(role, point)
    await phone.send(("a.bin", b"one"))
    await phone.write("I saw it.")
    it.dies(role)
    it.restart(role)
    await phone.until("Kept: 1 message")
    await phone.until(say["received"].format(1))
    await told(phone, say)


async def sent_until_it_dies(
    it: Installation, phone: Phone, say: dict[str, str], point: str
) -> None:
    it.restart_dying("witness", point)
    await phone.write("I saw it.")
    await phone.press("Finish", on="Kept")
    await phone.press(say["review"], on=say["all"])
    for question in ("share", "contact"):
        await phone.press(say["skip"], on=say[question])
    await phone.press(say["send"])
    it.dies("witness")
    it.restart("witness")


def test_the_readme_says_what_the_commands_are() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in readme and "make test" in readme
