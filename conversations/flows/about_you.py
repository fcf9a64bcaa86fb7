"""After the events: sharing, contact, worries."""

from conversations.conditions import PLACED, any_of, any_where, flagged
from conversations.flows.contact import details, reached
from conversations.flows.options import IN_UK, IN_UKRAINE, SHARES
from conversations.flows.rules import (
    INSIDER,
    MINOR,
    NO_QUESTIONS,
    STOPPED,
    TOLD_INSIDER,
    by_version,
)
from conversations.model import N_
from conversations.questions import Choice, Several, Words
from conversations.steps import Ask, Say, Step

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
