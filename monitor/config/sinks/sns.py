"""The settings of a sink of type `sns`."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from monitor.config.sinks.aws import AwsSink
from monitor.config.templates import check_template

_TOPIC: Final = r"arn:[a-z0-9-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?"
"""Amazon SNS API Reference, CreateTopic: letters, digits, - and _, 256 at most; a FIFO topic ends with .fifo."""


def check_topic(text: str) -> str:
    if not re.fullmatch(_TOPIC, text, re.ASCII):
        raise ValueError("is not the ARN of an SNS topic: write it as in arn:aws:sns:us-east-1:111122223333:models")
    return text


TopicArn = Annotated[str, AfterValidator(check_topic), Field(json_schema_extra={"pattern": f"^{_TOPIC}$"})]


class SnsSink(AwsSink):
    """A topic of Amazon SNS."""

    type: Literal["sns"] = Field(description="A topic of Amazon SNS.")
    topic_arn: TopicArn = Field(
        description="The topic, in any region and account. One whose ARN ends with .fifo keeps the order of each "
        "version's events.",
        examples=["arn:aws:sns:us-east-1:111122223333:models"],
    )
    subject_template: str | None = Field(
        default=None,
        description="A template (Jinja2) for the subject, instead of the severity and the summary. SNS takes 99 "
        "characters of printable ASCII: the rest is cut off, other characters become question marks.",
        examples=["{{ severity }}: {{ data.summary }}"],
    )
    template: str | None = Field(
        default=None,
        description="A template (Jinja2) for the message, instead of the CloudEvent: for a topic that people read by "
        "mail. The attributes that subscriptions filter by stay.",
        examples=["{{ data.summary }}\n{{ data.console_url | default('') }}"],
    )

    @field_validator("subject_template", "template", mode="after")
    @classmethod
    def _renders(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given is None:
            return None
        if not given.strip():
            raise ValueError("is empty: write a template, or take the key out")
        return check_template(given, types=info.data.get("types", ()))

    @property
    def region(self) -> str:
        """Where the topic is."""
        return self.topic_arn.split(":")[3]

    @property
    def fifo(self) -> bool:
        """Whether the topic keeps an order."""
        return self.topic_arn.endswith(".fifo")
