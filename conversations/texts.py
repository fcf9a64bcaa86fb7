"""What is said at every step of every flow: buttons, acknowledgements, answers to commands."""

from typing import Final

from conversations.model import N_, NN_, Control, Message

CONTROLS: Final[dict[Control, Message]] = {
    "done": N_("Done"),
    "back": N_("Back"),
    "skip": N_("Skip"),
    "unknown": N_("Don't know"),
    "finish": N_("Finish"),
    "nomore": N_("Other matters"),
    "hide": N_("Hide and erase"),
    "language": N_("Language"),
    "more": N_("Read more"),
}
HIDE: Final = N_("Hide")
YES: Final = N_("Yes")
NO: Final = N_("No")
GO_ON: Final = N_("Go on")

PARTS: Final[dict[int, Message]] = {
    1: N_("Part 1 of 5: what happened"),
    2: N_("Part 2 of 5: where you were, how you learned of it"),
    3: N_("Part 3 of 5: when and where"),
    4: N_("Part 4 of 5: people and files"),
    5: N_("Part 5 of 5: sharing and contact"),
}

ALL_OF_THEM: Final = N_("All of them")
NONE_OF_THEM: Final = N_("None of them")
OTHER_OPTIONS: Final = N_("More options")
SEVERAL_OF_THESE: Final = N_("Choose several")
PAGE: Final = N_("Page {number} of {of}")
CHOSEN: Final = N_("Chosen: {list}")

EARLIER: Final = N_("Earlier")
FIRST_HALF: Final = N_("January to June")
SECOND_HALF: Final = N_("July to December")
MONTHS: Final = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
THIRDS: Final = (N_("Beginning"), N_("Middle"), N_("End"))
PARTS_OF_DAY: Final[dict[str, Message]] = {
    "morning": N_("Morning"),
    "day": N_("Afternoon"),
    "evening": N_("Evening"),
    "night": N_("Night"),
}
DATE_IS_IT: Final = N_("Noted: {date}. Is that right?")
DATE_YES: Final = N_("Yes, that is right")
DATE_ABOUT: Final = N_("About then")
DATE_UNTIL: Final = N_("It went on for longer")
DATE_UNTIL_WHEN: Final = N_("Until when? Write it, or choose the year.")
DATE_OTHER: Final = N_("Another date")
DATE_UNREAD: Final = N_(
    "Your words are kept. If you know the year, please choose it; if not, press Skip."
)
WHICH_YEAR: Final = N_("Which year was it?")
WHICH_MONTH: Final = N_("Which month was it ({date})? If you do not know, press Skip.")
WHICH_DAY: Final = N_(
    "Which day was it ({date})? Write the number or choose. If you do not know, press Skip."
)

KEPT_WORDS: Final = NN_("Kept: {count} message.", "Kept: {count} messages.")
KEPT_VOICES: Final = N_("Voice messages: {count}.")
RECEIVED: Final = NN_("Received: {count} file ({size}).", "Received: {count} files ({size}).")
COMING: Final = NN_("On its way: {count} file.", "On their way: {count} files.")
HOLDING: Final = N_("Held for now, messages and files: {count}.")
HOLDING_FIRST: Final = N_("{holding}")
HELD_UNTIL: Final = N_("What you write or add now stays only if you decide to go on.")
UNCHANGED: Final = N_("To send the next one unchanged, press the paper clip, then File.")
WRITE_ON: Final = N_("Write on, or press Done.")
SEND_ON: Final = N_("Add more, or press Done.")
NOTE_KEPT: Final = N_("Your words are kept with your account.")
ADDED: Final = N_("Added to your earlier answer.")
EDIT_KEPT: Final = N_("Your change is kept.")
STARTED_BEFORE: Final = N_("What you wrote before is kept as the start.")

NOT_KEPT: Final = N_(
    "This kind of message cannot be kept. Words, voice, photos, videos and files can."
)
KEPT_UNREAD: Final = N_(
    "This is {kind}. It cannot be read here, so it is kept as it came and goes with your report. "
    "If it says something that matters, please write that in words, too."
)
UNREAD_KINDS: Final[dict[str, Message]] = {
    "checklist": N_("a checklist"),
    "poll": N_("a poll"),
    "paid_media": N_("paid media"),
    "story": N_("a story"),
    "unknown": N_("a new kind of message"),
}
FILE_EXCHANGED: Final = N_("The new file is on its way. It takes the place of the one before.")
WORDS_DROPPED: Final = N_("The return words from before open nothing any more.")
SET_ASIDE: Final = N_(
    "Your last message could not be made out. It is kept as it came. Please repeat it, or go on."
)
LOST_WITH_US: Final = N_(
    "There was a fault on our side, and we had to go back to an earlier copy. We are sorry. What "
    "was written in this chat and not sent is lost; nobody can read it. A report sent shortly "
    "before may be lost too: if you have its number, please give it when you write again."
)
OLD_BUTTON: Final = N_("That button belongs to an earlier question.")
DROPPED: Final = N_(
    "After your change “{heading}” is no longer asked. The answer to it is removed."
)
NOTHING_ARRIVED: Final = N_("Nothing has arrived yet: no words, no voice message, no file.")
PRESS_A_BUTTON: Final = N_("Please press a button to answer.")
HIDE_AGAIN: Final = N_("Once more: hide and erase")
KEPT_TO_ADD: Final = N_("It is kept here, and added once the report is found.")
NUMBER_UNREAD: Final = N_(
    "That is no whole number of a report: it has ten letters and digits. Please look once more."
)
NOTHING_YET: Final = N_("There is nothing to send yet: no words, no voice message, no file.")
YOU_WROTE: Final = N_("You wrote before: “{said}”")
THAT_PLACE: Final = N_("Yes, that is the place")
BY_REGION: Final = N_("Choose the region")
WHICH_REGION: Final = N_("In which region was it?")
WHICH_SETTLEMENT: Final = N_("{region}: which town or village? Write its name, or press Skip.")
IS_IT_THIS: Final = N_("If it was here, press the name. Your own words stay in any case.")
IS_IT_HERE: Final = N_("Press the name of the place where it was. Your own words stay in any case.")
SAME_NAME: Final = N_(
    "Several places are called so. In which region was it? Your own words stay in any case."
)
PLACE_IN: Final = N_("{place}, {region}")
KINDS_OF_PLACE: Final[dict[str, Message]] = {
    "city": N_("city"),
    "settlement": N_("settlement"),
    "village": N_("village"),
}
RAION: Final = N_("{name} raion")
HROMADA: Final = N_("{name} community")
MORE_PLACES: Final = N_("More")
NONE_OF_THESE: Final = N_("Another place")
PLACE_IN_WORDS: Final = N_(
    "A map point cannot be kept here. Please write the place in words when you are asked."
)
NOT_WHERE_YOU_LIVE: Final = N_(
    "That point is in the UK. We do not need where you live; it is not kept."
)
PIN_ASK: Final = N_("Is this point the place of the event, and not where you are now?")
PIN_NEAR: Final = N_(
    "The point is near {place}. Is it the place of the event, and not where you are now?"
)
PIN_LIVE: Final = N_(
    "One point is taken. Your phone goes on sharing where you are: to stop it, press “Stop "
    "sharing” on the map above."
)
PIN_YES: Final = N_("Yes, the place of the event")
PIN_KEPT: Final = N_("The point is kept as the place of the event.")
NO_CONTACTS: Final = N_(
    "The contact card is not kept. Please write a number only when you are asked for one."
)
CARD_ASK: Final = N_("Has this person agreed that the police get their number?")
CARD_YES: Final = N_("They agreed")
CARD_NO: Final = N_("No, do not keep it")
CARD_KEPT: Final = N_("The number is kept apart from your account.")
NOT_HERE: Final = N_(
    "We do not keep what you write or add here: you can tell it to somebody from the police. "
    "Please answer the question below."
)
CHILD_IN_DANGER: Final = N_(
    "Nobody is reading this now, and we cannot help quickly from here. If you are in danger, call "
    "{emergency}. {child_help}"
)
HELD_GONE: Final = N_("What you wrote or added here before is erased.")
NOT_KEPT_AFTER_ALL: Final = N_(
    "A day has passed, and what you had added here is erased. You can begin again at any time."
)

FIVE_WORDS: Final = N_(
    "Please note these words on paper; they are not shown again. If you hide the chat and later "
    "want to come back to the report, write them to this bot, on this phone or another.\n\n{words}"
)
OWN_TAKEN: Final = N_(
    "The return words are taken. If you hide the chat and later want to come back to the report, "
    "write them to this bot."
)
OWN_TOO_FEW: Final = N_("So that nobody can guess them, there must be at least four words.")
NO_TRIES: Final = N_(
    "Return words cannot be looked for at this moment. Please write them once more in a minute. "
    "Nothing of this message is kept."
)
OPENS_NOTHING: Final = N_(
    "No report opens with these words. Please look once more at what you noted. Nothing of this "
    "message is kept."
)
OPENS_LATER: Final = N_(
    "These words open another report. Write them once more when the report begun in this chat is "
    "sent or hidden. Nothing of this message is kept."
)
OPEN_ELSEWHERE: Final = N_(
    "These words open a report that is open in another chat. Hide it there first. Nothing of this "
    "message is kept."
)
DANGER: Final = N_(
    "Nobody is reading your words now, and we cannot help quickly from here.\n\nIf you are in "
    "danger, or thinking of harming yourself, call {emergency}. {help_lines}"
)
LOCKED: Final = N_("Earlier answers are hidden now. To see them, write your return words.")

RESUME: Final = N_("Your report is not sent yet. You stopped at: {heading}.")
RESUME_QUESTIONS: Final = N_("short questions")
RESUME_READ: Final = N_("See what I wrote")
RESUME_SEND: Final = N_("Go on to sending")
RESUME_ERASE: Final = N_("Erase")
RESUME_ANOTHER: Final = N_("Another person writes now")
REMINDER_SET: Final = N_(
    "One message will come tomorrow. Nobody will see from it what it is about."
)
REMINDER: Final = N_("This is the reminder you asked for.")

FILE_SENT_AT: Final = N_("{kind} ({time}, UK time)")
TOO_BIG: Final = N_(
    "Not received: {file}. It is larger than the {file_limit} this chat can take. Please keep the "
    "original, if that is safe, and say in short what file it is: an officer can ask you for it."
)
GONE: Final = N_("Not received: {file}. The app no longer has it. Please send it again.")
BROKEN: Final = N_("Not received: {file}. It did not arrive whole. Please send it again.")
WRITE_IT: Final = N_(
    "Please write it: a voice message would be kept with what you tell us, and not apart from it. "
    "This one is not kept."
)
QUOTA: Final = N_(
    "Not received: {file}. This chat cannot take more files for now: the limit of one day is "
    "reached. Files that you add within the next day are not kept either. If that is safe, keep "
    "the originals and add them later. You can go on writing or speaking."
)
QUOTA_NEAR: Final = NN_(
    "Within a day this chat can take {count} more file, {size} in all. You can go on writing or "
    "speaking.",
    "Within a day this chat can take {count} more files, {size} in all. You can go on writing or "
    "speaking.",
)

IS_SENT: Final = N_("That report is sent. Nothing in it can be changed here; it can be added to.")
SENT_BEFORE: Final = N_(
    "This report is sent.\n\nNumber: {reference}\n\nTo add to it, press /add. This number and the "
    "return words are needed."
)
CHANGED_DESTROYED: Final = N_(
    "Words that you changed or removed are destroyed; the report only notes that there was a "
    "change."
)
CHANGED_KEPT: Final = N_(
    "With the report the police also get the words that you changed or removed, marked as such."
)
"""What stands for {changed_words} in other texts; the appeal decides which is true."""

ADD_TO_IT: Final = N_("Add to your report")
NEW_REPORT: Final = N_("New report")
CLEAR: Final = N_("Clear this chat")
LIST_OF_FILES: Final = N_("List of files")
SIGNED_RECEIPT: Final = N_("Signed receipt")
PROOF_WARNING: Final = N_(
    "If this is shown here, whoever looks into the chat will understand that something was sent to "
    "the police. You need not keep it: the number is enough. It can be shown only until a day "
    "after sending.\n\nShow it here?"
)
PROOF_SHOW: Final = N_("Show it")
PROOF_FILES: Final = N_(
    "Number: {reference}\nReceived: {hour}\n\n{files}\n\nThe long number below each file is its "
    "fingerprint (SHA-256): as long as the file is not changed, it stays the same."
)
PROOF_SIGNED: Final = N_(
    "Below is what was received, signed electronically. With it somebody who has the report can "
    "check that nothing was changed. Copy this message whole.\n\n{signed}"
)
PROOF_GONE: Final = N_(
    "It can no longer be shown: that is possible until a day after sending. The report itself is "
    "not concerned."
)
CHANGE_IT: Final = N_("You answered: “{answer}”. Change it?")
CHANGE: Final = N_("Change")
LEAVE: Final = N_("Leave")
ERASE_ASK: Final = N_("Erase everything you wrote and added here? It cannot be brought back.")
ERASE_YES: Final = N_("Erase everything")
ERASE_NO: Final = N_("Keep it")
ERASED: Final = N_("The report is erased. It was not sent to anyone.")
LANGUAGE_ASK: Final = N_("Which language?")
PAUSED: Final = N_(
    "Everything is kept. You can stop here and come back later. A report not sent {within} is "
    "erased."
)
PAUSED_REMIND: Final = N_(
    "Everything is kept. You can stop here and come back later. A report not sent {within} is "
    "erased.\n\n"
    "Shall one message remind you tomorrow? Nobody will see from it what it is about."
)
HELP: Final = N_(
    "You can stop, skip or go back at any moment.\n/finish – see everything and go on to "
    "sending\n/pause – stop, and come back later\n/hide – clear this chat at once; without return "
    "words that erases what is not sent\n/delete – erase a report that is not sent\n/language – "
    "another language\n/privacy – who sees what you write\nIf you are in danger now, call "
    "{emergency}."
)
PRIVACY: Final = N_(
    "The police get nothing until you press Send. After that specialist police officers read the "
    "report; it is shared with {shared_with} if you allow it, or if a court or the law requires "
    "it. {channel_privacy}"
)
NOT_FOUND: Final = N_(
    "No report was found by this number and these words. Please look once more at what you noted. "
    "Your message is not kept."
)
ADD_LATER: Final = N_(
    "To add to a report that is sent, first finish, hide or erase the one you are writing."
)
STATUSES: Final[dict[str, Message]] = {
    "new": N_("The report is received and waits for an officer."),
    "claimed": N_("The report is received; an officer is assessing it."),
    "closed": N_(
        "The report has been received and assessed. The police keep it; you can add to it."
    ),
}
STATUS_DRAFT: Final = N_("This report is not sent yet.")
STATUS_NOTHING: Final = N_("There is nothing unsent here.")

REVIEW_LINE: Final = N_("{heading}: {said}")
REVIEW_EVENT: Final = N_("Event {number}")
REVIEW_FILE: Final = N_("File {number}")
REVIEW_FILE_LINE: Final = N_("File {number}: {kind}, {size}")
REVIEW_FILE_COMING: Final = N_("File {number}: {kind}, on its way")
REVIEW_FILE_LOST: Final = N_("File {number}: it did not arrive")
REVIEW_ALL: Final = N_("Read it all")
REVIEW_LIST: Final = N_("Change or remove")
REVIEW_GO: Final = N_("Go on to sending")
REVIEW_PICK: Final = N_("What would you like to change or remove?")
REVIEW_MORE: Final = N_("More")
REVIEW_RETURN: Final = N_("Back to the report")
REVIEW_ITEM: Final = N_("{heading}: change it, or remove it?")
REVIEW_FILE_ITEM: Final = N_("Remove file {number} ({kind})?")
REVIEW_BACK: Final = N_("Earlier ones")
REVIEW_SHARING: Final = N_("Where you did not answer about sharing, it counts as No.")
REVIEW_LATER: Final = N_("You wanted to add files later: none has come yet.")
REVIEW_ASIDE: Final = NN_(
    "{count} message that cannot be read here goes with it as it came.",
    "{count} messages that cannot be read here go with it as they came.",
)
ALL_FILES: Final = N_("The files")
KEPT_ALL: Final = N_("Kept: {events}, {files} ({size}).{announced}\n\n")
KEPT_EVENTS: Final = N_("Kept: {events}.{announced}\n\n")
ANNOUNCED: Final = NN_(
    " Announced, not received: {count} file.", " Announced, not received: {count} files."
)
REVIEW_FULL: Final = N_("{heading}\n\n{said}")
WRITE_AGAIN: Final = N_("Write it again")
REMOVE: Final = N_("Remove")
REMOVED: Final = N_("Removed.")

SENDING: Final = N_("Being sent. Your number comes here when it is done.")
SENDING_SOON: Final = NN_(
    "{count} file is still arriving. The report is sent by itself when everything is here.",
    "{count} files are still arriving. The report is sent by itself when everything is here.",
)
SEND_WITHOUT: Final = N_("Send what has arrived")

POINT: Final = N_("(a point on the map)")

KINDS: Final[dict[str, Message]] = {
    "photo": N_("photo"),
    "document": N_("document"),
    "video": N_("video"),
    "video_note": N_("video message"),
    "audio": N_("audio"),
    "voice": N_("voice message"),
    "animation": N_("silent video"),
}
