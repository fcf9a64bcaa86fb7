"""The officers' side: their channel, their private chats, who may do what, and who can read what."""
