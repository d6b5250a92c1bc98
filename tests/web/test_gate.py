from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import bcrypt
from structlog.testing import capture_logs

from monitor.config.web import Web
from monitor.config.web_file import WebFile
from monitor.config.web_loading import LoadedWeb
from monitor.web import build_app
from monitor.web.responses import SECURITY_HEADERS
from monitor.web.rules import Reach, Rules
from tests.web.serving import make_ports, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

HASH = bcrypt.hashpw(b"wonderland", bcrypt.gensalt(4)).decode()
EVERY_ADDRESS = ["/", "/metrics", "/config", "/-/healthy", "/-/ready", "/api/v1/projects", "/static/x", "/nowhere"]


@contextmanager
def guarded(**facts: Any) -> Iterator[httpx.Client]:
    """A client of an application that goes by these rules."""
    rules = Rules(**facts)
    with served(build_app(make_ports(), lambda: rules)) as client:
        yield client


def closed(**settings: Any) -> LoadedWeb:
    return LoadedWeb(file=WebFile.model_validate({"basic_auth_users": {"alice": HASH}, **settings}))


def test_every_address_asks_for_a_password() -> None:
    """Also those that are not there: a stranger learns nothing."""
    with guarded(loaded=closed()) as client:
        answers = [client.get(path) for path in EVERY_ADDRESS] + [client.post("/-/reload")]
    expected = (401, 'Basic realm="rekognition-monitor", charset="UTF-8"', "nosniff")
    assert [expected] * len(answers) == [
        (each.status_code, each.headers["www-authenticate"], each.headers["x-content-type-options"]) for each in answers
    ]


def test_a_password_opens() -> None:
    """The right one, and a change is allowed with it wherever we listen."""
    with guarded(loaded=closed(), reach=Reach(local=False, named=True)) as client:
        codes = [
            client.get("/metrics", auth=("alice", "wonderland")).status_code,
            client.get("/metrics", auth=("alice", "wrong")).status_code,
            client.get("/metrics", auth=("bob", "wonderland")).status_code,
            client.post("/-/reload", auth=("alice", "wonderland")).status_code,
        ]
    assert [200, 401, 401, 200] == codes


def test_wrong_passwords_are_logged_without_what_was_tried() -> None:
    """Once a minute at most."""
    with capture_logs() as entries, guarded(loaded=closed()) as client:
        for _ in range(3):
            client.get("/", auth=("my-password", "alice"))
    assert [
        {"event": "authentication.refused", "log_level": "warning", "count": 1, "last_address": "127.0.0.1"}
    ] == entries


def test_changes_are_off_where_strangers_can_ask() -> None:
    """Reading is not."""
    with guarded(reach=Reach(local=False, named=True)) as client:
        answers = client.post("/-/reload"), client.get("/metrics")
    refused = "Forbidden: requests that change something are switched off: see web.allow_changes\n"
    assert [(403, refused), (200, "up 1\n")] == [(each.status_code, each.text) for each in answers]


def test_changes_can_be_switched_off() -> None:
    """Every method that changes something, at every address."""
    with guarded(web=Web(allow_changes=False)) as client:
        codes = [client.request(method, "/-/reload").status_code for method in ("POST", "PUT", "DELETE", "ODD")]
    assert [403] * 4 == codes


def test_another_sites_page_changes_nothing() -> None:
    """A browser says for whom it asks; other programs do not."""
    with guarded() as client:
        own = str(client.base_url).rstrip("/")
        expected: dict[tuple[str, str] | None, int] = {
            None: 200,
            ("Origin", "http://evil.example"): 403,
            ("Origin", "null"): 403,
            ("Origin", "http://127.0.0.1:1"): 403,
            ("Origin", own): 200,
            ("Sec-Fetch-Site", "cross-site"): 403,
            ("Sec-Fetch-Site", "same-site"): 403,
            ("Sec-Fetch-Site", "same-origin"): 200,
            ("Sec-Fetch-Site", "none"): 200,
        }
        found = {sent: client.post("/-/reload", headers=[sent] if sent else []).status_code for sent in expected}
    assert expected == found


def test_another_name_for_this_machine_is_refused() -> None:
    """By DNS rebinding a page could have its own name lead here, and read what is answered."""
    with guarded() as client:
        answer = client.get("/config", headers={"Host": "evil.example:10417"})
    expected = "this host is not known here: use an address or localhost, or set web.allowed_hosts\n"
    assert (421, f"Misdirected Request: {expected}") == (answer.status_code, answer.text)


def test_a_large_request_is_refused_unread() -> None:
    """By what it says of its length, before any of it comes; the connection is closed."""
    with guarded() as client:
        answers = [_posted(client, length) for length in ("65537", "99999999999999999999", "000065536")]
    assert ["HTTP/1.1 413 "] * 3 == [answer[:13] for answer in answers]


def _posted(client: httpx.Client, length: str) -> str:
    """What a request of that length is answered, none of which is sent."""
    assert client.base_url.port is not None
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=30) as wire:
        wire.sendall(f"POST /-/reload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n".encode())
        return b"".join(iter(lambda: wire.recv(4096), b"")).decode()


def test_the_operators_headers_are_added_to_ours() -> None:
    """A second policy narrows the first; nothing of ours goes."""
    headers = {"Content-Security-Policy": "img-src 'none'", "Strict-Transport-Security": "max-age=60"}
    loaded = LoadedWeb(file=WebFile.model_validate({"http_server_config": {"headers": headers}}))
    with guarded(loaded=loaded) as client:
        answer = client.get("/nowhere").headers
    assert (
        [SECURITY_HEADERS["Content-Security-Policy"], "img-src 'none'"],
        "max-age=60",
        "DENY",
    ) == (
        answer.get_list("content-security-policy"),
        answer["strict-transport-security"],
        answer["x-frame-options"],
    )
