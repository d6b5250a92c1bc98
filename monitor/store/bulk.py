"""Reading much at once."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_AT_ONCE: Final = 1000
"""Keys in one SELECT: few statements, and well under what any database takes as parameters."""


def chunks(items: Iterable[str]) -> Iterator[list[str]]:
    """*items* in lists of as many as one statement takes."""
    rest = iter(items)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: nothing that is loaded is garbage, and the collector, woken by every few
    thousand new objects, would go over all of them again and again (half of the time that 100,000 versions take).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
