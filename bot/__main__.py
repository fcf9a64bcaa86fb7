"""`firsthand` and `python -m bot`."""

import sys

from bot.endings import ended


def main() -> None:
    """Run what was asked for. A role is started without the command line's own libraries: they
    would stay in its memory, and delay each start.
    """
    match sys.argv[1:]:
        case ["run", "--role", role] if role and not role.startswith("-"):
            from bot.starting import run_role  # noqa: PLC0415

            ended(lambda: run_role(role))
        case ["supervise", home, health, role, *roles]:  # no command of anybody's
            from bot.starting import supervise  # noqa: PLC0415

            ended(lambda: supervise(home, health, [role, *roles]))
        case _:
            from bot import cli  # noqa: PLC0415

            cli.main()


if __name__ == "__main__":
    main()
