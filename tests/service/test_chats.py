"""From the settings of a sink of type `apprise` to the sink."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from monitor.aws.clients import Clients
from monitor.config.sinks import AppriseSink as AppriseSettings
from monitor.errors import ConfigError
from monitor.service.sinks import make_sink, make_sinks
from monitor.sinks.apprise import AppriseSink, Style
from tests.config.examples import SMALLEST, load

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.dispatcher import Sink

URL = "json://127.0.0.1:9/hunter2"


def clients() -> Clients:
    return Clients(connect_timeout=timedelta(seconds=1), read_timeout=timedelta(seconds=1))


def made(**settings: Any) -> Sink:
    return make_sink(AppriseSettings.model_validate({"name": "ops", "type": "apprise", **settings}), clients())


def test_each_setting_gets_where_it_belongs(tmp_path: Path) -> None:
    """The URL comes from its file, without the line end."""
    path = tmp_path / "url"
    path.write_text(f"{URL}\n")
    found = made(
        service_url_file=str(path),
        format="text",
        max_length=500,
        title_template="{{ type }}",
        template="{{ data.summary }}",
        timeout="5s",
    )
    style = Style(markdown=False, longest=500, title_template="{{ type }}", template="{{ data.summary }}")
    assert AppriseSink(url=URL, style=style, timeout=5) == found


def test_the_form_is_left_to_the_service() -> None:
    """Unless the file says otherwise."""
    assert AppriseSink(url=URL, style=Style(markdown=None)) == made(service_url=URL)
    assert AppriseSink(url=URL, style=Style(markdown=True)) == made(service_url=URL, format="markdown")


def test_what_is_wrong_with_each_sink_is_told_at_once(tmp_path: Path) -> None:
    """By the sink's name, and nothing of a URL."""
    empty, missing = tmp_path / "empty", tmp_path / "missing"
    empty.touch()
    text = f"""{SMALLEST}
sinks:
  - {{name: a, type: apprise, service_url_file: {empty}}}
  - {{name: b, type: apprise, service_url_file: {missing}}}
  - {{name: c, type: apprise, service_url: "nosuch://hunter2"}}
  - {{name: d, type: apprise, service_url: "{URL}"}}
"""
    with pytest.raises(ConfigError) as refused:
        make_sinks(load(text).config, clients())
    cannot = "cannot be read: No such file or directory: make the file, readable for this user"
    assert (
        f"sinks: a: service_url_file: {empty} is empty: write the value into it",
        f"sinks: b: service_url_file: {missing} {cannot}",
        "sinks: c: nosuch:// is no URL that apprise takes; compare it with the service's page on https://appriseit.com",
    ) == refused.value.problems
