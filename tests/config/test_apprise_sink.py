"""The settings of a sink of type `apprise`."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from monitor.config.masking import masked
from monitor.config.sinks import AppriseSink
from monitor.config.sinks.base import PeopleSink
from monitor.errors import ConfigError
from tests.config.examples import SMALLEST, load

SECRET = "hunter2"


def sink(more: str, **environ: str) -> AppriseSink:
    """The sink that the configuration has with *more* settings."""
    found = load(f"{SMALLEST}sinks: [{{name: a, type: apprise, {more}}}]\n", environ).config.sinks[0]
    assert isinstance(found, AppriseSink)
    return found


def refusal(more: str) -> str:
    """What is said of *more*, without the place in the file."""
    with pytest.raises(ConfigError) as refused:
        sink(more)
    return str(refused.value).removeprefix("monitor.yaml:3: sinks[0]")


def test_a_url_is_enough() -> None:
    """Everything else has a default; people read what it sends."""
    found = sink("service_url: '${URL}'", URL="slack://a/b/c")
    assert ("slack://a/b/c", None, None, 10_000, timedelta(seconds=30)) == (
        found.service_url,
        found.service_url_file,
        found.format,
        found.max_length,
        found.timeout,
    )
    assert (True, True) == (isinstance(found, PeopleSink), found.flapping is not None)


@pytest.mark.parametrize("more", ["", "service_url: 'slack://a', service_url_file: x"])
def test_one_place_for_the_url(more: str) -> None:
    """Neither and both are refused."""
    told = ": a mapping of type apprise needs one of service_url_file and service_url: write one of them"
    assert told == refusal(more)


@pytest.mark.parametrize("url", [f"slack:{SECRET}", f"slack//{SECRET}", f"slack://{SECRET} b", f"://{SECRET}"])
def test_what_is_no_url(url: str) -> None:
    """It is refused, and not shown."""
    told = refusal(f"service_url: '{url}'")
    assert "is not a URL of apprise: write it as in slack://…, mailto://…; see https://appriseit.com" in told
    assert SECRET not in told


def test_the_url_is_masked() -> None:
    """`/config` shows no more of it than its scheme."""
    config = load(f"{SMALLEST}sinks: [{{name: a, type: apprise, service_url: 'slack://{SECRET}/b/c'}}]\n").config
    shown = masked(config)
    assert ("service_url: slack://***\n" in shown, SECRET in shown) == (True, False)


def test_a_template_is_tried() -> None:
    """On a sample of every event that the sink may get."""
    told = refusal("service_url: 'slack://a', template: '{{ data.version.status }}'")
    assert "fails on an event of type rekognition.project.unreachable" in told
    assert "is not a template" in refusal("service_url: 'slack://a', title_template: '{{ data'")
    sink("service_url: 'slack://a', types: [status_changed], template: '{{ data.version.status }}'")


def test_the_name_of_the_log_is_taken() -> None:
    """As for every other type."""
    with pytest.raises(ConfigError, match="is the name of the sink of type log"):
        load(f"{SMALLEST}sinks: [{{name: log, type: apprise, service_url: 'slack://a'}}]\n")


def test_without_apprise_the_type_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check-config` and the start say what to install."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    told = ".type: \"apprise\" needs apprise, which is not installed: pip install 'rekognition-monitor[chat]'"
    assert told == refusal("service_url: 'slack://a'")
