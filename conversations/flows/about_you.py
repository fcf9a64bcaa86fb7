"""After the events: sharing, contact, worries; the review, the declaration, the ends."""

from conversations.conditions import any_of, any_where, flagged
from conversations.flow import Ask, End, Say, Step
from conversations.flows.options import REGIONS, YES_NO
from conversations.flows.rules import INSIDER, MINOR, NO_QUESTIONS, TOLD_INSIDER
from conversations.languages import LANGUAGES
from conversations.model import N_
from conversations.questions import Choice, Review, Words

ABOUT_YOU: tuple[Step, ...] = (
    Say("legal", N_("{legal_advice}"), only=(INSIDER,), unless=(MINOR,)),
    Ask(
        "forwarded",
        Choice(
            N_("Something here was forwarded from a public channel. Was it sent to you by someone you know?"),
            {"yes": N_("Yes"), "no": N_("No")},
        ),
        heading=N_("Forwarded by someone known"),
        part=4,
        only=(flagged("channel"),),
        unless=NO_QUESTIONS,
    ),
    Ask(
        "official",
        Choice(
            N_("Have you told anyone official or an organisation about this already?"),
            {"yes": N_("Yes"), "no": N_("No")},
        ),
        heading=N_("Told before"),
        part=5,
        unless=(*NO_QUESTIONS, TOLD_INSIDER),
    ),
    Ask(
        "official_who",
        Words(N_("Whom did you tell, and when? Is there a number of the report or the case?")),
        heading=N_("To whom"),
        part=5,
        only=(any_of("official", "yes"),),
    ),
    *(
        Ask(
            f"share_{who}",
            Choice(text, {"yes": N_("Yes"), "no": N_("No")}),
            heading=heading,
            part=5,
            unless=(MINOR, INSIDER),
        )
        for who, text, heading in (
            (
                "icc",
                N_(
                    "May your report be shared with the International Criminal Court? Even after No, a court can order it."
                ),
                N_("Share: Criminal Court"),
            ),
            ("ukraine", N_("May your report be shared with Ukraine's prosecutors?"), N_("Share: Ukraine")),
            ("partners", N_("May your report be shared with {partners}?"), N_("Share: partners")),
        )
    ),
    Ask(
        "contact",
        Choice(
            N_("May the police contact you?"),
            {"no": N_("No"), "bot": N_("Through this chat"), "phone": N_("By phone"), "email": N_("By e-mail")},
        ),
        heading=N_("Contact"),
        part=5,
        unless=(MINOR,),
    ),
    Ask(
        "phone",
        Words(N_("Which number? With the country code, if you can.")),
        heading=N_("Phone"),
        part=5,
        private=True,
        only=(any_of("contact", "phone"),),
    ),
    Ask(
        "email",
        Words(N_("Which e-mail address?")),
        heading=N_("E-mail"),
        part=5,
        private=True,
        only=(any_of("contact", "email"),),
    ),
    *(
        Ask(
            name,
            question,
            heading=heading,
            part=5,
            private=True,
            only=(any_of("contact", "bot", "phone", "email"),),
        )
        for name, heading, question in (
            (
                "speak",
                N_("Language"),
                Choice(
                    N_("In which language should they talk with you?"),
                    {**LANGUAGES, "other": N_("Another language")},
                    verbatim=tuple(LANGUAGES),
                ),
            ),
            (
                "hours",
                N_("Time"),
                Choice(
                    N_("At what time of day is it safe to reach you?"),
                    {"morning": N_("Morning"), "day": N_("Afternoon"), "evening": N_("Evening"), "any": N_("Any time")},
                ),
            ),
            (
                "officer",
                N_("Officer"),
                Choice(
                    N_("Would you rather talk with a woman or a man?"),
                    {"woman": N_("A woman"), "man": N_("A man"), "either": N_("No matter")},
                ),
            ),
            ("interpreter", N_("Interpreter"), Choice(N_("Do you need an interpreter?"), YES_NO)),
            ("region", N_("Part of the UK"), Choice(N_("In which part of the UK are you?"), REGIONS)),
        )
    ),
    Ask(
        "name",
        Words(N_("How may they address you? A first name is enough, and you can skip it.")),
        heading=N_("Name"),
        part=5,
        private=True,
        only=(any_of("contact", "bot", "phone", "email"),),
    ),
    Ask(
        "worry",
        Words(
            N_(
                "Are you worried for yourself or others if this becomes known? Is there anything we should know to make it "
                "easier for you?"
            )
        ),
        heading=N_("Worries and needs"),
        part=5,
        unless=(MINOR, INSIDER),
    ),
)

LAST = (
    Ask(
        "review",
        Review(N_("The report is not sent yet. You can read it, change it, or go on to sending.")),
        unless=(MINOR,),
    ),
    Ask(
        "send",
        Choice(
            N_(
                "“This is what I remember.”\n\nIf that is so, press Send. {changed_words} After sending it cannot be taken "
                "back here."
            ),
            {"send": N_("Send")},
        ),
        needed=True,
        unless=(MINOR,),
    ),
    Ask(
        "child_send",
        Choice(N_("Send the name and the phone number to the police?"), {"send": N_("Send"), "no": N_("No")}),
        needed=True,
        then={"no": "child_end"},
        only=(any_of("child_contact", "adult", "me"),),
    ),
    Ask(
        "urgent_contact",
        Words(N_("Which phone number may the police call? As soon as you write it, the report is sent as urgent.")),
        heading=N_("Phone"),
        needed=True,
        private=True,
        only=(any_where("danger", "urgent"),),
    ),
    End(
        "filed_urgent",
        N_(
            "Your message has been received and marked as urgent.\n\nNumber: {reference}\nPlease write it down.\n\n{kept}"
            "The police may see it only after some hours. If you are in danger now, call {emergency}. {help_lines}"
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
            "Your message has been received.\n\nNumber: {reference}\nPlease write it down.\n\n{kept}"
            "Specialist officers assess every report. They cannot contact everyone. With this number you can add to it: "
            "/add\n\n{help_lines}"
        ),
        outcome="filed",
    ),
    End(
        "declined",
        N_("Nothing was kept. If you change your mind, write here at any time.\n\n{help_lines}"),
        outcome="gone",
    ),
    End(
        "not_now",
        N_("All right. Nothing was kept. This chat can be deleted; write again when it suits you."),
        outcome="gone",
    ),
    End(
        "elsewhere",
        N_(
            "Here only reports about events connected with Ukraine are taken. For other places the police of the country "
            "you are in can say where to turn, if that is safe. Nothing was kept. If you pressed No by mistake, press /start.\n\n{signposts}"
        ),
        outcome="gone",
    ),
    End("child_end", N_("Nothing was kept. If you change your mind, write here again. {child_help}"), outcome="gone"),
)
