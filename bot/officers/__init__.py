"""The officers' side: their channel, their private chats, who may do what, and who can read what.

Begin at `desk` (one transaction, its verbs, a ledger line each) and `access` (who may, as a
table); `chat` takes in and `posting` says, and they alone import python-telegram-bot. Nothing
here can open a report, and the process that runs it holds no key of a witness: what goes out is
packed sealed (`packing`).
"""
