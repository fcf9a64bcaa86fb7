"""What machines are told of an installation's health is what is so."""

import json
import os
import signal
import socket
import subprocess
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import config
from bot.operator.health import Health
from bot.process.heartbeat import Heartbeat
from tests import seaweed
from tests.installation import PYTHON, ROOT, Installation, free_port, running
from tests.people import Phone
from tests.waiting import until
from tests.whole.test_end_to_end import LABELS, consented

SAY = LABELS["en"]


async def figures(client: httpx.AsyncClient) -> dict[str, float]:
    """Those without a label."""
    text = (await client.get("/metrics")).text
    return {
        s.name: s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
        if not s.labels
    }


async def test_a_role_tells_how_it_is_and_what_waits(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    async with running(tmp_path) as it, httpx.AsyncClient(base_url=f"http://{address}") as client:
        it.kill("witness")
        it.restart("witness", FIRSTHAND_HEALTH=address)
        phone = await Phone.new(it.http)
        await consented(phone, SAY)
        await it.settled_but_open(1)
        assert (
            (await client.get("/healthz")).status_code,
            (await client.get("/readyz")).json(),
        ) == (200, {"status": "well"})
        found = await figures(client)
        assert found["firsthand_open_reports"] == 1 and found["firsthand_messages_waiting"] == 0
        assert (
            found["firsthand_oldest_unsent_message_seconds"]
            == 0
            == found["firsthand_oldest_update_seconds"]
        )
        assert found["firsthand_disk_free_bytes"] > 0

        await it.http.put("/faults", json={"429": 1})
        it.kill("files")
        await phone.write("said")
        await phone.send(("a.jpg", b"x"), kind="photo")
        await it.until_rows("(SELECT 1 FROM work WHERE kind = 'fetch')", 1)
        it.kill("witness")
        it.restart("witness", FIRSTHAND_HEALTH=address, FIRSTHAND_DRILL="ahead=7200")
        await answers(client)
        found = await figures(client)
        assert found["firsthand_messages_waiting"] > 0 and found["firsthand_files_waiting"] == 1
        assert (
            found["firsthand_oldest_unsent_message_seconds"]
            >= 7200
            <= found["firsthand_oldest_unsealed_file_seconds"]
        )
        text = (await client.get("/metrics")).text
        assert 'firsthand_process_up{role="witness"} 1.0' in text and str(phone.person) not in text
        said = it.command("doctor", check=False).stdout
        assert "nothing is wrong" in said  # by this machine's clock, nothing has waited for an hour


async def answers(client: httpx.AsyncClient) -> None:
    """Wait until it does, and says that all is well."""

    async def well() -> bool:
        try:
            return (await client.get("/healthz")).is_success
        except httpx.TransportError:
            return False

    await until(well)


async def test_the_supervisor_answers_for_all_and_counts_what_it_started_again(
    tmp_path: Path,
) -> None:
    address = f"127.0.0.1:{free_port()}"
    it = Installation(tmp_path, FIRSTHAND_HEALTH=address)
    process = subprocess.Popen(
        [PYTHON, "-m", "bot", "run"], cwd=ROOT, env=it.environment, stdout=subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}") as client:
            await answers(client)
            officers = pid_of(process.pid, "officers")
            os.kill(officers, signal.SIGKILL)
            again = 'firsthand_process_restarts_total{role="officers"} 1.0'

            async def counted() -> bool:
                return again in (await client.get("/metrics")).text

            await until(counted)
            assert (await client.get("/readyz")).is_success
    finally:
        process.terminate()
        process.wait()
        it.end()
    assert list((it.home / "status").iterdir()) == []


async def test_children_end_when_their_supervisor_is_killed_and_a_new_one_starts(
    tmp_path: Path,
) -> None:
    address = f"127.0.0.1:{free_port()}"
    it = Installation(tmp_path, FIRSTHAND_HEALTH=address)

    def supervisor() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [PYTHON, "-m", "bot", "run"], cwd=ROOT, env=it.environment, stdout=subprocess.DEVNULL
        )

    async with httpx.AsyncClient(base_url=f"http://{address}") as client:
        first = supervisor()
        await answers(client)
        children = [pid_of(first.pid, role) for role in ("sandbox", "witness", "files", "officers")]
        first.kill()
        first.wait()

        async def ended() -> bool:
            return not any(runs(child) for child in children)

        await until(ended)
        second = supervisor()
        try:
            await answers(client)
            third = it.command("run", check=False)
            assert third.returncode == 78
            assert f"(process {second.pid}, http://127.0.0.1:{it.port})" in third.stderr
        finally:
            second.terminate()
            assert second.wait() == 0
            it.end()


async def test_a_role_in_a_unit_of_its_own_is_started_again_and_answers_for_its_health(
    tmp_path: Path,
) -> None:
    """As docs/deploy/firsthand@.service runs it."""
    address = f"127.0.0.1:{free_port()}"
    it = Installation(tmp_path, FIRSTHAND_HEALTH=address, FIRSTHAND_RENEW="1")
    it.prepare()
    unit = subprocess.Popen(
        [PYTHON, "-m", "bot", "run", "--role", "files"], cwd=ROOT, env=it.environment
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}") as client:
            await answers(client)
            os.kill(pid_of(unit.pid, "files"), signal.SIGKILL)

            async def counted() -> bool:
                found = 'firsthand_process_restarts_total{role="files"} 1.0'
                return found in (await client.get("/metrics")).text

            await until(counted)
            await answers(client)
            assert "officers process" not in it.command("doctor", check=False).stdout
    finally:
        unit.terminate()
        assert unit.wait() == 0
        it.end()


def test_of_two_starts_at_the_same_moment_one_runs_and_the_other_says_one_sentence(
    tmp_path: Path,
) -> None:
    it = Installation(tmp_path)
    both = [started(it, [PYTHON, "-m", "bot"], ROOT) for _ in range(2)]
    try:
        while not (over := [one for one in both if one.poll() is not None]):
            time.sleep(0.05)
        (second,) = over
        (first,) = (one for one in both if one is not second)
        said, sentence = second.communicate()
        assert (second.returncode, said) == (78, "") and sentence.count("\n") == 1
        assert (
            f"another firsthand (process {first.pid}, http://127.0.0.1:{it.port}) is running in"
            in sentence
        )
    finally:
        for one in both:
            one.terminate()
            one.communicate()
        it.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after", [0.0, 0.1])
def test_whoever_stops_it_right_after_its_start_is_heard(
    number: signal.Signals, after: float, tmp_path: Path
) -> None:
    it = Installation(tmp_path)
    run = started(it, [PYTHON, "-m", "bot"], ROOT)
    until_it_runs(run)
    time.sleep(after)
    run.send_signal(number)
    said, wrong = run.communicate()
    assert (run.returncode, said) == (0, "Stopped.\n") and "Traceback" not in wrong
    it.end()


def test_what_lies_in_the_folder_where_it_is_started_is_no_part_of_it(tmp_path: Path) -> None:
    it = Installation(tmp_path)
    foreign = tmp_path / "bot"
    foreign.mkdir()
    (foreign / "__init__.py").write_text("raise SystemExit('foreign')")
    run = started(it, [str(Path(PYTHON).with_name("firsthand"))], tmp_path)
    until_it_runs(run)
    while not (list((it.home / "status").glob("officers-*.json")) or run.poll() is not None):
        time.sleep(0.05)
    run.terminate()
    said, wrong = run.communicate()
    assert (run.returncode, said) == (0, "Stopped.\n") and "foreign" not in wrong
    it.end()


def started(it: Installation, program: list[str], folder: Path) -> subprocess.Popen[str]:
    """`firsthand run`, whose words are read."""
    return subprocess.Popen(
        [*program, "run"],
        cwd=folder,
        env=it.environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def until_it_runs(run: subprocess.Popen[str]) -> None:
    assert run.stdout is not None
    while "Stop with Ctrl+C" not in run.stdout.readline():
        assert run.poll() is None


async def test_a_sandbox_whose_port_was_taken_meanwhile_says_so_and_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        it = Installation(tmp_path, FIRSTHAND_SANDBOX_PORT=str(other.getsockname()[1]))
        said = it.command("sandbox", check=False)
        assert said.returncode == 78 and said.stderr.startswith(
            "FIRSTHAND_SANDBOX_PORT: 127.0.0.1:"
        )
        it.end()


def runs(pid: int) -> bool:
    """Whether it does; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_port_that_is_taken_is_said_before_anything_runs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        it = Installation(tmp_path, FIRSTHAND_HEALTH=f"127.0.0.1:{other.getsockname()[1]}")
        said = it.command("run", check=False)
        assert said.returncode == 78 and "FIRSTHAND_HEALTH: 127.0.0.1:" in said.stderr
        it.end()


def pid_of(parent: int, role: str) -> int:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(
        int(p)
        for p in children
        if Path(f"/proc/{p}/cmdline").read_text().endswith(f"--role\0{role}\0")
    )


async def test_what_is_silent_or_away_is_said_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / "status").mkdir(parents=True)
    for role, at in (("witness", time.time()), ("files", time.time() - 75)):
        (home / "status" / f"{role}.json").write_text(
            json.dumps({"role": role, "at": at, "behind": 0})
        )
    (home / "status" / "odd.json").write_text("{")
    monkeypatch.setenv("FIRSTHAND_HOME", str(home))
    (tmp_path / "x.db").write_bytes(b"no database" * 1000)
    monkeypatch.setenv("FIRSTHAND_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    monkeypatch.setenv("FIRSTHAND_VAULT_URL", "s3://vault?endpoint=http://127.0.0.1:9")
    monkeypatch.setenv("FIRSTHAND_VAULT_KEY", seaweed.KEY)
    monkeypatch.setenv("FIRSTHAND_VAULT_SECRET", seaweed.SECRET)
    health = Health(config.read(), ("witness", "files", "officers"), Counter)
    app = httpx.ASGITransport(health.application())
    async with httpx.AsyncClient(transport=app, base_url="http://health") as client:
        alive = await client.get("/healthz")
        assert alive.status_code == 503 and alive.json() == {
            "files": "no sign of life for 75 s", "officers": "is not running",
        }  # fmt: skip
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["database"] == "does not answer (DatabaseError)"
        assert ready.json()["vault"] == "does not answer (StoreAway)"
        assert (await client.get("/metrics")).status_code == 503
    await health.close()
    assert Heartbeat("witness", time.time()).silent < 1
