from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.errors import DeliveryError
from monitor.sinks.file import FileSink
from tests.fakes_outbox import a_message, an_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.domain.delivery import Message

A, B, C = (a_message(an_event(version), position) for position, version in enumerate("abc", start=1))

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


@pytest.fixture
def sink(path: Path) -> Iterator[FileSink]:
    sink = FileSink(path=path)
    yield sink
    sink.close()


def lines(*messages: Message) -> bytes:
    """What a file with just these messages holds."""
    return b"".join(message.document + b"\n" for message in messages)


def told(refused: Mapping[int, DeliveryError]) -> dict[int, tuple[str, bool]]:
    """By position, the reason and whether it is for good."""
    return {position: (error.reason, error.permanent) for position, error in refused.items()}


def test_writes_a_line_for_each_message(sink: FileSink, path: Path) -> None:
    """The file holds the events' own documents, one a line."""
    assert {} == sink.deliver([A, B])
    assert lines(A, B) == path.read_bytes()


def test_appends_to_what_is_there(path: Path) -> None:
    """A restart goes on in the same file."""
    for message in (A, B):
        sink = FileSink(path=path)
        sink.deliver([message])
        sink.close()
    assert lines(A, B) == path.read_bytes()


def test_makes_the_file_for_owner_and_group(sink: FileSink, path: Path) -> None:
    """Others cannot read it: it names projects and may quote AWS's messages."""
    sink.deliver([A])
    assert 0 == stat.S_IMODE(path.stat().st_mode) & ~0o640


def test_opens_nothing_before_the_first_message(sink: FileSink, path: Path) -> None:
    """A sink that is configured but gets nothing leaves no file."""
    sink.close()
    assert not path.exists()


def test_follows_a_rotation_by_rename(sink: FileSink, path: Path) -> None:
    """After a rename the next line goes into a new file of the old name."""
    sink.deliver([A])
    path.rename(path.with_suffix(".1"))
    sink.deliver([B])
    assert (lines(A), lines(B)) == (path.with_suffix(".1").read_bytes(), path.read_bytes())


def test_follows_a_rotation_that_makes_the_new_file(sink: FileSink, path: Path) -> None:
    """logrotate's `create` puts an empty file there, which is used."""
    sink.deliver([A])
    path.rename(path.with_suffix(".1"))
    path.touch(mode=0o600)
    sink.deliver([B])
    assert (lines(A), lines(B)) == (path.with_suffix(".1").read_bytes(), path.read_bytes())


def test_follows_a_rotation_by_copy_and_truncate(sink: FileSink, path: Path) -> None:
    """After a truncation the next line is the file's first, without a hole before it."""
    sink.deliver([A])
    shutil.copy(path, path.with_suffix(".1"))
    os.truncate(path, 0)
    sink.deliver([B])
    assert (lines(A), lines(B)) == (path.with_suffix(".1").read_bytes(), path.read_bytes())


def test_makes_the_file_again_when_it_was_removed(sink: FileSink, path: Path) -> None:
    """A deleted file does not swallow what comes after."""
    sink.deliver([A])
    path.unlink()
    sink.deliver([B])
    assert lines(B) == path.read_bytes()


def test_ends_a_torn_line_before_the_next(sink: FileSink, path: Path) -> None:
    """The rest of a crash stays a line of its own and spoils no event."""
    path.write_bytes(lines(A) + b'{"specversion": "1.')
    sink.deliver([B])
    assert lines(A) + b'{"specversion": "1.\n' + lines(B) == path.read_bytes()


def test_ends_a_line_that_was_torn_while_it_ran(sink: FileSink, path: Path) -> None:
    """The last byte is looked at before each line, not only when the file is opened."""
    sink.deliver([A])
    with path.open("ab") as other:
        other.write(b"torn")
    sink.deliver([B])
    assert lines(A) + b"torn\n" + lines(B) == path.read_bytes()


WRITER = """
import pathlib, sys
from tests.fakes_outbox import a_message, an_event
from monitor.sinks.file import FileSink
sink = FileSink(path=pathlib.Path(sys.argv[1]))
for i in range(50):
    messages = [a_message(an_event(sys.argv[2] * 200, n), n) for n in range(i * 10, i * 10 + 10)]
    assert not sink.deliver(messages)
"""


def test_writers_in_two_processes_cut_no_line(path: Path) -> None:
    """Each line is one write on an appending descriptor: with two writers every line is whole."""
    processes = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "xy"]
    assert [0, 0] == [process.wait(60) for process in processes]
    found = [json.loads(line)["data"]["summary"] for line in path.read_text().splitlines()]
    for name in "xy":
        assert [f"shop / {name * 200}: {n}" for n in range(500)] == [each for each in found if name in each]


def test_accepts_nothing_before_it_is_on_the_disk(path: Path) -> None:
    """One sync serves the batch, and comes after the last line."""
    synced: list[bytes] = []
    sink = FileSink(path=path, sync=lambda _: synced.append(path.read_bytes()))
    sink.deliver([A, B])
    sink.close()
    assert [lines(A, B)] == synced


def test_syncs_a_file_before_it_leaves_it(path: Path) -> None:
    """A batch may have begun in the file that was rotated away; its lines are on the disk like the others."""
    synced: list[str] = []

    def sync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    sink = FileSink(path=path, sync=sync)
    sink.deliver([A])
    path.rename(path.with_name("rotated"))
    sink.deliver([B])
    sink.close()
    assert ["events.jsonl", "rotated", "events.jsonl"] == synced


def test_refuses_all_when_the_sync_fails(path: Path) -> None:
    """Nobody knows which lines a disk that fails has kept, so every one is sent again, to a file opened anew."""
    failing = [OSError(5, "Input/output error")]

    def sync(_: int) -> None:
        if failing:
            raise failing.pop()

    sink = FileSink(path=path, sync=sync)
    with pytest.raises(DeliveryError) as refused:
        sink.deliver([A, B])
    hint = "look at the disk and the file system"
    assert f"cannot append to {path}: Input/output error; {hint}" == str(refused.value)
    assert ("io_error", False) == (refused.value.reason, refused.value.permanent)
    assert {} == sink.deliver([A, B])
    sink.close()


def test_refuses_without_the_directory(tmp_path: Path) -> None:
    """A missing directory is said, and is not for good: it may be mounted later."""
    path = tmp_path / "missing" / "events.jsonl"
    refused = FileSink(path=path).deliver([A, B])
    assert {1: ("no_directory", False), 2: ("no_directory", False)} == told(refused)
    assert f"cannot append to {path}: No such file or directory; make the directory" == str(refused[1])


def test_goes_on_when_the_directory_is_there(tmp_path: Path) -> None:
    """What was refused is accepted once its cause is gone."""
    path = tmp_path / "missing" / "events.jsonl"
    sink = FileSink(path=path)
    sink.deliver([A])
    path.parent.mkdir()
    assert {} == sink.deliver([A])
    sink.close()
    assert lines(A) == path.read_bytes()


def test_refuses_a_directory(tmp_path: Path) -> None:
    """A path that is a directory cannot be written."""
    assert {1: ("not_a_file", False)} == told(FileSink(path=tmp_path).deliver([A]))


def test_refuses_what_is_no_regular_file(tmp_path: Path) -> None:
    """A FIFO would hold the sink or swallow the events; it is refused without waiting for a reader."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    refused = FileSink(path=fifo).deliver([A])
    assert f"cannot append to {fifo}: it is no regular file; name a regular file" == str(refused[1])


@pytest.fixture
def forbidden(path: Path) -> Iterator[Path]:
    """A file that may not be written. Nothing is forbidden to root, so root becomes somebody else for a while."""
    path.touch(mode=0o400)
    own = os.geteuid()
    if own == 0:
        os.seteuid(NOBODY)
    yield path
    os.seteuid(own)


def test_refuses_what_may_not_be_written(forbidden: Path) -> None:
    """A file that the monitor's user may not write is said to be so."""
    assert {1: ("not_writable", False)} == told(FileSink(path=forbidden).deliver([A]))


LIMITED = """
import pathlib, resource, sys
from tests.sinks.test_file import A, B, lines, told
from monitor.sinks.file import FileSink
path = pathlib.Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
sink = FileSink(path=path)
print(told(sink.deliver([A, B])))
print(path.read_bytes() == lines(A))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(told(sink.deliver([B])))
"""


@pytest.mark.parametrize("room", [0, 1, 100])
def test_takes_back_a_line_that_did_not_fit(path: Path, room: int) -> None:
    """Of two lines with room for one and a part, the first is accepted, the part is removed, the second refused."""
    limit = len(lines(A)) + room
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), str(limit)], capture_output=True, text=True, check=True
    )
    assert "{2: ('disk_full', False)}\nTrue\n{}\n" == ran.stdout
    assert lines(A, B) == path.read_bytes()


FULL = """
import ctypes, os, pathlib, sys
from tests.fakes_outbox import a_message, an_event
from tests.sinks.test_file import told
from monitor.sinks.file import FileSink
here = pathlib.Path(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000
if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
    sys.exit(77)
if libc.mount(b"tmpfs", str(here).encode(), b"tmpfs", 0, b"size=12k"):
    sys.exit(77)
sink = FileSink(path=here / "events.jsonl")
ballast = here / "ballast"
ballast.write_bytes(b"x" * 8192)
messages = [a_message(an_event(str(n)), n) for n in range(1, 21)]
refused = sink.deliver(messages)
text = (here / "events.jsonl").read_bytes()
print(text == b"".join(m.document + b"\\n" for m in messages if m.position not in refused))
print(0 < len(refused) < 20, {error.reason for error in refused.values()})
ballast.unlink()
print(sink.deliver([m for m in messages if m.position in refused]) or "the rest")
print((here / "events.jsonl").read_bytes() == b"".join(m.document + b"\\n" for m in messages))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
def test_a_full_disk_refuses_what_does_not_fit(tmp_path: Path) -> None:
    """On a file system of three pages whole lines are accepted, the others refused, and accepted when there is room."""
    ran = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False)
    if ran.returncode == 77:
        pytest.skip("mounting is not allowed here")
    assert ("True\nTrue {'disk_full'}\nthe rest\nTrue\n", "") == (ran.stdout, ran.stderr)


def test_two_with_one_path_are_the_same_sink(path: Path) -> None:
    """A reload finds the sink unchanged, also while it is open; another path is another sink."""
    sink = FileSink(path=path)
    sink.deliver([A])
    assert FileSink(path=path) == sink
    assert FileSink(path=path.with_suffix(".other")) != sink
    sink.close()
