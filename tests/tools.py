"""What some tests need besides Python's packages: programs, and rights on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

_REPOSITORY = Path(__file__).parents[1]


def required_tool(path_or_name: str) -> str:
    """The path of a program: one on the PATH by its name, or one in the repository by a relative path.

    Skips the test where it is absent; with MONITOR_TESTS_REQUIRE_ALL=1 in the environment its absence is a failure.
    """
    inside = "/" in path_or_name
    found = shutil.which(str(_REPOSITORY / path_or_name) if inside else path_or_name)
    if found is None:
        unmet(f"{path_or_name} is not installed")
    return found


def unmet(reason: str) -> NoReturn:
    """Skip the test, for *reason*: something that it needs is not here. With MONITOR_TESTS_REQUIRE_ALL=1, fail it."""
    if os.environ.get("MONITOR_TESTS_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and MONITOR_TESTS_REQUIRE_ALL=1 asks for every tool")
    pytest.skip(reason)
