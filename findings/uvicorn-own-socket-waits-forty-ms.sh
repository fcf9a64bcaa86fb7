#!/usr/bin/env bash
# uvicorn 0.54.0, h11, Linux: a server on a socket that was bound beforehand answers 40 ms late.
#
# socket.create_server makes a socket whose `proto` is 0 (it asks for SOCK_STREAM and leaves the protocol to the system), and
# accepted sockets inherit that. asyncio switches Nagle's algorithm off for a connection only where `proto` is IPPROTO_TCP
# (asyncio.base_events._set_nodelay), which is so where the loop itself made the listening socket from getaddrinfo, and not
# here. uvicorn writes head and body of an answer apart, so that on a kept connection the second write waits for the client's
# delayed acknowledgement of the first. To bind first, say what is taken, drop privileges and then serve is the usual way of
# a supervisor, of systemd's socket units, and of tests that want a free port. Setting TCP_NODELAY on the listening socket
# mends it: Linux hands it on to what is accepted.
#
# Seen: "bound before: nodelay 0, 44.0 ms", "bound before, nodelay set: nodelay 1, 0.3 ms", "by host and port: nodelay 1, 0.3 ms".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check uvicorn==0.54.0
cat > "$folder/try.py" <<'PYTHON'
import asyncio
import http.client
import socket
import statistics
import sys
import threading
import time
from importlib.metadata import version

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

NODELAY: list[int] = []


class Watched(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:
        made = transport.get_extra_info("socket")
        NODELAY.append(int(bool(made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))))
        super().connection_made(transport)


async def app(scope: dict, receive: object, send: object) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


def measured(own: socket.socket | None) -> tuple[int, float]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, http=Watched, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, args=([own] if own else None,), daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    client = http.client.HTTPConnection("127.0.0.1", port)
    waits = []
    for _ in range(15):
        began = time.perf_counter()
        client.request("GET", "/")
        client.getresponse().read()
        waits.append((time.perf_counter() - began) * 1000)
    client.close()
    server.should_exit = True
    running.join()
    return NODELAY[-1], statistics.median(waits)


def bound(*, nodelay: bool = False) -> socket.socket:
    made = socket.create_server(("127.0.0.1", 0))
    if nodelay:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


print("uvicorn", version("uvicorn"), "Python", sys.version.split()[0])
seen = {
    "bound before": measured(bound()),
    "bound before, nodelay set": measured(bound(nodelay=True)),
    "by host and port": measured(None),
}
for what, (nodelay, wait) in seen.items():
    print(f"{what}: nodelay {nodelay}, {wait:.1f} ms")
sys.exit([nodelay for nodelay, _ in seen.values()] != [0, 1, 1] or seen["bound before"][1] < 30)
PYTHON
"$folder/venv/bin/python" "$folder/try.py"
