"""Before the end: the review, the declaration, a number to call at once; and the ends."""

from conversations.conditions import any_of, any_where, flagged
from conversations.flows.rules import INSIDER, MATERIAL, MINOR, WRITTEN_DOWN
from conversations.model import N_
from conversations.questions import Choice, Review, Words
from conversations.steps import Ask, End, Step

REMEMBERED = N_(
    "“This is what I remember and know.”\n\nIf you can say so, press Send. {changed_words} After "
    "sending it cannot be taken back here."
)
WAS_TOLD = N_(
    "“This is what they told me, written down as they said it.”\n\nIf you can say so, press Send. "
    "{changed_words} After sending it cannot be taken back here."
)
WAS_SENT = N_(
    "“This is what was sent to me or found by me, and how it came to me.”\n\nIf you can say so, "
    "press Send. {changed_words} After sending it cannot be taken back here."
)
NOT_NOW = N_(
    "All right. Nothing was kept. This chat can be deleted; you can come back at any time, when it "
    "is safe."
)
NOTHING_DECLARED = N_(
    "Press Send so that the police get it. {changed_words} After sending it cannot be taken back "
    "here."
)

LAST: tuple[Step, ...] = (
    Ask(
        "review",
        Review(N_("The report is not sent yet. You can read it, change it, or go on to sending.")),
        unless=(MINOR,),
    ),
    *(
        Ask(
            "send",
            Choice(text, {"send": N_("Send")}),
            needed=True,
            since=since,
            until=until,
            only=only,
            unless=(MINOR, *unless),
        )
        for since, until, text, only, unless in (
            (0, 2, REMEMBERED, (), ()),
            (3, 0, NOTHING_DECLARED, (INSIDER,), ()),
            (3, 0, WAS_SENT, (MATERIAL,), ()),
            (3, 0, WAS_TOLD, WRITTEN_DOWN, (MATERIAL, INSIDER)),
            (3, 0, REMEMBERED, (), (MATERIAL, INSIDER, *WRITTEN_DOWN)),
        )
    ),
    Ask(
        "child_send",
        Choice(
            N_("Send the name and the phone number to the police?"),
            {"send": N_("Send"), "no": N_("No")},
        ),
        needed=True,
        then={"no": "child_end"},
        only=(any_of("child_contact", "adult", "me"),),
    ),
    Ask(
        "urgent_contact",
        Words(
            N_(
                "Which phone number may the police call? As soon as you write it, the report is "
                "sent as urgent."
            )
        ),
        heading=N_("Phone"),
        needed=True,
        private=True,
        only=(any_where("danger", "urgent"),),
    ),
    End(
        "filed_urgent",
        N_(
            "Your message has been received and marked as urgent.\n\nNumber: {reference}\nPlease "
            "write it down.\n\n{kept}Perhaps the police will see your message only after some "
            "hours. If you are in danger now, call {emergency}. {help_lines}"
        ),
        outcome="filed",
        only=(any_where("danger", "urgent"),),
    ),
    End(
        "filed_child",
        N_(
            "Your message has been received.\n\nNumber: {reference}\nPlease write it down.\n\n"
            "Specialist officers read it and then call the number you left. {child_help}"
        ),
        outcome="filed",
        only=(MINOR,),
    ),
    End(
        "filed",
        N_(
            "Your message has been received.\n\nNumber: {reference}\nPlease write it "
            "down.\n\n{kept}Specialist officers assess every report. They cannot contact everyone. "
            "With this number you can add to it: /add. Changing a message above changes nothing in "
            "what is sent.\n\n{help_lines}"
        ),
        outcome="filed",
    ),
    End(
        "declined",
        N_("Nothing was kept. If you change your mind, write here at any time.\n\n{help_lines}"),
        outcome="gone",
    ),
    *(
        End("not_now", NOT_NOW, outcome="gone", since=since, until=until, unless=unless)
        for since, until, unless in ((0, 2, ()), (3, 0, (flagged("danger"),)))
    ),
    End(
        "not_now_danger",
        N_(
            "Nothing was kept, and nobody reads this. If you are in danger, or thinking of harming "
            "yourself, call {emergency}. {help_lines}\n\nThis chat can be deleted; you can come "
            "back at any time, when it is safe."
        ),
        outcome="gone",
        since=3,
        only=(flagged("danger"),),
    ),
    End(
        "elsewhere",
        N_(
            "We take only reports about events connected with {connected_with} here. For other "
            "places the police of the country you are in can say where to turn, if that is safe. "
            "Nothing was kept. If you pressed No by mistake, press /start.\n\n{signposts}"
        ),
        outcome="gone",
        until=2,
    ),
    End("erased", N_("All of it is erased. It was not sent to anyone."), outcome="gone", since=3),
    End(
        "child_end",
        N_("Nothing was kept. If you change your mind, write here again. {child_help}"),
        outcome="gone",
    ),
)
