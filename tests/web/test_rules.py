from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from monitor.config.web import Web
from monitor.config.web_file import WebFile
from monitor.config.web_loading import LoadedWeb
from monitor.web.listening import listen
from monitor.web.rules import Reach, Rules, reach_of

if TYPE_CHECKING:
    from pathlib import Path

HASH = "$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze"
PASSWORDS = LoadedWeb(file=WebFile.model_validate({"basic_auth_users": {"alice": HASH}}))
TLS = {"cert_file": "a", "key_file": "b", "client_ca_file": "c", "client_auth_type": "RequireAndVerifyClientCert"}
CERTIFICATES = LoadedWeb(file=WebFile.model_validate({"tls_server_config": TLS}))
HERE, EVERYWHERE = Reach(local=True, named=True), Reach(local=False, named=True)


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1:0", HERE), ("127.9.9.9:0", HERE), ("0.0.0.0:0", EVERYWHERE)],
)
def test_reach_is_that_of_the_socket(address: str, expected: Reach) -> None:
    """The loopback's is this machine's."""
    with closing(listen(address)) as listening:
        assert expected == reach_of(listening)


def test_a_unix_socket_has_no_name(tmp_path: Path) -> None:
    """Only this machine can ask, and no browser."""
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(tmp_path / "socket"))
        assert Reach(local=True, named=False) == reach_of(listening)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"reach": HERE}, (False, True)),
        ({"reach": EVERYWHERE}, (True, False)),
        ({"reach": EVERYWHERE, "loaded": PASSWORDS}, (False, True)),
        ({"reach": EVERYWHERE, "loaded": CERTIFICATES}, (False, True)),
        ({"reach": EVERYWHERE, "web": Web(allow_changes=True)}, (True, True)),
        ({"reach": HERE, "web": Web(allow_changes=False)}, (False, False)),
    ],
)
def test_changes_are_allowed_where_strangers_cannot_ask(facts: dict[str, Any], expected: tuple[bool, bool]) -> None:
    """Unless the settings say otherwise."""
    rules = Rules(**facts)
    assert expected == (rules.open, rules.changes_allowed)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "127.0.0.1:10417",
        "[::1]:10417",
        "localhost",
        "LOCALHOST.:80",
        "a.localhost:1",
        "192.0.2.7",
        "Our.Example:8",
    ],
)
def test_addresses_and_known_names_mean_us(host: str | None) -> None:
    """Whatever their case and port; no Host at all is HTTP/1.0."""
    assert Rules(web=Web(allowed_hosts=("our.example",))).addressed_by(host)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:10417", "127.0.0.1.evil.example", "localhost.evil", ""])
def test_other_names_do_not(host: str) -> None:
    """They may lead here by DNS rebinding."""
    assert not Rules().addressed_by(host)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"reach": HERE, "loaded": PASSWORDS}, True),
        ({"reach": Reach(local=True, named=False)}, True),
        ({"reach": EVERYWHERE}, True),
        ({"reach": EVERYWHERE, "web": Web(allowed_hosts=("our.example",))}, False),
    ],
)
def test_names_matter_where_a_page_could_use_them(facts: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    """A page knows no password and opens no Unix socket; what the whole network reaches has names unknown to us."""
    assert expected == Rules(**facts).addressed_by("any.example")
