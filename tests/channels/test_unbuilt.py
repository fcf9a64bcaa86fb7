"""aiogram's types are built when they are first used: a process of its own shows what an import leaves."""

import subprocess
import sys

SHOWN = """
import bot.channels.telegram
from aiogram.methods import SendDice
from aiogram.methods.base import Response
from aiogram.types import ChatMemberOwner, Dice, ResultChatMemberUnion, User
assert not any(each.__pydantic_complete__ for each in (Dice, SendDice, User, ChatMemberOwner))
assert Dice.model_validate({"emoji": "d", "value": 3}).value == 3 and Dice.__pydantic_complete__
assert SendDice(chat_id=1, emoji="d").model_dump()["emoji"] == "d"
owner = {"status": "creator", "user": {"id": 7, "is_bot": False, "first_name": "A"}, "is_anonymous": False}
assert Response[ResultChatMemberUnion].model_validate({"ok": True, "result": owner}).result.user.id == 7
"""


def test_a_type_is_built_when_it_is_first_used_and_not_before() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOWN], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
