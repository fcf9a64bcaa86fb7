"""The words that events, effects and states share: answers, texts, controls; all frozen.

Content fields have no repr, so that nothing a witness said can reach a log by accident. Every id is
made by the shell: the core has neither clock nor chance.
"""

from typing import Literal

from conversations.announced import Digests as Digests
from conversations.announced import File as File
from conversations.answers import BARE as BARE
from conversations.answers import About as About
from conversations.answers import Answer as Answer
from conversations.answers import Dated as Dated
from conversations.answers import Passed as Passed
from conversations.answers import Picked as Picked
from conversations.answers import Placed as Placed
from conversations.answers import Quoted as Quoted
from conversations.answers import Said as Said
from conversations.answers import Settlement as Settlement
from conversations.answers import Spoken as Spoken
from conversations.wording import N_ as N_
from conversations.wording import NN_ as NN_
from conversations.wording import Date as Date
from conversations.wording import Message as Message
from conversations.wording import Option as Option
from conversations.wording import Param as Param
from conversations.wording import Path as Path
from conversations.wording import Quote as Quote
from conversations.wording import Size as Size
from conversations.wording import Text as Text

Control = Literal[
    "back",
    "skip",
    "unknown",
    "done",
    "pause",
    "hide",
    "erase",
    "finish",
    "nomore",
    "review",
    "help",
    "privacy",
    "status",
    "delete",
    "language",
    "more",
    "add",
]
