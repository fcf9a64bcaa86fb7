"""After the events: sharing, contact, worries; the review, the declaration, the ends."""

from conversations.conditions import PLACED, any_of, any_where, flagged
from conversations.flows.contact import details, reached
from conversations.flows.options import IN_UK, IN_UKRAINE, SHARES
from conversations.flows.rules import (
    INSIDER,
    MATERIAL,
    MINOR,
    NO_QUESTIONS,
    STOPPED,
    TOLD_INSIDER,
    WRITTEN_DOWN,
    by_version,
)
from conversations.model import N_
from conversations.questions import Choice, Review, Several, Words
from conversations.steps import Ask, End, Say, Step

ABOUT_YOU: tuple[Step, ...] = (
    Say(
        "legal",
        N_("{legal_advice}\n\nWhat happened is not asked here."),
        only=(INSIDER,),
        unless=(MINOR,),
    ),
    Ask(
        "forwarded",
        Choice(
            N_(
                "Something here was forwarded from a public channel. Was it sent to you by a "
                "person you know?"
            ),
            {"yes": N_("Yes"), "no": N_("No")},
        ),
        heading=N_("Forwarded by someone known"),
        part=4,
        only=(flagged("channel"),),
        unless=NO_QUESTIONS,
    ),
    *by_version(
        Ask(
            "official",
            Choice(
                N_("Have you told anyone official or an organisation about this already?"),
                {"yes": N_("Yes"), "no": N_("No")},
            ),
            heading=N_("Told before"),
            part=5,
        ),
        unless_2=(*NO_QUESTIONS, TOLD_INSIDER),
        unless_3=(*NO_QUESTIONS, STOPPED),
    ),
    Ask(
        "official_who",
        Words(
            N_(
                "Whom did you tell, and when? If there is a number of the report or the case, "
                "write it too."
            )
        ),
        heading=N_("To whom"),
        part=5,
        only=(any_of("official", "yes"),),
    ),
    Ask("uk", IN_UK, part=5, since=3, unless=(MINOR,), marks={"no": "outside_uk"}),
    Ask(
        "abroad",
        Choice(
            N_(
                "This chat is for people who are in the UK now. If you are in another country, you "
                "can turn to the International Criminal Court, to {prosecutors}, or, if "
                "that is safe, to the police there.\n\n"
                "{signposts}\n\nWhat you told here can be sent all the same, or erased."
            ),
            {"go": N_("Go on anyway"), "erase": N_("Erase it all")},
            yes="go",
        ),
        then={"erase": "erased"},
        must_be_seen=True,
        since=3,
        only=(any_of("uk", "no"),),
        unless=(MINOR,),
    ),
    Ask(
        "ukraine",
        IN_UKRAINE,
        part=5,
        since=3,
        unless=(MINOR, PLACED),
        marks={"no": "not_ukraine"},
        does={"no": "wait a day"},
    ),
    Ask(
        "not_ukraine",
        Choice(
            N_(
                "We take only reports about events connected with {connected_with} here. For other "
                "places the police of the country you are in can say where to turn, if that is "
                "safe.\n\n{signposts}\n\n"
                "What you told here can be sent all the same, or erased. Without an answer it is "
                "erased after a day."
            ),
            {"go": N_("Go on anyway"), "erase": N_("Erase it all")},
            yes="go",
        ),
        then={"erase": "erased"},
        must_be_seen=True,
        since=3,
        only=(any_of("ukraine", "no"),),
        unless=(MINOR, PLACED),
    ),
    Ask(
        "share",
        Several(
            N_(
                "With whom may the police share your report? {partners} are the partners. What you "
                "do not choose counts as No. Even after No, the police can be ordered to share it "
                "by a court."
            ),
            (SHARES,),
            all_or_none=True,
        ),
        heading=N_("May be shared with"),
        part=5,
        before_sending=True,
        since=3,
        unless=(MINOR,),
    ),
    *(
        Ask(
            f"share_{who}",
            Choice(text, {"yes": N_("Yes"), "no": N_("No")}),
            heading=heading,
            part=5,
            until=2,
            unless=(MINOR, INSIDER),
        )
        for who, text, heading in (
            (
                "icc",
                N_(
                    "May your report be shared with the International Criminal Court? Even after "
                    "No, a court can order it."
                ),
                N_("Share: Criminal Court"),
            ),
            (
                "ukraine",
                N_("May your report be shared with {to_prosecutors}?"),
                N_("{share_prosecutors}"),
            ),
            ("partners", N_("May your report be shared with {partners}?"), N_("Share: partners")),
        )
    ),
    Ask(
        "contact",
        Choice(
            N_("May the police contact you?"),
            {
                "no": N_("No"),
                "bot": N_("Through this chat"),
                "phone": N_("By phone"),
                "email": N_("By e-mail"),
            },
            withdrawn=("bot",),
        ),
        heading=N_("Contact"),
        part=5,
        before_sending=True,
        unless=(MINOR,),
    ),
    *details(3, 0, (flagged("contact_more"), any_of("contact", "phone", "email"))),
    *reached("phone", N_("Phone"), N_("Which number? With the country code, if you can.")),
    *reached("email", N_("E-mail"), N_("Which e-mail address?")),
    *details(0, 2, (any_of("contact", "bot", "phone", "email"),)),
    *by_version(
        Ask(
            "worry",
            Words(
                N_(
                    "Are you worried for yourself, those close to you or others if this becomes "
                    "known? You can also write what would make talking easier for you."
                )
            ),
            heading=N_("Worries and needs"),
            part=5,
        ),
        unless_2=(MINOR, INSIDER),
        unless_3=(MINOR, INSIDER, any_where("onward", "send")),
    ),
)

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
