"""After sending: how a referral stands, adding to it, taking back a sharing consent; by its number
and return words.
"""

from conversations.conditions import any_of, flagged
from conversations.flow import Flow
from conversations.flows.options import SHARES
from conversations.languages import LANGUAGES
from conversations.model import N_
from conversations.questions import Choice, Known, Several, Words
from conversations.steps import Ask, End, Group

LEAVE = {"leave": N_("Leave")}
WHICH = N_("What is the number of the report? It was in the message after sending.")
RETURN_WORDS = N_("Please write the return words that were noted for this report.")
WITHDRAW = Several(
    N_("With whom should it no longer be shared? What was shared before cannot be taken back."),
    (SHARES,),
)
NOT_SENT = Choice(
    N_(
        "It is not sent yet. Press Send so that the police get it. It cannot be changed here "
        "afterwards."
    ),
    {"send": N_("Send")},
)
TAKE_BACK = {"withdraw": N_("Stop sharing with someone")}
ADDED = N_(
    "It has been received with the report {reference}.\n\nSpecialist officers will see it and when "
    "it came."
)
ADDING = N_("What you added is below. It is not sent yet, and cannot be changed here afterwards.")
ANOTHER = Ask(
    "another",
    Choice(
        N_("Is there another event you want to tell about?"), {"yes": N_("Yes"), "no": N_("No")}
    ),
    only=(flagged("~never"),),
)

FOLLOW_UP = Flow(
    "follow_up",
    version=2,
    steps=(
        Ask("language", Choice(N_("{welcome}"), LANGUAGES, verbatim=tuple(LANGUAGES)), needed=True),
        Ask(
            "reference",
            Known(WHICH, "reference", LEAVE),
            needed=True,
            then={"leave": "leaving"},
            does={"leave": "keep held"},
        ),
        Ask(
            "return_words",
            Known(RETURN_WORDS, "words", {"none": N_("I noted none"), **LEAVE}),
            needed=True,
            then={"leave": "leaving"},
            does={"leave": "keep held"},
        ),
        Group(
            "incident",
            prefix="i",
            steps=(
                Ask(
                    "account",
                    Words(
                        N_(
                            "What would you like to add? Write or speak, in as many messages as "
                            "you need; files too. Then press Done. If you only want to take "
                            "something back, press Skip.\n\nWhat was sent before stays as it is."
                        ),
                        many=True,
                    ),
                    heading=N_("What is added"),
                ),
            ),
            again=ANOTHER,
        ),
        Ask(
            "what",
            Choice(ADDING, {"send": N_("Send"), **TAKE_BACK, **LEAVE}, yes="send", shows=True),
            needed=True,
            then={"send": "added", "leave": "leaving"},
            unless=(flagged("unproven"),),
            does={"leave": "keep held"},
        ),
        Ask(
            "what",
            Choice(ADDING, {"send": N_("Send"), **LEAVE}, yes="send", shows=True),
            needed=True,
            then={"send": "added", "leave": "leaving"},
            only=(flagged("unproven"),),
            does={"leave": "keep held"},
        ),
        Ask(
            "withdraw",
            WITHDRAW,
            heading=N_("No longer shared with"),
            only=(any_of("what", "withdraw"),),
        ),
        Ask(
            "send",
            NOT_SENT,
            needed=True,
            then={"send": "added"},
            only=(any_of("what", "withdraw"),),
        ),
        Ask(
            "leaving",
            Choice(
                N_("What you wrote or added here was not sent. If you leave now, it is erased."),
                {"erase": N_("Leave and erase it"), "back": N_("Go back")},
            ),
            needed=True,
            then={"erase": "left"},
            only=(flagged("~kept"),),
            does={"back": "stay"},
        ),
        End(
            "left",
            N_("All right. Nothing is kept here."),
            outcome="gone",
            only=(
                any_of("reference", "leave"),
                any_of("return_words", "leave"),
                any_of("what", "leave"),
            ),
        ),
        End("added", ADDED, outcome="filed"),
    ),
)

FOLLOW_UP_1 = Flow(
    "follow_up",
    version=1,
    steps=(
        Ask("language", Choice(N_("{welcome}"), LANGUAGES, verbatim=tuple(LANGUAGES)), needed=True),
        Ask(
            "reference",
            Known(WHICH, "reference", LEAVE),
            needed=True,
            then={"leave": "left"},
            does={"leave": "keep held"},
        ),
        Ask(
            "return_words",
            Known(RETURN_WORDS, "words", LEAVE),
            needed=True,
            then={"leave": "left"},
            only=(flagged("needs_words"),),
            does={"leave": "keep held"},
        ),
        Ask(
            "what",
            Choice(
                N_("What would you like to do?"),
                {"add": N_("Add to the report"), **TAKE_BACK, **LEAVE},
                yes="add",
            ),
            then={"leave": "left"},
            empties=("withdraw",),  # what is held was no answer to this
            does={"leave": "keep held"},
        ),
        Ask(
            "withdraw",
            WITHDRAW,
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
                            "What would you like to add? Write or speak, in as many messages as "
                            "you need; files too. Then press Done.\n\nWhat was sent before stays "
                            "as it is."
                        ),
                        many=True,
                    ),
                    heading=N_("What is added"),
                ),
            ),
            again=ANOTHER,
        ),
        Ask("send", NOT_SENT, needed=True),
        End("added", ADDED, outcome="filed"),
        End("left", N_("All right. Nothing is kept here."), outcome="gone"),
    ),
)
