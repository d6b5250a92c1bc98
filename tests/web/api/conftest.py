from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.api.house import House, inhabited

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all tests that only read."""
    with inhabited(tmp_path_factory.mktemp("house")) as made:
        yield made
