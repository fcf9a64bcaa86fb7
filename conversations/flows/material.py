"""What somebody has of an event, where its files are from, and who else could tell of it."""

from conversations.conditions import FILES_ONE, FILES_SEVERAL, HAS_FILES, any_of
from conversations.flows.options import ORIGIN
from conversations.flows.rules import MATERIAL, STOPPED, TOLD_INSIDER, by_version
from conversations.model import N_
from conversations.questions import Choice, Files, Words
from conversations.steps import Ask, Each, Inner, Say

HAVE = N_("Do you have photos, videos, messages or documents about this?")
HAVE_MORE = N_("Do you have more photos, videos, messages or documents about this?")
HAVING = {"now": N_("Yes, I will add them now"), "later": N_("Yes, later"), "no": N_("No")}

FILES: tuple[Inner, ...] = (
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
)
OTHERS: tuple[Inner, ...] = (
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
