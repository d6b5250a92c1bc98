"""Webhooks in the configuration: what is accepted, and what is doubted."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from monitor.config.sinks.webhook import signing_keys
from tests.config.examples import SMALLEST, load

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config.loading import Loaded

KEY = b"k" * 24
LONG = b"\xfb\xff" * 32


def webhook(more: str, url: str = "https://hooks.example.com") -> Loaded:
    """A configuration with a webhook that has these settings besides."""
    return load(f"{SMALLEST}sinks:\n  - {{name: ops, type: webhook, url: '{url}', {more}}}\n")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (f"whsec_{b64encode(KEY).decode()}", (KEY,)),
        (b64encode(LONG).decode(), (LONG,)),
        (b64encode(LONG).decode().rstrip("="), (LONG,)),
        (f"{b64encode(KEY).decode()}\n whsec_{b64encode(LONG).decode()}\n", (KEY, LONG)),
        ("", ()),
    ],
)
def test_reads_secrets_as_the_standard_writes_them(text: str, keys: tuple[bytes, ...]) -> None:
    """With the prefix or without, padded or not; two with space or a line break between them."""
    assert keys == signing_keys(text)


def test_a_secret_that_is_no_base64_is_refused() -> None:
    """A typing error is not signed with: the standard's own library would skip the character."""
    with pytest.raises(ValueError, match="is not a secret of Standard Webhooks"):
        signing_keys(b64encode(KEY).decode().replace("a", "ä", 1) + "!")


def test_a_file_that_is_not_there_is_doubted(tmp_path: Path) -> None:
    """It may be made when the service starts; the line and the key are told."""
    path = tmp_path / "secret"
    told = f"{path} cannot be found: No such file or directory: make it before the monitor starts"
    assert (f"monitor.yaml:4: sinks[0].secret_file: {told}",) == webhook(f"secret_file: '{path}'").warnings


def test_a_secret_that_everybody_can_read_is_doubted(tmp_path: Path) -> None:
    """Certificates are for everybody to read."""
    secret, ca = tmp_path / "secret", tmp_path / "ca"
    for path in (secret, ca):
        path.write_text("x")
        path.chmod(0o644)
    told = f"{secret} can be read by every user of this machine: take that away (chmod o-rwx)"
    found = webhook(f"secret_file: '{secret}', ca_file: '{ca}'").warnings
    assert (f"monitor.yaml:4: sinks[0].secret_file: {told}",) == found


def test_a_sink_that_is_off_is_not_doubted() -> None:
    """Nothing of it is read."""
    assert () == webhook("enabled: false, secret_file: /nowhere").warnings


@pytest.mark.parametrize(
    ("url", "doubted"),
    [
        ("http://hooks.example.com", True),
        ("HTTP://10.0.0.1:8080/x", True),
        ("https://hooks.example.com", False),
        ("http://127.0.0.1:8080/x", False),
        ("http://localhost/x", False),
        ("http://[::1]/x", False),
    ],
)
def test_headers_in_the_open_are_doubted(url: str, doubted: bool) -> None:  # noqa: FBT001 - what is expected
    """They are credentials more often than not."""
    told = "are sent without encryption, so anybody on the way can read them: write https in url"
    expected = (f"monitor.yaml:4: sinks[0].headers: {told}",) if doubted else ()
    assert expected == webhook("headers: {Authorization: Bearer x}", url).warnings
