"""The server with TLS, as clients see it."""

from __future__ import annotations

import gc
import json
import socket
import ssl
import warnings
from asyncio.sslproto import SSLProtocol
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from monitor.config.web import Web
from monitor.web import WebServer
from monitor.web.connections import MOST
from monitor.web.rules import Rules
from monitor.web.rules_file import RulesFile
from tests.service.rig import wait_until
from tests.sinks.certificates import Authority, Identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

hello = PlainTextResponse("hello")
_HELLO_CUT_OFF = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@contextmanager
def serving(directory: Path, identity: Identity, **tls: Any) -> Iterator[WebServer]:
    """A server with that certificate, by a web configuration file in *directory*."""
    path = directory / "web.yaml"
    pair = {"cert_file": str(identity.path), "key_file": str(identity.path)}
    path.write_text(json.dumps({"tls_server_config": pair | tls}))
    server = WebServer(hello, "127.0.0.1:0", RulesFile(Rules(web=Web(config_file=str(path))), {}))
    server.start()
    try:
        yield server
    finally:
        server.stop(timeout=10)


def trusting(authority: Authority, client: Identity | None = None) -> ssl.SSLContext:
    """What a client verifies the server with, and shows it."""
    context = ssl.create_default_context(cadata=authority.pem)
    if client is not None:
        context.load_cert_chain(client.path)
    return context


def serial(server: WebServer, authority: Authority) -> str:
    """The serial number of the certificate that a new connection is shown."""
    host, port = httpx.URL(server.url).host, httpx.URL(server.url).port
    with (
        closing(socket.create_connection((host, port or 0), timeout=30)) as wire,
        trusting(authority).wrap_socket(wire, server_hostname="127.0.0.1") as encrypted,
    ):
        certificate = encrypted.getpeercert()
    assert certificate
    return str(certificate["serialNumber"])


def test_the_url_is_https_and_answers(tmp_path: Path, authority: Authority) -> None:
    """To whoever knows the authority; plain HTTP gets nothing."""
    with serving(tmp_path, authority.issue("127.0.0.1")) as server:
        text = httpx.get(server.url, verify=trusting(authority), timeout=60).text
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):  # closed, or reset
            httpx.get(server.url.replace("https", "http"), timeout=60)
    assert ("https://", "hello") == (server.url[:8], text)


def test_tls_1_1_is_refused(tmp_path: Path, authority: Authority) -> None:
    """Whatever the client would take."""
    old = trusting(authority)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(tmp_path, authority.issue("127.0.0.1")) as server, pytest.raises(httpx.ConnectError):
        httpx.get(server.url, verify=old, timeout=60)


def test_a_handshake_that_never_ends_holds_up_nobody(tmp_path: Path, authority: Authority) -> None:
    """Others are answered meanwhile."""
    with serving(tmp_path, authority.issue("127.0.0.1")) as server:
        url = httpx.URL(server.url)
        strangers = [socket.create_connection((url.host, url.port or 0)) for _ in range(20)]
        for stranger in strangers:
            stranger.sendall(_HELLO_CUT_OFF)
        text = httpx.get(server.url, verify=trusting(authority), timeout=30).text
        for stranger in strangers:
            stranger.close()
    assert "hello" == text


def test_what_is_cut_is_gone_at_once(tmp_path: Path, authority: Authority) -> None:
    """Connections that make room leave nothing for the collector of garbage, which may not come for long."""
    gc.collect()
    gc.disable()
    try:
        with serving(tmp_path, authority.issue("127.0.0.1")) as server:
            url = httpx.URL(server.url)
            strangers = [socket.create_connection((url.host, url.port or 0)) for _ in range(2 * MOST)]
            httpx.get(server.url, verify=trusting(authority), timeout=30)
            left = sum(isinstance(each, SSLProtocol) for each in gc.get_objects())
            for stranger in strangers:
                stranger.close()
    finally:
        gc.enable()
    assert left <= MOST + 5


def test_a_client_certificate_is_asked_for_and_verified(tmp_path: Path, authority: Authority) -> None:
    """None, and one of another authority, are refused; one for a name that is not allowed is cut."""
    (tmp_path / "ca.pem").write_text(authority.pem)
    stranger = Authority.make(tmp_path, "Other CA").issue("prometheus")
    required = {"client_ca_file": "ca.pem", "client_auth_type": "RequireAndVerifyClientCert"}
    found = []
    with serving(tmp_path, authority.issue("127.0.0.1"), **required, client_allowed_sans=["prometheus"]) as server:
        for client in (authority.issue("prometheus"), authority.issue("grafana"), stranger, None):
            try:
                found.append(httpx.get(server.url, verify=trusting(authority, client), timeout=30).text)
            except httpx.TransportError:
                found.append("refused")
    assert ["hello", "refused", "refused", "refused"] == found


def test_a_new_certificate_is_shown_without_a_restart(tmp_path: Path, authority: Authority) -> None:
    """To new connections, soon after the file has changed; one that is open goes on."""
    identity = authority.issue("127.0.0.1")
    renewed = authority.issue("127.0.0.1").path.read_bytes()
    with serving(tmp_path, identity) as server, httpx.Client(verify=trusting(authority), timeout=60) as client:
        client.get(server.url)
        before = serial(server, authority)
        identity.path.write_bytes(renewed)
        wait_until(lambda: serial(server, authority) != before)
        text = client.get(server.url).text
    assert "hello" == text
