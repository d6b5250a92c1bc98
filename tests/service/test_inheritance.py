"""monitor.service.inheritance"""

from __future__ import annotations

import os
import socket

import pytest

from monitor.errors import ListenError
from monitor.service.inheritance import address_of, inherited_socket

OURS = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}


def passed(original: socket.socket) -> int:
    """A descriptor as it comes from systemd: nobody else's."""
    return os.dup(original.fileno())


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_socket_is_taken_over(host: str) -> None:
    """With the address that it listens on; it is not passed on to child processes."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listening:
        taken = inherited_socket(OURS, passed(listening))
        assert taken is not None
        with taken:
            shown = f"[{host}]" if ":" in host else host
            assert (f"{shown}:{listening.getsockname()[1]}", False) == (address_of(taken), taken.get_inheritable())


@pytest.mark.parametrize("environ", [{}, {"LISTEN_FDS": "1"}, {**OURS, "LISTEN_PID": "1"}, {**OURS, "LISTEN_FDS": "0"}])
def test_what_was_given_to_another_process_is_not_ours(environ: dict[str, str]) -> None:
    """Nor what was given to nobody."""
    assert None is inherited_socket(environ, -1)


def test_more_than_one_is_refused() -> None:
    """One is served on."""
    with pytest.raises(ListenError, match=r"^2 sockets were given"):
        inherited_socket({**OURS, "LISTEN_FDS": "2"}, -1)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_one_that_listens_on_no_port_is_refused(kind: socket.SocketKind) -> None:
    """It says what to set."""
    with (
        socket.socket(socket.AF_INET, kind) as idle,
        pytest.raises(ListenError, match="set ListenStream to HOST:PORT"),
    ):
        inherited_socket(OURS, passed(idle))
