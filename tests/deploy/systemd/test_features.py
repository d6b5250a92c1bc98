"""What the service does for its users, all of it behind the unit's hardening."""

from __future__ import annotations

import json
import ssl
import threading
import urllib.request
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.deploy.systemd.rig import CREDENTIALS, SECRETS
from tests.sinks.certificates import Authority
from tests.sinks.receiver import Receiver
from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.deploy.machine import Machine
    from tests.deploy.systemd.rig import Service

pytestmark = pytest.mark.end_to_end

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
KEY = b"01234567890123456789012345678901"
WEB_KEYS = {"cert_file": f"{CREDENTIALS}/secrets_tls", "key_file": "${CREDENTIALS_DIRECTORY}/secrets_tls"}


def test_every_way_out_and_in_works(service: Service, tmp_path: Path) -> None:
    """AWS by a profile; webhooks, signed, over TLS, and through a proxy; chat, by a child process; the page by TLS.

    Credentials, the key of the signature and the server's key are secrets.
    """
    authority = Authority.make(tmp_path)
    identity = authority.issue("127.0.0.1")
    service.put("/etc/rekognition-monitor/aws-config", "[profile watcher]\nregion = us-east-1\n")
    service.put_secret(
        "aws-credentials", "[watcher]\naws_access_key_id = AKIDWATCHER\naws_secret_access_key = secret\n"
    )
    service.put_secret("ops", SECRET)
    service.put_secret("tls", identity.path.read_text())
    service.put("/etc/rekognition-monitor/ca.pem", authority.pem)
    service.put("/etc/rekognition-monitor/web.yaml", json.dumps({"tls_server_config": WEB_KEYS}))
    with Receiver(identity=identity) as secure, Receiver() as proxy, Receiver() as chat:
        service.put_environment(HTTP_PROXY=f"http://127.0.0.1:{proxy.server_port}", NO_PROXY="127.0.0.1")
        service.begin(
            aws={"max_calls_per_second": 5, "endpoint_url": service.simulator.url, "profile": "watcher"},
            web={"config_file": "/etc/rekognition-monitor/web.yaml"},
            sinks=[
                {"name": "ops", "type": "webhook", "url": secure.url, "ca_file": "/etc/rekognition-monitor/ca.pem"}
                | {"secret_file": "${CREDENTIALS_DIRECTORY}/secrets_ops"},
                {"name": "far", "type": "webhook", "url": "http://hooks.invalid/x"},
                {"name": "chat", "type": "apprise", "service_url": f"json://127.0.0.1:{chat.server_port}/"},
            ],
        )
        service.wait_for_polls()
        service.move("STOPPING")
        for receiver in (secure, proxy, chat):
            assert receiver.wait_for(partial(has_received, receiver))
        trusting = ssl.create_default_context(cadata=authority.pem)
        with urllib.request.urlopen("https://127.0.0.1:10417/-/healthy", context=trusting, timeout=30) as response:
            assert b"healthy\n" == response.read()

    secure.received[0].verify(KEY)
    assert "http://hooks.invalid/x" == proxy.received[0].path
    assert chat.received[0].json["title"].endswith("RUNNING → STOPPING")
    assert {"AKIDWATCHER"} == {each.access_key for each in service.simulator.served[-3:]}


def test_secrets_are_the_services_alone(service: Service) -> None:
    """It reads them, nobody else does: not where the administrator keeps them, nor where the service finds them."""
    service.put_secret("ops", SECRET)
    hook = {"name": "ops", "type": "webhook", "url": "http://127.0.0.1:1/x"}
    service.begin(sinks=[{**hook, "secret_file": "${CREDENTIALS_DIRECTORY}/secrets_ops"}])
    names = (f"{SECRETS}/ops", f"{CREDENTIALS}/secrets_ops")
    of_root = [service.machine.run("cat", name).out for name in names]
    of_nobody = [service.machine.run("setpriv", "--reuid=65534", "--clear-groups", "cat", name) for name in names]
    pid = service.shows("MainPID")
    known = service.machine.must("cat", f"/proc/{pid}/environ", f"/proc/{pid}/cmdline") + service.ask("/config")[1]

    assert [SECRET, SECRET] == of_root
    assert [(1, ""), (1, "")] == [(ran.code, ran.out) for ran in of_nobody]
    assert SECRET not in known + service.journal()


def test_an_instance_gives_its_role(service: Service, machine: Machine) -> None:
    """EC2's metadata are asked over the link-local address, as nothing else gives credentials."""
    required_tool("ip")
    machine.must("ip", "address", "replace", "169.254.169.254/32", "dev", "lo")
    service.put_environment(AWS_EC2_METADATA_DISABLED="false")
    with instance_metadata():
        service.begin()
        service.wait_for_polls()

    assert {"ASIAINSTANCE"} == {each.access_key for each in service.simulator.served[-2:]}


def has_received(receiver: Receiver) -> bool:
    return len(receiver.received) > 0


@contextmanager
def instance_metadata() -> Iterator[None]:
    """EC2's, version 2: a token, the name of the role, its credentials."""
    credentials = {"Code": "Success", "AccessKeyId": "ASIAINSTANCE", "SecretAccessKey": "secret", "Token": "token"}
    answers = {
        "security-credentials/": "role",
        "role": json.dumps(credentials | {"Expiration": "2099-01-01T00:00:00Z"}),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.answer("token")

        def do_GET(self) -> None:
            self.answer(next((text for end, text in answers.items() if self.path.endswith(end)), ""))

        def answer(self, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    with ThreadingHTTPServer(("169.254.169.254", 80), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield
        server.shutdown()
