"""A test of one sink, past the outbox."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.aws.clients import Clients
from monitor.domain.trial import trial_message
from monitor.errors import DeliveryError, UsageError
from monitor.service.clock import utc_now
from monitor.service.sinks import make_sink

if TYPE_CHECKING:
    from monitor.config import sinks as settings
    from monitor.config.model import Config
    from monitor.dispatcher import Sink
    from monitor.domain.delivery import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of a test.

    Attributes:
        event_id: Of the event that was sent.
        seconds: How long the sink took.
        refusal: None when it was accepted.
    """

    sink: str
    event_id: str
    seconds: float
    refusal: DeliveryError | None


def try_sink(config: Config, name: str) -> Trial:
    """Send a marked event to the sink *name*, also one that is turned off, and see what it says.

    Raises:
        UsageError: There is no such sink.
        ConfigError: It cannot be made: its secret cannot be read, say.
    """
    message = trial_message(utc_now(), str(uuid.uuid4()))
    aws = config.aws
    sink = make_sink(_named(config, name), Clients(connect_timeout=aws.connect_timeout, read_timeout=aws.read_timeout))
    began = time.monotonic()
    try:
        refusal = _deliver(sink, message)
    finally:
        sink.close()
    return Trial(sink=name, event_id=message.id, seconds=time.monotonic() - began, refusal=refusal)


def _named(config: Config, name: str) -> settings.Sink:
    for sink in config.sinks:
        if sink.name == name:
            return sink
    known = ", ".join(sink.name for sink in config.sinks)
    raise UsageError(f"there is no sink {name} in the configuration: known are {known}")


def _deliver(sink: Sink, message: Message) -> DeliveryError | None:
    try:
        return sink.deliver([message]).get(message.position)
    except DeliveryError as error:
        return error
