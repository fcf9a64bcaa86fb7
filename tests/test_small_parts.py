"""Small parts of the shell, each with what could go wrong with it."""

import random
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import DeleteMessage, DeleteMessages, TelegramMethod
from aiogram.methods.base import Response
from hypothesis import given
from hypothesis import strategies as st

from bot import config, logs
from bot.channels.incoming import ContactCard, Incoming
from bot.channels.split import length, split
from bot.channels.telegram import HELD, Asked, Telegram
from bot.errors import Misconfigured
from bot.process.rate_limit import RateLimit
from bot.referral import reference
from bot.witness import retry_set_aside, wordlist
from bot.witness.screen import Screen
from conversations.model import File
from tests.installation import ROOT

TEXTS = st.text(alphabet=st.sampled_from("абвї .!?\n مرحبا。你好\U0001f600x"), max_size=400)


@given(TEXTS, st.integers(2, 60), st.sampled_from(["utf-16", "code points"]))
def test_parts_are_within_the_limit_and_put_together_are_the_text(
    text: str, most: int, unit: str
) -> None:
    parts = split(text, most, unit)  # type: ignore[arg-type]
    assert "".join(parts) == text
    assert all(length(part, unit) <= most for part in parts)  # type: ignore[arg-type]
    assert len(parts) == 1 or all(parts)


def test_a_long_account_is_cut_at_the_end_of_a_sentence() -> None:
    text = "Ми бігли до лісу. " * 300
    assert [p.rstrip()[-1] for p in split(text, 4096, "utf-16")] == ["."] * 2


@given(st.integers(0, 2**40 - 1), st.integers(0, 9), st.sampled_from(reference.ALPHABET))
def test_a_wrong_character_in_a_reference_is_noticed(number: int, place: int, other: str) -> None:
    written = reference.written(number).replace("-", "")
    wrong = written[:place] + other + written[place + 1 :]
    assert (reference.read(wrong) is None) == (wrong != written)


@given(st.integers(0, 2**40 - 1), st.integers(0, 6))
def test_two_swapped_neighbours_are_noticed(number: int, place: int) -> None:
    written = reference.written(number).replace("-", "")
    wrong = written[:place] + written[place + 1] + written[place] + written[place + 2 :]
    assert wrong == written or reference.read(wrong) is None


def test_a_reference_is_read_as_people_say_it() -> None:
    written = reference.written(secrets.randbits(40))
    assert reference.read(written.lower().replace("-", " ")) == written
    assert reference.read(written.replace("0", "o").replace("1", "l")) == written


def test_the_pace_lets_a_short_burst_go_and_then_one_a_second() -> None:
    now = [0.0]
    pace = RateLimit(lambda: now[0], overall=300, chat=1)
    assert [pace.take_or_wait("7") for _ in range(3)] == [0, 0, 0]
    assert pace.take_or_wait("7") == pytest.approx(1)
    assert pace.take_or_wait("8") == 0
    now[0] = 1.0
    assert pace.take_or_wait("7") == 0


def test_the_pace_in_a_channel_is_twenty_a_minute_at_the_most() -> None:
    now = [0.0]
    pace = RateLimit(lambda: now[0])
    sent = 0
    for tenth in range(600):
        now[0] = tenth / 10
        if pace.take_or_wait("-100") == 0:
            pace.answered("-100")
            sent += 1
    assert 17 <= sent <= 20


def test_places_of_what_was_cancelled_are_given_back() -> None:
    now = [0.0]
    pace = RateLimit(lambda: now[0], overall=1)
    assert pace.take_or_wait("1") == 0
    now[0] = 60.0
    assert pace.wait_for_any() > 0, "it was never answered"
    pace.none_under_way()
    assert pace.take_or_wait("2") == 0


@pytest.mark.parametrize("seed", range(20))
def test_thirty_a_second_hold_where_they_arrive_however_unevenly_they_travel(seed: int) -> None:
    chance = random.Random(seed)
    now = [0.0]
    pace = RateLimit(lambda: now[0])
    answers: list[tuple[float, str]] = []
    arrived: list[float] = []
    for hundredth in range(1_000):
        now[0] = hundredth / 100
        for _, chat in [a for a in answers if a[0] <= now[0]]:
            pace.answered(chat)
            pace.answered(chat)  # said twice, it is one
        answers = [a for a in answers if a[0] > now[0]]
        while pace.take_or_wait(f"{len(arrived)}") == 0:
            there = now[0] + chance.choice([0.0, 0.02, 0.3, 0.9])
            arrived.append(there)
            answers.append((there + chance.choice([0.0, 0.05]), f"{len(arrived) - 1}"))
    assert len(arrived) > 100
    assert max(sum(at <= other < at + 1 for other in arrived) for at in arrived) <= 30


def test_a_message_meets_the_question_above_it() -> None:
    screen = Screen().delivered(10, 1, "").delivered(14, 2, "")
    assert [screen.prompt_before(m) for m in (9, 11, 13, 15, 0)] == [None, 1, 1, 2, 2]


BOTH = {"WITNESS_BOT_TOKEN": "1:a", "OFFICERS_BOT_TOKEN": "2:b"}


@pytest.mark.parametrize(
    "given_, says",
    [
        ({"WITNESS_BOT_TOKEN": "1:a"}, "FIRSTHAND_OFFICERS_BOT_TOKEN is missing"),
        (BOTH, "FIRSTHAND_OFFICERS_CHANNEL is missing"),
        (
            {**BOTH, "WITNESS_BOT_TOKEN": "nonsense"},
            "FIRSTHAND_WITNESS_BOT_TOKEN is missing or is no",
        ),
        (
            {**BOTH, "WITNESS_BOT_TOKEN": "1:SANDBOX", "OFFICERS_CHANNEL": "-1001"},
            "mixes the sandbox's",
        ),
        ({**BOTH, "OFFICERS_CHANNEL": "x"}, "FIRSTHAND_OFFICERS_CHANNEL: "),
        ({**BOTH, "OFFICERS_CHANNEL": "-1234567"}, "FIRSTHAND_OFFICERS_CHANNEL is no channel's id"),
        ({**BOTH, "OFFICERS_CHANNEL": "1001234567890"}, "which begins with -100"),
        (
            {**BOTH, "OFFICERS_CHANNEL": "-1001", "TELEGRAM_API": "http://api.telegram.org/"},
            "FIRSTHAND_TELEGRAM_API must begin with https://",
        ),
        (
            {**BOTH, "OFFICERS_CHANNEL": "-1001", "TELEGRAM_API": "api.telegram.org"},
            "FIRSTHAND_TELEGRAM_API must begin with https://",
        ),
        (
            {**BOTH, "OFFICERS_CHANNEL": "-1001", "WEBHOOK_URL": "http://x.example"},
            "FIRSTHAND_WEBHOOK_URL must begin with https://",
        ),
        ({**BOTH, "OFFICERS_CHANNEL": "-1001", "PRACTICE": "1"}, "loopback"),
        ({"HOME": "x", "KEYS": "x/keys"}, "FIRSTHAND_KEYS lies inside"),
        ({"VAULT_URL": "s3://bucket"}, "FIRSTHAND_VAULT_URL needs its key and secret"),
        ({"VAULT_URL": "ftp://bucket"}, "FIRSTHAND_VAULT_URL is neither"),
        ({"HEALTH": "everywhere"}, "FIRSTHAND_HEALTH is no HOST:PORT"),
        ({"KEYS_LISTEN": ":8470"}, "FIRSTHAND_KEYS_LISTEN is no HOST:PORT"),
        ({"KEYS_SERVICE": "https://a:8470"}, "FIRSTHAND_DATABASE_URL must be PostgreSQL's"),
        (
            {"KEYS_SERVICE": "a:8470", "DATABASE_URL": "postgresql://a@b/c"},
            "FIRSTHAND_KEYS_SERVICE is no list of",
        ),
        ({"SECRETS": "/nowhere"}, "FIRSTHAND_SECRETS: /nowhere is no folder"),
    ],
)
def test_a_wrong_setting_is_named_with_an_example(
    given_: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given_.items():
        monkeypatch.setenv(f"FIRSTHAND_{name}", value)
    with pytest.raises(Misconfigured) as wrong:
        config.read()
    assert says in str(wrong.value) and "for example FIRSTHAND_" in str(wrong.value)
    assert "1:a" not in str(wrong.value)


def test_secrets_come_from_files_too_and_have_no_repr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("firsthand_witness_bot_token", "firsthand_officers_bot_token"):
        (tmp_path / name).write_text("123:kanarka")
    monkeypatch.setenv("FIRSTHAND_SECRETS", str(tmp_path))
    monkeypatch.setenv("FIRSTHAND_OFFICERS_CHANNEL", "-1005")
    settings = config.read()
    assert (
        settings.mode == "live" and settings.witness_bot_token.get_secret_value() == "123:kanarka"
    )
    assert "kanarka" not in repr(settings)


def test_a_log_record_has_only_allowed_keys() -> None:
    record = logs.only_allowed(None, "", {"event": "x", "text": "kanarka", "level": "info"})
    assert record == {"event": "x", "level": "info", "count": 1, "why": "keys dropped"}


def test_a_library_that_speaks_is_heard_without_its_words() -> None:
    code = (
        "import logging, bot.logs as l; l.set_up('test')\n"
        "try: raise ValueError('kanarka')\n"
        "except ValueError: logging.getLogger('aiogram.event').exception('kanarka %s', 'kanarka')\n"
        "raise KeyError('kanarka')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "kanarka" not in done.stderr + done.stdout
    assert (
        '"logger": "aiogram"' in done.stderr
        and "ValueError" in done.stderr
        and "KeyError" in done.stderr
    )


@pytest.mark.parametrize("command", [[], ["run"], ["open"], ["verify"], ["doctor"], ["officer", "invite"],
                                     ["recipient", "add"], ["referral", "list"], ["sandbox"]])  # fmt: skip
def test_help_teaches_every_command(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "bot", *command, "--help"], cwd=ROOT, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 0 and "Usage" in done.stdout


@pytest.mark.long
def test_what_cannot_be_done_is_said_in_a_sentence_with_its_exit_code(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", "bot", *arguments], cwd=ROOT, capture_output=True, text=True,
                              check=False)  # fmt: skip
        return done.returncode, done.stderr

    (tmp_path / "empty").mkdir()
    (tmp_path / "key").write_text("hello")
    (tmp_path / "bad").write_text("AGE-SECRET-KEY-1NONSENSE")
    for arguments, code, says in (
        (["open", str(tmp_path / "empty"), "-i", str(tmp_path / "key")], 1, "no age identity"),
        (["open", str(tmp_path / "empty"), "-i", str(tmp_path / "bad")], 1, "not whole"),
        (["open", str(tmp_path / "none"), "-i", str(tmp_path / "key")], 1, "no age identity"),
        (["verify", str(tmp_path / "empty")], 1, "no whole package is here"),
        (["referral", "show", "nonsense"], 1, "no reference"),
        (["run", "--role", "cook"], 78, "roles are"),
        (["nonsense"], 2, "No such command"),
    ):
        done = run(*arguments)
        assert done[0] == code and says in done[1] and "Traceback" not in done[1], (arguments, done)


async def test_a_forwarded_photo_says_from_where_and_when_it_was_first_sent() -> None:
    bot = Telegram("witness", "1:sandbox", "http://127.0.0.1:9", local=False)
    origin = {"type": "channel", "date": 1_700_000_000, "message_id": 5,
              "chat": {"id": -1001, "type": "channel", "title": "News"}}  # fmt: skip
    person = {"id": 7, "type": "private", "first_name": "O"}
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 5}]
    raw = {
        "update_id": 1,
        "message": {"message_id": 9, "date": 1_790_000_000, "chat": person, "photo": photo},
    }
    plain = bot.read(raw)
    raw["message"]["forward_origin"] = origin  # type: ignore[index]
    forwarded = bot.read(raw)
    await bot.close()
    assert isinstance(plain, Incoming) and isinstance(forwarded, Incoming)
    assert isinstance(plain.what, File) and isinstance(forwarded.what, File)
    assert (plain.what.forwarded, plain.what.forwarded_at) == ("", 0)
    assert (forwarded.what.forwarded, forwarded.what.forwarded_at) == ("channel", 1_700_000_000)


@pytest.mark.parametrize("method", [Asked, DeleteMessages, DeleteMessage])
def test_what_an_answer_of_telegram_is_read_with_is_not_made_anew(
    method: type[TelegramMethod[Any]],
) -> None:
    assert any(Response[method.__returning__] is held for held in HELD)  # type: ignore[name-defined]


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("1. Клён, 2. Ковёр\n3. костёр", "клен ковер костер"),
        ("п’ять", "п'ять"),
        ("подвірʼя", "подвіря"),
        ("лiмoн", "лімон"),  # Latin i and o
        ("и\u0306од", "йод"),  # a letter and its sign apart, as some keyboards send it
        ("ACORN almond", "acorn almond"),
    ],
)
def test_return_words_are_the_same_however_a_keyboard_writes_them(typed: str, meant: str) -> None:
    assert wordlist.plain_words(typed) == wordlist.plain_words(meant)


def test_every_word_of_a_list_is_found_as_it_is_shown() -> None:
    assert {
        w for words in wordlist.LISTS.values() for w in words if wordlist.plain_words(w) != w
    } == set()


def test_a_name_with_a_slip_in_it_stops_the_start_and_everything_wrong_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A misspelt token would have been a sandbox, with nobody's officers behind it."""
    (tmp_path / "firsthand-officers-bot-token").write_text("kanarka")
    monkeypatch.setenv("FIRSTHAND_SECRETS", str(tmp_path))
    monkeypatch.setenv("FIRSTHAND_WITNESS_BOT_TOKN", "123:kanarka")
    monkeypatch.setenv("FIRSTHAND_HEALTH", "nowhere")
    monkeypatch.setenv("FIRSTHAND_KEYS_MIRROR", "data")
    with pytest.raises(Misconfigured) as wrong:
        config.read()
    said = str(wrong.value)
    assert "FIRSTHAND_WITNESS_BOT_TOKN is no setting; FIRSTHAND_WITNESS_BOT_TOKEN is one" in said
    assert "firsthand-officers-bot-token is no setting; FIRSTHAND_OFFICERS_BOT_TOKEN is one" in said
    assert (
        "FIRSTHAND_HEALTH is no HOST:PORT" in said
        and "FIRSTHAND_KEYS_MIRROR" in said
        and "kanarka" not in said
    )


@pytest.mark.parametrize(
    "name, says",
    [
        (
            "witness_bot_token",
            "witness_bot_token is no setting; FIRSTHAND_WITNESS_BOT_TOKEN is one",
        ),
        (
            "WITNESS-BOT-TOKEN",
            "WITNESS-BOT-TOKEN is no setting; FIRSTHAND_WITNESS_BOT_TOKEN is one",
        ),
        ("README", "FIRSTHAND_WITNESS_BOT_TOKEN is missing, though FIRSTHAND_SECRETS is set"),
    ],
)
def test_secrets_without_a_token_are_never_a_sandbox_that_says_nothing(
    name: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_text("1:kanarka")
    monkeypatch.setenv("FIRSTHAND_SECRETS", str(tmp_path))
    for role in ("", "witness", "officers"):
        with pytest.raises(Misconfigured) as wrong:
            config.read(role)
        assert says in str(wrong.value) and "kanarka" not in str(wrong.value)


@pytest.mark.parametrize(
    "name, value, says",
    [
        (
            "OFFICERS_CHANNEL",
            "@queue",
            "FIRSTHAND_OFFICERS_CHANNEL: must be a whole number; for example",
        ),
        ("SANDBOX_PORT", "70000", "FIRSTHAND_SANDBOX_PORT: must be at most 65535; for example"),
        ("SEND_CHAT", "fast", "FIRSTHAND_SEND_CHAT: must be a number"),
        ("PRACTICE", "perhaps", "FIRSTHAND_PRACTICE: must be 1 or 0"),
    ],
)
def test_what_a_value_must_be_is_said_in_words(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, content in {**BOTH, "OFFICERS_CHANNEL": "-1005", name: value}.items():
        monkeypatch.setenv(f"FIRSTHAND_{setting}", content)
    with pytest.raises(Misconfigured) as wrong:
        config.read()
    assert says in str(wrong.value)


def test_the_owner_of_the_keys_needs_no_token_and_its_secrets_are_no_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "SECRETS": str(tmp_path),
        "KEYS_LISTEN": "127.0.0.1:1",
        "DATABASE_URL": "postgresql:///x",
    }.items():
        monkeypatch.setenv(f"FIRSTHAND_{name}", value)
    assert (
        config.read("keys").keys_listen and config.read().keys_listen
    )  # as firsthand mirror reads it


@pytest.mark.parametrize(
    "given, says",
    [
        ({"KEYS_SERVICE": "https://a:1", "DATABASE_URL": "postgresql:///x", "KEYS_MIRROR": "/mnt/x"}, "KEYS_MIRROR is set, and counts only where the keys process has its file"),
        ({"KEYS_TLS": "tls"}, "FIRSTHAND_KEYS_TLS is set, and counts only with FIRSTHAND_KEYS_SERVICE"),
        ({"WEBHOOK_SECRET": "x" * 64}, "FIRSTHAND_WEBHOOK_SECRET is set, and counts only with FIRSTHAND_WEBHOOK_URL"),
        ({"TELEGRAM_FILES": "files"}, "FIRSTHAND_TELEGRAM_FILES is set, and counts only with FIRSTHAND_TELEGRAM_LOCAL=1"),
        ({"OFFICERS_CHANNEL": "-1005"}, "FIRSTHAND_WITNESS_BOT_TOKEN is missing, though FIRSTHAND_OFFICERS_CHANNEL is set"),
    ],
)  # fmt: skip
def test_a_setting_that_sets_nothing_where_it_stands_stops_the_start(
    given: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"FIRSTHAND_{name}", value)
    with pytest.raises(Misconfigured) as wrong:
        config.read("witness")
    assert says in str(wrong.value)


def test_a_card_that_was_set_aside_under_its_older_name_is_one() -> None:
    assert retry_set_aside._revived({"what": "Passed", "card": "A\n+1"}) == ContactCard("A\n+1")
