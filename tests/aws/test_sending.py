"""How requests reach the wire: kept connections, certificates, proxies. The faults are in test_fault_answers."""

from __future__ import annotations

import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from monitor.domain.fault import Fault, Reason
from monitor.domain.project import parse_project
from monitor.domain.snapshot import Listing
from tests.aws.wire import FarEnd, answer, open_sessions, open_source
from tests.aws_examples import wire_answer
from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.domain.project import Project

ANSWER = answer(wire_answer())
ABROAD = parse_project("arn:aws:rekognition:eu-west-1:444455556666:project/my-project/1690474772817")


class _Keeping(BaseHTTPRequestHandler):
    """Answers as AWS does, on connections that are kept; notes the one that each request came over."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    ports: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.ports.append(self.client_address[1])
        self.wfile.write(ANSWER.replace(b"Connection: close\r\n", b""))

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def keeping(context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[int]]]:
    """A far end that keeps connections, over TLS with *context*; its address, and the ports that requests came from."""
    ports: list[int] = []
    handler = type("Handler", (_Keeping,), {"ports": ports})
    with _Server(("127.0.0.1", 0), handler) as server:
        scheme = "http"
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
            scheme = "https"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{scheme}://localhost:{server.server_port}", ports
        finally:
            server.shutdown()
            thread.join(30)


def test_a_connection_is_kept_and_shared(project: Project) -> None:
    """By one call after the other, also of another account and region: it belongs to none."""
    with keeping() as (url, ports), open_source(url) as source:
        answers = [source.list_versions(each) for each in (project, project, ABROAD)]

    assert all(isinstance(each, Listing) for each in answers)
    assert (3, 1) == (len(ports), len(set(ports)))


def test_a_connection_that_the_far_end_closed_is_not_used(project: Project) -> None:
    """Each answer ends its connection; nothing fails and nothing is sent twice."""
    with FarEnd(ANSWER) as far_end, open_source(far_end.url) as source:
        answers = [source.list_versions(project) for _ in range(3)]

    assert all(isinstance(each, Listing) for each in answers)
    assert 3 == len(far_end.requests)


def test_a_proxy_of_the_environment_is_asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore sends then, as it knows how."""
    with FarEnd(ANSWER) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        with open_source("http://rekognition.example") as source:
            listing = source.list_versions(project)

    assert isinstance(listing, Listing)
    assert "rekognition.example" == proxy.requests[0].headers["host"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, signed by itself; with its key in one file."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    key = path.with_name("localhost.key")
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    openssl = required_tool("openssl")
    subprocess.run([openssl, *request, *named, "-keyout", key, "-out", path], check=True, capture_output=True)
    path.write_text(path.read_text() + key.read_text())
    return path


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_the_bundle_that_the_environment_names_is_trusted(
    certificate: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS_CA_BUNDLE, as for every client of AWS's."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    with keeping(tls(certificate)) as (url, ports), open_source(url) as source:
        answers = [source.list_versions(project) for _ in range(2)]

    assert all(isinstance(each, Listing) for each in answers)
    assert 1 == len(set(ports))


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, project: Project) -> None:
    """Nothing is sent."""
    with keeping(tls(certificate)) as (url, ports), open_source(url) as source:
        fault = source.list_versions(project)

    assert isinstance(fault, Fault)
    assert Reason.TLS_FAILED is fault.reason
    assert [] == ports


def test_a_bundle_that_is_none_is_named(
    certificate: Path, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The fault says that it is the file."""
    empty = tmp_path / "empty.pem"
    empty.touch()
    monkeypatch.setenv("AWS_CA_BUNDLE", str(empty))
    with keeping(tls(certificate)) as (url, _), open_source(url) as source:
        fault = source.list_versions(project)

    assert isinstance(fault, Fault)
    assert Reason.TLS_FAILED is fault.reason
    assert "the CA bundle" in fault.message


def test_closing_ends_what_is_kept(project: Project) -> None:
    """The next call opens a new connection."""
    with keeping() as (url, ports), open_sessions(url) as sessions:
        client = sessions.client(project)
        client.describe_project_versions(ProjectArn=project.arn)
        sessions.close()
        sessions.client(project).describe_project_versions(ProjectArn=project.arn)

    assert 2 == len(set(ports))
