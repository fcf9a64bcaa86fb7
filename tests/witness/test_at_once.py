"""What meets in one transaction, or on the way into it: nothing of it is lost, doubled, or somebody else's."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.channels.incoming import Unread
from bot.channels.port import Rendered, Undelivered
from bot.referral.report import Report
from bot.witness import delivery_gate
from bot.witness.converse import Converse
from bot.witness.submission import Submission
from bot.witness.submitting import Submitting
from conversations.events import Event, Recalled
from conversations.state import State
from storage import tables as t
from storage.connection import Connection
from storage.drafts import Draft
from storage.filing import Unsent
from storage.group import Group
from storage.jobs import Job
from storage.writer import Writer
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import Shell, shell
from tests.waiting import until
from tests.witness.test_addenda import TO_SEND, WAY_IN, say

SENT = ("done", *TO_SEND)


def gathering(
    monkeypatch: pytest.MonkeyPatch,
    joins: Callable[[list[Job[Any]]], bool],
    meanwhile: Callable[[], None] = lambda: None,
) -> list[int]:
    """Have the first group that `joins` wait until another job that somebody waits for is there, too; returns how many of these each such group had."""
    together, sizes = Writer._together, list[int]()

    async def gathered(self: Writer, jobs: list[Job[Any]]) -> list[Job[Any]]:
        if not sizes and joins(jobs):
            meanwhile()
            while sum(not job.patient for job in jobs) < 2:
                jobs.append(await self._waiting.get())
            sizes.append(sum(not job.patient for job in jobs))
        return await together(self, jobs)

    monkeypatch.setattr(Writer, "_together", gathered)
    return sizes


@dataclass
class Slow(Numbers):
    """While `held`, what is sent stays under way; `fails` times nothing can be taken away."""

    held: asyncio.Event | None = None
    under_way: bool = False
    fails: int = 0
    removed: list[int] = field(default_factory=list)

    async def deliver(self, chat: str, message: Rendered, *, replacing: int = 0) -> int:
        await super().deliver(chat, message, replacing=replacing)
        if self.held is None:
            return 0
        self.under_way = True
        await self.held.wait()
        return 7

    async def remove(self, chat: str, ids: Sequence[int]) -> list[int]:
        assert chat
        if self.fails:
            self.fails -= 1
            raise Undelivered("unknown")
        self.removed.extend(ids)
        return []


async def in_the_vault(it: Shell) -> list[str]:
    return [name async for name in it.vault.store.names()]


async def test_files_whose_commit_came_through_without_an_answer_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        for chat in ("77", "78"):
            await say(it, channel, chat, *WAY_IN, "3")
        sizes, writing, lost = gathering(monkeypatch, _of_files), it.database.writing, list[int]()

        @asynccontextmanager
        async def unanswered() -> AsyncIterator[Connection]:
            async with writing() as connection:
                yield connection
            if sizes and not lost:
                lost.extend(sizes)
                raise OperationalError("COMMIT", None, Exception("connection was closed"))

        monkeypatch.setattr(it.database, "writing", unanswered)
        channel.send("77", "photo", b"a" * 5000, 1)
        channel.send("78", "photo", b"b" * 5000, 1)
        await until(lambda: bool(lost))
        await it.quiet()
        async with it.database.reading() as connection:
            kept = (await connection.execute(select(t.exhibits.c.object))).scalars().all()
        assert lost == [2] and len(kept) == 2
        assert set(kept) <= set(await in_the_vault(it))


async def test_what_is_written_right_after_hide_is_somebody_elses(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        words = await with_words(it, channel, "A")
        channel.write("A", "/hide", 1)
        channel.write("A", "Hello, this is another person.", 1)
        await it.quiet()
        assert "Held for now" in channel.said["A"][-1] and await it.count(t.conversations) == 2
        await say(it, channel, "B", words, "[See what I wrote]")
        assert not any("another person" in said for said in channel.said["B"])


async def test_return_words_right_after_hide_open_the_report(tmp_path: Path) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        words = await with_words(it, channel, "A")
        channel.write("A", "/hide", 1)
        channel.write("A", words, 1)
        await it.quiet()
        assert "You stopped at" in channel.said["A"][-1] and await it.count(t.conversations) == 1


async def with_words(it: Shell, channel: Numbers, chat: str) -> str:
    """A report is written in this chat; its return words."""
    await say(it, channel, chat, *WAY_IN, "1", "A saw it.")
    found = re.search(
        r"want to come back to the report[^\n]+\n\n([^\n]+)", "\n".join(channel.said[chat])
    )
    assert found
    return found[1]


async def test_what_is_set_aside_while_a_report_is_sealed_is_sent_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, sealed = Numbers(), Submitting._made_ready
    late = Unread("A", "late", b'{"text": "the second lorry"}', "ValidationError", delivery="late")
    async with shell(tmp_path, channel) as it:

        async def meanwhile(self: Submitting, *args: Any) -> Submission:
            ready = await sealed(self, *args)
            await it.taking.take("numbers", [late])  # the first time it comes
            return ready

        monkeypatch.setattr(Submitting, "_made_ready", meanwhile)
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.", *SENT)
        (reference,) = await it.referrals()
        said = json.loads(
            ((await dossier_of(it, reference, tmp_path)) / "referral.json").read_bytes()
        )
        assert [each["why"] for each in said["set_aside"]] == ["ValidationError"]


async def test_return_words_that_change_while_a_report_is_sealed_are_the_referrals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, sealed, changed = Numbers(), Submitting._made_ready, list[str]()
    new = b"n" * 16
    async with shell(tmp_path, channel) as it:

        async def meanwhile(self: Submitting, unsent: Unsent, report: Report) -> Submission:
            ready = await sealed(self, unsent, report)
            changed.append(unsent.draft.id)
            if len(changed) == 1:
                id_ = unsent.draft.id

                def take(group: Group) -> None:
                    draft = group.draft(id_=id_)
                    assert draft is not None
                    draft.take_words(new)

                await it.writer.write(Job(take, ids=(id_,)))
            return ready

        await with_words(it, channel, "A")
        monkeypatch.setattr(Submitting, "_made_ready", meanwhile)
        await say(it, channel, "A", *SENT)
        async with it.database.reading() as connection:
            words = (await connection.execute(select(t.referrals.c.words))).scalars()
        assert (words, len(changed)) == ([new], 2)


async def test_a_file_that_comes_as_its_report_is_erased_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, opened, go = Numbers(), Numbers.open, asyncio.Event()

    async def slowly(self: Numbers, file_id: str) -> AsyncIterator[bytes]:
        await go.wait()
        async for chunk in opened(self, file_id):
            yield chunk

    monkeypatch.setattr(Numbers, "open", slowly)
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.")
        channel.send("A", "photo", b"a" * 5000, 1)
        channel.write("A", "/delete", 1)
        await until(lambda: channel.number_of("A", "Erase everything") is not None)
        yes = channel.number_of("A", "Erase everything") or ""
        sizes = gathering(monkeypatch, _of_files, lambda: channel.write("A", yes, 1))
        go.set()
        await it.quiet()
        assert sizes == [2] and "erased" in channel.said["A"][-1]
        assert await in_the_vault(it) == [] and await it.count(t.objects) == 0


async def test_erasing_and_beginning_anew_at_once_keeps_nobody_from_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, together, again = Numbers(), Writer._together, list[Job[Any]]()

    async def counted(self: Writer, jobs: list[Job[Any]]) -> list[Job[Any]]:
        left = await together(self, jobs)
        again.extend(left)
        return left

    monkeypatch.setattr(Writer, "_together", counted)
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3", "A saw it.")
        await say(it, channel, "B", *WAY_IN, "3")
        await say(it, channel, "A", "/delete")
        channel.write("A", channel.number_of("A", "Erase everything") or "", 1)
        channel.write("A", "/start", 1)
        channel.write("B", "B saw it.", 1)
        await it.quiet()
        assert "erased" in channel.said["A"][-2] and "Виберіть мову" in channel.said["A"][-1]
        assert "Kept: 1" in channel.said["B"][-1] and again == []


async def test_a_recall_that_fails_leads_from_no_chat_to_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, happen = Numbers(), Converse.happen

    def failing(self: Converse, group: Group, draft: Draft, event: Event) -> State:
        if isinstance(event, Recalled):
            raise LookupError  # noqa: TRY004 - whatever it may be
        return happen(self, group, draft, event)

    async with shell(tmp_path, channel) as it:
        words = await with_words(it, channel, "A")
        await say(it, channel, "A", "/hide")
        monkeypatch.setattr(Converse, "happen", failing)
        await say(it, channel, "B", words)
        async with it.database.reading() as connection:
            hidden = select(t.conversations.c.id).where(t.conversations.c.chat.is_(None))
            assert len((await connection.execute(hidden)).all()) == 1


async def test_a_message_on_its_way_when_hide_is_pressed_is_taken_away_however_often_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, go = Slow(), asyncio.Event()
    monkeypatch.setattr(delivery_gate, "PATIENCE", 0.2)
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "1")
        channel.held = go
        channel.write("A", "A saw it.", 1)
        await until(lambda: channel.under_way)
        channel.fails = 2
        channel.write("A", "/hide", 1)
        await until(lambda: channel.accepted == channel.sent)
        go.set()
        await until(lambda: 7 in channel.removed)


async def test_delivery_goes_on_where_a_chat_is_gone_and_the_database_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Numbers()
    async with shell(tmp_path, channel) as it:
        await say(it, channel, "A", *WAY_IN, "3")
        deliver, writing, away = Numbers.deliver, it.database.writing, list[str]()

        async def gone(self: Numbers, chat: str, message: Rendered, *, replacing: int = 0) -> int:
            if not away:
                away.append(chat)
                raise Undelivered("gone")
            return await deliver(self, chat, message, replacing=replacing)

        @asynccontextmanager
        async def refused() -> AsyncIterator[Connection]:
            if len(away) == 1:
                away.append("the database")
                raise OSError
            async with writing() as connection:
                yield connection

        monkeypatch.setattr(Numbers, "deliver", gone)
        monkeypatch.setattr(it.database, "writing", refused)
        await say(it, channel, "A", "A saw it.")
        await until(lambda: "Kept: 1" in channel.said["A"][-1])
        assert len(away) == 2


def _of_files(jobs: list[Job[Any]]) -> bool:
    return any(job.exhibits for job in jobs)
