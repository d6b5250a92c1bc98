from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.aws.environment import isolate
from tests.service.rig import A, B, logging_restored, simulated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.simulator import Simulator


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    """The projects a and b, and credentials for it; what a service does to the logging is undone."""
    isolate(monkeypatch, tmp_path)
    with logging_restored(), simulated(A, B) as running:
        yield running
