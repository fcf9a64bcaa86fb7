"""The baseline over HTTP: aiogram with its own FSM and one ORM commit an answer; run as a process of its own."""

import asyncio
import os
import sys
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.settings import SANDBOX_TOKENS
from tests.benchmarks.naive import answer, engine, make

LAST = 11
BUTTON = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Next", callback_data="next")]]
)


async def main() -> None:
    sessions = engine(Path(sys.argv[1]))
    await make(sessions)
    api = TelegramAPIServer.from_base(f"http://127.0.0.1:{os.environ['FIRSTHAND_SANDBOX_PORT']}")
    bot = Bot(SANDBOX_TOKENS["witness"], session=AiohttpSession(api=api))
    dispatcher = Dispatcher()

    async def go_on(message: Message, state: FSMContext, words: str) -> None:
        before = int(await answer(sessions, str(message.chat.id), words))
        await state.update_data(step=before)
        last = before >= LAST
        await message.answer(
            "Reference: naive" if last else f"Question {before + 1}",
            reply_markup=None if last else BUTTON,
        )

    @dispatcher.message()
    async def said(message: Message, state: FSMContext) -> None:
        await go_on(message, state, message.text or "")

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery, state: FSMContext) -> None:
        await query.answer()
        if isinstance(query.message, Message):
            await go_on(query.message, state, query.data or "")

    await dispatcher.start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main())
