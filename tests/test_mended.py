"""Faults that were found once, each as small as it can be shown; the test's name says what must not come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.channels.port import Undelivered
from bot.channels.telegram import Telegram
from bot.language.translate import Translator
from bot.settings import SANDBOX_TOKENS
from conversations.effects import Discard, Hide
from conversations.engine import step
from conversations.events import Asked, Chose, Lost, PlacesFound, Sent, Wrote
from conversations.model import File
from conversations.way import way
from storage import custody, ledger
from storage.database import Database
from storage.ledger import Entry
from tests.play import NOON, Direct

CONSENTED = (
    "/start", "[English]", "[Yes]", "[Yes]", "[It happened to me]", "[Yes, go on]", "[No, I do not]",
)  # fmt: skip


def told(words: Translator, *lines: str) -> Direct:
    player = Direct(words)
    for line in (*CONSENTED, *lines):
        for event in player.events(line):
            player.happen(event)
    return player


def test_hide_on_an_older_message_stays_hide_when_finish_has_appeared(words: Translator) -> None:
    player = told(words)
    question = player.shown[-1]
    hide = [o.id for o in question.choices].index("@hide")
    for event in player.events("I saw it."):
        player.happen(event)
    prompt = player.state.prompt(question.prompt)
    assert prompt is not None and prompt.choices[hide] == "@hide"


def test_a_voice_goes_with_the_answer_it_was(words: Translator) -> None:
    player = told(
        words,
        "{voice 9}",
        "{later}",
        "[Done]",
        "[Finish]",
        "[Change or remove]",
        "[What happened]",
        "[Remove]",
    )
    assert player.state.exhibits == () and "* destroy x1" in player.out
    player = told(
        words, "{voice 9}", "{later}", "[Done]", "[Finish]", "[Change or remove]", "[What happened]"
    )
    player.happen(next(iter(player.events("[Write it again]"))))
    effects = player.happen(next(iter(player.events("In words."))))
    assert Discard("x1") in effects and player.state.exhibits == ()


def test_dont_know_after_a_skipped_question_replaces_it(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Skip]", "[Skip]", "[Skip]", "[Back]", "[Don't know]"
    )
    assert player.state.marks["incident", "i1", "vantage"].options == ("unknown",)


def test_an_answer_after_a_skipped_question_is_the_only_one(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Skip]", "[Skip]", "[Skip]", "[Back]", "From the roof."
    )
    kept = [body["answer"]["kind"] for key, body in player.answers.items() if "vantage" in key]
    assert kept == ["said"]


def test_a_choice_made_anew_is_the_only_one(words: Translator) -> None:
    player = told(words, "[Back]", "[Yes, show me five words]")
    kept = [body["answer"]["options"] for key, body in player.answers.items() if key[0] == "words"]
    assert kept == [["five"]]


def test_after_send_no_button_changes_an_answer(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "{photo 5}",
        "[Finish]",
        "[Go on to sending]",
        "[Skip]",
        "[Skip]",
        "[Send]",
    )
    marks = player.state.marks
    player.happen(next(iter(player.events("[Go on to sending]"))))
    player.happen(Asked(control="back", id="x", at=1, received=1, prompt=player.state.asked))
    assert (player.state.stage, player.state.marks) == ("waiting", marks)


async def test_why_a_message_did_not_go_passes_through_a_context_manager() -> None:
    @asynccontextmanager
    async def through() -> AsyncIterator[None]:
        yield

    with pytest.raises(Undelivered) as failure:
        async with through():
            raise Undelivered("retry", 7)
    assert (failure.value.why, failure.value.after) == ("retry", 7)


async def test_a_clock_that_was_set_back_does_not_make_a_log_look_tampered_with(
    database: Database,
) -> None:
    for hour in (100, 99):
        async with database.writing() as connection:
            await ledger.append(
                connection, "log", [Entry("k", "a", "s")], hour=hour, recipient=None
            )
    async with database.reading() as connection:
        assert custody.check(await ledger.lines(connection, "log"), "log") == []


def test_two_edits_within_one_second_are_two_events() -> None:
    async def keys() -> set[str]:
        channel = Telegram("telegram", SANDBOX_TOKENS["witness"], "http://127.0.0.1:1", local=False)
        message = {
            "message_id": 3,
            "date": 1,
            "edit_date": 5,
            "chat": {"id": 7, "type": "private", "first_name": "A"},
        }
        read = [
            channel.read({"update_id": n, "edited_message": {**message, "text": f"edit {n}"}})
            for n in (1, 2)
        ]
        await channel.close()
        return {item.key for item in read if item is not None}

    assert len(asyncio.run(keys())) == 2


def act(player: Direct, *lines: str) -> None:
    for line in lines:
        for event in player.events(line):
            player.happen(event)


def at_where(words: Translator) -> Direct:
    player = told(words, "I saw it.", "[Done]")
    while player.state.at[-1] != "where":
        act(player, "/skip")
    return player


def labels(player: Direct) -> list[str]:
    return [
        b.label
        for b in player.renderer().message(replace(player.shown[-1], lead=(), below=())).buttons
    ]


def kept_at(player: Direct, step: str) -> list[str]:
    return [str(body["answer"]) for path, body in player.answers.items() if path[2:3] == (step,)]


def test_a_second_point_that_is_not_confirmed_leaves_the_first_as_it_was(words: Translator) -> None:
    player = at_where(words)
    act(player, "{point 48.59,38.0}", "[Yes, the place of the event]", "{point 50.45,30.5}", "[No]")
    (path,) = [p for p in player.state.marks if p[-1].startswith("~pin")]
    assert player.state.marks[path].options == ("UA14",)
    kept = {
        body["path"]: body["answer"]
        for body in player.answers.values()
        if body["path"][-1].startswith("~pin")
    }
    assert set(kept) == {path}
    act(player, "{point 50.45,30.5}", "[Yes, the place of the event]")
    assert [m.options for p, m in player.state.marks.items() if p[-1].startswith("~pin")] == [
        ("UA80",)
    ]


def test_what_was_found_for_words_that_are_gone_is_offered_no_more(words: Translator) -> None:
    player = at_where(words)
    act(player, "Bakhmut", "[Skip]", "[Back]", "Qwrtzpl")
    assert player.state.at[-1] == "who" and player.state.places == ()
    player = at_where(words)
    act(player, "Bakhmut", "{edit} Irpin")
    assert labels(player)[0] == "Irpin, Kyiv region" and "Bakhmut" not in str(labels(player))


def test_a_region_that_was_chosen_stays_when_words_come_after_it(words: Translator) -> None:
    player = at_where(words)
    act(player, "Qwrtzpl", "[Back]", "[Choose the region]", "[Donetsk region]", "Zzqqxx village")
    assert player.state.marks["incident", "i1", "where"].options == ("UA14",)
    assert len(kept_at(player, "where")) == 3


def test_a_locked_report_shows_no_settlement_that_was_found(words: Translator) -> None:
    player = told(words, "[Back]", "[Yes, show me five words]", "I saw it.", "[Done]")
    while player.state.at[-1] != "where":
        act(player, "/skip")
    act(player, "Bakhmut", "{40 minutes pass}", "/help")
    assert player.state.locked and "Bakhmut" not in str(labels(player))


def test_a_look_up_that_was_overtaken_offers_nothing(words: Translator) -> None:
    player = at_where(words)
    path, common = player.state.at, player.common
    first = Wrote(text="Bakhmut", **common())
    player.state, _ = step(player.flow, player.state, first)
    second = Wrote(text="no, Soledar", **common())
    player.state, _ = step(player.flow, player.state, second)
    late = PlacesFound(for_path=path, choices=(("UA14", "Bakhmut"),), part=first.id, **common())
    player.state, effects = step(player.flow, player.state, late)
    assert effects == () and player.state.places == ()


def test_hide_after_a_night_of_silence_clears_the_chat_and_says_nothing(words: Translator) -> None:
    player = told(words, "[Back]", "[Yes, show me five words]", "I saw it.", "[Done]")
    player.ahead += 50_000
    effects = player.happen(Asked(control="hide", **player.common()))
    assert effects == (Hide(),) and player.state.hidden


def test_words_at_the_review_that_open_a_question_are_followed_by_it(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "/nomore", "/finish", "мене зґвалтували")
    assert player.state.at in [stop.path for stop in way(player.flow, player.state)]
    assert player.state.at[-1] == "specialist"


async def test_an_id_in_flight_is_never_given_twice(database: Database) -> None:
    """A message on its way whose row went with its report was settled in place of the receipt that had its id."""
    from sqlalchemy import delete, insert  # noqa: PLC0415

    from storage import tables as t  # noqa: PLC0415

    async with database.writing() as connection:
        for table, row in (
            (t.outbox, {"bot": "witness", "slot": 1, "body": b"x"}),
            (t.work, {"kind": "wait", "due": 1, "held_until": 0, "tries": 0}),
            (t.posts, {"kind": "card", "due": 0, "tries": 0}),
        ):
            first = (
                await connection.execute(insert(table).values(**row).returning(table.c.id))
            ).scalar_one()
            await connection.execute(delete(table))
            second = (
                await connection.execute(insert(table).values(**row).returning(table.c.id))
            ).scalar_one()
            assert second > first, table.name


def test_go_on_to_sending_takes_no_answer_away(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "[Skip]",
        "From the roof.",
        "12 March 2022",
    )
    kept = dict(player.state.marks)
    player.happen(next(iter(player.events("[Back]"))))
    while player.state.at[-1] != "onward":
        player.happen(next(iter(player.events("[Back]"))))
    player.happen(next(iter(player.events("[Go on to sending]"))))
    assert player.state.at == ("review",) and kept.items() <= player.state.marks.items()


def test_what_was_said_to_the_question_of_one_event_is_not_put_to_the_next(
    words: Translator,
) -> None:
    player = told(words, "I saw it.", "[Done]", "[Other matters]", "[Back]")
    while player.state.at[-1] != "another":
        player.happen(next(iter(player.events("[Back]"))))
    before = player.state.asked
    player.happen(next(iter(player.events("[Yes]"))))
    assert player.state.at[1] == "i2"
    common = {**player.common(), "prompt": before}
    player.happen(Wrote(text="There were two of them.", **common))
    photo = File(id="f", kind="photo", size=5)
    player.happen(Sent(file=photo, **{**player.common(), "prompt": before}))
    (kept,) = [
        key
        for key, body in player.answers.items()
        if body["answer"].get("text") == "There were two of them."
    ]
    assert kept[:3] == ("incident", "i1", "account") and player.state.exhibits[-1].incident == "i1"


def test_a_date_that_nobody_said_yes_to_is_uncertain_also_after_finish(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "[Skip]",
        "[Skip]",
        "yesterday",
        "/finish",
    )
    (edtf,) = [
        body["answer"]["edtf"] for body in player.answers.values() if "edtf" in body["answer"]
    ]
    assert edtf.endswith("?") and player.state.at == ("review",)


def test_a_date_before_the_appeal_that_is_removed_leaves_no_mark(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Answer questions]", "[Skip]", "[Skip]", "12 March 2012"
    )
    assert "before_window" in player.state.flags
    for line in ("/finish", "[Change or remove]", "[When]", "[Remove]"):
        player.happen(next(iter(player.events(line))))
    assert "before_window" not in player.state.flags


@pytest.mark.parametrize(
    "number, option",
    [("0", "none"), ("1", "one"), ("3", "few"), ("12", "many"), ("[Four or more]", "many")],
)
def test_a_typed_number_of_people_is_how_many(words: Translator, number: str, option: str) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "others":
        player.happen(next(iter(player.events("[Skip]"))))
    player.happen(next(iter(player.events(number))))
    assert player.state.marks["incident", "i1", "others"].options == (option,)


def test_back_shows_nothing_of_a_report_that_is_locked(words: Translator) -> None:
    player = told(
        words,
        "[Back]",
        "[Yes, show me five words]",
        "I saw it.",
        "[Done]",
        "[Answer questions]",
        "{2 hours pass}",
        "[Skip]",
    )
    at = player.state.at
    player.happen(next(iter(player.events("[Back]"))))
    assert player.state.locked and player.state.at == at


def test_an_event_that_nothing_was_told_of_is_none(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "another":
        player.happen(next(iter(player.events("[Skip]"))))
    for line in ("[Yes]", "[Back]"):
        player.happen(next(iter(player.events(line))))
    assert (player.state.at, player.state.members["incident"]) == (
        ("incident", "i1", "another"),
        ("i1",),
    )
    for line in ("[Yes]", "[Done]", "[Skip]", "/finish"):
        player.happen(next(iter(player.events(line))))
    assert (player.state.at, player.state.members["incident"]) == (("review",), ("i1",))
    assert player.state.marks["incident", "i1", "another"].kind == "passed"
    for line in ("[Back]", "[Back]"):
        player.happen(next(iter(player.events(line))))


def test_an_event_of_which_only_a_file_came_is_one(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "another":
        player.happen(next(iter(player.events("[Skip]"))))
    for line in ("[Yes]", "{photo 5}", "/finish"):
        player.happen(next(iter(player.events(line))))
    assert (
        player.state.members["incident"] == ("i1", "i2")
        and player.state.exhibits[-1].incident == "i2"
    )


def test_what_was_said_of_a_file_goes_with_it(words: Translator) -> None:
    player = told(words, "I saw it.", "{photo 5}", "[Done]", "[Answer questions]")
    while player.state.at[-1] != "made_by":
        player.happen(next(iter(player.events("[Skip]"))))
    for line in ("[Somebody I know]", "Kanarka took it.", "/finish", "[Change or remove]"):
        player.happen(next(iter(player.events(line))))
    assert "Kanarka took it." in str(player.answers)
    for line in ("[File 1]", "[Remove]"):
        player.happen(next(iter(player.events(line))))
    assert "Kanarka took it." not in str(player.answers)
    assert not [path for path in player.state.marks if path[0] == "exhibit"]


def test_a_point_sent_at_the_review_is_asked_about_before_the_review_counts(
    words: Translator,
) -> None:
    """What is asked of everybody before Send was unasked again while the point was, and stood after the review."""
    player = told(words, "I saw it.", "[Done]", "[Finish]", "{point 50.45,30.5}")
    review = next(p for p in player.state.prompts if p.path == ("review",))
    player.happen(
        Chose(step="review", option="go", id="p", at=NOON, received=NOON, prompt=review.number)
    )
    assert player.state.prompts[-1].path == ("~pin",) and not player.state.settled(("review",))
    assert ("review",) in [stop.path for stop in way(player.flow, player.state)]
    act(player, "[No]")
    assert player.state.prompts[-1].path == ("review",)


BEGUN = ("/start", "[English]", "[Yes]")


@pytest.mark.parametrize(
    "lines",
    [
        ("[No]", "They are at my door, I am in danger."),
        ("I am 15, they are at my door and I am in danger.",),
        ("[No]", "[Me]", "Ann, 0770 090 0123. They are at my door, I am in danger."),
        ("[No]", "I saw them.", "{edit} They are at my door, I am in danger."),
    ],
)
def test_a_child_in_danger_is_told_whom_to_call_and_officers_see_it(
    lines: tuple[str, ...], words: Translator
) -> None:
    player = Direct(words)
    act(player, *BEGUN, *lines)
    said = "\n".join(player.out)
    assert (
        "If you are in danger, call 999. You can talk to somebody right now, too: Childline" in said
    )
    assert "danger" in player.state.flags
    assert [path for path in player.state.marks if path[-1] == "account"] == []


def test_a_child_s_corrected_number_is_the_number(words: Translator) -> None:
    player = Direct(words)
    act(player, *BEGUN, "[No]", "[Me]", "Ann, 0770 090 0123", "{edit} Ann, 0770 090 0124")
    assert [
        body["answer"]["text"] for key, body in player.answers.items() if key[0] == "child_details"
    ] == ["Ann, 0770 090 0124"]


@pytest.mark.parametrize(
    "said", ["I am 34 and they shelled our house", "Мені 34, наш будинок обстріляли"]
)
def test_what_a_sentence_says_beside_an_age_is_kept(said: str, words: Translator) -> None:
    player = Direct(words)
    act(player, *BEGUN, said)
    assert player.state.marks["adult",].options == ("yes",) and player.state.at == ("role",)
    assert [body["answer"]["text"] for key, body in player.answers.items() if "account" in key] == [
        said
    ]


@pytest.mark.parametrize(
    "said, options",
    [
        ("I am 34 years old", ("yes",)),
        ("Мені вже виповнилося 34 роки", ("yes",)),
        ("15", ("no",)),
        ("мне 15 лет, и они забрали моего отца", ("no",)),
        ("On 5 March soldiers came to our house", ()),
        ("У будинку 7 нас тримали пів дня", ()),
        ("24 лютого солдати зайшли в наше село", ()),
    ],
)
def test_only_an_age_answers_whether_somebody_is_of_age(
    said: str, options: tuple[str, ...], words: Translator
) -> None:
    """A day or a number of people in a sentence makes nobody a child, nor of age."""
    player = Direct(words)
    act(player, *BEGUN, "{photo 1000}", said)
    mark = player.state.marks.get(("adult",))
    assert (mark.options if mark else ()) == options
    if options != ("no",):
        assert [x.status for x in player.state.exhibits] != [], (
            "what was sent before is not destroyed"
        )
    else:
        assert "What you wrote or added here before is erased." in "\n".join(player.out)


def test_done_typed_ends_a_question_of_several_pages(words: Translator) -> None:
    player = told(
        words, "I saw it.", "[Done]", "[Answer questions]", "[Shelling or an attack]", "done"
    )
    assert (
        player.state.marks["incident", "i1", "fits"].options == ("attack",)
        and player.state.at[-1] != "fits"
    )


def test_a_point_on_the_map_does_not_say_that_it_was_in_ukraine(words: Translator) -> None:
    """Only the nearest settlement of Ukraine is known of it; it may be across the border."""
    lines = ("I saw it.", "[Done]", "[Answer questions]", *("[Skip]",) * 4)
    player = told(words, *lines[:-1], "{point 50.45,30.5}", "[Yes, the place of the event]")
    assert ("ukraine",) in asked_of(player)
    player = told(words, *lines[:-1], "Motyzhyn", "[Motyzhyn, Kyiv region]")
    assert ("ukraine",) not in asked_of(player)


def asked_of(player: Direct) -> set[tuple[str, ...]]:
    """What is asked until the review, where everything is skipped."""
    for _ in range(40):
        if player.state.at == ("review",):
            break
        act(player, "[Skip]")
    return {prompt.path for prompt in player.state.prompts}


def test_a_voice_that_did_not_come_is_no_account(words: Translator) -> None:
    """Nothing is thanked for that is not here: the question stands again, and what was refused is named."""
    player = told(words, "{voice 9}")
    for exhibit in player.state.files("coming"):
        player.happen(Lost(exhibit=exhibit.id, why="broken", id="l1", at=NOON, received=NOON))
    assert "Not received: voice" in "\n".join(player.out)
    act(player, "[Done]")
    assert "Nothing has arrived yet" in player.out[-1] or "Nothing has arrived yet" in "\n".join(
        player.out[-12:]
    )
    assert ("incident", "i1", "account") not in player.state.marks
    player = told(words, "In words, too.", "{voice 9}")
    for exhibit in player.state.files("coming"):
        player.happen(Lost(exhibit=exhibit.id, why="gone", id="l1", at=NOON, received=NOON))
    assert len(player.state.marks["incident", "i1", "account"].parts) == 1


def test_a_spoken_answer_that_did_not_come_is_passed_over(words: Translator) -> None:
    player = told(words, "I saw it.", "[Done]", "[Answer questions]", "[Done]", "{voice 9}")
    assert player.state.marks["incident", "i1", "vantage"].parts
    for exhibit in player.state.files("coming"):
        player.happen(Lost(exhibit=exhibit.id, why="broken", id="l1", at=NOON, received=NOON))
    assert player.state.marks["incident", "i1", "vantage"].kind == "passed"
    assert player.state.at in [stop.path for stop in way(player.flow, player.state)]
    assert [key for key in player.answers if key[:3] == ("incident", "i1", "vantage")] == []


def test_a_number_is_not_taken_spoken_where_names_are_sealed_apart(words: Translator) -> None:
    player = told(
        words,
        "I saw it.",
        "[Done]",
        "[Go on to sending]",
        *("[Skip]",) * 3,
        "[By phone]",
        "{voice 9}",
    )
    assert player.state.at == ("phone",) and player.state.exhibits == ()
    assert "Please write it: a voice message would be kept with what you tell us" in "\n".join(
        player.out[-14:]
    )


def test_of_a_later_event_it_is_asked_how_it_is_known(words: Translator) -> None:
    """Somebody who saw one event may have been told of the next."""
    player = Direct(words)
    act(
        player,
        "/start",
        "[English]",
        "[Yes]",
        "[Yes]",
        "[I saw or heard it]",
        "[Yes, go on]",
        "[No, I do not]",
    )
    act(player, "I saw it.", "[Done]", "[Answer questions]", "[Done]", "From the window.")
    assert player.state.at == ("incident", "i1", "when")
    act(
        player,
        "[Skip]",
        "Motyzhyn",
        "[Motyzhyn, Kyiv region]",
        "[Skip]",
        "[No]",
        "[Nobody else]",
        "[Yes]",
    )
    act(player, "My neighbour was taken.", "[Done]", "[Done]", "I was not there.")
    assert player.state.at == ("incident", "i2", "how")
    act(
        player,
        "[I was told]",
        "[Skip]",
        "[Skip]",
        "[Skip]",
        "[Skip]",
        "[No]",
        "[Nobody else]",
        "[No]",
        "[No]",
        "[Yes]",
    )
    assert player.state.prompts[-1].path == ("ukraine",), "one of the two has no place in Ukraine"


def test_back_after_finish_asks_nothing_again_that_was_passed_over_before_it(
    words: Translator,
) -> None:
    """Whoever went past the first questions at once, and back from the review, stands where Finish was pressed."""
    player = Direct(words)
    act(player, *BEGUN)
    player.happen(
        Asked(control="nomore", id="n", at=NOON, received=NOON, prompt=player.state.asked)
    )
    act(player, "[Yes, go on]", "[No, I do not]", "I saw it.", "/finish")
    assert player.state.at == ("review",)
    act(player, "[Back]")
    assert player.state.at in [stop.path for stop in way(player.flow, player.state)]
    assert player.state.marks["role",].kind == "passed"
