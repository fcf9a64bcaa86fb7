"""The report: what a witness is asked, from the first hello to the receipt."""

from conversations.flow import Ask, End, Flow, Group
from conversations.model import N_
from conversations.questions import Choice, Files, Review, Words

LANGUAGES = {"uk": "Українська", "ru": "Русский", "en": "English"}

REPORT = Flow(
    "report",
    version=1,
    steps=(
        Ask("language", Choice(N_("{welcome}"), LANGUAGES, verbatim=True), needed=True),
        Ask(
            "who",
            Choice(
                N_(
                    "Nobody reads this chat live. Nothing is sent until you press Send.\n\n"
                    "Then specialist officers of {of_unit} read it. It may be shared with the International Criminal "
                    "Court and partners, and a court can order it to be disclosed.\n\n"
                    "It is voluntary. It is not a statement. Nothing can be promised.\n\n"
                    "Go on?"
                ),
                {"go": N_("Go on"), "no": N_("No")},
            ),
            needed=True,
            then={"no": "declined"},
        ),
        Ask(
            "consent",
            Choice(
                N_(
                    "Telegram can see that you write here.\n\n"
                    "Hide clears this chat at once and erases what is not sent. Messages older than two days can be "
                    "removed only by you. What is not sent {within} is erased.\n\n"
                    "Do you agree that we keep what you write and send?"
                ),
                {"go": N_("Yes, go on"), "no": N_("No")},
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
                            "Tell us in your own words what you saw or what happened to you. Start wherever you like. "
                            "Short is fine.\n\nSend as many messages as you need, written or spoken, then press Done."
                        ),
                        many=True,
                    ),
                    heading=N_("What happened"),
                ),
                Ask(
                    "when",
                    Words(N_("When did it happen? As exactly as you remember. If you are not sure, say so.")),
                    heading=N_("When"),
                ),
                Ask(
                    "where",
                    Words(N_("Where did it happen? The place of the event: a town or village, a street, a landmark.")),
                    heading=N_("Where"),
                ),
                Ask(
                    "files",
                    Files(
                        N_(
                            "Do you have photos, videos, messages or documents about this?\n\n"
                            "Send them now, as many as you like. The paper clip and then File keeps the original. "
                            "Keep it on your phone too. Then press Done, or Skip if there is nothing."
                        )
                    ),
                ),
            ),
            again=Ask(
                "another",
                Choice(N_("Is there another event you want to tell about?"), {"yes": N_("Yes"), "no": N_("No")}),
            ),
        ),
        Ask("review", Review(N_("Nothing is sent yet. You can read it all, change it, or go on to sending."))),
        Ask(
            "send",
            Choice(
                N_("“This is what I remember.”\n\nIf that is so, press Send. After that it cannot be taken back here."),
                {"send": N_("Send")},
            ),
            needed=True,
        ),
        End(
            "filed",
            N_(
                "Your report has been received.\n\nReference: {reference}\nPlease write it down.\n\n"
                "Kept: {events}, {files} ({size}).\n\n"
                "Specialist officers assess every report. They cannot contact everyone. "
                "You can clear this chat on your phone at any time."
            ),
            outcome="filed",
        ),
        End("declined", N_("Nothing was kept. If you change your mind, write here at any time."), outcome="gone"),
    ),
)
