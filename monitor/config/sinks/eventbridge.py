"""The settings of a sink of type `eventbridge`."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from monitor.config.sinks.aws import AwsSink, Region

_NAME: Final = r"[./\w-]{1,256}"
_ARN: Final = r"arn:[a-z0-9-]+:events:(?P<region>[a-z0-9-]+):[0-9]{12}:event-bus/[./\w-]{1,256}"
"""Amazon EventBridge API Reference, CreateEventBus and PutEvents."""
_SOURCE: Final = r"(?!aws\.)[\w./-]{1,256}"
"""Amazon EventBridge API Reference, PutEvents; what begins with `aws.` is kept for AWS's own services."""


def check_bus(text: str) -> str:
    if not re.fullmatch(_ARN if text.startswith("arn:") else _NAME, text, re.ASCII):
        raise ValueError(
            "is neither the name nor the ARN of an event bus: write default, or "
            "arn:aws:events:us-east-1:111122223333:event-bus/models"
        )
    return text


def check_source(text: str) -> str:
    if text.startswith("aws."):
        raise ValueError("begins with aws., which EventBridge keeps for AWS's own services: choose another")
    if not re.fullmatch(_SOURCE, text, re.ASCII):
        raise ValueError("is not the source of an event: use letters, digits and ._-/ (256 at most)")
    return text


Bus = Annotated[str, AfterValidator(check_bus)]
Source = Annotated[str, AfterValidator(check_source), Field(json_schema_extra={"pattern": f"^{_SOURCE}$"})]


class EventBridgeSink(AwsSink):
    """A bus of Amazon EventBridge."""

    type: Literal["eventbridge"] = Field(description="A bus of Amazon EventBridge.")
    region: Region | None = Field(
        default=None,
        description="Where the bus is; needed when `bus` is a name, and taken from its ARN otherwise.",
        examples=["us-east-1"],
    )
    bus: Bus = Field(
        description="The bus, by name or ARN; by ARN it may be another account's. EventBridge takes events for a bus "
        "that does not exist, and drops them without a word.",
        examples=["default"],
    )
    source: Source = Field(
        default="rekognition-monitor",
        description="What rules know the events by.",
        examples=["rekognition-monitor"],
    )

    @field_validator("bus", mode="after")
    @classmethod
    def _somewhere(cls, bus: str, info: ValidationInfo) -> str:
        arn, region = re.fullmatch(_ARN, bus, re.ASCII), info.data.get("region")
        if arn is None and "region" in info.data and region is None:
            raise ValueError("is a name, and names do not say where: write region too, or the bus's ARN")
        if arn is not None and region not in (None, arn["region"]):
            raise ValueError("is in another region than region says: take region out")
        return bus

    @property
    def bus_region(self) -> str:
        """Where the bus is."""
        arn = re.fullmatch(_ARN, self.bus, re.ASCII)
        return arn["region"] if arn else str(self.region)
