"""After sending: how a referral stands, adding to it, taking back a sharing consent; by its number and return words."""

from conversations.conditions import any_of, flagged
from conversations.flow import Ask, End, Flow, Group
from conversations.languages import LANGUAGES
from conversations.model import N_
from conversations.questions import Choice, Known, Several, Words

LEAVE = {"leave": N_("Nothing more")}
SHARES = {
    "icc": N_("Criminal Court"),
    "ukraine": N_("Ukraine's prosecutors"),
    "partners": N_("Partners of the police"),
}

FOLLOW_UP = Flow(
    "follow_up",
    version=1,
    steps=(
        Ask("language", Choice(N_("{welcome}"), LANGUAGES, verbatim=tuple(LANGUAGES)), needed=True),
        Ask(
            "reference",
            Known(N_("What is the number of the report? It was in the message after sending."), "reference", LEAVE),
            needed=True,
            then={"leave": "left"},
        ),
        Ask(
            "return_words",
            Known(N_("Please write the return words that were noted for this report."), "words", LEAVE),
            needed=True,
            then={"leave": "left"},
            only=(flagged("needs_words"),),
        ),
        Ask(
            "what",
            Choice(
                N_("What would you like to do?"),
                {"add": N_("Add to the report"), "withdraw": N_("Take back a sharing"), "leave": N_("Nothing more")},
                yes="add",
            ),
            then={"leave": "left"},
            empties=("withdraw",),  # what is held was no answer to this
        ),
        Ask(
            "withdraw",
            Several(
                N_("With whom should it no longer be shared? What was shared before cannot be taken back."), (SHARES,)
            ),
            heading=N_("No longer shared with"),
            only=(any_of("what", "withdraw"),),
        ),
        Group(
            "incident",
            prefix="i",
            only=(any_of("what", "add"),),
            steps=(
                Ask(
                    "account",
                    Words(
                        N_(
                            "What would you like to add? Write or speak, in as many messages as you need; files too. "
                            "Then press Done.\n\nWhat was sent before stays as it is."
                        ),
                        many=True,
                    ),
                    heading=N_("What is added"),
                ),
            ),
            again=Ask(
                "another",
                Choice(N_("Is there another event you want to tell about?"), {"yes": N_("Yes"), "no": N_("No")}),
                only=(flagged("~never"),),
            ),
        ),
        Ask(
            "send",
            Choice(N_("It is not added yet. After Send it cannot be taken back here."), {"send": N_("Send")}),
            needed=True,
        ),
        End(
            "added",
            N_("It is added to the report {reference}.\n\nSpecialist officers will see it with the time it came."),
            outcome="filed",
        ),
        End("left", N_("All right. Nothing is kept here."), outcome="gone"),
    ),
)
