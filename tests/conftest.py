"""What holds for every test."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile(
    "monitor",
    deadline=None,  # a slow machine is no failure
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=60,
    print_blob=True,
)
settings.load_profile("monitor")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Undo what a test's program did to logging: a process has only one, and the next test may look at it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)
