"""The ways a witness can reach us; each is two pure translations and one loop.

Begin at `port`, which is what the rest of the shell sees of any channel; `message` reads what
Telegram sends, `telegram` speaks to it and is the one module that imports aiogram. A channel
knows nothing of conversations, storage or officers.
"""
