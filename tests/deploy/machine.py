"""A machine for tests: a real systemd as process 1, over a copy of this machine that nothing kept is written to.

    with boot() as machine:
        machine.path("/etc/example.conf").write_text("…")
        assert machine.run("systemctl", "start", "example.service").code == 0

It has its own processes, mounts, host name, cgroups and network (loopback only); `/tmp` and `/run` are empty, and what
the host has enabled is not started. The repository and its `.venv` are where they are on the host. A boot takes half a
second.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.end_to_end.daemon import Ran
from tests.tools import required_tool, unmet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

REPOSITORY: Final = Path(__file__).parents[2]
DEADLINE: Final = 60.0

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET: Final = 0x40000000  # of setns(2), which Python 3.11 has not
_SYSTEMD: Final = Path("/lib/systemd/systemd")
_ENVIRONMENT: Final = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
    "SYSTEMD_PAGER": "",
}


class Machine:
    """One that runs."""

    def __init__(self, init: int) -> None:
        """*init*: the process id of its systemd, as the host counts."""
        self._init = init

    def run(
        self,
        *command: str | Path,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        deadline: float = DEADLINE,
    ) -> Ran:
        """Run *command* inside as root, in `/`, to its end. *env* is added to an environment like a login's."""
        done = subprocess.run(
            [*self._enter(env or {}), *map(str, command)],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=deadline,
            check=False,
        )
        return Ran(code=done.returncode, out=done.stdout, err=done.stderr)

    def must(self, *command: str | Path, env: Mapping[str, str] | None = None, deadline: float = DEADLINE) -> str:
        """The output of a command that has to succeed; raises AssertionError with all that it said."""
        ran = self.run(*command, env=env, deadline=deadline)
        assert ran.code == 0, f"{' '.join(map(str, command))}: exit code {ran.code}\n{ran.out}{ran.err}"
        return ran.out

    def path(self, inside: str | Path) -> Path:
        """Where the host finds a file of the machine, to read or write it. Symbolic links to absolute paths mislead."""
        return Path(f"/proc/{self._init}/root") / str(inside).lstrip("/")

    def copy(self, source: Path, inside: str | Path) -> None:
        """Copy a file or a directory of the host to *inside*, whose parents are made."""
        target = self.path(inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)

    def mount(self, source: Path, inside: str | Path) -> None:
        """Show a directory, by its path in the machine, in another place too, read-only."""
        self.path(inside).mkdir(parents=True, exist_ok=True)
        self.must("mount", "--bind", "--options", "ro", source, inside)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Meanwhile, this thread and those that it starts open their sockets in the machine's network.

        What listens stays there afterwards, so a server of this process can be asked by a service of the machine.
        """
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._enter_network(f"/proc/{self._init}/ns/net")
            yield
        finally:
            self._enter_network(f"/proc/self/fd/{own}")
            os.close(own)

    def wait_until(self, condition: Callable[[], bool], what: str, deadline: float = DEADLINE) -> None:
        """Return as soon as *condition* holds; raises AssertionError, with the journal's end, after *deadline*."""
        ends = time.monotonic() + deadline
        while not condition():
            if time.monotonic() > ends:
                raise AssertionError(f"not within {deadline:.0f} s: {what}\n{self.journal_end()}")
            time.sleep(0.25)  # most conditions start a program

    def property(self, unit: str, name: str) -> str:
        """What `systemctl show` says of a unit."""
        return self.must("systemctl", "show", "--value", f"--property={name}", unit).strip()

    def journal_end(self, lines: int = 30) -> str:
        """The last lines of the journal, for the message of a test that fails."""
        return self.run("journalctl", "--no-pager", "--output=short-precise", f"--lines={lines}").out

    @staticmethod
    def _enter_network(namespace: str) -> None:
        with open(namespace, "rb") as file:  # noqa: PTH123
            if _LIBC.setns(file.fileno(), _CLONE_NEWNET):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number), namespace)

    def _enter(self, env: Mapping[str, str]) -> list[str]:
        variables = [f"{name}={value}" for name, value in {**_ENVIRONMENT, **env}.items()]
        return ["nsenter", "--target", str(self._init), "--all", "--root", "--wd", "env", "-i", *variables]


@contextmanager
def boot() -> Iterator[Machine]:
    """A machine that has come up; it is thrown away at the end.

    Skips the test, with the reason, where none can be had; with MONITOR_TESTS_REQUIRE_ALL=1 that is a failure.
    """
    _look_for_what_it_takes()
    with ExitStack() as undo:
        base, cgroup = undo.enter_context(_place())
        log = undo.enter_context((base / "boot.log").open("wb"))
        command: list[str | Path] = [REPOSITORY / "tests/deploy/boot_machine", base, *_shown()]
        outer = undo.enter_context(_unshared(command, cgroup, log.fileno()))
        init = _wait_for_systemd(outer, base / "boot.log")
        yield Machine(init)


def _look_for_what_it_takes() -> None:
    if os.geteuid() != 0:
        unmet("a machine for tests is booted by root alone")
    kinds = Path("/proc/filesystems").read_text().split()
    for kind in ("overlay", "cgroup2"):
        if kind not in kinds:
            unmet(f"this kernel has no {kind}")
    if not _SYSTEMD.exists():
        unmet("systemd is not installed")
    for tool in ("unshare", "nsenter", "setpriv"):
        required_tool(tool)


def _shown() -> list[str]:
    """The directories that an overlay of / would not show: on other file systems, or where a tmpfs covers them."""
    root = Path("/").stat().st_dev
    wanted = {path.resolve() for path in (REPOSITORY, Path(sys.prefix), Path(sys.base_prefix))}
    return [str(path) for path in sorted(wanted) if path.stat().st_dev != root or path.parts[1] in ("tmp", "run")]


@contextmanager
def _place() -> Iterator[tuple[Path, Path]]:
    """A directory whose files are in memory, and a cgroup; both go with the block, or with this process.

    An overlay cannot be written to through another overlay. By cgroups of their own two machines, and the host, do not
    meet in theirs.
    """
    base = Path(tempfile.mkdtemp(prefix="machine-"))
    own = next(line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::"))
    cgroup = base / "cgroup" / own.lstrip("/") / base.name
    with _left_clean(base, cgroup):
        _mount("tmpfs", base, "-o", "size=2g,mode=755")
        (base / "cgroup").mkdir()
        _mount("cgroup2", base / "cgroup")
        cgroup.mkdir()
        yield base, cgroup


@contextmanager
def _left_clean(base: Path, cgroup: Path) -> Iterator[None]:
    """Have what a machine leaves taken away, by a process that outlives this one though it be killed."""
    command: list[str | Path] = [REPOSITORY / "tests/deploy/leave_machine", base, cgroup]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as cleaner:
        yield
    assert cleaner.returncode == 0, f"{base} could not be taken away"


def _mount(kind: str, where: Path, *options: str) -> None:
    command = ["mount", "-t", kind, *options, "machine", str(where)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        unmet(f"{kind} cannot be mounted here: {mounted.stderr.strip()}")


@contextmanager
def _unshared(command: Sequence[str | Path], cgroup: Path, log: int) -> Iterator[subprocess.Popen[bytes]]:
    """*command* as process 1 of new namespaces; all that is in them ends with the block."""
    join = 'echo $$ >"$1/cgroup.procs"; shift; exec setpriv --pdeathsig KILL unshare "$@"'
    namespaces = ["--pid", "--fork", "--kill-child", "--mount", "--uts", "--ipc", "--cgroup", "--net"]
    process = subprocess.Popen(
        ["bash", "-c", join, "bash", cgroup, *namespaces, *command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE)


def _wait_for_systemd(outer: subprocess.Popen[bytes], log: Path) -> int:
    """The process id of the systemd that *outer* became the parent of, as soon as it has come up."""
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
    states = {"running\n", "degraded\n"}
    found: list[int] = []

    def is_up() -> bool:
        found[:] = map(int, children.read_text().split()) if outer.poll() is None else []
        if not found or _name(found[0]) != "systemd":
            return outer.poll() is not None
        return Machine(found[0]).run("systemctl", "is-system-running").out in states

    in_time = _until(is_up)
    if not in_time or not found:
        unmet(f"systemd did not come up in namespaces of its own:\n{log.read_text(errors='replace')}")
    return found[0]


def _name(process: int) -> str:
    """What a process calls itself; nothing when it has ended."""
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""


def _until(condition: Callable[[], bool]) -> bool:
    ends = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True
