"""One event: the account first, then what fits, how it is known, when, where, who, files, others;
then another.
"""

from conversations.conditions import FIRST, LATER, any_of, any_where, both, flagged, just
from conversations.flows.account import ACCOUNT, NO_DETAIL, SPECIALIST
from conversations.flows.material import FILES, OTHERS
from conversations.flows.options import FITS, FITS_3, SENSITIVE
from conversations.flows.rules import (
    APPEAL_SINCE,
    DETAIL_OFF,
    FIRST_DAY,
    NO_QUESTIONS,
    SPARED,
    STOPPED,
    SUSPECT,
    TOLD_INSIDER,
    by_version,
)
from conversations.model import N_
from conversations.questions import Choice, Several, When, Where, Words
from conversations.steps import Ask, Group, Inner, Say

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
                first_day=FIRST_DAY,
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
    *FILES,
    *OTHERS,
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
