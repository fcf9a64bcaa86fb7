"""The sandbox's page in a real browser: a witness in Ukrainian on the left, the officers on the right."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from tests.installation import ROOT, running
from tests.machine import needed_browser

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 60_000
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf500f00030101000a1d5b9d0000000049454e44ae426082"
)


@pytest.mark.long
async def test_a_report_in_the_browser_from_start_to_package(tmp_path: Path) -> None:
    """Set FIRSTHAND_SCREENSHOTS to a folder to look at it."""
    program = needed_browser()
    limits = {
        "FIRSTHAND_SANDBOX_LIMITS": "1",
        "FIRSTHAND_SEND_OVERALL": "30",
        "FIRSTHAND_SEND_CHAT": "1",
    }
    async with running(tmp_path, **limits) as it, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1500, "height": 900}, locale="uk-UA")
        page.set_default_timeout(PATIENCE)
        errors: list[str] = []
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        await page.goto(f"http://127.0.0.1:{it.port}/")
        await witness(page)
        await picture(page, "witness")
        await officer(page)
        await picture(page, "officers")
        await list_of_files(page)
        await second_phone(page)
        await browser.close()
        assert errors == []


async def witness(page: Page) -> None:
    phone = page.locator("#witness")

    async def tap(name: str) -> None:
        await phone.get_by_role("button", name=name, exact=True).last.click()

    async def write(text: str, then: str) -> None:
        await phone.get_by_label("Message", exact=True).fill(text)
        await phone.get_by_label("Send message").click()
        await phone.get_by_text(then).last.wait_for()

    async def attach(kind: str, *names: str) -> None:
        await phone.locator("form select").select_option(kind)
        files = [{"name": name, "mimeType": "image/png", "buffer": PIXEL} for name in names]
        await phone.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]

    await tap("Start")
    await tap("Українська")
    for question in ("безпечно писати", "18 років"):
        await phone.get_by_text(question).wait_for()
        await tap("Так")
    await phone.get_by_text("Як ви пов’язані").wait_for()
    await picture(page, "role")
    await tap("Це сталося зі мною")
    await phone.get_by_text("Ви згодні").wait_for()
    await picture(page, "consent")
    await tap("Так, продовжити")
    await phone.get_by_text("за словами для повернення").wait_for()
    await tap("Ні, не потрібні")
    await phone.get_by_text("Розкажіть своїми словами").wait_for()
    await write("12 березня обстріляли наш будинок.", "Збережено: 1 повідомлення")
    await write("Ми були в підвалі.", "Збережено: 2 повідомлення")
    await attach("photo", "двір.png")
    await attach("document", "протокол.pdf")
    await attach("photo", "1.png", "2.png", "3.png")
    await phone.get_by_text("Отримано: 5 файлів").wait_for()
    await tap("Готово")
    await phone.get_by_text("Дякуємо, що розповіли").wait_for()
    await tap("До запитань")
    await phone.get_by_text("Що з цього стосується").wait_for()
    await tap("Обстріл або напад")
    await phone.get_by_text("Вибрано: Обстріл або напад").wait_for()
    await picture(page, "what it was")
    await tap("Інші варіанти")
    await phone.get_by_text("Сторінка 2 з 4").wait_for()
    await tap("Готово")
    await phone.get_by_text("Де ви були").wait_for()
    await write("У підвалі.", "Коли це сталося")
    await picture(page, "when")
    await write("12 березня 2022, Буча, вулиця Яблунська", "Раніше ви написали")
    await tap("Так, це те місце")
    await phone.get_by_text("Натисніть на назву місця").wait_for()
    await picture(page, "which place")
    await tap("Буча (місто)")
    await phone.get_by_text("хто це зробив").wait_for()
    await tap("Закінчити")
    await phone.get_by_text("Що сталося: 12 березня обстріляли").wait_for()
    await picture(page, "review")
    await tap("Перейти до надсилання")
    for question in ("Кому поліція може", "зв’язатися з вами"):
        await phone.get_by_text(question).wait_for()
        await tap("Пропустити")
    await phone.get_by_text("Це те, що я пам’ятаю").wait_for()
    await tap("Надіслати")
    await phone.get_by_text("Ваше повідомлення отримано").wait_for()


async def list_of_files(page: Page) -> None:
    """Asked for after the receipt, shown after a warning."""
    phone = page.locator("#witness")
    await phone.get_by_role("button", name="Список файлів").click()
    await phone.get_by_role("button", name="Показати", exact=True).click()
    await phone.get_by_text(re.compile("[0-9a-f]{64}")).last.wait_for()
    await picture(page, "list of files")


async def officer(page: Page) -> None:
    channel, private = page.locator("#channel"), page.locator("#officer")
    await channel.get_by_role("button", name="Claim").click()
    await channel.get_by_text("claimed by Kestrel").wait_for()
    await private.get_by_role("button", name="Send me the package").click()
    await private.get_by_role("link").wait_for()
    assert await channel.locator(".message").filter(has_text="Referral").count() == 1


async def second_phone(page: Page) -> None:
    await page.get_by_role("button", name="Another phone").click()
    phone = page.locator("#witness")
    await phone.get_by_role("button", name="Start").click()
    await phone.get_by_role("button", name="English").wait_for()
    assert not await phone.get_by_text("обстріляли").count()
    await page.get_by_role("button", name="Olena").click()
    await phone.get_by_text("Ваше повідомлення отримано").wait_for()


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("FIRSTHAND_SCREENSHOTS"):
        await page.wait_for_timeout(300)
        await page.screenshot(path=Path(ROOT, folder) / f"{name}.png")
