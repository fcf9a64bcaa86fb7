"""The account of one event, in the witness's own words, and what is said and asked at once after
it.
"""

from conversations.conditions import FIRST, LATER, any_of, flagged
from conversations.flows.rules import MATERIAL, SECOND_HAND, STOPPED, TOLD_INSIDER
from conversations.model import N_
from conversations.questions import Choice, Files, Words
from conversations.steps import Ask, Inner, Say

TOLD_ALREADY = {"told": N_("I have told it already")}
SPECIALIST = Choice(
    N_("Would you like to talk with a specially trained person from the police?"),
    {
        "woman": N_("Yes, a woman"),
        "man": N_("Yes, a man"),
        "either": N_("Yes, either"),
        "no": N_("No"),
    },
    yes="either",
)
TOLD = N_(
    "Thank you for telling us. Your words are kept and not sent yet. You can go on to sending now, "
    "or answer about twenty short questions first; any of them can be skipped."
)
TOLD_SENSITIVE = N_(
    "Your words are kept and not sent yet. You can go on to sending now, or answer short questions "
    "first; any of them can be skipped."
)
ONWARD = {"go": N_("Answer questions"), "send": N_("Go on to sending"), "pause": N_("Pause")}
NO_DETAIL = N_(
    "Thank you for telling us. No details are needed here. You can ask to talk with a specially "
    "trained person from the police, a woman or a man."
)

ACCOUNT: tuple[Inner, ...] = (
    Ask(
        "files",
        Files(
            N_(
                "Please send what you have, as many files as you need, up to {file_limit} each. A "
                "larger one: keep it, and write here that you have it.\n\nTo send a file "
                "unchanged, press the paper clip, then File. Keep the original on your phone too, "
                "if that is safe. Then press Done."
            )
        ),
        part=4,
        only=(MATERIAL,),
    ),
    Ask(
        "account",
        Words(
            N_(
                "Write in the person's own words what they saw or what happened to them. Start "
                "wherever you like. Short is fine.\n\n"
                "Write or speak, in as many messages as you need; files too. Then press Done."
            ),
            many=True,
            instead=TOLD_ALREADY,
        ),
        heading=N_("What happened"),
        part=1,
        only=(any_of("with_you", "yes"),),
    ),
    Ask(
        "account",
        Words(
            N_(
                "Tell us in your own words what you know about it. Start wherever you like. Short "
                "is fine.\n\n"
                "Write or speak, in as many messages as you need; files too. Then press Done."
            ),
            many=True,
            instead=TOLD_ALREADY,
        ),
        heading=N_("What happened"),
        part=1,
        only=(SECOND_HAND,),
        unless=(any_of("with_you", "yes"),),
    ),
    Ask(
        "account",
        Words(
            N_(
                "Tell us in your own words what you saw or what happened to you. Start wherever "
                "you like. Short is fine.\n\n"
                "Write or speak, in as many messages as you need; files too. Then press Done."
            ),
            many=True,
            instead=TOLD_ALREADY,
        ),
        heading=N_("What happened"),
        part=1,
        unless=(any_of("with_you", "yes"), SECOND_HAND),
    ),
    Ask(
        "danger",
        Choice(
            N_(
                "Nobody is reading your words now, and we cannot help quickly from here.\n\nIf you "
                "are in danger, or thinking of harming yourself, call {emergency}. "
                "{help_lines}\n\nYour words are kept and not sent yet. The police can be asked to "
                "call you; perhaps they will see it only after some hours."
            ),
            {"urgent": N_("Ask the police to call me"), "go": N_("Go on")},
            yes="urgent",
        ),
        then={"urgent": "urgent_contact"},
        must_be_seen=True,
        only=(flagged("danger"),),
        unless=(LATER,),
        notes={"urgent": "urgent"},
    ),
    Say("legal_after", N_("{legal_advice}"), must=True, until=2, only=(TOLD_INSIDER,)),
    Ask(
        "insider",
        Choice(
            N_("{legal_advice}\n\nThe rest is asked only if you want to go on."),
            {"go": N_("Go on"), "stop": N_("Stop the questions")},
        ),
        must_be_seen=True,
        since=3,
        only=(TOLD_INSIDER,),
        unless=(LATER,),
    ),
    Say("sensitive_told", NO_DETAIL, only=(flagged("sensitive"),), unless=(LATER,)),
    Ask(
        "specialist",
        SPECIALIST,
        heading=N_("Specialist"),
        part=1,
        must_be_seen=True,
        since=3,
        only=(flagged("sensitive"),),
        unless=(LATER, STOPPED),
    ),
    *(
        Ask(
            "onward",
            Choice(text, ONWARD, yes="go"),
            then={"send": to},
            since=since,
            until=until,
            only=only,
            unless=unless,
            does={"pause": "pause", "send": "finish"},
        )
        for since, until, to, stop in ((0, 2, "review", TOLD_INSIDER), (3, 0, "uk", STOPPED))
        for text, only, unless in (
            (TOLD_SENSITIVE, (flagged("sensitive"),), (stop, LATER)),
            (TOLD, (FIRST,), (stop, flagged("sensitive"))),
        )
    ),
)
