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
NOWHERE = Path(os.devnull)


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
            [sys.executable, "-m", "tests.forge"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **question: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, role: str, environment: dict[str, str], log: Path) -> Forged:
        return self.run(["run", "--role", role], environment, error=log)

    def run(
        self,
        arguments: list[str],
        environment: dict[str, str],
        *,
        error: Path,
        output: Path = NOWHERE,
    ) -> Forged:
        """`firsthand ARGUMENTS` in that environment; what it says is added to these files."""
        asked = {
            "arguments": arguments,
            "environment": environment,
            "output": str(output),
            "error": str(error),
        }
        return Forged(self, self.ask(**asked))


def main() -> None:
    for name in ("bot.app", "bot.channels.telegram", "bot.running", "bot.witness.intake", "bot.witness.deliver", "bot.witness.fetch",
                 "bot.witness.duties", "bot.witness.submitting", "bot.sandbox.server", "bot.operator.staff", "bot.operator.backup", "bot.operator.restore", "bot.operator.doctor",
                 "bot.workstation.open_all", "bot.workstation.open_package"):  # fmt: skip
        importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


def _answer(question: dict[str, Any]) -> int | None:
    if "arguments" in question:
        pid = os.fork()
        if not pid:
            _child(question)
        return pid
    pid = question.get("wait") or question["poll"]
    found, status = os.waitpid(pid, 0 if "wait" in question else os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _child(question: dict[str, Any]) -> None:
    """Become the process that `firsthand ARGUMENTS` would be in that environment."""
    os.environ.clear()
    os.environ.update(question["environment"])
    said = [
        os.open(question[name], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for name in ("output", "error")
    ]
    for target, source in enumerate((os.open(os.devnull, os.O_RDONLY), *said)):
        os.dup2(source, target)
    os.closerange(3, 64)
    from bot import clock, kill_points  # noqa: PLC0415

    for module in (kill_points, clock):  # what they do is named by the environment
        importlib.reload(module)
    sys.argv = ["firsthand", *question["arguments"]]
    from bot.cli import main as run  # noqa: PLC0415

    code = 0
    try:
        run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
    except BaseException as failure:  # noqa: BLE001 - as the interpreter would
        sys.excepthook(type(failure), failure, failure.__traceback__)
        code = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
