"""The way in: language, safety, three short questions, the role, consent, return words; and the way
for a child.
"""

from conversations.conditions import any_of, flagged, just
from conversations.flows.options import CONNECTED, IN_UK, IN_UKRAINE, ROLES, ROLES_3
from conversations.flows.rules import MINOR
from conversations.languages import LANGUAGES
from conversations.model import N_
from conversations.questions import Choice, OwnWords, Several, Words
from conversations.state import VERSIONS
from conversations.steps import Ask, Say, Step

SAFE = N_(
    "A program answers here: nobody reads this chat while you write. Nothing reaches the police "
    "until you press Send.\n\n"
    "Then specialist police officers of {of_unit} read it. {channel_sees} You can leave at "
    "any moment: press “Hide and erase”.\n\n"
    "Is it safe for you to write now?"
)
SAFE_NOW = {"yes": N_("Yes"), "later": N_("Not now")}

ENTRY: tuple[Step, ...] = (
    Ask("language", Choice(N_("{welcome}"), LANGUAGES, verbatim=tuple(LANGUAGES)), needed=True),
    *(
        Ask("safe", Choice(SAFE, options), then={"later": "not_now"}, since=since, until=until)
        for options, since, until in (
            (SAFE_NOW, 0, 2),
            ({**SAFE_NOW, "number": N_("I have a number")}, 3, 0),
        )
    ),
    Ask("uk", IN_UK, until=2, marks={"no": "outside_uk"}),
    Ask(
        "abroad",
        Choice(
            N_(
                "This chat is for people who are in the UK now. If you are in another country, you "
                "can turn to the International Criminal Court, to {prosecutors}, or, if "
                "that is safe, to the police there.\n\n{signposts}"
            ),
            {"go": N_("Go on anyway"), "finish": N_("Leave, keep nothing")},
            yes="go",
        ),
        then={"finish": "declined"},
        until=2,
        only=(any_of("uk", "no"),),
    ),
    Ask("ukraine", IN_UKRAINE, then={"no": "elsewhere"}, until=2),
    Ask(
        "adult",
        Choice(N_("Are you 18 or older?"), {"yes": N_("Yes"), "no": N_("No")}, adult=True),
        empties=("no",),
        marks={"no": "minor"},
    ),
    Ask(
        "role",
        Several(CONNECTED, ROLES, one_tap=True),
        heading=N_("Connection"),
        until=2,
        unless=(MINOR,),
    ),
    Ask(
        "role",
        Several(CONNECTED, ROLES_3, one_tap=True),
        heading=N_("Connection"),
        since=3,
        unless=(MINOR,),
    ),
    Ask(
        "media",
        Choice(
            N_(
                "What was published in the media or on channels reaches the police in other ways. "
                "Here we ask for something else: what you saw yourself, or what somebody sent to "
                "you directly.\n\n{signposts}"
            ),
            {"first_hand": N_("Not only from there"), "finish": N_("Leave, keep nothing")},
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
        Words(
            N_("Who are you to this person? For example: a daughter, a neighbour, an interpreter.")
        ),
        heading=N_("Who is writing"),
        only=(any_of("with_you", "yes"),),
    ),
    Say(
        "consent_of_them",
        N_(
            "Please read the next messages, up to the question, to the person in their own "
            "language. Go on only if they agree."
        ),
        apart=True,
        only=(any_of("with_you", "yes"),),
        unless=(MINOR,),
    ),
)

CONSENT = (
    Say(
        "versions",
        N_(
            "Earlier versions of your words are kept here. If you send the report, the police also "
            "get the words that you changed or removed before, marked as such."
        ),
        apart=True,
        only=(flagged(VERSIONS),),
        unless=(MINOR,),
    ),
    Say(
        "consent_1",
        N_(
            "Taking part is voluntary. This is not a formal statement.\n\nSpecialist police "
            "officers read what you send. It may be shared with {shared_with}; further on you "
            "choose. A court or the law can require disclosure whatever you choose. We cannot "
            "promise an investigation."
        ),
        apart=True,
        unless=(MINOR,),
    ),
    Ask(
        "consent",
        Choice(
            N_(
                "What you write is kept so that you can go on later. A report not sent {within} is "
                "erased.\n\nAt every step you can clear this chat: messages of two days are "
                "removed, older ones only you can remove. The empty chat stays, with the bot's "
                "name and description. /delete erases what is not sent. After sending nothing can "
                "be taken back here.\n\nDo you agree, and want to go on?"
            ),
            {"go": N_("Yes, go on"), "no": N_("No")},
            yes="go",
            more=N_(
                "The police unit that runs this appeal decides how a report is used. It is "
                "assessed by specialist officers. What you send can become evidence; then the law "
                "says who must see it, and for how long it is kept. Before you send, you can "
                "change or remove anything. {changed_words} {channel_reads} A copy of this, "
                "and how to complain, is on the police website."
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
                "If you hide this chat, only return words can open the report again. You note them "
                "on paper, and if you want to come back you write them to this bot, on this phone "
                "or another.\n\nWithout such words, “Hide and erase” clears the chat and erases "
                "what is not sent.\n\nDo you want such words?"
            ),
            {
                "five": N_("Yes, show me five words"),
                "own": N_("Yes, my own words"),
                "none": N_("No, I do not"),
            },
        ),
        unless=(MINOR,),
        does={"five": "make words", "none": "drop words"},
        locked=True,
    ),
    Ask(
        "own_words",
        OwnWords(
            N_(
                "Write at least four return words that nobody could guess, and note them on paper. "
                "They are not kept here."
            )
        ),
        only=(any_of("words", "own"),),
    ),
)

CHILD = (
    Ask(
        "child_contact",
        Choice(
            N_(
                "You need not tell here what happened: we do not ask people under 18. A specially "
                "trained officer can talk with you. An adult you trust can be beside "
                "you.\n\n{child_help}\n\nWho may the police call?"
            ),
            {"adult": N_("An adult I trust"), "me": N_("Me"), "nobody": N_("Nobody")},
        ),
        needed=True,
        then={"nobody": "child_end"},
        only=(MINOR,),
    ),
    Ask(
        "child_details",
        Words(
            N_(
                "Please write the name and the phone number of whoever is to be called. Only "
                "specialist officers see them."
            )
        ),
        heading=N_("Who to call"),
        needed=True,
        private=True,
        only=(any_of("child_contact", "adult", "me"),),
    ),
)
