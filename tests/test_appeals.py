"""An appeal file is what witnesses are told: no slip in it passes."""

import datetime
import json
import re
from pathlib import Path

import pytest

from bot import appeal
from bot.appeal_faults import CONFLICT
from bot.errors import Misconfigured
from bot.witness.places import find
from tests import appeals
from tests.numbers import Numbers
from tests.opened import dossier_of
from tests.shell import shell
from tests.witness.test_addenda import CHAT, TO_SEND, say

TODAY = datetime.date(2026, 11, 28)
DECIDED = 'by = ""'

SLIPS = {
    "another number of days": (
        'en = "within 30 days',
        'en = "within 60 days',
        "[within] en does not say 30 days, as draft_days does",
    ),
    "days without their text": (
        "draft_days = 30",
        "draft_days = 45",
        "[within] uk does not say 45",
    ),
    "a text unchecked that is none": (
        '"signposts"',
        '"signpost"',
        "unchecked names signpost, which is no text; signposts is",
    ),
    "a misspelt key": ("files_a_day", "file_a_day", "file_a_day is nothing that an appeal says; "),
    "unchecked misspelt": (
        "unchecked = ",
        "uncheked = ",
        "uncheked is nothing that an appeal says",
    ),
    "a misspelt decision": (
        "[decided.draft_days]",
        "[decided.draftdays]",
        "[decided.draftdays] is nothing that is decided; draft_days is",
    ),
    "a misspelt part of one": ('on = ""', 'date = ""', "date is nothing a decision says"),
    "no emergency number": ('emergency = "999"', 'emergency = ""', "emergency is no number"),
    "another emergency number": (
        'emergency = "999"',
        'emergency = "112"',
        "[welcome] does not say the emergency number 112",
    ),
    "a welcome in one language": (
        '[holding]\nall = "',
        '[holding]\nuk = "x"\nall = "',
        "[holding] has only `all`, and uk is said to nobody",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_stops_every_start_and_is_said_with_what_was_meant(
    slip: str, tmp_path: Path
) -> None:
    written, instead, says = SLIPS[slip]
    text = appeals.own()
    assert written in text
    (tmp_path / "appeal.toml").write_text(text.replace(written, instead, 1), "utf-8")
    with pytest.raises(Misconfigured) as refused:
        appeal.load(tmp_path / "appeal.toml")
    assert says in str(refused.value)


def test_an_invented_unit_is_not_published(tmp_path: Path) -> None:
    path = tmp_path / "appeal.toml"
    path.write_text(appeals.own(), "utf-8")
    assert appeal.unpublishable(path, TODAY) == []
    example = appeal.EXAMPLE.read_text("utf-8").replace("example = true", "example = false")
    path.write_text(example, "utf-8")
    wrong = appeal.unpublishable(path, TODAY)
    assert "id is still the example's" in wrong[0]
    assert sum("it names an invented unit" in sentence for sentence in wrong) == 2 * 4 + 1


def test_a_decision_of_a_day_to_come_is_none_yet(tmp_path: Path) -> None:
    path = tmp_path / "appeal.toml"
    path.write_text(appeals.own().replace('on = ""', "on = 2099-01-01", 1), "utf-8")
    assert appeal.unpublishable(path, TODAY) == [
        "[decided.keep_versions] is of 2099-01-01, which is still to come"
    ]


@pytest.mark.parametrize("since, flags", [("2013-11-21", []), ("2022-02-24", ["before_window"])])
async def test_the_day_from_which_an_appeal_asks_is_its_own(
    since: str, flags: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "appeal.toml"
    path.write_text(appeals.own(events_from=since), "utf-8")
    known = appeal.load(path)
    channel = Numbers()
    async with shell(tmp_path, channel, known.flows(), known=known) as it:
        await say(it, channel, CHAT, "/start", "3", "1", "1", "1", "1", "3")
        await say(it, channel, CHAT, "I saw it.", "done", "[Answer questions]")
        await say(it, channel, CHAT, "[Skip]", "[Skip]", "12 March 2021", "[Yes]", "/finish")
        await say(it, channel, CHAT, *TO_SEND)
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
    referral = json.loads((data / "referral.json").read_bytes())
    assert referral["flags"] == flags


async def test_an_appeal_about_another_conflict_is_one_file(tmp_path: Path) -> None:
    """From the first hello in Arabic to the opened package: nothing speaks of Ukraine, no
    settlement of it is offered, and no words mean the first day of its war.
    """
    known = appeal.load(Path(__file__).parent / "another_appeal" / "syria.toml")
    channel = Numbers()
    async with shell(tmp_path, channel, known.flows(), known=known) as it:
        await say(it, channel, CHAT, "/start", "1", "1", "1", "1", "1", "3")
        await say(it, channel, CHAT, "رأيت ما حدث.", "done", "[إلى الأسئلة]", "skip", "skip")
        unread = await say(it, channel, CHAT, "on the first day of the war")
        assert "2026" in unread and "12 March" not in unread  # the question again, with its years
        where = await say(it, channel, CHAT, "12 March 2010")
        assert str(known.phrases["ar"]["happened"]) not in where
        who = await say(it, channel, CHAT, "حلب، قرب السوق")
        assert who.startswith("الجزء 4")  # no settlement, no region: the words stand
        happened = await say(it, channel, CHAT, "[أسئلة أخرى]", "skip")
        assert str(known.phrases["ar"]["happened"]) in happened
        shared = await say(it, channel, CHAT, "1")
        assert str(known.phrases["ar"]["prosecutors_option"]) in shared
        await say(it, channel, CHAT, "skip", "skip", "skip", "1", "1")
        (reference,) = await it.referrals()
        data = await dossier_of(it, reference, tmp_path)
    assert not re.search("Ukrain|أوكران|Укра", "\n".join(channel.said[CHAT]))
    referral = json.loads((data / "referral.json").read_bytes())
    assert (referral["appeal"], referral["flags"]) == ("syria-example", ["before_window"])
    for written in data.parent.rglob("*"):
        if written.suffix in (".json", ".txt", ".html"):
            assert not re.search("Ukrain|أوكران|Укра", written.read_text("utf-8")), written


def test_another_conflict_is_named_in_full(tmp_path: Path) -> None:
    path = tmp_path / "appeal.toml"
    text = (Path(__file__).parent / "another_appeal" / "syria.toml").read_text("utf-8")
    path.write_text(text.replace("[connected_with]", "[connected]"), "utf-8")
    with pytest.raises(Misconfigured) as refused:
        appeal.load(path)
    assert "it names a conflict, and says nothing for connected_with" in str(refused.value)


def test_an_appeal_of_before_is_about_ukraine(tmp_path: Path) -> None:
    """As 0.2 shipped it: without the texts that name the conflict."""
    text = appeals.own()
    for name in CONFLICT:
        text = re.sub(rf"(?ms)^\[{name}\]\n.*?\n(?=\n)", "", text)
    text = re.sub(r"(?m)^(first_day|settlements) = .*\n", "", text)
    path = tmp_path / "appeal.toml"
    path.write_text(text, "utf-8")
    old, example = appeal.load(path), appeal.load(appeal.EXAMPLE)
    assert [old.phrases["uk"][name] for name in CONFLICT] == [
        example.phrases["uk"][name] for name in CONFLICT
    ]
    assert (old.first_day, old.settlements) == (datetime.date(2022, 2, 24), True)
    path.write_text(f"first_day = 2014-02-20\n{text}", "utf-8")
    assert appeal.load(path).first_day == datetime.date(2014, 2, 20)  # what is said counts


def test_without_a_gazetteer_words_and_points_stand_as_they_are() -> None:
    assert find(None, appeals.words(), "en", "Kyiv") == ()
    assert find(None, appeals.words(), "en", "", point=(50_450_000, 30_520_000)) == ()
