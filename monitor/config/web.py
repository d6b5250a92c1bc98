"""The settings of the web side: where it listens, and who may ask for what."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from monitor.config.section import Section
from monitor.config.values import Listen, Text, split_listen

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*", re.ASCII)


def check_host_name(text: str) -> str:
    """*text* in small letters, if it is the name of a host, without a port."""
    name = text.lower()
    if not _NAME.fullmatch(name):
        raise ValueError("is not the name of a host: write it without scheme and port, as in monitor.example.com")
    return name


HostName = Annotated[str, AfterValidator(check_host_name)]


class Web(Section):
    """The page, /metrics and the API."""

    listen: Listen = Field(
        default="127.0.0.1:10417",
        description="HOST:PORT to serve on, an IPv6 host in brackets; port 0 takes a free one. Another host than the "
        "loopback's shows everything to whoever reaches it, unless `config_file` asks for passwords or certificates.",
        examples=["127.0.0.1:10417", "[::1]:10417"],
    )
    config_file: Text | None = Field(
        default=None,
        description="TLS, client certificates, passwords and headers, in a file of the form that Prometheus and its "
        "exporters share; see web.md. It is read again when it changes.",
        examples=["/etc/rekognition-monitor/web.yaml"],
    )
    allow_changes: bool | None = Field(
        default=None,
        description="Whether a request may change something, as POST /-/reload does. null allows it where only this "
        "machine can ask, and where everybody who asks has to authenticate.",
        examples=[False],
    )
    allowed_hosts: tuple[HostName, ...] = Field(
        default=(),
        description="Names that requests may address the monitor by, besides addresses and localhost. Where only this "
        "machine can ask, others are refused, since a web page could have its own name lead here; elsewhere only once "
        "some stand here. A proxy in front that passes the Host header on needs its name here.",
        examples=[["monitor.example.com"]],
    )

    @property
    def host(self) -> str:
        """The host of `listen`, without brackets."""
        return split_listen(self.listen)[0]

    @property
    def port(self) -> int:
        """The port of `listen`; 0 for one that the system chooses."""
        return split_listen(self.listen)[1]

    @property
    def on_loopback(self) -> bool:
        """Whether `listen` is reached from this machine only."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host, by its name or address, is this machine's alone (RFC 6761 for the names)."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or (mapped is not None and mapped.is_loopback)
