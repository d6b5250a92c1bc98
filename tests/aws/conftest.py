from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.domain.project import Project, parse_project
from tests.aws.environment import isolate
from tests.aws_examples import PROJECT_ARN

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials that are none, and nothing of the machine's own: no files, no proxy, no instance metadata."""
    isolate(monkeypatch, tmp_path)


@pytest.fixture
def project() -> Project:
    """The project of AWS's published answer."""
    return parse_project(PROJECT_ARN)
