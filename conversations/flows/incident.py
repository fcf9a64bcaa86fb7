"""One event: the account first, then what fits, how it is known, when, where, who, files, others; then another."""

from conversations.conditions import FILES_ONE, FILES_SEVERAL, FIRST, LATER, any_of, any_where, flagged, just
from conversations.flow import Ask, Each, Group, Say
from conversations.flows.options import FITS, ORIGIN, SENSITIVE
from conversations.flows.rules import (
    APPEAL_SINCE,
    DETAIL_OFF,
    MATERIAL,
    NO_QUESTIONS,
    SECOND_HAND,
    SUSPECT,
    TOLD_INSIDER,
)
from conversations.model import N_
from conversations.questions import Choice, Files, Several, When, Where, Words

TOLD_ALREADY = {"told": N_("I have told it already")}
ONWARD = {"go": N_("Go on"), "send": N_("Go on to sending"), "pause": N_("Pause")}

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
                    "Write in the person's own words what they saw or what happened to them. Start wherever you like. Short is fine.\n\n"
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
                    "Tell us in your own words what you know about it. Start wherever you like. Short is fine.\n\n"
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
                    "Tell us in your own words what you saw or what happened to you. Start wherever you like. Short is fine.\n\n"
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
                    "Nobody is reading this now, and help cannot come quickly from here.\n\n"
                    "If you are in danger, or thinking of harming yourself, call {emergency}. {help_lines}\n\n"
                    "Your words are kept and not sent yet. The police can be asked to call you; they may see it only "
                    "after some hours."
                ),
                {"urgent": N_("Ask the police to call me"), "go": N_("Go on")},
                yes="urgent",
            ),
            then={"urgent": "urgent_contact"},
            only=(flagged("danger"),),
            unless=(LATER,),
        ),
        Say("legal_after", N_("{legal_advice}"), must=True, only=(TOLD_INSIDER,)),
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
                    "Your words are kept and not sent yet. You can go on to sending now, or answer a few short questions; "
                    "any of them can be skipped."
                ),
                ONWARD,
                yes="go",
            ),
            then={"send": "review"},
            only=(flagged("sensitive"),),
            unless=(TOLD_INSIDER, LATER),
        ),
        Ask(
            "onward",
            Choice(
                N_(
                    "Thank you for telling us. Your words are kept and not sent yet. You can go on to sending now, or "
                    "answer a few short questions; any of them can be skipped."
                ),
                ONWARD,
                yes="go",
            ),
            then={"send": "review"},
            only=(FIRST,),
            unless=(TOLD_INSIDER, flagged("sensitive")),
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
                N_("Would you like to talk with a specially trained person from the police?"),
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
                N_("How did you learn of it?"),
                {
                    "saw": N_("I saw it"),
                    "heard": N_("I heard it"),
                    "told": N_("I was told"),
                    "sent": N_("It was sent to me"),
                },
            ),
            heading=N_("How you learned of it"),
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
                    "It can be taken out of your account; then the account has to be written again. {changed_words}\n\n"
                    "Where forces are now is not needed for this report: if it became known, people could be harmed."
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
        Each(
            "exhibit",
            ORIGIN,
            same=any_of("origin_same", "same"),
            only=(any_of("origin_same", "same", "differ"), FILES_ONE),
        ),
        Ask(
            "others",
            Choice(
                N_("Was anyone else there who might agree to speak with the police? Not what they saw, only how many."),
                {
                    "none": N_("Nobody else"),
                    "one": N_("One person"),
                    "few": N_("Two or three"),
                    "many": N_("Four or more"),
                },
                counts=("none", "one", "few", "few", "many"),
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
