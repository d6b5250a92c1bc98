"""From the settings of a webhook to the sink."""

from __future__ import annotations

import os
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from monitor.aws.clients import Clients
from monitor.config.sinks import WebhookSink as Settings
from monitor.errors import ConfigError
from monitor.service.clock import utc_now
from monitor.service.sinks import make_sink, make_sinks
from monitor.service.webhooks import proxy_for
from monitor.sinks.cloudevents import Mode
from monitor.sinks.webhook import WebhookSink
from monitor.template import compile_template
from tests.config.examples import SMALLEST, load
from tests.fakes_outbox import a_message, an_event
from tests.sinks.certificates import Authority
from tests.sinks.receiver import Receiver

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = b"o" * 32, b"n" * 32
SECRETS: Final = f"whsec_{b64encode(OLD).decode()}\n{b64encode(NEW).decode()}\n"
URL: Final = "https://hooks.example.com/x"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine that runs the tests has."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def clients() -> Clients:
    return Clients(connect_timeout=timedelta(seconds=1), read_timeout=timedelta(seconds=1))


def made(**settings: Any) -> object:
    """The sink of a webhook with these settings."""
    given = Settings.model_validate({"name": "ops", "type": "webhook", "url": URL, **settings})
    return make_sink(given, clients())


def test_a_webhook_with_everything(tmp_path: Path) -> None:
    """Each setting gets where it belongs; the files are read."""
    pem = Authority.make(tmp_path).pem.strip()
    (tmp_path / "ca").write_text(pem)
    (tmp_path / "secrets").write_text(SECRETS)
    expected = WebhookSink(
        url=URL,
        keys=(OLD, NEW),
        headers={"Authorization": "Bearer x"},
        ca=pem,
        proxy="http://proxy:3128",
        timeout=20.0,
        connect_timeout=3.0,
        template=compile_template("{{ data.summary }}"),
        content_type="text/plain",
        clock=utc_now,
    )
    assert expected == made(
        secret_file=str(tmp_path / "secrets"),
        headers={"Authorization": "Bearer x"},
        ca_file=str(tmp_path / "ca"),
        proxy="http://proxy:3128",
        timeout="20s",
        connect_timeout="3s",
        template="{{ data.summary }}",
        content_type="text/plain",
    )


def test_a_webhook_with_nothing() -> None:
    """No signature, the machine's own CAs, no proxy."""
    assert WebhookSink(url=URL, clock=utc_now) == made()


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode(mode: Mode) -> None:
    """By the same words."""
    assert WebhookSink(url=URL, mode=mode, clock=utc_now) == made(mode=mode.value)


def test_a_secret_that_was_changed_makes_another_sink(tmp_path: Path) -> None:
    """So a reload signs with the new one; a file that is what it was leaves the sink alone."""
    path = tmp_path / "secret"
    path.write_text(b64encode(OLD).decode())
    before, again = made(secret_file=str(path)), made(secret_file=str(path))
    path.write_text(SECRETS)
    after = made(secret_file=str(path))
    assert (True, False) == (before == again, before == after)


@pytest.mark.parametrize(
    ("setting", "content", "told"),
    [
        ("secret_file", None, "cannot be read: No such file or directory: make the file, readable for this user"),
        ("secret_file", "", "is empty: write the value into it"),
        ("secret_file", "aHVudGVyMg==", "is a secret of 7 bytes: write whsec_ and 24 to 64 random bytes"),
        ("secret_file", "hunter2!", "is not a secret of Standard Webhooks: write whsec_ and 24 to 64 random bytes"),
        ("ca_file", None, "cannot be read: No such file or directory: make the file, readable for this user"),
        ("ca_file", "hello", "holds no certificates that can be read: write them in PEM"),
    ],
)
def test_a_file_that_is_no_use_refuses_the_configuration(
    tmp_path: Path, setting: str, content: str | None, told: str
) -> None:
    """With the sink, the setting, the path, and nothing of what stands in it."""
    path = tmp_path / "file"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError) as refusal:
        made(**{setting: str(path)})
    assert str(refusal.value).startswith(f"sinks: ops: {setting}: {path} {told}")
    assert "hunter" not in str(refusal.value)


def test_every_sink_that_cannot_be_made_is_told() -> None:
    """At once, before anything runs by the new configuration."""
    sinks = "\n".join(
        f"  - {{name: {name}, type: webhook, url: 'https://h', secret_file: /nowhere/{name}}}" for name in "ab"
    )
    with pytest.raises(ConfigError) as refusal:
        make_sinks(load(f"{SMALLEST}sinks:\n{sinks}\n").config, clients())
    assert [f"sinks: {name}: secret_file: /nowhere/{name}" for name in "ab"] == [
        problem.partition(" cannot")[0] for problem in refusal.value.problems
    ]


def test_an_event_arrives_as_the_file_says(tmp_path: Path) -> None:
    """From YAML to a receiver that verifies."""
    (tmp_path / "secret").write_text(SECRETS)
    with Receiver() as receiver:
        text = f"sinks: [{{name: ops, type: webhook, url: '{receiver.url}', secret_file: '{tmp_path}/secret'}}]\n"
        sink, _ = make_sinks(load(SMALLEST + text).config, clients())["ops"]
        assert {} == sink.deliver([a_message(an_event())])
        sink.close()
    receiver.received[0].verify(NEW)


@pytest.mark.parametrize(
    ("url", "setting", "environment", "expected"),
    [
        (URL, None, {}, None),
        (URL, "http://own:1", {"HTTPS_PROXY": "http://other:2"}, "http://own:1"),
        (URL, "none", {"HTTPS_PROXY": "http://other:2"}, None),
        (URL, None, {"HTTPS_PROXY": "http://user:pw@other:2"}, "http://user:pw@other:2"),
        (URL, None, {"https_proxy": "other:2"}, "http://other:2"),
        (URL, None, {"ALL_PROXY": "http://all:3"}, "http://all:3"),
        (URL, None, {"HTTP_PROXY": "http://other:2"}, None),
        ("http://hooks.example.com", None, {"HTTP_PROXY": "http://other:2"}, "http://other:2"),
        (URL, None, {"HTTPS_PROXY": "http://other:2", "NO_PROXY": "example.com"}, None),
        (URL, None, {"HTTPS_PROXY": "http://other:2", "NO_PROXY": "example.org"}, "http://other:2"),
        ("https://h:8443/", None, {"HTTPS_PROXY": "http://other:2", "NO_PROXY": "h:8443"}, None),
        (URL, None, {"HTTPS_PROXY": "http://other:2", "NO_PROXY": "*"}, None),
    ],
)
def test_the_proxy(
    monkeypatch: pytest.MonkeyPatch, url: str, setting: str | None, environment: dict[str, str], expected: str | None
) -> None:
    """The setting counts, then the environment as other programs read it."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert expected == proxy_for(url, setting)


def test_a_proxy_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not gone around: who sets one wants it used."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://user:hunter2@other:2")
    with pytest.raises(ConfigError) as refusal:
        made()
    assert (
        "sinks: ops: proxy: the environment's (HTTPS_PROXY, ALL_PROXY) is not an http or https URL: set one here"
    ) == str(refusal.value)
