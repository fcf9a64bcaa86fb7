"""Somebody else answers in Telegram's place: nothing ends, nothing is taken for said, and it is asked again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.channels.port import Button, Rendered, Undelivered
from bot.channels.telegram import Telegram

ANSWERS: dict[str, tuple[int, str | bytes]] = {
    "a page to sign in at": (200, "<html>Welcome to the hotel</html>"),
    "nothing": (200, ""),
    "a list": (200, "[]"),
    "null": (200, "null"),
    "a number": (200, "5"),
    "yes to nothing": (200, '{"ok": true}'),
    "yes to null": (200, '{"ok": true, "result": null}'),
    "yes to a word": (200, '{"ok": true, "result": "yes"}'),
    "yes to an object": (200, '{"ok": true, "result": {}}'),
    "yes to a list of words": (200, '{"ok": true, "result": ["x"]}'),
    "yes to what has no number": (200, '{"ok": true, "result": [{}]}'),
    "half an answer": (200, '{"ok": true, "resu'),
    "no without a reason": (500, '{"ok": false}'),
    "a page of a proxy": (502, "<html>Bad Gateway</html>"),
    "another's redirect": (307, ""),
    "wrong letters": (200, b"\xff\xfe{"),
}
SAID = Rendered("Hello.", (Button("Yes", "t.1.0", 0),), 1)


@asynccontextmanager
async def answering(status: int, body: str | bytes) -> AsyncIterator[Telegram]:
    """A bot whose every call is answered so; the second one for updates is answered as Telegram does."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if request.path.endswith("getUpdates") and len(asked) > 1:
            return web.json_response({"ok": True, "result": [{"update_id": 7}]})
        raw = body if isinstance(body, bytes) else body.encode()
        return web.Response(status=status, body=raw, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    bot = Telegram("witness", "1:a", f"http://127.0.0.1:{port}", local=False)
    try:
        yield bot
    finally:
        await bot.close()
        await runner.cleanup()


@pytest.mark.parametrize("what", ANSWERS)
async def test_updates_are_asked_for_again(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return

    async with answering(*ANSWERS[what]) as bot:
        monkeypatch.setattr(asyncio, "sleep", at_once)
        async with asyncio.timeout(20):
            batch = await anext(bot.receive())
        monkeypatch.undo()
        await batch.accept()
        assert bot._offset == 8


@pytest.mark.parametrize("what", ANSWERS)
async def test_a_message_is_not_taken_for_sent(what: str) -> None:
    async with answering(*ANSWERS[what]) as bot:
        with pytest.raises(Undelivered) as refused:
            await bot.deliver("1", SAID)
        assert refused.value.why == "unknown"


@pytest.mark.parametrize("what", ANSWERS)
async def test_an_edit_is_not_taken_for_made(what: str) -> None:
    async with answering(*ANSWERS[what]) as bot:
        with pytest.raises(Undelivered) as refused:
            await bot.deliver("1", SAID, replacing=5)
        assert refused.value.why == "unknown"


@pytest.mark.parametrize("what", ANSWERS)
async def test_a_button_is_let_go_of_without_a_word(what: str) -> None:
    async with answering(*ANSWERS[what]) as bot:
        await bot._let_go("1")
