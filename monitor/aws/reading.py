"""Reads JSON values that may be anything, as what they should be.

A reader takes a value, its path and the place for leftovers; it returns what the value says, or puts the value as it
came among the leftovers, under its path, and returns None. Nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from monitor.domain.version import shared

if TYPE_CHECKING:
    from collections.abc import Mapping

Leftovers = dict[str, Any]
"""What was not understood, by path: `Name`, `Structure.Name`, `Structure.List[0].Name`."""

Reader = Callable[[Any, str, Leftovers], Any]

_LARGEST: Final = 2**63 - 1
"""AWS's `long`, and the most that a database's integer holds."""


def text(value: Any, path: str, leftovers: Leftovers) -> str | None:
    if isinstance(value, str):
        return value
    leftovers[path] = value
    return None


def repeated(value: Any, path: str, leftovers: Leftovers) -> str | None:
    """A text that many versions have alike."""
    if isinstance(value, str):
        return shared(value)
    leftovers[path] = value
    return None


def flag(value: Any, path: str, leftovers: Leftovers) -> bool | None:
    if isinstance(value, bool):
        return value
    leftovers[path] = value
    return None


def count(value: Any, path: str, leftovers: Leftovers) -> int | None:
    """A whole number, not negative."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    leftovers[path] = value
    return None


def number(most: float) -> Reader:
    """The reader of a number from 0 to *most*."""

    def read(value: Any, path: str, leftovers: Leftovers) -> float | None:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
            return float(value)
        leftovers[path] = value
        return None

    return read


def moment(value: Any, path: str, leftovers: Leftovers) -> datetime | None:
    """Seconds since the epoch, or ISO 8601 text with a zone; not before the epoch."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else _from_epoch(value)
        if at.tzinfo is not None and at.timestamp() >= 0:
            return at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    leftovers[path] = value
    return None


def structure(fields: Mapping[str, tuple[str, Reader]], make: Callable[..., Any]) -> Reader:
    """The reader of an object: *fields* has the keyword of *make* and the reader for each name that is known.

    A null counts as absent, as for botocore. Names that are not known are left over. The keyword "" takes a reader of
    keywords: what it returns is given to *make* beside the others.
    """

    def read(value: Any, path: str, leftovers: Leftovers) -> Any:
        if not isinstance(value, dict):
            leftovers[path] = value
            return None
        found: dict[str, Any] = {}
        for name, part in value.items():
            if part is None:
                continue
            where = f"{path}.{name}" if path else name
            if name not in fields:
                leftovers[where] = part
                continue
            keyword, read_part = fields[name]
            result = read_part(part, where, leftovers)
            if keyword:
                found[keyword] = result
            else:
                found.update(result or {})
        return make(**found)

    return read


def sequence(read_item: Reader) -> Reader:
    """The reader of a list; items that say nothing are left out."""

    def read(value: Any, path: str, leftovers: Leftovers) -> tuple[Any, ...]:
        if not isinstance(value, list):
            leftovers[path] = value
            return ()
        items = (read_item(item, f"{path}[{index}]", leftovers) for index, item in enumerate(value))
        return tuple(item for item in items if item is not None)

    return read


def _from_epoch(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")  # noqa: TRY004 - data, not a bug
    return datetime.fromtimestamp(value, UTC)
