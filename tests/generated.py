"""Writes again what is generated from the program, so that documents cannot drift: `make docs`.

Each entry is a file and the pure function that makes its text; a test holds every file against it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT: Final = Path(__file__).parent.parent


def generators() -> Mapping[str, Callable[[], str]]:
    """What makes each generated file, by its path in the repository."""
    return {}


def main() -> None:
    """Write every file."""
    for path, render in generators().items():
        (ROOT / path).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
