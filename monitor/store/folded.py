"""A project's versions as the database has them, made into ours when somebody first looks at one.

A start has to know how many there are and when they were seen, and no more: of 100,000 versions, four fifths of the
time that reading takes goes into their documents. They are held as they were read, so that who looks later asks no
database and sees what was there when they were read, all or none of it.
"""

from __future__ import annotations

import threading
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass, field
from operator import attrgetter

from monitor.domain.snapshot import Tracked
from monitor.store.rows import Line, read_tracked


@dataclass(frozen=True, slots=True)
class Sheet:
    """The documents of many versions, one after the other: in one piece, whose memory goes back to the system at once.

    Attributes:
        lock: Held by who makes versions of it, so that everybody gets the same ones.
    """

    text: bytearray = field(default_factory=bytearray)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Folded(Mapping[str, Tracked]):
    """Versions by ARN, newest first; to whoever looks, the same as a dict. Thread-safe.

    Any look but `len` may raise StateDamagedError.
    """

    __slots__ = ("_folded", "_made", "_size")

    def __init__(self, sheet: Sheet, lines: list[Line]) -> None:
        """The versions of *lines*, in any order."""
        self._size = len(lines)
        self._folded: tuple[Sheet, list[Line]] | None = (sheet, lines)
        self._made: dict[str, Tracked] = {}

    def __getitem__(self, arn: str) -> Tracked:
        return self.unfolded()[arn]

    def __iter__(self) -> Iterator[str]:
        return iter(self.unfolded())

    def __len__(self) -> int:
        return self._size

    def keys(self) -> KeysView[str]:
        return self.unfolded().keys()

    def values(self) -> ValuesView[Tracked]:
        return self.unfolded().values()

    def items(self) -> ItemsView[str, Tracked]:
        return self.unfolded().items()

    def unfolded(self) -> dict[str, Tracked]:
        """All of them, made now if nobody has looked before."""
        folded = self._folded  # once: another thread may unfold meanwhile
        if folded is not None:
            with folded[0].lock:
                if self._folded is not None:
                    self._made = _make(*folded)
                    self._folded = None
        return self._made


def unfold(versions: Mapping[str, Tracked]) -> None:
    """Make what is `Folded`, if these are. Raises StateDamagedError."""
    if isinstance(versions, Folded):
        versions.unfolded()


def _make(sheet: Sheet, lines: Iterable[Line]) -> dict[str, Tracked]:
    newest_first = sorted(lines, key=attrgetter("rank"), reverse=True)
    found = (read_tracked(line, sheet.text) for line in newest_first)
    return {tracked.version.arn: tracked for tracked in found}
