"""What an officer reads: forty packages in one index, each a page in which nothing shows or plays by itself."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from bot.errors import Refused, Tampered
from bot.officers import packing
from bot.workstation import bag, identity_file, pieces, report_key
from bot.workstation.open_all import Result, open_all
from storage import age
from storage import tables as t
from storage.folder import Folder
from tests.handed_out import handed_out, write_package
from tests.machine import needed_age, needed_browser
from tests.numbers import Numbers
from tests.sandbox.test_page import FLAGS, PIXEL
from tests.shell import Shell, shell
from tests.witness.test_addenda import TO_SEND, WAY_IN, say
from tests.witness.test_receipt import sent

EVIL = "<script>document.title='x'</script><img src=x onerror=document.title='x'>"


async def packages(it: Shell, folder: Path) -> list[str]:
    """Every referral there is, as the bot sends it."""
    folder.mkdir(exist_ok=True)
    references = await it.referrals()
    for reference in references:
        await write_package(it.database, it.facts, it.folder, reference, folder)
    (folder / "team.key").write_text(it.identity)
    return references


def opened(folder: Path, to: Path) -> Result:
    """As `firsthand open FOLDER --identity team.key --to TO`."""
    mine = identity_file.identities([folder / "team.key"])
    return open_all(pieces.gather([folder]), mine, to, lambda _: None)


async def reported(it: Shell, channel: Numbers, people: int) -> None:
    """A short report with a photo of each of so many people, all at once."""
    chats = [f"{100 + number}" for number in range(people)]

    async def all_say(*lines: str) -> None:
        for line in lines:
            for chat in chats:
                pressed = channel.number_of(chat, line[1:-1]) if line.startswith("[") else None
                channel.write(chat, pressed or line, 1)
            await it.quiet()

    await all_say(*WAY_IN, "3", EVIL)
    for chat in chats:
        channel.send(chat, "photo", PIXEL, 1)
    await it.quiet()
    it.ahead += 10
    await it.quiet()
    await all_say("done", *TO_SEND)


@pytest.mark.long
async def test_forty_packages_become_forty_bags_and_one_index(tmp_path: Path) -> None:
    channel, to = Numbers(), tmp_path / "dossiers"
    async with shell(tmp_path, channel) as it:
        await reported(it, channel, 40)
        references = await packages(it, tmp_path / "in")
    broken = tmp_path / "in" / f"{references[7]}.tar"
    content = bytearray(broken.read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    result = opened(tmp_path / "in", to)
    assert len(result.opened) == 39 and list(result.tampered) == [f"{references[7]}.tar"]
    for name in result.opened:
        assert bag.check(to / name) > 0
    assert not (to / references[7]).exists()
    again = opened(tmp_path / "in", to)
    assert again.opened == [] and len(again.known) == 39
    await _looked_at(to, result.opened)


async def _looked_at(to: Path, names: list[str]) -> None:
    """In a real browser, from the disk: no network, no script of a witness's, nothing shown, sorting works."""
    program = needed_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1300, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto((to / "index.html").as_uri())
        assert await page.locator("tbody tr").count() == 39
        await page.get_by_role("button", name="Dossier").click()
        shown = await page.locator("tbody a").all_inner_texts()
        assert shown == sorted(names)
        await page.get_by_role("button", name="Dossier").click()
        assert await page.locator("tbody a").all_inner_texts() == sorted(names, reverse=True)
        await page.get_by_role("link", name=names[0]).click()
        assert await page.title() == names[0]
        assert EVIL in await page.inner_text("blockquote")
        picture = page.locator("#x1 img")
        assert not await picture.is_visible()
        await page.get_by_text("Show x1: grey and blurred").click()
        await picture.wait_for()
        filters = "element => getComputedStyle(element).filter"
        assert "grayscale(1) blur(14px)" in await picture.evaluate(filters)
        await page.get_by_label("sharp, still grey").check()
        assert await picture.evaluate(filters) == "grayscale(1)"
        await page.get_by_label("sharp, in colour").check()
        assert await picture.evaluate(filters) == "none"
        assert {url.partition(":")[0] for url in asked} == {"file"}
        await browser.close()


async def test_a_package_that_has_grown_is_opened_beside_the_older_one(tmp_path: Path) -> None:
    channel, to = Numbers(), tmp_path / "dossiers"
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        await packages(it, tmp_path / "in")
        assert opened(tmp_path / "in", to).opened == [reference]
        await say(
            it,
            channel,
            "78",
            "/start",
            "3",
            "/add",
            reference,
            "[I noted none]",
            "One more name.",
            "done",
        )
        await say(it, channel, "78", "[Send]")
        await packages(it, tmp_path / "in")
        assert await it.count(t.conversations) == 0
    assert opened(tmp_path / "in", to).opened == [f"{reference}-2"]
    page = (to / f"{reference}-2" / "index.html").read_text("utf-8")
    assert "Added a1" in page and "One more name." in page
    index = (to / "index.html").read_text("utf-8")
    assert index.count('<tr class="new">') == 1 and index.count("index.html") == 2


async def test_a_page_that_was_changed_is_noticed(tmp_path: Path) -> None:
    channel, to = Numbers(), tmp_path / "dossiers"
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        await packages(it, tmp_path / "in")
    opened(tmp_path / "in", to)
    page = to / reference / "index.html"
    page.write_text(page.read_text("utf-8").replace("I saw it.", "I did it."), "utf-8")
    with pytest.raises(Tampered, match=r"index\.html"):
        bag.check(to / reference)


async def test_without_the_identity_part_the_page_says_so_and_with_it_folds_it_away(
    tmp_path: Path,
) -> None:
    channel, to = Numbers(), tmp_path / "dossiers"
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        await packages(it, tmp_path / "in")
    opened(tmp_path / "in", to)
    page = (to / reference / "index.html").read_text("utf-8")
    assert "Show name and contact" in page
    referral = json.loads((to / reference / "data" / "referral.json").read_bytes())
    from bot.workstation import dossier_page  # noqa: PLC0415

    assert "Sealed apart, and not to your key." in dossier_page.page(
        referral, {}, {}, dossier_page.Custody(), None
    )


async def test_a_dossier_that_was_not_whole_is_opened_again_once_the_rest_is_there(
    tmp_path: Path,
) -> None:
    channel, to, folder = Numbers(), tmp_path / "dossiers", tmp_path / "in"
    folder.mkdir()
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        held = await handed_out(it.database, it.facts, it.folder / "keys", reference)
        vault = Folder(it.folder / "vault")
        await packing.write_tar(held, vault, folder / f"{reference}.tar", with_exhibits=False)
        (folder / "team.key").write_text(it.identity)
        assert list(opened(folder, to).missing) == [reference]
        shutil.copy(vault.path(held.exhibits[0].object or ""), folder / f"{reference}-x1.age")
        whole = opened(folder, to)
    assert (whole.opened, whole.missing) == ([f"{reference}-2"], {})
    assert opened(folder, to).known == [reference]


@pytest.mark.parametrize(
    "written, says",
    [
        ("age-encryption.org/v1\n-> scrypt c2FsdA 18\n", "locked with a passphrase"),
        ("-----BEGIN AGE ENCRYPTED FILE-----\n", "locked with a passphrase"),
        ("AGE-PLUGIN-YUBIKEY-1QQPZRYAQQ\n", "on a device"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "an SSH key"),
        ("AGE-SECRET-KEY-PQ-1QQQQ\n", "post-quantum"),
        (
            "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z\n",
            "the public line only",
        ),
        ("AGE-SECRET-KEY-1QQQQ\n", "not whole"),
        ("nothing\n", "no age identity"),
    ],
)
def test_a_key_file_that_opens_nothing_is_said_to_be_what_it_is(
    written: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "officer.key").write_text(written)
    with pytest.raises(Refused, match=says) as no:
        identity_file.identities([tmp_path / "officer.key"])
    assert "QQQQ" not in str(no.value)


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_key_file_is_read_as_any_shell_writes_it(form: str, tmp_path: Path) -> None:
    recipient, identity = age.new_identity()
    (tmp_path / "officer.key").write_bytes(
        f"# public key: {recipient}\r\n{identity}\r\n".encode(form)
    )
    (mine,) = identity_file.identities([tmp_path / "officer.key"])
    assert str(mine.to_public()) == recipient


async def test_a_referral_is_sealed_anew_for_a_colleague_and_the_dossier_says_so(
    tmp_path: Path,
) -> None:
    """A small file beside the package: it gives the account and the files, and neither name nor contact."""
    channel, to, folder = Numbers(), tmp_path / "dossiers", tmp_path / "in"
    recipient, identity = age.new_identity()
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        await packages(it, folder)
    tar, holder, key = folder / f"{reference}.tar", folder / "team.key", tmp_path / "heron.key"
    key.write_text(identity)
    with pytest.raises(
        Refused, match=f"firsthand reseal {reference}.tar --identity THEIR.key --for"
    ):
        firsthand_open([tar], key, to)
    package_ = pieces.only(tar)
    written = report_key.reseal(package_, identity_file.identities([holder]), recipient, folder)
    assert (
        written.name == f"{reference}.{age.fingerprint(recipient)}.key.age"
        and written.stat().st_size < 1000
    )
    with pytest.raises(Refused, match="is there already"):
        report_key.reseal(package_, identity_file.identities([holder]), recipient, folder)
    said = firsthand_open([tar], key, to)  # it lies beside it
    assert (
        f"    the sums of its documents agree; the package is sealed to others, and opened with {written.name}"
        in said
    )
    dossier = to / reference
    assert f"Firsthand-Key-Sealed-Anew: {written.name}\n" in (dossier / "bag-info.txt").read_text(
        "utf-8"
    )
    assert (dossier / "data/exhibits").is_dir() and not (dossier / "data/identity.json").exists()
    assert bag.check(dossier) > 0
    by_hand = needed_age()
    opened = subprocess.run(
        [by_hand, "-d", "-i", str(key), str(written)], capture_output=True, check=True
    ).stdout
    assert opened.startswith(b"AGE-SECRET-KEY-1")


async def test_a_key_file_that_is_not_this_reports_is_refused_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    channel, to, folder = Numbers(), tmp_path / "dossiers", tmp_path / "in"
    recipient, identity = age.new_identity()
    async with shell(tmp_path, channel) as it:
        reference = await sent(it, channel)
        await packages(it, folder)
    (folder / "team.key").unlink()
    key, beside = (
        tmp_path / "heron.key",
        folder / f"{reference}.{age.fingerprint(recipient)}.key.age",
    )
    key.write_text(identity)
    foreign = age.new_identity()
    for content, says in [
        (age.seal(f"{foreign[1]}\n".encode(), recipient), "is another report's"),
        (age.seal(b"nothing\n", recipient), "holds no key"),
        (age.seal(b"\xff", recipient), "holds no key"),
        (age.seal(f"{foreign[1]}\n".encode(), foreign[0]), "holds no key"),
        (b"", "holds no key"),
    ]:
        beside.write_bytes(content)
        with pytest.raises(Refused, match=says):
            firsthand_open([folder], key, to)
        assert not any(to.glob("*/data"))
    package_ = pieces.gather([folder]).packages[0]
    with pytest.raises(Refused, match="begins with age1"):
        report_key.reseal(package_, identity_file.identities([key]), "ssh-ed25519 AAAA", folder)


def firsthand_open(what: list[Path], key: Path, to: Path) -> list[str]:
    """As `firsthand open WHAT --identity KEY --to TO`: what it said."""
    said: list[str] = []
    result = open_all(pieces.gather(what), identity_file.identities([key]), to, said.append)
    if result.refused:
        raise Refused("; ".join(result.refused.values()))
    return said
