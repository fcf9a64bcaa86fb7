"""A server on a socket that was bound first answers at once."""

import socket

import pytest

from bot.errors import Misconfigured
from bot.process.http_server import bind_socket


def test_a_connection_sends_each_write_at_once() -> None:
    with bind_socket("127.0.0.1:0", "X") as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_place_that_is_taken_is_named_with_its_setting() -> None:
    with bind_socket("127.0.0.1:0", "X") as listening:
        taken = f"127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(Misconfigured, match="FIRSTHAND_X"):
            bind_socket(taken, "X")
