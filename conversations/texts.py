"""What is said at every step of every flow: buttons, acknowledgements, answers to commands."""

from typing import Final

from conversations.model import N_, NN_, Control, Message

CONTROLS: Final[dict[Control, Message]] = {
    "done": N_("Done"),
    "back": N_("Back"),
    "skip": N_("Skip"),
    "unknown": N_("Don't know"),
    "finish": N_("Finish"),
    "hide": N_("Hide and erase"),
    "language": N_("Language"),
}

KEPT_WORDS: Final = NN_("Kept: {count} message.", "Kept: {count} messages.")
KEPT_VOICES: Final = N_("Voice messages: {count}.")
RECEIVED: Final = NN_("Received: {count} file ({size}).", "Received: {count} files ({size}).")
COMING: Final = NN_("On its way: {count} file.", "On their way: {count} files.")
HOLDING: Final = N_("Held for now, messages and files: {count}.")
HOLDING_FIRST: Final = N_("{holding}")
HELD_UNTIL: Final = N_("What you write or add now stays only if you decide to go on.")
WRITE_ON: Final = N_("Write on, or press Done.")
SEND_ON: Final = N_("Add more, or press Done.")
NOTE_KEPT: Final = N_("Your words are kept with your account.")
ADDED: Final = N_("Added to your earlier answer.")
EDIT_KEPT: Final = N_("Your change is kept.")
STARTED_BEFORE: Final = N_("What you wrote before is kept as the start.")

NOT_KEPT: Final = N_("This kind of message cannot be kept. Words, voice, photos, videos and files can.")
SET_ASIDE: Final = N_("Your last message could not be made out. It is kept as it came. Please repeat it, or go on.")
OLD_BUTTON: Final = N_("That button belongs to an earlier question.")
DROPPED: Final = N_("After your change “{heading}” is no longer asked. The answer to it is removed.")
NOTHING_YET: Final = N_("There is nothing to send yet: no words, no voice message, no file.")
STILL_THERE: Final = N_("Your report is not sent yet. Everything you added is kept.")
PLACE_IN_WORDS: Final = N_("A map point cannot be kept here yet. Please write the place in words.")
NO_CONTACTS: Final = N_("A contact card is not kept. Please do not send other people's numbers here.")

TOO_BIG: Final = N_(
    "File {number} was not received: it is larger than the 20 MB this chat can take. Please send it in shorter "
    "pieces, or tell us in words what it shows, and keep the original."
)
GONE: Final = N_("File {number} was not received: the app no longer has it. Please send it again.")
BROKEN: Final = N_("File {number} was not received: it did not arrive whole. Please send it again.")

CHANGE_IT: Final = N_("You answered: “{answer}”. Change it?")
CHANGE: Final = N_("Change")
LEAVE: Final = N_("Leave")
ERASE_ASK: Final = N_("Erase everything you wrote and added here? It cannot be brought back.")
ERASE_YES: Final = N_("Erase everything")
ERASE_NO: Final = N_("Keep it")
ERASED: Final = N_("The report is erased. It was not sent to anyone.")
LANGUAGE_ASK: Final = N_("Which language?")
PAUSED: Final = N_("Everything is kept. You can stop here and come back later. A report not sent {within} is erased.")
HELP: Final = N_(
    "You can stop, skip or go back at any moment.\n"
    "/finish – see everything and go on to sending\n/pause – come back later\n"
    "/hide – clear this chat at once and erase what is not sent\n"
    "/delete – erase a report that is not sent\n/language – another language\n/privacy – who sees what you write\n"
    "If you are in danger now, call {emergency}."
)
PRIVACY: Final = N_(
    "The report is not sent until you press Send. After that specialist police officers read it; it may be shared "
    "with {shared_with}. Telegram can see that you use this chat, and can technically read it."
)
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
REVIEW_ITEM: Final = N_("Change this, or remove it?")
REVIEW_FILE_ITEM: Final = N_("Remove this file?")
REVIEW_FULL: Final = N_("{heading}\n\n{said}")
WRITE_AGAIN: Final = N_("Write it again")
REMOVE: Final = N_("Remove")
REMOVED: Final = N_("Removed.")

SENDING: Final = N_("Being sent. Your reference comes here when it is done.")
SENDING_SOON: Final = NN_(
    "{count} file is still arriving. The report is sent by itself when everything is here.",
    "{count} files are still arriving. The report is sent by itself when everything is here.",
)
SEND_WITHOUT: Final = N_("Send what has arrived")

KINDS: Final[dict[str, Message]] = {
    "photo": N_("photo"),
    "document": N_("document"),
    "video": N_("video"),
    "video_note": N_("video message"),
    "audio": N_("audio"),
    "voice": N_("voice message"),
    "animation": N_("silent video"),
}
