"""`python -m tests.officers_day FOLDER`: an officer's first day in the sandbox, photographed for docs/officers.md."""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

from storage import age
from tests.installation import Installation, running
from tests.machine import needed_browser
from tests.people import Phone
from tests.reader import decrypt
from tests.sandbox.test_page import FLAGS, PIXEL
from tests.whole.test_end_to_end import LABELS, asks_for_a_call, consented, sent, told

SAY = LABELS["uk"]
WIDE, NARROW = {"width": 1300, "height": 560}, {"width": 1150, "height": 560}


async def write(chat: Locator, text: str) -> None:
    await chat.get_by_label("Message", exact=True).fill(text)
    await chat.get_by_label("Send message").click()


async def enrolled(it: Installation, page: Page, folder: Path) -> Path:
    """Heron's invite, number, confirmation and key; returns the key's file."""
    code = it.command("officer", "invite", "Heron").stdout.split("/start ")[1].split()[0]
    desk = page.locator("#officer")
    await page.get_by_role("button", name="Another officer").click()
    await desk.get_by_role("button", name="Start").wait_for()
    await write(desk, f"/start {code}")
    await desk.get_by_text("Tell your supervisor").wait_for()
    await page.get_by_role("button", name="Kestrel").click()
    await desk.get_by_role("button", name="Confirm").wait_for()
    await photograph(page, folder / "officer-confirms.png")
    await desk.get_by_role("button", name="Confirm").click()
    await page.get_by_role("button", name="Heron").click()
    await desk.get_by_text("You are enrolled").wait_for()
    await photograph(page, folder / "officer-enrolled.png")
    recipient, identity = age.new_identity()
    key, challenge = it.home.parent / "heron.key", it.home.parent / "challenge.age"
    key.write_text(identity)
    it.command("recipient", "add", recipient, "--officer", "Heron", "--challenge", str(challenge))
    answer = decrypt(challenge.read_bytes(), key) or b""
    it.command("recipient", "answer", age.fingerprint(recipient), answer.decode())
    return key


async def reports(it: Installation) -> str:
    """Three people report; the reference of the first, an ordinary one with photos."""
    first, second, third = [await Phone.new(it.http) for _ in range(3)]
    await consented(first, SAY)
    await first.write("12 березня обстріляли наш будинок, ми були в підвалі.")
    await first.send(("a.png", PIXEL), ("b.png", PIXEL), kind="photo")
    await first.until(SAY["received"].format(2))
    reference = await told(first, SAY)
    await consented(second, SAY)
    await second.write("Мене тримали в полоні й катували.")
    await second.write("/finish")
    await second.press(
        "Так, із жінкою"
    )  # a specialist is offered also to whoever goes on to sending at once
    await second.write("/finish")
    await sent(second, SAY)
    await consented(third, LABELS["en"])
    await asks_for_a_call(third)
    return reference


async def assessed(it: Installation, page: Page, reference: str, folder: Path, key: Path) -> None:
    """Claimed, saved, opened and read."""
    channel, desk = page.locator("#channel"), page.locator("#officer")
    card = channel.locator(".message", has_text=f"Referral {reference}")
    await channel.get_by_text("Priority: danger").wait_for()
    await photograph(page, folder / "officer-queue.png", wide=True)
    await card.get_by_role("button", name="Claim").click()
    await desk.get_by_role("button", name="Send me the package").click()
    await desk.get_by_role("link", name=f"{reference}.tar").wait_for()
    await photograph(page, folder / "officer-package.png", wide=True)
    tar = it.home.parent / f"{reference}.tar"
    async with page.expect_download() as download:
        await desk.get_by_role("link", name=f"{reference}.tar").click()
    await (await download.value).save_as(tar)
    it.command("open", str(tar), "--identity", str(key), "--to", str(it.home.parent / "dossiers"))
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await page.goto((it.home.parent / "dossiers" / "index.html").as_uri())
    await page.screenshot(path=folder / "officer-index.png")


async def photograph(page: Page, target: Path, *, wide: bool = False) -> None:
    """The officers' side of the page; or only the private chat."""
    await page.set_viewport_size(WIDE if wide else NARROW)  # type: ignore[arg-type]
    await page.add_style_tag(
        content="main { grid-template-columns: 0 1fr !important; } header, .phone, #phones { display: none !important; }"
    )
    await page.wait_for_timeout(500)
    await page.locator("main > .side:last-child" if wide else "#officer").screenshot(path=target)


async def main(folder: Path) -> None:
    program = needed_browser()
    async with running(Path(tempfile.mkdtemp())) as it, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page(viewport=WIDE)  # type: ignore[arg-type]
        await page.goto(f"http://127.0.0.1:{it.port}/")
        await page.get_by_role("button", name="Another phone").wait_for()
        key = await enrolled(it, page, folder)
        reference = await reports(it)
        await assessed(it, page, reference, folder, key)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
