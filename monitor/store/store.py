"""The store: one object that the loops, the commands and the pages share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from monitor.domain.delivery import Delivery, DeliveryState, Message, OutboxStats, Selection, Settlement
from monitor.errors import StaleSnapshotError
from monitor.store import censuses, history, outbox, schema, snapshots, sqlite, streaks, transitions, watches
from monitor.store.bulk import uncollected
from monitor.store.database import Database
from monitor.store.folded import unfold
from monitor.store.memory import Memory
from monitor.store.records import Records
from monitor.store.standings import read_standings
from monitor.store.telling import logger
from monitor.store.watches import Watches
from monitor.store.writing import write_commit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.census import Census
    from monitor.domain.claim import Claim
    from monitor.domain.commit import Commit
    from monitor.domain.flapping import Change
    from monitor.domain.reachability import Streak
    from monitor.domain.severity import Severity
    from monitor.domain.snapshot import Snapshot
    from monitor.domain.standing import Standing
    from monitor.domain.version import Version

_BUSY_TIMEOUT: Final = timedelta(seconds=5)
_PRUNED_AT_ONCE: Final = 500
_LONGEST_WAIT: Final = timedelta(hours=1)
"""Only a far end that asked for more time makes a delivery wait for longer; it is then asked once more at a start."""
_UNSETTLED: Final = frozenset({DeliveryState.PENDING, DeliveryState.DEAD})


class Store:
    """The database of one monitor, thread-safe.

    Every method but `seen` and `size_bytes` may raise StateUnavailableError (full disk, I/O error, locked: nothing was
    changed, the same call may work later) and StateDamagedError.
    """

    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._memory = Memory()
        self.watches = Watches()
        self.records = Records(database, self.watches)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Callable[[], datetime],
        create: bool = True,
        busy_timeout: timedelta = _BUSY_TIMEOUT,
    ) -> Store:
        """The store at *url* (`sqlite:////path`), made and migrated where need be.

        Args:
            url: The setting `state.url`.
            clock: Gives the time, UTC: when deliveries are retried, discarded and given up.
            create: False for the commands that only look: they neither make nor migrate a database, since the daemon
                of an older version may be running on it.
            busy_timeout: How long a write waits for another process's.

        Raises:
            UsageError: The URL names no file; with *create* off, there is no database or it is older.
            StateTooNewError: A newer version of the program wrote it.
            StateDamagedError: It is not a database, not ours, or broken.
            StateUnavailableError: It cannot be opened or written.
        """
        path = sqlite.database_path(url)
        sqlite.prepare_file(path, create=create)
        database = Database(path, busy_timeout=busy_timeout)
        try:
            if create:
                database.use_wal()
            schema.ensure(database, create=create)
        except BaseException:
            database.close()
            raise
        return cls(database, clock=clock)

    def close(self) -> None:
        """Close the database. What was seen and not saved is lost; see `save_seen`."""
        self._database.close()

    def size_bytes(self) -> int:
        """What the database takes on disk, its write-ahead log included; no query."""
        return sqlite.size_bytes(self._database.path)

    # Snapshots and counters, from memory once loaded.

    def load(self, project_arns: Iterable[str]) -> None:
        """Bring these projects into memory, with few statements; their versions are made when they are looked at.

        That is then what may raise StateDamagedError; see `unfold`.
        """
        missing = self._memory.missing(project_arns)
        with self._database.read() as connection, uncollected():
            found = snapshots.read_snapshots(connection, missing)
            moves = transitions.read_transitions(connection, missing)
            self.watches.load(watches.read_last(connection, missing))
        for arn in missing:
            self._memory.load(arn, found.get(arn), moves.get(arn))

    def unfold(self, most: int = 100) -> bool:
        """Make the versions of up to *most* loaded projects, if nobody has yet; whether some projects are left."""
        for snapshot in self._memory.take_loaded(most):
            unfold(snapshot.versions)
        return self._memory.left_loaded() > 0

    def snapshot(self, project_arn: str) -> Snapshot | None:
        """The last snapshot, with the time of the last complete listing; None before the baseline."""
        self._need(project_arn)
        return self._memory.snapshot(project_arn)

    def transitions(self, project_arn: str) -> Mapping[tuple[str, str], int]:
        """How often each pair of statuses was moved through; the same object while nothing changed."""
        self._need(project_arn)
        return self._memory.transitions(project_arn)

    def snapshots(self) -> list[Snapshot]:
        """All that are stored, of every project that was ever watched, in order of their ARNs."""
        with self._database.read() as connection, uncollected():
            found = list(snapshots.read_snapshots(connection, snapshots.stored_projects(connection)).values())
            for snapshot in found:
                unfold(snapshot.versions)
        return found

    def census(self, place: str) -> Census | None:
        """The last census of the account and region whose key that is; None before the first."""
        with self._database.read() as connection:
            return censuses.read_census(connection, place)

    def streaks(self) -> dict[str, Streak]:
        """Those stored that were told or have a sequence to go on from, by subject."""
        with self._database.read() as connection:
            return streaks.read_streaks(connection)

    def commit(self, commit: Commit) -> None:
        """Store everything of *commit* in one transaction, or nothing.

        An event whose id is stored already is the same fact, told by another process; it is not stored again.

        Raises StaleSnapshotError when the stored snapshot is not `commit.before`; the one in memory is dropped then.
        """
        arn = commit.project.arn
        try:
            with self._database.write() as connection:
                moves = write_commit(connection, commit)
        except StaleSnapshotError:
            self.forget(arn)
            raise
        self._memory.committed(arn, commit.after, moves)

    def seen(self, project_arn: str, at: datetime, *, settled: tuple[Version, ...] | None = None) -> None:
        """A complete listing at *at* found the snapshot unchanged. Kept in memory until `save_seen`."""
        self._memory.seen(project_arn, at, settled)

    def save_seen(self) -> None:
        """Store what `seen` was told, in one transaction.

        Where another process has committed a newer snapshot, the one in memory is dropped.
        """
        pending, watched = self._memory.unsaved(), self.watches.unsaved()
        if not pending and not watched:
            return
        with self._database.write() as connection:
            stale = snapshots.save_seen(connection, pending)
            watches.write_watches(connection, watched)
        self._memory.saved(pending, stale)
        self.watches.saved(watched)

    def forget(self, project_arn: str) -> None:
        """Drop the project from memory; the database keeps it."""
        self._memory.forget([project_arn])

    def retain(self, project_arns: Collection[str], sinks: Collection[str]) -> None:
        """Only these projects and sinks are configured from now on.

        Of other projects the pending absences and what was told unreachable end, without an event; their history,
        snapshots and sequences stay. Pending deliveries of other sinks become dead. Those that are due later than
        any wait explains, by a clock that was put back while nothing ran, are due now.
        """
        kept = frozenset(project_arns)
        with self._database.write() as connection:
            changed = snapshots.drop_absences(connection, kept)
            streaks.calm_streaks(connection, kept)
            abandoned = outbox.give_up_unconfigured(connection, sinks, self._clock())
            outbox.hurry(connection, self._clock(), _LONGEST_WAIT)
        for sink, number in abandoned.items():
            logger().warning("deliveries.abandoned", sink=sink, deliveries=number, error=outbox.UNCONFIGURED)
        self._memory.forget(changed)
        self._memory.forget_others(kept)

    # History.

    def events(
        self,
        *,
        after: int = 0,
        limit: int = 100,
        since: datetime | None = None,
        project: str | None = None,
        newest_first: bool = False,
    ) -> list[Message]:
        """Stored events in the order they were stored.

        Args:
            after: Only positions greater than this.
            limit: At most so many.
            since: Only events that happened at this time or later.
            project: An `fnmatch` pattern of project names or ARNs; a fault of a whole account and region has no
                project's name and the ARN `arn:aws:rekognition:REGION:ACCOUNT`.
            newest_first: The other way round.
        """
        with self._database.read() as connection:
            return history.read_events(
                connection, after=after, limit=limit, since=since, project=project, newest_first=newest_first
            )

    def prune(self, before: datetime) -> int:
        """Remove the events that happened before *before*, but none with a pending delivery; how many went.

        Dead deliveries keep no event: they were given up. In small transactions, so that no poll waits long.
        """
        total = 0
        while True:
            with self._database.write() as connection:
                pruned = history.prune_some(connection, before, _PRUNED_AT_ONCE)
            total += pruned
            if pruned < _PRUNED_AT_ONCE:
                break
        with self._database.write() as connection:
            watches.prune_watches(connection, before)
        self.watches.cut(before)
        return total

    # The outbox.

    def claim(self, sink: str, wanted: Claim) -> list[Delivery]:
        """Pending deliveries that are due, oldest first: of each subject those from its first on. None is marked."""
        with self._database.read() as connection:
            return outbox.claim(connection, sink, wanted)

    def next_due(self, sink: str, urgent: Severity | None = None) -> datetime | None:
        """When `claim` will next have something, past times included; None when nothing is pending."""
        with self._database.read() as connection:
            return outbox.next_due(connection, sink, urgent)

    def waiting_about(self, sink: str, subject: str, limit: int) -> list[Delivery]:
        """The first *limit* pending deliveries about *subject*, due or not."""
        with self._database.read() as connection:
            return outbox.waiting_about(connection, sink, subject, limit)

    def changes(self, sink: str, subject: str, since: datetime) -> list[Change]:
        """The changes of status of *subject* since then that *sink* is told of, or was."""
        with self._database.read() as connection:
            return outbox.changes(connection, sink, subject, since)

    def shift_deliveries(self, jump: timedelta, now: datetime) -> None:
        """The clock was set by *jump* to *now*: what waited then waits as long as it would have, ages no faster."""
        with self._database.write() as connection:
            outbox.shift(connection, jump, now)

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Store what became of attempts, in one transaction.

        Where the delivery was given up meanwhile (`discard`, `retain`), only "delivered" still changes it.
        """
        if settlements:
            with self._database.write() as connection:
                outbox.settle(connection, settlements)

    def outbox(
        self, *, states: Collection[DeliveryState] = _UNSETTLED, sink: str | None = None, limit: int = 100
    ) -> list[Delivery]:
        """Deliveries in these states, oldest first; *sink* None for all."""
        with self._database.read() as connection:
            return outbox.read_outbox(connection, states, sink, limit)

    def outbox_stats(self) -> dict[str, OutboxStats]:
        """What waits, by sink; sinks that nothing waits for are left out."""
        with self._database.read() as connection:
            return outbox.stats(connection)

    def standings(self) -> dict[str, Standing]:
        """How each sink stands that has a delivery."""
        with self._database.read() as connection:
            return read_standings(connection)

    def retry(self, selection: Selection) -> int:
        """Make the selected deliveries pending and due at once, as if stored now and never tried; how many.

        A dead one comes after later events about its version that were delivered: its order is lost already.
        """
        with self._database.write() as connection:
            return outbox.retry(connection, selection, self._clock())

    def discard(self, selection: Selection) -> int:
        """Give the selected deliveries up: dead, with the error `DISCARDED`; how many were not so before."""
        with self._database.write() as connection:
            return outbox.discard(connection, selection, self._clock())

    def _need(self, project_arn: str) -> None:
        if self._memory.missing([project_arn]):
            self.load([project_arn])
            if snapshot := self._memory.snapshot(project_arn):
                unfold(snapshot.versions)
