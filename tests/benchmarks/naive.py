"""What one would write first: an ORM session and a commit for every answer, nothing sealed."""

import asyncio
import time
from pathlib import Path

from sqlalchemy import String, event, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Talk(Base):
    __tablename__ = "talks"
    chat: Mapped[str] = mapped_column(String, primary_key=True)
    state: Mapped[str] = mapped_column(String)


class Said(Base):
    __tablename__ = "said"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat: Mapped[str] = mapped_column(String)
    text: Mapped[str] = mapped_column(String)


def engine(path: Path) -> async_sessionmaker[AsyncSession]:
    made = create_async_engine(f"sqlite+aiosqlite:///{path}")

    @event.listens_for(made.sync_engine, "connect")
    def connected(connection: object, _: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return async_sessionmaker(made, expire_on_commit=False)


async def make(sessions: async_sessionmaker[AsyncSession]) -> None:
    async with sessions() as session:
        connection = await session.connection()
        await connection.run_sync(Base.metadata.create_all)
        await session.commit()


async def answer(sessions: async_sessionmaker[AsyncSession], chat: str, words: str) -> str:
    """Load the state, keep the answer, save the next state, commit; returns the state before."""
    async with sessions() as session:
        talk = (await session.execute(select(Talk).where(Talk.chat == chat))).scalar_one_or_none()
        before = talk.state if talk else "0"
        if talk is None:
            session.add(Talk(chat=chat, state="1"))
        else:
            talk.state = str(int(before) + 1)
        session.add(Said(chat=chat, text=words))
        await session.commit()
        return before


async def naive_answers(path: Path, count: int) -> float:
    """Answers a second with 32 chats at once."""
    sessions = engine(path)
    await make(sessions)

    async def one(chat: int) -> None:
        for _ in range(count // 32):
            await answer(sessions, str(chat), "In March")

    began = time.perf_counter()
    await asyncio.gather(*(one(chat) for chat in range(32)))
    return count // 32 * 32 / (time.perf_counter() - began)
