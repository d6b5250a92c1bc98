"""Who may ask for what, as it is at the moment."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from monitor.config.web import Web, is_loopback
from monitor.config.web_loading import LoadedWeb

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """From where the socket that is served on can be reached.

    Attributes:
        local: From this machine only.
        named: By a name that anybody may have given it. A Unix socket has a path, which no browser opens.
    """

    local: bool
    named: bool


def reach_of(listening: socket.socket) -> Reach:
    """From where *listening* can be reached."""
    if listening.family == socket.AF_UNIX:
        return Reach(local=True, named=False)
    return Reach(local=is_loopback(str(listening.getsockname()[0])), named=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the settings and the web configuration file come to on this socket.

    Attributes:
        web: The settings.
        loaded: What the file says.
    """

    reach: Reach = Reach(local=True, named=True)
    web: Web = field(default_factory=Web)
    loaded: LoadedWeb = field(default_factory=LoadedWeb)

    @property
    def tls(self) -> ssl.SSLContext | None:
        """What connections are encrypted with; None for nothing."""
        return self.loaded.tls

    @property
    def users(self) -> Mapping[str, str]:
        """Who may ask, by bcrypt hashes of their passwords; everybody if empty."""
        return self.loaded.file.basic_auth_users

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What the operator adds to every answer."""
        return self.loaded.file.http_server_config.headers.added()

    @property
    def client_names(self) -> frozenset[str]:
        """What client certificates may be for; anything if empty."""
        tls = self.loaded.file.tls_server_config
        return frozenset(tls.client_allowed_sans if tls else ())

    @property
    def open(self) -> bool:
        """Whether strangers can ask."""
        return not self.reach.local and not self.loaded.file.authenticates

    @property
    def changes_allowed(self) -> bool:
        """Whether a request may change anything."""
        return not self.open if self.web.allow_changes is None else self.web.allow_changes

    def addressed_by(self, host: str | None) -> bool:
        """Whether a request with this Host header means us.

        A web page can have its own name lead to this machine (DNS rebinding), and its browser then hands it what is
        answered. An address or localhost cannot be had that way, and a page knows neither passwords nor certificates.
        """
        exposed = self.reach.local and self.reach.named and not self.loaded.file.authenticates
        if host is None or not (exposed or self.web.allowed_hosts):
            return True
        name = _without_port(host.lower())
        return is_loopback(name) or _is_address(name) or name in self.web.allowed_hosts


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
