from __future__ import annotations

from monitor.config.masking import mask, mask_at, masked
from tests.config.examples import ARN, SMALLEST, load

EVERYTHING = f"""
poll: {{interval: 1m, workers: 3}}
aws: {{profile: "a $$ b"}}
projects:
  - arn: {ARN}
    versions: ["prod-*"]
    labels: {{team: "naïve: yes"}}
sinks:
  - {{name: audit, type: file, path: x.jsonl, types: [appeared], statuses: [RUNNING]}}
"""


def test_what_is_shown_loads_again() -> None:
    """`/config` shows a file that would give the same configuration."""
    config = load(EVERYTHING).config
    assert config == load(masked(config)).config


def test_user_and_password_of_a_url() -> None:
    """What stands before the @ is hidden, the rest shows."""
    config = load(SMALLEST + "aws: {endpoint_url: 'https://user:hunter2@proxy:8443/path'}\n").config
    assert "\n  endpoint_url: https://***@proxy:8443/path\n" in masked(config)


def test_values_from_the_environment() -> None:
    """They are shown as the file writes them."""
    text = SMALLEST + "    labels:\n      team: ${TEAM}\naws:\n  profile: pre-${PROFILE}\n"
    shown = masked(load(text, {"TEAM": "hunter2", "PROFILE": "hunter3"}).config)
    assert ("hunter" in shown, "team: ${TEAM}\n" in shown, "profile: pre-${PROFILE}\n" in shown) == (False, True, True)


def test_types_from_the_environment() -> None:
    """A word that became two types shows as these: it is no secret."""
    text = SMALLEST + "sinks:\n  - name: log\n    type: log\n    types:\n      - ${TYPE}\n      - recovered\n"
    shown = masked(load(text, {"TYPE": "appeared"}).config)
    assert "types:\n  - rekognition.project_version.appeared\n  - rekognition.project.appeared\n" in shown


def test_secret_settings() -> None:
    """By their names; a name that ends in `_file` is a path."""
    assert [mask("secret", "x"), mask("auth_token", "x"), mask("secret_file", "/x"), mask("name", "x")] == [
        "***",
        "***",
        "/x",
        "x",
    ]


def test_secret_parameters_of_a_url() -> None:
    """Those whose names say so."""
    assert mask("url", "https://h/x?a=1&api_token=abc&b=2#c") == "https://h/x?a=1&api_token=***&b=2#c"


def test_the_url_of_a_service() -> None:
    """Of apprise's only the scheme shows; what is not such a URL does not show at all."""
    assert ["slack://***", "***", "***"] == [
        mask("service_url", text) for text in ("slack://a/b/c", "slack:/a/b", "a b://c")
    ]


def test_what_is_secret_of_a_webhook() -> None:
    """Its headers, and the path of its URL."""
    text = SMALLEST + (
        "sinks:\n  - {name: ops, type: webhook, url: 'https://h:8443/services/hunter2?x=hunter3', "
        "headers: {X-Key: hunter4}, proxy: 'http://u:hunter5@p:3128', secret: aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVy}\n"
    )
    shown = masked(load(text).config)
    assert ("hunter" in shown, "aHVudG" in shown) == (False, False)
    assert "url: https://h:8443/***\n" in shown
    assert "X-Key: '***'\n" in shown
    assert "proxy: http://***@p:3128\n" in shown


def test_a_webhook_without_a_path() -> None:
    """Has nothing to hide in it."""
    paths = {"https://h": "https://h", "https://h/": "https://h/", "https://h?x": "https://h?***", "oops": "oops"}
    assert paths == {url: mask_at(("sinks", 0, "url"), url) for url in paths}
