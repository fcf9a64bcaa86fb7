"""The report: what a witness is asked, from the first hello to the receipt."""

from conversations.flow import Flow
from conversations.languages import LANGUAGES
from conversations.model import N_
from conversations.questions import Choice, Files, Review, Words
from conversations.steps import Ask, End, Group

REPORT = Flow(
    "report",
    version=1,
    steps=(
        Ask("language", Choice(N_("{welcome}"), LANGUAGES, verbatim=tuple(LANGUAGES)), needed=True),
        Ask(
            "who",
            Choice(
                N_(
                    "Nobody reads this chat live. The report is not sent until you press Send.\n\n"
                    "Then specialist officers of {of_unit} read it. It may be shared with "
                    "{shared_with}, and a court can order its disclosure.\n\n"
                    "It is voluntary. It is not a formal statement. Nothing can be promised.\n\n"
                    "Go on?"
                ),
                {"go": N_("Go on"), "no": N_("No")},
                yes="go",
            ),
            needed=True,
            then={"no": "declined"},
        ),
        Ask(
            "consent",
            Choice(
                N_(
                    "{channel_sees_and_reads}\n\n"
                    "“Hide and erase” clears this chat at once and erases a report that is not "
                    "sent. Messages older than two days can be removed only by you. A report not "
                    "sent {within} is erased.\n\n"
                    "Do you agree that we keep what you write and add here?"
                ),
                {"go": N_("Yes, go on"), "no": N_("No")},
                yes="go",
            ),
            needed=True,
            then={"no": "declined"},
        ),
        Group(
            "incident",
            prefix="i",
            steps=(
                Ask(
                    "account",
                    Words(
                        N_(
                            "Tell us in your own words what you saw or what happened to you. Start "
                            "wherever you like. Short is fine.\n\nWrite or speak, in as many "
                            "messages as you need. Then press Done."
                        ),
                        many=True,
                    ),
                    heading=N_("What happened"),
                ),
                Ask(
                    "when",
                    Words(
                        N_(
                            "When did it happen? As exactly as you remember. If you are not sure, "
                            "say so."
                        )
                    ),
                    heading=N_("When"),
                ),
                Ask(
                    "where",
                    Words(
                        N_(
                            "Where did it happen? The place of the event: a town or village, a "
                            "street, a landmark."
                        )
                    ),
                    heading=N_("Where"),
                ),
                Ask(
                    "files",
                    Files(
                        N_(
                            "Do you have photos, videos, messages or documents about this?\n\n"
                            "You can add them here, as many as you need. To send a file unchanged, "
                            "press the paper clip, then File. Keep the original on your phone too, "
                            "if that is safe. Then press Done; if there is nothing, press Skip."
                        )
                    ),
                ),
            ),
            again=Ask(
                "another",
                Choice(
                    N_("Is there another event you want to tell about?"),
                    {"yes": N_("Yes"), "no": N_("No")},
                ),
            ),
        ),
        Ask(
            "review",
            Review(
                N_(
                    "The report is not sent yet. You can read it all, change it, or go on to "
                    "sending."
                )
            ),
        ),
        Ask(
            "send",
            Choice(
                N_(
                    "“This is what I remember.”\n\nIf that is so, press Send. After that it cannot "
                    "be taken back here."
                ),
                {"send": N_("Send")},
            ),
            needed=True,
        ),
        End(
            "filed",
            N_(
                "Your report has been received.\n\nReference: {reference}\nPlease write it "
                "down.\n\n"
                "Kept: {events}, {files} ({size}).\n\n"
                "Specialist officers assess every report. They cannot contact everyone. You can "
                "clear this chat on your phone at any time."
            ),
            outcome="filed",
        ),
        End(
            "declined",
            N_("Nothing was kept. If you change your mind, write here at any time."),
            outcome="gone",
        ),
    ),
)
