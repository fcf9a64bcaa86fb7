"""`python -m tests.pictures STORY FOLDER`: a transcript once more, in the sandbox's page, photographed at every step.

For the eyes of whoever changed a text: one sheet for the whole way, a picture after each thing the witness did.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

from tests.appeals import with_arabic
from tests.installation import running
from tests.machine import needed_browser
from tests.play import FILE, Story
from tests.sandbox.test_page import FLAGS, PIXEL

SETTLED = 700
"""Milliseconds for an answer; the burst's status message needs three seconds more."""


async def photograph(story: Path, folder: Path) -> Path:
    """Play it and return the sheet."""
    program = needed_browser()
    folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp())
    async with (
        running(home, FIRSTHAND_APPEAL=str(with_arabic(home))) as it,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1150, "height": 900})
        await page.goto(f"http://127.0.0.1:{it.port}/")
        phone, taken = page.locator("#witness"), []
        for number, line in enumerate(Story.read(story).lines):
            await do(phone, page, line)
            taken.append(folder / f"{story.stem} {number:02}.png")
            await phone.screenshot(path=taken[-1])
        sheet = await montage(page, taken, folder / f"{story.stem}.png")
        await browser.close()
    return sheet


async def do(phone: Locator, page: Page, line: str) -> None:
    """One line of a story, with a finger."""
    before = (
        await phone.locator(".message").last.inner_text()
        if await phone.locator(".message").count()
        else ""
    )
    if line == "/start":
        await phone.get_by_role("button", name="Start").click()
    elif match := FILE.fullmatch(line):
        await phone.locator("form select").select_option(
            "photo" if match[2] == "photo" else "document"
        )
        file = {"name": "1.png", "mimeType": "image/png", "buffer": PIXEL}
        await phone.locator("input[type=file]").set_input_files([file])  # type: ignore[arg-type]
    elif line == "{later}":
        await page.wait_for_timeout(3500)
    elif match := re.fullmatch(r"\[(.+?)\]", line):
        await phone.get_by_role("button", name=match[1], exact=True).last.click()
    else:
        await phone.get_by_label("Message", exact=True).fill(line)
        await phone.get_by_label("Send message").click()
    for _ in range(12):  # until something is said, or a second and a half is over
        await page.wait_for_timeout(120)
        if await phone.locator(".message").last.inner_text() not in (before, ""):
            break
    await page.wait_for_timeout(SETTLED)


async def montage(page: Page, taken: list[Path], target: Path) -> Path:
    """All pictures beside each other."""
    pictures = "".join(f'<img src="{p.as_uri()}" width="330">' for p in taken)
    sheet = target.with_suffix(".html")
    sheet.write_text(f"<body style='margin:0'>{pictures}</body>", "utf-8")
    await page.set_viewport_size({"width": 1680, "height": 900})
    await page.goto(sheet.as_uri())
    await page.screenshot(path=target, full_page=True)
    sheet.unlink()
    return target


if __name__ == "__main__":
    print(asyncio.run(photograph(Path(sys.argv[1]), Path(sys.argv[2]))))
