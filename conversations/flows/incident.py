"""One event: the account first, then what fits, how it is known, when, where, who, files, others;
then another.
"""

from conversations.conditions import (
    FILES_ONE,
    FILES_SEVERAL,
    FIRST,
    HAS_FILES,
    LATER,
    any_of,
    any_where,
    both,
    flagged,
    just,
)
from conversations.flows.account import ACCOUNT, NO_DETAIL, SPECIALIST
from conversations.flows.options import FITS, FITS_3, ORIGIN, SENSITIVE
from conversations.flows.rules import (
    APPEAL_SINCE,
    DETAIL_OFF,
    MATERIAL,
    NO_QUESTIONS,
    SPARED,
    STOPPED,
    SUSPECT,
    TOLD_INSIDER,
    by_version,
)
from conversations.model import N_
from conversations.questions import Choice, Files, Several, When, Where, Words
from conversations.steps import Ask, Each, Group, Inner, Say

HAVE = N_("Do you have photos, videos, messages or documents about this?")
HAVE_MORE = N_("Do you have more photos, videos, messages or documents about this?")
HAVING = {"now": N_("Yes, I will add them now"), "later": N_("Yes, later"), "no": N_("No")}
WHO = Words(N_("Anything about who did it? Words they used, marks, vehicles, names."))
NOT_THERE = just("role", "told", "sent", "found")
OF_SOMEBODY_ELSE = any_of("with_you", "no")
FITTING = N_("Which of these fit? You can press several, or none.")
STEPS: tuple[Inner, ...] = (
    *ACCOUNT,
    Ask(
        "fits",
        Several(FITTING, FITS),
        heading=N_("What it was"),
        part=1,
        until=2,
        unless=(TOLD_INSIDER,),
    ),
    Ask(
        "fits",
        Several(FITTING, FITS_3, turned=True),
        heading=N_("What it was"),
        part=1,
        since=3,
        unless=(STOPPED,),
    ),
    Say("sensitive", NO_DETAIL, only=(any_of("fits", *SENSITIVE),), unless=(flagged("sensitive"),)),
    Ask(
        "specialist",
        SPECIALIST,
        heading=N_("Specialist"),
        part=1,
        until=2,
        only=(any_where("fits", *SENSITIVE), flagged("sensitive")),
        unless=(TOLD_INSIDER, LATER),
    ),
    Ask(
        "specialist",
        SPECIALIST,
        heading=N_("Specialist"),
        part=1,
        since=3,
        only=(any_where("fits", *SENSITIVE),),
        unless=(STOPPED, LATER, flagged("sensitive")),
    ),
    *by_version(
        Ask("who", WHO, heading=N_("Who did it"), part=4, only=(SUSPECT,)),
        unless_2=DETAIL_OFF,
        unless_3=SPARED,
    ),
    *by_version(
        Ask(
            "vantage",
            Words(
                N_(
                    "If you described several events, answer about one first; you can add the "
                    "others.\n\n"
                    "Where were you, and what could you see or hear from there? If you were not "
                    "there, say so."
                )
            ),
            heading=N_("Where you were"),
            part=2,
            unless=(NOT_THERE, OF_SOMEBODY_ELSE),
        ),
        unless_2=DETAIL_OFF,
        unless_3=SPARED,
    ),
    *by_version(
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
            unless=(just("role", "me"), NOT_THERE, OF_SOMEBODY_ELSE),
        ),
        unless_2=DETAIL_OFF,
        unless_3=(
            *SPARED,
            both(just("role", "saw", "me"), FIRST),
        ),  # of the first event they said so as their role
    ),
    *by_version(
        Ask(
            "source",
            Words(N_("When and how did it come to you, and from whom? You need not give a name.")),
            heading=N_("From whom"),
            part=2,
            only=(any_of("how", "told", "sent"), NOT_THERE, OF_SOMEBODY_ELSE),
        ),
        unless_2=DETAIL_OFF,
        unless_3=SPARED,
    ),
    *by_version(
        Ask(
            "when",
            When(
                N_(
                    "When did it happen? Write it as you remember it, or choose the year. Please "
                    "do not guess."
                ),
                since=APPEAL_SINCE,
            ),
            heading=N_("When"),
            part=3,
        ),
        unless_2=DETAIL_OFF,
        unless_3=(STOPPED,),
    ),
    Ask(
        "now",
        Choice(N_("Is this about forces that are there now?"), {"yes": N_("Yes"), "no": N_("No")}),
        part=3,
        only=(any_of("when", "recent"),),
    ),
    Ask(
        "tactical",
        Choice(
            N_(
                "Where forces are now is not needed for this report: if it became known, people "
                "could be harmed.\n\nIt can be taken out of your account; then the account has to "
                "be written again. {changed_words}\n\nWhat would you like to do?"
            ),
            {"keep": N_("Leave it as it is"), "rewrite": N_("Write the account again")},
        ),
        only=(any_of("now", "yes"),),
        does={"rewrite": "write again"},
    ),
    *by_version(
        Ask(
            "where",
            Where(N_("Where did it happen? Write the town or village, the street, what was near.")),
            heading=N_("Where"),
            part=3,
        ),
        unless_2=DETAIL_OFF,
        unless_3=(STOPPED,),
    ),
    *by_version(
        Ask("who", WHO, heading=N_("Who did it"), part=4, unless=(SUSPECT,)),
        unless_2=DETAIL_OFF,
        unless_3=SPARED,
    ),
    Ask(
        "identifiable",
        Choice(
            N_("Could somebody who did it be recognised or named?"),
            {"yes": N_("Yes"), "perhaps": N_("Perhaps"), "no": N_("No")},
        ),
        until=2,
        heading=N_("Could be recognised"),
        part=4,
        only=(any_of("who", "said"),),
        unless=DETAIL_OFF,
    ),
    Ask(
        "suspect_uk",
        Choice(
            N_("May any of them be in the UK?"),
            {"yes": N_("Yes"), "perhaps": N_("Perhaps"), "no": N_("No")},
        ),
        until=2,
        heading=N_("May be in the UK"),
        part=4,
        only=(any_of("identifiable", "yes", "perhaps"),),
    ),
    Ask(
        "suspect",
        Several(
            N_("About those who did it: does any of this fit? You can press both, or none."),
            ({"identifiable": N_("Could be recognised"), "in_uk": N_("May be in the UK")},),
        ),
        heading=N_("About who did it"),
        part=4,
        since=3,
        only=(any_of("who", "said"),),
        unless=SPARED,
    ),
    Ask("have", Choice(HAVE, HAVING, yes="now"), part=4, until=2, unless=(MATERIAL, TOLD_INSIDER)),
    Ask(
        "have",
        Choice(HAVE, HAVING, yes="now"),
        part=4,
        since=3,
        unless=(MATERIAL, STOPPED, HAS_FILES),
    ),
    Ask(
        "have",
        Choice(HAVE_MORE, HAVING, yes="now"),
        part=4,
        since=3,
        only=(HAS_FILES,),
        unless=(MATERIAL, STOPPED),
    ),
    Ask(
        "files",
        Files(
            N_(
                "Please send them here, as many as you need, up to {file_limit} each. A larger "
                "one: keep it, and write here that you have it.\n\nTo send a file unchanged, press "
                "the paper clip, then File. Keep the original on your phone too, if that is safe. "
                "Then press Done."
            )
        ),
        part=4,
        only=(any_of("have", "now"),),
        unless=(MATERIAL,),
    ),
    Say(
        "later_how",
        N_(
            "You can add them at any time, also after sending: the message with the number says "
            "how."
        ),
        only=(any_of("have", "later"),),
    ),
    Ask(
        "origin_same",
        Choice(
            N_(
                "A few questions about the files come next: who made them, when and where. Are the "
                "answers the same for all of them?"
            ),
            {
                "same": N_("Yes, the same for all"),
                "differ": N_("No, they differ"),
                "skip": N_("Skip these questions"),
            },
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
    *by_version(
        Ask(
            "others",
            Choice(
                N_(
                    "Are there others who might agree to speak with the police? You need not say "
                    "what they saw, only how many."
                ),
                {
                    "none": N_("Nobody else"),
                    "one": N_("One person"),
                    "few": N_("Two or three"),
                    "many": N_("Four or more"),
                },
                counts=("none", "one", "few", "few", "many"),
            ),
            heading=N_("Others who can tell"),
            part=4,
        ),
        unless_2=(TOLD_INSIDER,),
        unless_3=(STOPPED,),
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
)
ANOTHER = Choice(
    N_("Is there another event you want to tell about?"), {"yes": N_("Yes"), "no": N_("No")}
)
INCIDENTS = tuple(
    Group(
        "incident",
        STEPS,
        Ask("another", ANOTHER, unless=(stop,)),
        "i",
        since=since,
        until=until,
        unless=NO_QUESTIONS,
    )
    for since, until, stop in ((0, 2, TOLD_INSIDER), (3, 0, STOPPED))
)
