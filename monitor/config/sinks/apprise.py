"""The settings of a sink of type `apprise`."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from monitor.config.section import MINUTE, SECOND
from monitor.config.sinks.base import PeopleSink
from monitor.config.templates import check_template
from monitor.config.values import Count, Duration, Text  # noqa: TC001 - pydantic reads the annotations when it runs

_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def check_service_url(text: str) -> str:
    """*text*, if it may be an apprise URL: which there are only apprise knows, which is asked at the start."""
    if not _URL.fullmatch(text):
        raise ValueError("is not a URL of apprise: write it as in slack://…, mailto://…; see https://appriseit.com")
    return text


ServiceUrl = Annotated[str, AfterValidator(check_service_url)]


class AppriseSink(PeopleSink):
    """Chat or mail, through apprise (`pip install 'rekognition-monitor[chat]'`)."""

    type: Literal["apprise"] = Field(description="Chat or mail: any service that apprise knows.")
    service_url_file: Text | None = Field(
        default=None,
        description="A file that holds the service's URL (https://appriseit.com/services). It is read at the start and "
        "at a reload. This or service_url has to be given.",
        examples=["${CREDENTIALS_DIRECTORY}/secrets_ops-chat"],
    )
    service_url: ServiceUrl | None = Field(
        default=None,
        description="The service's URL itself. It holds secrets, so take it from the environment: ${NAME}. One place: "
        "each place of people is a sink of its own, or a message that one took and another refused would be sent to "
        "both again.",
        examples=["${OPS_CHAT_URL}"],
    )
    format: Literal["text", "markdown"] | None = Field(
        default=None,
        description="How messages are worded: markdown, which apprise turns into what the service shows, or plain "
        "text; null for markdown wherever the service shows more than text.",
        examples=["text"],
    )
    max_length: Count = Field(
        default=10_000,
        ge=100,
        le=100_000,
        description="Characters of a message at most. What the service takes counts where it is less. Longer messages "
        "are shortened: details first, then all but the titles.",
        examples=[2000],
    )
    title_template: str | None = Field(
        default=None,
        description="A template (Jinja2) for the title of a message about a single event.",
        examples=["{{ data.version.name }} is {{ data.version.status }}"],
    )
    template: str | None = Field(
        default=None,
        description="A template (Jinja2) for the text of each event, instead of the monitor's own words.",
        examples=["{{ data.summary }}"],
    )
    timeout: Duration = Field(
        default=30 * SECOND,
        ge=SECOND,
        le=2 * MINUTE,
        description="How long sending one message may take in all.",
        examples=["30s"],
    )

    @field_validator("type", mode="after")
    @classmethod
    def _installed(cls, given: Literal["apprise"]) -> Literal["apprise"]:
        if find_spec("apprise") is None:
            raise ValueError("needs apprise, which is not installed: pip install 'rekognition-monitor[chat]'")
        return given

    @field_validator("title_template", "template", mode="after")
    @classmethod
    def _renders(cls, given: str | None, info: ValidationInfo) -> str | None:
        return given if given is None else check_template(given, types=info.data.get("types", ()))

    @model_validator(mode="after")
    def _one_url(self) -> Self:
        if (self.service_url is None) == (self.service_url_file is None):
            raise ValueError("of type apprise needs one of service_url_file and service_url: write one of them")
        return self
