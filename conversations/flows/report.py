"""The report: what a witness is asked, from the first hello to the receipt (shared/script.md, row by row)."""

from datetime import date

from conversations.conditions import FILES_SEVERAL, FIRST, LATER, any_of, any_where, flagged, just
from conversations.flow import Ask, Each, End, Flow, Group, Say, Step
from conversations.flows.options import FITS, ORIGIN, REGIONS, ROLES, SENSITIVE, YES_NO
from conversations.model import N_
from conversations.questions import Choice, Files, OwnWords, Review, Several, When, Where, Words

LANGUAGES = {"uk": "Українська", "ru": "Русский", "en": "English"}

APPEAL_SINCE = date(2013, 11, 21)

MINOR = any_of("adult", "no")
INSIDER = any_of("role", "took_part")
TOLD_INSIDER = flagged("insider")
NO_QUESTIONS = (MINOR, INSIDER)
"""Rows 5–15 are not put to a child, nor to somebody who may incriminate themself."""
DETAIL_OFF = (any_of("fits", *SENSITIVE), flagged("sensitive"), TOLD_INSIDER)
MATERIAL = just("role", "sent", "found")
SUSPECT = just("role", "suspect")

ENTRY = (
    Ask("language", Choice(N_("{welcome}"), LANGUAGES, verbatim=True), needed=True),
    Ask(
        "safe",
        Choice(
            N_(
                "Nobody reads this chat live. Nothing is sent until you press Send.\n\n"
                "Then specialist police officers of {of_unit} read it. Telegram can see that you write here. "
                "You can leave at any moment: press “Hide and erase”.\n\n"
                "Is it safe for you to write now?"
            ),
            {"yes": N_("Yes"), "later": N_("Not now")},
        ),
        then={"later": "not_now"},
    ),
    Ask(
        "uk",
        Choice(
            N_("Are you in the UK now?"), {"yes": N_("Yes"), "no": N_("No"), "rather_not": N_("I'd rather not say")}
        ),
    ),
    Ask(
        "abroad",
        Choice(
            N_(
                "This is for people who are in the UK now. Elsewhere you can turn to the police of the country you are "
                "in, to Ukraine's prosecutors, or to the International Criminal Court.\n\n{signposts}"
            ),
            {"go": N_("Go on anyway"), "finish": N_("Finish here")},
            yes="go",
        ),
        then={"finish": "declined"},
        only=(any_of("uk", "no"),),
    ),
    Ask(
        "ukraine",
        Choice(
            N_(
                "Did it happen in Ukraine (Crimea and the Donetsk and Luhansk regions included), or to people who were "
                "taken from there or held elsewhere?"
            ),
            {"yes": N_("Yes"), "no": N_("No")},
        ),
        then={"no": "elsewhere"},
    ),
    Ask("adult", Choice(N_("Are you 18 or older?"), {"yes": N_("Yes"), "no": N_("No")}), empties=("no",)),
    Ask(
        "role",
        Several(N_("How are you connected with what happened?"), ROLES, one_tap=True),
        heading=N_("Connection"),
        unless=(MINOR,),
    ),
    Ask(
        "media",
        Choice(
            N_(
                "What was published in the media or on channels reaches the police in other ways. Here they ask for what "
                "you saw yourself, or what somebody sent to you directly.\n\n{signposts}"
            ),
            {"first_hand": N_("I also have it first-hand"), "finish": N_("Finish here")},
        ),
        then={"finish": "declined"},
        only=(just("role", "media"),),
    ),
    Ask(
        "with_you",
        Choice(N_("Is the person with you now, telling it?"), {"yes": N_("Yes"), "no": N_("No")}),
        only=(any_of("role", "helping"),),
    ),
    Ask(
        "helper",
        Words(N_("Who are you to this person? For example: a daughter, a neighbour, an interpreter.")),
        heading=N_("Who is writing"),
        only=(any_of("with_you", "yes"),),
    ),
    Say(
        "consent_of_them",
        N_("Please read the next two messages to the person in their own language. Go on only if they agree."),
        only=(any_of("with_you", "yes"),),
        unless=(MINOR,),
    ),
)

CONSENT = (
    Say(
        "consent_1",
        N_(
            "Taking part is voluntary. This is not a formal statement.\n\n"
            "Specialist police officers read what you send. It may be shared with {shared_with}; further on you choose. "
            "A court or the law can require disclosure whatever you choose. There can be no promise of an investigation."
        ),
        apart=True,
        unless=(MINOR,),
    ),
    Ask(
        "consent",
        Choice(
            N_(
                "What you write here is kept so that you can go on later. A report not sent {within} is erased.\n\n"
                "At every step you can hide this chat at once; messages older than two days only you can remove. "
                "/delete erases what is not sent. After sending nothing can be taken back here.\n\n"
                "Do you agree?"
            ),
            {"go": N_("Yes, go on"), "no": N_("No")},
            yes="go",
            more=N_(
                "The police unit that runs this appeal decides how a report is used. It is assessed by specialist "
                "officers. What you send can become evidence; then the law says who must see it, and for how long it is "
                "kept. Before you send, your words are yours: what you change or remove is destroyed, and only a line "
                "that something was changed stays. Telegram can technically read this chat. The bot stores no name "
                "of your account. For a copy of this and for complaints, see the police website."
            ),
        ),
        needed=True,
        then={"no": "declined"},
        unless=(MINOR,),
    ),
    Ask(
        "words",
        Choice(
            N_(
                "If you hide this chat, five words on paper can open the report again, here or on another phone. "
                "Without words, Hide erases it."
            ),
            {"five": N_("Note five words"), "own": N_("My own words"), "none": N_("No words")},
        ),
        unless=(MINOR,),
    ),
    Ask(
        "own_words",
        OwnWords(
            N_("Write at least four words that nobody could guess, and note them on paper. They are not kept here.")
        ),
        only=(any_of("words", "own"),),
    ),
)

CHILD = (
    Ask(
        "child_contact",
        Choice(
            N_(
                "We do not ask people under 18 to tell what happened here. A specially trained officer can talk with you, "
                "with an adult you trust beside you.\n\n{child_help}\n\nWho may an officer call?"
            ),
            {"adult": N_("An adult I trust"), "me": N_("Me"), "nobody": N_("Nobody")},
        ),
        then={"nobody": "child_end"},
        only=(MINOR,),
    ),
    Ask(
        "child_details",
        Words(N_("Please write the name and the phone number. Only specialist officers see them.")),
        heading=N_("Who to call"),
        private=True,
        only=(any_of("child_contact", "adult", "me"),),
    ),
)

INCIDENT = Group(
    "incident",
    prefix="i",
    unless=NO_QUESTIONS,
    steps=(
        Ask(
            "files",
            Files(
                N_(
                    "Please send what you have, as many files as you need.\n\n"
                    "To send a file unchanged, press the paper clip, then File. Keep the original on your phone too, if "
                    "that is safe. Then press Done."
                )
            ),
            part=4,
            only=(MATERIAL,),
        ),
        Ask(
            "account",
            Words(
                N_(
                    "Tell us in your own words what you know about it. Start wherever you like. Short is fine.\n\n"
                    "Write or speak, in as many messages as you need; files too. Then press Done."
                ),
                many=True,
                instead={"told": N_("I have told it already")},
            ),
            heading=N_("What happened"),
            part=1,
            only=(MATERIAL,),
        ),
        Ask(
            "account",
            Words(
                N_(
                    "Tell us in your own words what you saw or what happened to you. Start wherever you like. "
                    "Short is fine.\n\n"
                    "Write or speak, in as many messages as you need; files too. Then press Done."
                ),
                many=True,
                instead={"told": N_("I have told it already")},
            ),
            heading=N_("What happened"),
            part=1,
            unless=(MATERIAL,),
        ),
        Ask(
            "danger",
            Choice(
                N_(
                    "Nobody is reading this now. If you are in danger, or thinking of harming yourself, call {emergency}. "
                    "{help_lines}\n\nYour words are kept and not sent yet."
                ),
                {"urgent": N_("Ask police to contact me"), "go": N_("Go on")},
                yes="go",
            ),
            then={"urgent": "urgent_contact"},
            only=(flagged("danger"),),
            unless=(LATER,),
        ),
        Say("legal_after", N_("{legal_advice}"), only=(TOLD_INSIDER,)),
        Say(
            "sensitive_told",
            N_(
                "Thank you for telling us. No details are needed here. If you wish, a specially trained person from the "
                "police will talk with you; you can choose a woman or a man."
            ),
            only=(flagged("sensitive"),),
            unless=(LATER,),
        ),
        Ask(
            "onward",
            Choice(
                N_(
                    "Thank you for telling us. Your words are kept and not sent yet. You can send now, or answer a few "
                    "short questions; any of them can be skipped."
                ),
                {"go": N_("Go on"), "send": N_("Send now"), "pause": N_("Pause")},
                yes="go",
            ),
            then={"send": "review"},
            only=(FIRST,),
            unless=(TOLD_INSIDER,),
        ),
        Ask(
            "fits",
            Several(N_("Which of these fit? You can press several, or none."), FITS),
            heading=N_("What it was"),
            part=1,
            unless=(TOLD_INSIDER,),
        ),
        Say(
            "sensitive",
            N_(
                "Thank you for telling us. No details are needed here. If you wish, a specially trained person from the "
                "police will talk with you; you can choose a woman or a man."
            ),
            only=(any_of("fits", *SENSITIVE),),
            unless=(flagged("sensitive"),),
        ),
        Ask(
            "specialist",
            Choice(
                N_("Would you like to talk with such a person?"),
                {"woman": N_("Yes, a woman"), "man": N_("Yes, a man"), "either": N_("Yes, either"), "no": N_("No")},
                yes="either",
            ),
            heading=N_("Specialist"),
            part=1,
            only=(any_where("fits", *SENSITIVE), flagged("sensitive")),
            unless=(TOLD_INSIDER, LATER),
        ),
        Ask(
            "who",
            Words(N_("Anything about who did it? Words they used, marks, vehicles, names.")),
            heading=N_("Who did it"),
            part=4,
            only=(SUSPECT,),
            unless=DETAIL_OFF,
        ),
        Ask(
            "vantage",
            Words(
                N_(
                    "If you described several events, answer about one first; you can add the others.\n\n"
                    "Where were you, and what could you see or hear from there?"
                )
            ),
            heading=N_("Where you were"),
            part=2,
            unless=(*DETAIL_OFF, just("role", "told", "sent", "found"), any_of("with_you", "no")),
        ),
        Ask(
            "how",
            Choice(
                N_("How do you know this?"),
                {
                    "saw": N_("I saw it"),
                    "heard": N_("I heard it"),
                    "told": N_("I was told"),
                    "sent": N_("It was sent to me"),
                },
            ),
            heading=N_("How you know"),
            part=2,
            unless=(*DETAIL_OFF, just("role", "me"), just("role", "told", "sent", "found"), any_of("with_you", "no")),
        ),
        Ask(
            "source",
            Words(N_("Who told you or sent you this, when, and how?")),
            heading=N_("From whom"),
            part=2,
            only=(any_of("how", "told", "sent"), just("role", "told", "sent", "found"), any_of("with_you", "no")),
            unless=DETAIL_OFF,
        ),
        Ask(
            "when",
            When(
                N_("When did it happen? Write it as you remember it, or choose the year. Please do not guess."),
                since=APPEAL_SINCE,
            ),
            heading=N_("When"),
            part=3,
            unless=DETAIL_OFF,
        ),
        Ask(
            "now",
            Choice(
                N_("Is this about forces that are there now?"),
                {"yes": N_("Yes"), "no": N_("No")},
            ),
            part=3,
            only=(any_of("when", "recent"),),
        ),
        Ask(
            "tactical",
            Choice(
                N_(
                    "Where forces are now is not for this report, and could harm people if it became known. In Ukraine "
                    "it can be reported through the official services there.\n\nYou can take it out of your account."
                ),
                {"keep": N_("Leave it as it is"), "rewrite": N_("Write the account again")},
            ),
            only=(any_of("now", "yes"),),
        ),
        Ask(
            "where",
            Where(N_("Where did it happen? The place of the event: a town or village, a street, a landmark.")),
            heading=N_("Where"),
            part=3,
            unless=DETAIL_OFF,
        ),
        Ask(
            "who",
            Words(N_("Anything about who did it? Words they used, marks, vehicles, names.")),
            heading=N_("Who did it"),
            part=4,
            unless=(*DETAIL_OFF, SUSPECT),
        ),
        Ask(
            "identifiable",
            Choice(
                N_("Could somebody who did it be recognised or named?"),
                {"yes": N_("Yes"), "perhaps": N_("Perhaps"), "no": N_("No")},
            ),
            heading=N_("Could be recognised"),
            part=4,
            only=(any_of("who", "said"),),
            unless=DETAIL_OFF,
        ),
        Ask(
            "suspect_uk",
            Choice(N_("May any of them be in the UK?"), {"yes": N_("Yes"), "perhaps": N_("Perhaps"), "no": N_("No")}),
            heading=N_("May be in the UK"),
            part=4,
            only=(any_of("identifiable", "yes", "perhaps"),),
        ),
        Ask(
            "have",
            Choice(
                N_("Do you have photos, videos, messages or documents about this?"),
                {"now": N_("Yes, I will add them now"), "later": N_("Yes, later"), "no": N_("No")},
                yes="now",
            ),
            part=4,
            unless=(MATERIAL, TOLD_INSIDER),
        ),
        Ask(
            "files",
            Files(
                N_(
                    "Please send them here, as many as you need.\n\n"
                    "To send a file unchanged, press the paper clip, then File. Keep the original on your phone too, if "
                    "that is safe. Then press Done."
                )
            ),
            part=4,
            only=(any_of("have", "now"),),
            unless=(MATERIAL,),
        ),
        Say(
            "later_how",
            N_("You can add them at any time until you send."),
            only=(any_of("have", "later"),),
        ),
        Ask(
            "origin_same",
            Choice(
                N_("A few questions about the files. Is the answer the same for all of them?"),
                {"same": N_("The same for all"), "differ": N_("Some differ"), "skip": N_("Skip these questions")},
            ),
            part=4,
            only=(FILES_SEVERAL,),
        ),
        Each("exhibit", ORIGIN, same=any_of("origin_same", "same"), unless=(any_of("origin_same", "skip"),)),
        Ask(
            "others",
            Choice(
                N_("Was anyone else there who might agree to speak? Not what they saw, only how many."),
                {
                    "none": N_("Nobody else"),
                    "one": N_("One person"),
                    "few": N_("Two or three"),
                    "many": N_("More people"),
                },
            ),
            heading=N_("Others who were there"),
            part=4,
            unless=(TOLD_INSIDER,),
        ),
        Ask(
            "others_agreed",
            Choice(
                N_("Have they agreed that you pass on how to reach them?"),
                {"yes": N_("They agreed"), "no": N_("No, or not yet")},
            ),
            part=4,
            only=(any_of("others", "one", "few", "many"),),
        ),
        Ask(
            "others_contact",
            Words(N_("Please write how they can be reached. It is kept apart from your account.")),
            heading=N_("How to reach them"),
            part=4,
            private=True,
            only=(any_of("others_agreed", "yes"),),
        ),
    ),
    again=Ask(
        "another",
        Choice(N_("Is there another event you want to tell about?"), {"yes": N_("Yes"), "no": N_("No")}),
        unless=(TOLD_INSIDER,),
    ),
)

ABOUT_YOU: tuple[Step, ...] = (
    Say("legal", N_("{legal_advice}"), only=(INSIDER,), unless=(MINOR,)),
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
        Words(N_("Whom did you tell, when, and is there a number?")),
        heading=N_("To whom"),
        part=5,
        only=(any_of("official", "yes"),),
    ),
    *(
        Ask(f"share_{who}", Choice(text, {"yes": N_("Yes"), "no": N_("No")}), heading=heading, part=5, unless=(MINOR,))
        for who, text, heading in (
            (
                "icc",
                N_("May it be shared with the International Criminal Court? “No” does not bar what a court orders."),
                N_("Share: Criminal Court"),
            ),
            ("ukraine", N_("May it be shared with Ukraine's prosecutors?"), N_("Share: Ukraine")),
            ("partners", N_("May it be shared with {partners}?"), N_("Share: partners")),
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
            Choice(text, options),
            heading=heading,
            part=5,
            private=True,
            only=(any_of("contact", "bot", "phone", "email"),),
        )
        for name, text, heading, options in (
            (
                "speak",
                N_("In which language?"),
                N_("Language"),
                {"uk": "Українська", "ru": "Русский", "en": "English", "other": N_("Another")},
            ),
            (
                "hours",
                N_("At what time of day is it safe to reach you?"),
                N_("Time"),
                {"morning": N_("Morning"), "day": N_("Afternoon"), "evening": N_("Evening"), "any": N_("Any time")},
            ),
            (
                "officer",
                N_("Would you rather talk with a woman or a man?"),
                N_("Officer"),
                {"woman": N_("A woman"), "man": N_("A man"), "either": N_("No matter")},
            ),
            ("interpreter", N_("Do you need an interpreter?"), N_("Interpreter"), YES_NO),
            ("region", N_("In which part of the UK are you?"), N_("Part of the UK"), REGIONS),
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
                "Is there any worry for you or others if this becomes known? Anything we should know to make it easier "
                "for you?"
            )
        ),
        heading=N_("Worries and needs"),
        part=5,
        unless=(MINOR,),
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
                "“This is what I remember.”\n\nIf that is so, press Send. Words that you changed or removed are destroyed; "
                "a line that something was changed is sent. After sending it cannot be taken back here."
            ),
            {"send": N_("Send")},
        ),
        needed=True,
        unless=(MINOR,),
    ),
    Ask(
        "child_send",
        Choice(N_("Send this to the specialist officers?"), {"send": N_("Send"), "no": N_("No")}),
        needed=True,
        then={"no": "child_end"},
        only=(any_of("child_contact", "adult", "me"),),
    ),
    Ask(
        "urgent_contact",
        Words(N_("Which phone number may the police call? What you wrote is then sent as urgent.")),
        heading=N_("Phone"),
        private=True,
        only=(any_where("danger", "urgent"),),
    ),
    End(
        "filed_child",
        N_(
            "Your message has been received.\n\nNumber: {reference}\nPlease write it down.\n\n"
            "Specialist officers read it and then call. {child_help}"
        ),
        outcome="filed",
        only=(MINOR,),
    ),
    End(
        "filed",
        N_(
            "Your message has been received.\n\nNumber: {reference}\nPlease write it down.\n\n{kept}"
            "Specialist officers assess every report. They cannot contact everyone. You can clear this chat on your "
            "phone at any time.\n\n{help_lines}"
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
            "This appeal is about Ukraine only. For other places, the police of the country you are in can say where to "
            "turn. Nothing was kept. If you pressed No by mistake, press /start.\n\n{signposts}"
        ),
        outcome="gone",
    ),
    End("child_end", N_("Nothing was kept. {child_help}"), outcome="gone"),
)

REPORT = Flow("report", version=2, steps=(*ENTRY, *CONSENT, *CHILD, INCIDENT, *ABOUT_YOU, *LAST))
