"""The web configuration file, `web.config_file`: TLS, client certificates, passwords and headers.

Its form is that of Prometheus's exporter-toolkit (docs/web-configuration.md there), so that one file serves every
exporter of a machine. What cannot be honoured here is refused, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.config.section import Section
from monitor.config.values import Text

if TYPE_CHECKING:
    from pathlib import Path

CIPHERS: Final[Mapping[str, str]] = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
}
"""The suites of TLS 1.2 that encrypt and authenticate in one, by Go's names, and OpenSSL's for them."""

ALWAYS_ON: Final = frozenset({"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
"""Of TLS 1.3, which neither Go nor OpenSSL's Python lets anybody choose from."""

UNSUPPORTED: Final[Mapping[str, str]] = {
    "cert": "is not supported: put the certificate into a file and name that in cert_file",
    "key": "is not supported: put the key into a file and name that in key_file",
    "client_ca": "is not supported: put the certificates into a file and name that in client_ca_file",
    "curve_preferences": "is not supported: take it out; OpenSSL's own order is taken",
    "rate_limit": "is not supported: take it out; connections, answers and checks of passwords are bounded anyway",
}
"""What exporter-toolkit knows and this program does not."""

_BCRYPT: Final = re.compile(r"\$2[aby]\$(?P<cost>\d\d)\$[./A-Za-z0-9]{53}", re.ASCII)
_COSTS: Final = range(4, 16)
"""Each step doubles the time: 10 is 50 ms, 15 more than a second for every password that is tried."""
_NOT_VERIFIED: Final = frozenset({"RequestClientCert", "RequireAnyClientCert", "RequireClientCert"})
_WIDER: Final[Mapping[str, str]] = {"X-Frame-Options": "deny", "X-Content-Type-Options": "nosniff"}
"""Headers that every answer has already: the only value that is as strict."""


def _check_suite(name: str) -> str:
    if name not in CIPHERS and name not in ALWAYS_ON:
        raise ValueError(f"is not a suite that is offered: write some of {', '.join(CIPHERS)}")
    return name


def _check_client_auth(word: object) -> object:
    if word in _NOT_VERIFIED:
        raise ValueError(
            "would take any certificate, even one that a stranger made: write RequireAndVerifyClientCert, "
            "VerifyClientCertIfGiven or NoClientCert"
        )
    return word


def _check_version(word: object) -> object:
    if word in ("TLS10", "TLS11"):
        raise ValueError("is broken (RFC 8996) and never spoken: write TLS12 or TLS13")
    return word


def _check_hash(text: str) -> str:
    match = _BCRYPT.fullmatch(text)
    if match is None:
        raise ValueError("is not a bcrypt hash: make one by `htpasswd -nBC 10 NAME`, and write what follows the colon")
    if int(match["cost"]) not in _COSTS:
        raise ValueError(f"has a cost of {int(match['cost'])}: make one of {_COSTS[0]} to {_COSTS[-1]}")
    return text


def _check_user(name: str) -> str:
    if not name or ":" in name or not name.isprintable():
        raise ValueError("cannot be the name of a user: use characters that can be seen, and no colon (RFC 7617)")
    return name


def _check_http2(value: object) -> object:
    if value is True:
        raise ValueError("cannot be: only HTTP/1.1 is spoken: write false, or take it out")
    return value


def _check_header(text: str) -> str:
    if not (text.isascii() and text.isprintable() and text.strip() == text):
        raise ValueError("cannot stand in a header: write ASCII characters that can be seen")
    return text


Suite = Annotated[str, AfterValidator(_check_suite)]
Header = Annotated[Text, AfterValidator(_check_header)]
User = Annotated[str, AfterValidator(_check_user)]
Hash = Annotated[str, AfterValidator(_check_hash)]
Version = Annotated[Literal["TLS12", "TLS13"], BeforeValidator(_check_version)]


class TlsServer(Section):
    """`tls_server_config`. Paths that are not absolute begin at the file's own directory."""

    cert_file: Text = Field(examples=["server.crt"])
    key_file: Text = Field(examples=["server.key"])
    client_auth_type: Annotated[
        Literal["NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"],
        BeforeValidator(_check_client_auth),
    ] = "NoClientCert"
    client_ca_file: Text | None = None
    client_allowed_sans: tuple[Text, ...] = ()
    min_version: Version = "TLS12"
    max_version: Version = "TLS13"
    cipher_suites: tuple[Suite, ...] = ()
    prefer_server_cipher_suites: bool = True

    @model_validator(mode="after")
    def _fits(self) -> TlsServer:
        if self.min_version > self.max_version:
            raise ValueError("max_version is below min_version: change one of them")
        if self.client_ca_file and self.client_auth_type == "NoClientCert":
            raise ValueError("client_ca_file is of no use with NoClientCert: set client_auth_type")
        if not self.client_ca_file and self.client_auth_type != "NoClientCert":
            raise ValueError(f"client_auth_type {self.client_auth_type} needs client_ca_file: name the certificates")
        if self.client_allowed_sans and not self.client_required:
            raise ValueError("client_allowed_sans needs client_auth_type: RequireAndVerifyClientCert")
        if self.cipher_suites and self.min_version == "TLS12" and not set(self.cipher_suites) - ALWAYS_ON:
            raise ValueError("cipher_suites leaves none for TLS 1.2: add one, or write min_version: TLS13")
        return self

    @property
    def client_required(self) -> bool:
        """Whether nobody gets in without a certificate that is verified."""
        return self.client_auth_type == "RequireAndVerifyClientCert"

    def files(self) -> Mapping[str, str]:
        """The files that it names, by key."""
        found = {"cert_file": self.cert_file, "key_file": self.key_file, "client_ca_file": self.client_ca_file}
        return {key: path for key, path in found.items() if path is not None}


class Headers(Section):
    """`http_server_config.headers`: what is added to every answer. The monitor's own headers are never made laxer."""

    content_security_policy: Header | None = Field(default=None, alias="Content-Security-Policy")
    x_frame_options: Header | None = Field(default=None, alias="X-Frame-Options")
    x_content_type_options: Header | None = Field(default=None, alias="X-Content-Type-Options")
    x_xss_protection: Header | None = Field(default=None, alias="X-XSS-Protection")
    strict_transport_security: Header | None = Field(default=None, alias="Strict-Transport-Security")

    @model_validator(mode="after")
    def _no_laxer(self) -> Headers:
        for name, value in self.added():
            strictest = _WIDER.get(name)
            if strictest and value.lower() != strictest:
                raise ValueError(f"{name} is {strictest} on every answer already: take it out")
        return self

    def added(self) -> tuple[tuple[str, str], ...]:
        """Names and values. A second Content-Security-Policy holds beside the first: what both allow is allowed."""
        return tuple(self.model_dump(by_alias=True, exclude_none=True).items())


class HttpServer(Section):
    """`http_server_config`."""

    http2: Annotated[bool, BeforeValidator(_check_http2)] = False
    headers: Headers = Headers()


class WebFile(Section):
    """The whole file."""

    tls_server_config: TlsServer | None = None
    http_server_config: HttpServer = HttpServer()
    basic_auth_users: Mapping[User, Hash] = {}

    @property
    def authenticates(self) -> bool:
        """Whether everybody who asks has to prove who it is."""
        tls = self.tls_server_config
        return bool(self.basic_auth_users) or (tls is not None and tls.client_required)

    def beside(self, directory: Path) -> WebFile:
        """The same, its paths taken from *directory*."""
        tls = self.tls_server_config
        if tls is None:
            return self
        paths = {key: str(directory / path) for key, path in tls.files().items()}
        return self.model_copy(update={"tls_server_config": tls.model_copy(update=paths)})


NOBODY: Final = WebFile()
"""No file: plain HTTP, and nobody has to authenticate."""
