from __future__ import annotations

import socket
from contextlib import closing

import pytest

from monitor.errors import ListenError
from monitor.web.listening import listen, url_of


def test_any_free_port_is_had() -> None:
    """Port 0 is one that is free, and the URL tells which."""
    with closing(listen("127.0.0.1:0")) as listening:
        assert f"http://127.0.0.1:{listening.getsockname()[1]}" == url_of(listening)


def test_ipv6_address_is_in_brackets() -> None:
    """An IPv6 address can be listened on, and its URL has brackets."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with closing(listen("[::1]:0")) as listening:
        assert f"http://[::1]:{listening.getsockname()[1]}" == url_of(listening)


def test_every_address_is_reached_by_loopback() -> None:
    """Where every address is listened on, the URL has the one that this machine reaches itself by."""
    with closing(listen("0.0.0.0:0")) as listening:
        assert f"http://127.0.0.1:{listening.getsockname()[1]}" == url_of(listening)


def test_taken_address_is_refused() -> None:
    """An address that another program has is refused with what to do."""
    with closing(listen("127.0.0.1:0")) as first:
        address = f"127.0.0.1:{first.getsockname()[1]}"
        with pytest.raises(ListenError) as refusal:
            listen(address)
    assert (
        f"{address} is taken by another program: stop that (another monitor?) or set web.listen to another port"
        == str(refusal.value)
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "192.0.2.1:0",
            "192.0.2.1:0 is no address of this machine: set web.listen to one that is, or to 127.0.0.1",
        ),
        (
            "no-such-host.invalid:0",
            (
                "no-such-host.invalid:0: no-such-host.invalid is not known as a host: "
                "set web.listen to an address, as 127.0.0.1:10417"
            ),
        ),
        (":80", "':80' has no host: write 127.0.0.1:80, or 0.0.0.0:80 for every address"),
    ],
)
def test_address_that_cannot_be_had_is_refused(address: str, expected: str) -> None:
    """A refusal says which address it is and what to do."""
    with pytest.raises(ListenError) as refusal:
        listen(address)
    assert expected == str(refusal.value)
