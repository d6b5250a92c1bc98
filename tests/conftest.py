"""What holds for every test."""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import TYPE_CHECKING

import pytest
import structlog
from botocore.loaders import JSONFileLoader, Loader
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile(
    "monitor",
    deadline=None,  # a slow machine is no failure
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=60,
    # What decides whether a change lands tries the same examples each time; everybody else looks for new ones.
    derandomize=os.environ.get("MONITOR_TESTS_REQUIRE_ALL") == "1",
    print_blob=True,
)
settings.load_profile("monitor")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count no lines where that takes long and tells nothing new: tracing more than doubles the time of a test.

    A property is tried with dozens of examples where one of another test counts the same lines, and the daemon that an
    end-to-end test starts is another process, which is not traced anyway.
    """
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False) or item.get_closest_marker("end_to_end"):
            item.add_marker("no_cover")
    items.sort(key=_is_short)


def _is_short(item: pytest.Item) -> bool:
    """What starts processes or needs more time than usual comes first, so that in the end no worker waits for it."""
    return not (item.get_closest_marker("end_to_end") or item.get_closest_marker("timeout"))


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Undo what a test's program did to logging: a process has only one, and the next test may look at it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture(scope="session", autouse=True)
def _data_of_botocore() -> Iterator[None]:
    """Read botocore's data once: 0.1 s for each set of clients, of which the program has one and its tests hundreds."""
    read, listed = cache(JSONFileLoader().load_file), cache(Loader().list_available_services)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", lambda _, path: read(path))
        patch.setattr(Loader, "list_available_services", lambda _, type_name: listed(type_name))
        yield
