"""Certificates and proxies of webhooks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sinks.certificates import Authority
from tests.sinks.listeners import Silent, Tunnel, closed_port
from tests.sinks.receiver import DEADLINE, Receiver
from tests.sinks.webhooks import A, B, Make, only


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("ca"))


def test_verifies_by_an_own_ca(make: Make, authority: Authority) -> None:
    """And uses the connection again."""
    with Receiver(identity=authority.issue("127.0.0.1")) as receiver:
        sink = make(receiver.url, ca=authority.pem)
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
    assert 1 == receiver.connections


@pytest.mark.parametrize(
    ("host", "since", "until", "hint"),
    [
        ("127.0.0.1", -2, -1, "the certificate has expired; it must be renewed there"),
        ("127.0.0.1", 1, 2, "the certificate is not valid yet; check the clocks of both machines"),
        ("10.0.0.1", -1, 1, "the certificate is for another IP address; use the name in the URL"),
    ],
    ids=["expired", "not yet", "another host"],
)
def test_a_wrong_certificate(make: Make, authority: Authority, host: str, since: int, until: int, hint: str) -> None:
    """Nothing is sent, and the error says what is wrong with it and what to do."""
    identity = authority.issue(host, since=timedelta(days=since), until=timedelta(days=until))
    with Receiver(identity=identity) as receiver:
        error = only(make(receiver.url, ca=authority.pem).deliver([A]))
    assert ("tls_failed", False, []) == (error.reason, error.permanent, receiver.received)
    assert hint in str(error)


def test_a_certificate_of_an_unknown_ca(make: Make, authority: Authority) -> None:
    """Without the setting, the machine's own CAs count, and with it no others."""
    other = Authority.make(authority.directory, "Another CA")
    with Receiver(identity=authority.issue("127.0.0.1")) as receiver:
        errors = [only(make(receiver.url, ca=ca).deliver([A])) for ca in (None, other.pem)]
    assert (["tls_failed"] * 2, []) == ([error.reason for error in errors], receiver.received)
    assert "put the CA's certificate into ca_file" in str(errors[0])


def test_a_certificate_for_another_name(make: Make, authority: Authority) -> None:
    """Also where the address is right."""
    with Receiver(identity=authority.issue("elsewhere.example")) as receiver:
        url = f"https://localhost:{receiver.server_port}/"
        error = only(make(url, ca=authority.pem).deliver([A]))
    assert "tls_failed" == error.reason
    assert "the certificate is for another host name; correct the URL, or the certificate there" in str(error)


def test_a_far_end_without_tls(make: Make) -> None:
    """https to a port that speaks plain HTTP."""
    with Receiver() as receiver:
        error = only(make(receiver.url.replace("http:", "https:")).deliver([A]))
    assert "tls_failed" == error.reason
    assert str(error).endswith("is this an https address, and does it speak TLS 1.2 or later?")


def test_a_handshake_that_never_ends(make: Make) -> None:
    """A byte now and then, so that no single wait is long."""
    handshake = b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc"
    with Silent(handshake, *(b"x" for _ in range(400))) as far_end:
        error = only(make(f"https://127.0.0.1:{far_end.port}/", timeout=0.5).deliver([A]))
    assert "timed_out" == error.reason


def test_a_handshake_that_does_not_begin(make: Make) -> None:
    """It is part of connecting, and ends with that time."""
    with Silent(b"", every=DEADLINE) as far_end:
        error = only(make(f"https://127.0.0.1:{far_end.port}/", connect_timeout=0.2).deliver([A]))
    assert ("timed_out", f"127.0.0.1:{far_end.port}: does not answer in time while it is connected to") == (
        error.reason,
        str(error),
    )


def test_an_old_version_of_tls(make: Make, authority: Authority) -> None:
    """Below 1.2 nothing is sent."""
    identity = replace(authority.issue("127.0.0.1"), old=True)
    with Receiver(identity=identity) as receiver:
        error = only(make(receiver.url, ca=authority.pem).deliver([A]))
    assert ("tls_failed", []) == (error.reason, receiver.received)


# Proxies.


def test_goes_through_a_proxy(make: Make) -> None:
    """Over plain HTTP the proxy gets the whole URL, and the user and password that it wants."""
    with Receiver() as proxy:
        sink = make("http://hooks.invalid/x", proxy=f"http://us%40er:hunter2@127.0.0.1:{proxy.server_port}")
        assert {} == sink.deliver([A])
    (request,) = proxy.received
    assert "http://hooks.invalid/x" == request.path
    assert "Basic dXNAZXI6aHVudGVyMg==" == request.headers["proxy-authorization"]


def test_goes_through_a_tunnel(make: Make, authority: Authority) -> None:
    """Over https the proxy is asked for the far end's name, and the certificate is verified for that name."""
    with Receiver(identity=authority.issue("hooks.invalid")) as receiver, Tunnel(receiver.server_port) as proxy:
        sink = make("https://hooks.invalid/x", ca=authority.pem, proxy=f"http://user:hunter2@127.0.0.1:{proxy.port}")
        assert ({}, {}) == (sink.deliver([A]), sink.deliver([B]))
        sink.close()
    request, *more = proxy.asked
    assert (request.splitlines()[0], []) == ("CONNECT hooks.invalid:443 HTTP/1.0", more)
    assert "proxy-authorization: basic dxnlcjpodw50zxiy" in request.lower()
    assert [False, False] == ["proxy-authorization" in each.headers for each in receiver.received]


def test_a_proxy_that_refuses(make: Make) -> None:
    """It is named as what stands in the way, without its password."""
    with Silent(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as proxy:
        error = only(make("https://hooks.invalid/", proxy=f"http://u:hunter2@127.0.0.1:{proxy.port}").deliver([A]))
    assert ("proxy_failed", False) == (error.reason, error.permanent)
    assert (
        "hooks.invalid: the proxy does not let us through: Tunnel connection failed: 407 Proxy Authentication Required"
    ) == str(error)


def test_a_proxy_that_is_down(make: Make) -> None:
    """The name of the far end is the proxy's to resolve."""
    with closed_port() as port:
        error = only(make("https://hooks.invalid/", proxy=f"http://127.0.0.1:{port}").deliver([A]))
    assert ("proxy_failed", "hooks.invalid: the proxy does not let us through: Connection refused") == (
        error.reason,
        str(error),
    )
