"""What a hostile witness sends: nothing of it runs or calls out when an officer opens the dossier in a browser and
presses everything there is to press.
"""

import asyncio
from pathlib import Path

from playwright.async_api import async_playwright

from tests.machine import needed_browser
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.sandbox.test_page import FLAGS, PIXEL
from tests.shell import shell
from tests.witness.test_addenda import CHAT, TO_SEND, WAY_IN, say

SCRIPT = "<script>fetch('{0}/script');document.title='ran'</script><img src='{0}/img' onerror=\"document.title='ran'\">"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.title='ran'\"><image href='{0}/svg'/><script>fetch('{0}/x')</script></svg>"
NAMES = (
    "a.html", "a.htm", "a.xhtml", "a.shtml", "a.svg", "a.svgz", "a.js", "a.mjs", "a.hta", "a.mhtml", "a.mht", "a.lnk", "a.url",
    "a.exe", "a.sh", "a.scr", "a.docm", "a.csv", "a.xml", "a.xsl", "a.swf", "a.webarchive", "a.desktop", "A.HTML", "a.jpg.html",
    "a.png", "a.jpg", "a.pdf", "a.txt", "a.mp4", "a.ogg",
)  # fmt: skip
KEPT = {".png", ".jpg", ".pdf", ".txt", ".mp4", ".ogg", ".bin"}


async def test_nothing_runs_and_nothing_calls_out_when_a_dossier_is_looked_at(
    tmp_path: Path,
) -> None:
    called: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    home = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(
            it, channel, CHAT, *WAY_IN, "3", f"\x1b[2J\x1b[31mI saw it.\x07 {SCRIPT.format(home)}"
        )
        for name in NAMES:
            content = (SVG if "svg" in name else SCRIPT).format(home).encode()
            channel.send(CHAT, "document", PIXEL if name == "a.png" else content, 1, name=name)
            await it.quiet()
        it.ahead += 10
        await it.quiet()
        await say(it, channel, CHAT, "done", *TO_SEND)
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
    files = sorted((data / "exhibits").iterdir())
    assert len(files) == len(NAMES) and {f.suffix for f in files} == KEPT
    assert "\x1b" not in (data / "transcript.txt").read_text("utf-8")
    assert "\\x1b[31mI saw it.\\x07" in (data / "transcript.txt").read_text("utf-8")
    pressed = await _everything_pressed(data.parent / "index.html")
    assert called == []
    as_sent = tmp_path / "as-sent.html"
    as_sent.write_text(SCRIPT.format(home), "utf-8")
    await _opened(as_sent)
    assert called != []  # it would have
    server.close()
    assert len(pressed) == len(NAMES) - sum(f.suffix == ".bin" for f in files)
    assert all(url.startswith("file:///") for url in pressed)


async def _opened(page_: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=needed_browser(), args=FLAGS)
        page = await browser.new_page()
        await page.goto(page_.as_uri())
        await page.wait_for_timeout(500)
        await browser.close()


async def _everything_pressed(index: Path) -> list[str]:
    """The addresses of what the page leads to, each opened; nothing may rename a page or ask something."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=needed_browser(), args=FLAGS)
        page = await browser.new_page(viewport={"width": 1300, "height": 900})
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        await page.goto(index.as_uri())
        title = await page.title()
        for summary in await page.locator("summary").all():
            await summary.click()
        for box in await page.locator("input[type=checkbox]").all():
            await box.check(force=True)
        await page.wait_for_timeout(500)
        assert await page.title() == title
        leads = await page.eval_on_selector_all("a", "all => all.map(one => one.href)")
        out = [url for url in leads if "/data/" in url]
        for url in out:
            another = await browser.new_page()
            if not url.endswith((".pdf", ".bin")):  # a PDF is downloaded without a viewer of it
                await another.goto(url)
                await another.wait_for_timeout(100)
                assert await another.title() != "ran"
            await another.close()
        assert dialogs == []
        await browser.close()
    return out
