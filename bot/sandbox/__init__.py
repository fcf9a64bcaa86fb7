"""Our own Telegram Bot API server on loopback: strict where Telegram is, with a page to see it from
the phone's side.

It knows Telegram and nothing of Firsthand: the bots speak to it over HTTP as they would to
Telegram.
"""
