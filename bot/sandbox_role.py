"""Our own Telegram as a process: it needs no database, no key and none of the bots' parts."""

from bot.operator.practice_team import TEAM
from bot.process.http_server import bind_socket
from bot.process.together import run_together
from bot.sandbox.server import serve
from bot.sandbox.world import Person, World
from bot.settings import SANDBOX_TOKENS, Settings


async def sandbox(settings: Settings) -> None:
    """Our own Telegram on loopback."""
    listening = bind_socket(f"127.0.0.1:{settings.sandbox_port}", "SANDBOX_PORT")
    world = World(
        settings.home.absolute() / "telegram-files",
        local=settings.telegram_local,
        limits=settings.sandbox_limits,
    )
    for name, token in SANDBOX_TOKENS.items():
        world.add_bot(name, token)
    for one in TEAM:
        world.people[one.account] = Person(one.account, one.call_sign, "en", started={"officers"})
        world.private("officers", one.account)
    await run_together(lambda: serve(world, listening))
