"""The settings of a sink of type `webhook`."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from monitor.config.section import SECOND
from monitor.config.sinks.base import Sink
from monitor.config.templates import check_template
from monitor.config.values import Count, Duration, HttpUrl, Text, check_http_url

NO_PROXY: Final = "none"

MOST_SECRETS: Final = 2
"""That sign at once: the old one and the new one."""

_KEY_BYTES: Final = range(24, 65)
"""Standard Webhooks 1.0, "Signature scheme": between 24 and 64 bytes."""
_ADVICE: Final = "write whsec_ and 24 to 64 random bytes in base64, as `openssl rand -base64 32` makes them"

_HEADER_NAME: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
"""RFC 9110, section 5.6.2."""
_HEADER_VALUE: Final = r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?"
_OWN_HEADERS: Final = frozenset(
    {"connection", "content-length", "content-type", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"}
)
_OWN_PREFIXES: Final = ("ce-", "webhook-")


def signing_keys(text: str) -> tuple[bytes, ...]:
    """The keys of one secret, or of two with space between them. Raises ValueError, which holds nothing of them."""
    words = text.split()
    if len(words) > MOST_SECRETS:
        raise ValueError(f"holds {len(words)} secrets: write one, or two while it is being changed")
    return tuple(map(_key, words))


def _key(word: str) -> bytes:
    text = word.removeprefix("whsec_").rstrip("=")
    try:
        key = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"is not a secret of Standard Webhooks: {_ADVICE}") from None
    if len(key) not in _KEY_BYTES:
        raise ValueError(f"is a secret of {len(key)} bytes: {_ADVICE}")
    return key


def check_secret(text: str) -> str:
    signing_keys(text)
    return text


def check_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user or a password: take them out, and set the header Authorization")
    if parts.fragment:
        raise ValueError("has a part after #, which is never sent: take it out")
    return text


def check_header_name(text: str) -> str:
    if not re.fullmatch(_HEADER_NAME, text, re.ASCII):
        raise ValueError("is not the name of a header: use letters, digits and -")
    if text.lower() in _OWN_HEADERS or text.lower().startswith(_OWN_PREFIXES):
        raise ValueError("is a header that the monitor makes itself: take it out")
    return text


def check_header_value(text: str) -> str:
    if not re.fullmatch(_HEADER_VALUE, text):
        raise ValueError("is not the value of a header: use printable ASCII, without space at the ends")
    return text


def check_content_type(text: str) -> str:
    if not re.fullmatch(rf"{_HEADER_NAME}/{_HEADER_NAME}(?:;[\x20-\x7e]+)?", text, re.ASCII):
        raise ValueError("is not a content type: write it as in application/json")
    return text


def check_proxy(text: str) -> str:
    if text == NO_PROXY:
        return text
    if urlsplit(check_http_url(text)).path not in ("", "/"):
        raise ValueError("is not the URL of a proxy: write it as in http://proxy.example.com:3128")
    return text


Secret = Annotated[Text, AfterValidator(check_secret)]
Address = Annotated[HttpUrl, AfterValidator(check_address)]
HeaderName = Annotated[str, AfterValidator(check_header_name)]
HeaderValue = Annotated[str, AfterValidator(check_header_value)]
ContentType = Annotated[str, AfterValidator(check_content_type)]
Proxy = Annotated[str, AfterValidator(check_proxy)]


class WebhookSink(Sink):
    """A POST of each event to a URL, signed as Standard Webhooks says."""

    type: Literal["webhook"] = Field(description="A POST of each event to a URL.")
    url: Address = Field(
        repr=False,
        description="Where to. Redirects are not followed. Its path often is a secret, so only the host is shown.",
        examples=["https://hooks.example.com/rekognition"],
    )
    mode: Literal["structured", "binary", "batch"] = Field(
        default="structured",
        description="How a CloudEvent becomes a request: whole as the body, its data as the body and the rest as "
        "headers (`ce-id`, `ce-type`), or several as one JSON array.",
    )
    secret: Secret | None = Field(
        repr=False,
        default=None,
        description="Signs each request: `whsec_` and 24 to 64 bytes in base64. Two with space between them both sign, "
        "while it is being changed. Better in a file or the environment.",
        examples=["${WEBHOOK_SECRET}"],
    )
    secret_file: Text | None = Field(
        default=None,
        description="A file that holds the secret instead, or two, a line each. It is read at the start and at each "
        "reload.",
        examples=["${CREDENTIALS_DIRECTORY}/secrets_ops"],
    )
    headers: Mapping[HeaderName, HeaderValue] = Field(
        repr=False,
        default={},
        description="Headers besides those that the monitor makes. Their values count as secret.",
        examples=[{"Authorization": "Bearer ${HOOK_TOKEN}"}],
    )
    ca_file: Text | None = Field(
        default=None,
        description="Certificates (PEM) of the CAs that may sign the receiver's certificate, instead of the machine's. "
        "It is read at the start and at each reload.",
        examples=["/etc/ssl/private-ca.pem"],
    )
    proxy: Proxy | None = Field(
        default=None,
        description="URL of the proxy to go through, or none. When left out, the environment's `HTTPS_PROXY`, "
        "`HTTP_PROXY` and `NO_PROXY` decide.",
        examples=["http://proxy.example.com:3128"],
    )
    connect_timeout: Duration = Field(
        default=5 * SECOND,
        ge=SECOND,
        le=60 * SECOND,
        description="How long to wait for a connection, TLS included.",
        examples=["3s"],
    )
    timeout: Duration = Field(
        default=10 * SECOND,
        ge=SECOND,
        le=60 * SECOND,
        description="How long an attempt may take in all, from the name's resolution to the answer.",
        examples=["20s"],
    )
    concurrency: Count = Field(
        default=4,
        ge=1,
        le=64,
        description="Requests under way at once. Events about one version always come one after the other.",
        examples=[16],
    )
    content_type: ContentType = Field(
        default="application/json",
        description="What a template makes. JSON is checked with the template.",
        examples=["text/plain; charset=utf-8"],
    )
    template: str | None = Field(
        default=None,
        description="A Jinja2 template whose text is sent instead of the CloudEvent. Its names are the members of the "
        "event: `data.summary`, `type`.",
        examples=['{"text": {{ data.summary | tojson }}}'],
    )

    @field_validator("secret_file", mode="after")
    @classmethod
    def _one_secret(cls, path: str | None, info: ValidationInfo) -> str | None:
        if path is not None and info.data.get("secret") is not None:
            raise ValueError("is given besides secret: take one of the two out")
        return path

    @field_validator("template", mode="after")
    @classmethod
    def _renders(cls, template: str | None, info: ValidationInfo) -> str | None:
        if template is None:
            return None
        types, content_type = info.data.get("types", ()), info.data.get("content_type", "text/plain")
        if not template.strip():
            raise ValueError("is empty: write a template, or take the key out")
        if info.data.get("mode") in ("binary", "batch"):
            raise ValueError("makes the whole body, so mode has no use: take one of the two out")
        return check_template(template, types=types, content_type=content_type)
