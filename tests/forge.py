"""Starts the product's processes by forking one that has imported everything already.

They are processes like any others, with a memory of their own, and can be killed; only the seconds that importing
aiogram takes at every start are saved. Speaks JSON lines on its standard input and output.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class Forged:
    """A child of the forge, with the parts of Popen's face that the tests use."""

    def __init__(self, forge: "Forge", pid: int) -> None:
        self._forge, self.pid = forge, pid
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(15)

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._forge.ask(poll=self.pid)
        return self.returncode

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = self._forge.ask(wait=self.pid)
        assert self.returncode is not None
        return self.returncode


class Forge:
    """The forge, as seen from the test process; one a worker."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forge"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **question: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, role: str, environment: dict[str, str], log: Path) -> Forged:
        return Forged(self, self.ask(role=role, environment=environment, log=str(log)))


def main() -> None:
    for name in ("bot.app", "bot.channels.telegram", "bot.running", "bot.intake", "bot.deliver", "bot.fetch",
                 "bot.timers", "bot.filing", "bot.sandbox.server"):  # fmt: skip
        importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


def _answer(question: dict[str, Any]) -> int | None:
    if "role" in question:
        pid = os.fork()
        if not pid:
            _child(question)
        return pid
    pid = question.get("wait") or question["poll"]
    found, status = os.waitpid(pid, 0 if "wait" in question else os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _child(question: dict[str, Any]) -> None:
    """Become the process that `firsthand run --role ROLE` would be in that environment."""
    os.environ.clear()
    os.environ.update(question["environment"])
    log = os.open(question["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    quiet = os.open(os.devnull, os.O_RDWR)
    for target, source in ((0, quiet), (1, quiet), (2, log)):
        os.dup2(source, target)
    os.closerange(3, 64)
    import bot.drill  # noqa: PLC0415

    importlib.reload(bot.drill)  # its points are named by the environment
    sys.argv = ["firsthand", "run", "--role", question["role"]]
    from bot.cli import main as run  # noqa: PLC0415

    try:
        run()
    except SystemExit as ended:
        os._exit(ended.code if isinstance(ended.code, int) else 1)
    except BaseException as failure:  # noqa: BLE001 - as the interpreter would
        sys.excepthook(type(failure), failure, failure.__traceback__)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
