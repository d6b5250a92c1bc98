from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests import architecture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.architecture import Module

ROOT = Path(__file__).parents[1]

WATCHED_IMPORT = """
import contextlib, importlib, os, sys, threading

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.fork", "os.exec", "os.mkdir", "os.remove",
             "os.rename", "os.putenv", "shutil.", "sqlite3.connect", "signal.")

def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if watching and (writes or event.startswith(FORBIDDEN)):
        print(name, event, arguments[:2])

watching = False
sys.addaudithook(watch)
libraries, names = (each.split() for each in sys.argv[1:])
for name in libraries:
    with contextlib.suppress(ImportError):  # for type checking only
        importlib.import_module(name)
watching = True
for name in names:
    importlib.import_module(name)
    if threading.active_count() > 1:  # Python 3.11 has no audit event for it
        sys.exit(f"{name} started a thread")
"""
"""Imports every module and prints what gets out. Libraries come first: what they do is theirs."""


@pytest.fixture(scope="module")
def house() -> dict[str, Module]:
    """Every module of the program."""
    return architecture.read(ROOT / "monitor")


def test_every_room_has_its_place(house: Mapping[str, Module]) -> None:
    """A new room is put on a level before it is moved into, and imports say in full where they point."""
    assert architecture.misplaced(house) == []


def test_imports_point_down(house: Mapping[str, Module]) -> None:
    """A room knows those below it, not its siblings and not those above."""
    assert architecture.upward(house) == []


def test_only_the_service_knows_concrete_rooms(house: Mapping[str, Module]) -> None:
    """What does the work is built in one place, so that everything else can be used without it."""
    assert architecture.too_familiar(house) == []


def test_each_library_stays_in_its_room(house: Mapping[str, Module]) -> None:
    """A library can be exchanged where it is used, and nowhere else."""
    assert architecture.astray(house) == []


def test_the_domain_is_pure(house: Mapping[str, Module]) -> None:
    """What decides asks neither the clock nor chance nor the world."""
    assert architecture.impure(house) == []


def test_no_imports_go_in_a_circle(house: Mapping[str, Module]) -> None:
    """Each module can be understood with those below it alone."""
    assert architecture.cycle(house) == []


def test_files_and_functions_stay_short(house: Mapping[str, Module]) -> None:
    """A file is of one noun, a function of a few lines."""
    assert architecture.too_long(house, file=320, function=45) == []


def test_nothing_happens_at_import(house: Mapping[str, Module]) -> None:
    """Importing every module opens nothing for writing, and starts no thread, connection or process.

    Migrations are left out: alembic runs them, as they are meant to be.
    """
    names = [name for name in house if ".migrations" not in name]
    imported = {target.rpartition(".")[0] or target for name in names for _, target in house[name].imports()}
    libraries = sorted(each for each in imported if each.split(".")[0] != "monitor")

    assert watch_imports(ROOT, libraries, names) == (0, "", "")


@pytest.mark.parametrize(
    ("offence", "seen"),
    [
        ("import socket\nsocket.socket()", "offender socket.__new__"),
        ("open('x', 'w')", "offender open"),
        (
            "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
            "offender started a thread",
        ),
    ],
)
def test_what_happens_at_import_is_found(tmp_path: Path, offence: str, seen: str) -> None:
    """The check itself sees a socket, a file opened for writing, and a thread."""
    (tmp_path / "offender.py").write_text(offence)

    _, output, complaint = watch_imports(tmp_path, ["socket", "threading"], ["offender"])

    assert (output + complaint).startswith(seen)


def watch_imports(root: Path, libraries: Iterable[str], names: Iterable[str]) -> tuple[int, str, str]:
    """Import *names* in a process of its own; its exit code, what was seen, and what it complained of."""
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", WATCHED_IMPORT, " ".join(libraries), " ".join(names)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def build(root: Path, files: Mapping[str, str]) -> dict[str, Module]:
    """A house of these files."""
    for name, text in files.items():
        path = root / "monitor" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return architecture.read(root / "monitor")


@pytest.mark.parametrize(
    ("rule", "files", "found"),
    [
        (architecture.misplaced, {"attic.py": ""}, ["attic"]),
        (architecture.misplaced, {"domain/a.py": "from .b import c"}, ["monitor.domain.a:1: .b.c"]),
        (
            architecture.upward,
            {"domain/a.py": "from monitor.view import View", "view.py": "from monitor.domain import a"},
            ["monitor.domain.a:1: monitor.view.View"],
        ),
        (
            architecture.upward,
            {"store/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import monitor.aws.b"},
            ["monitor.store.a:3: monitor.aws.b"],
        ),
        (architecture.upward, {"__main__.py": "def f():\n    from monitor.cli import main"}, []),
        (
            architecture.upward,
            {"__init__.py": "", "aws/a.py": "from monitor import store", "store/__init__.py": ""},
            ["monitor.aws.a:1: monitor.store"],
        ),
        (architecture.upward, {"__init__.py": "", "aws/a.py": "from monitor import __version__"}, []),
        (
            architecture.too_familiar,
            {"cli/a.py": "import monitor.store.b, monitor.simulator.c", "service/d.py": "import monitor.store.b"},
            ["monitor.cli.a:1: monitor.store.b"],
        ),
        (
            architecture.astray,
            {"aws/a.py": "import boto3, orjson", "poller.py": "from botocore.config import Config"},
            ["monitor.poller:1: botocore.config.Config"],
        ),
        (
            architecture.impure,
            {"domain/a.py": "import time\nfrom datetime import datetime\nx = datetime.now()", "view.py": "import time"},
            ["monitor.domain.a:1: time", "monitor.domain.a:3: datetime.now"],
        ),
        (architecture.impure, {"errors.py": "import typing"}, ["monitor.errors:1: typing"]),
        (
            architecture.cycle,
            {"domain/a.py": "import monitor.domain.b", "domain/b.py": "def f():\n    from monitor.domain.a import x"},
            ["monitor.domain.a", "monitor.domain.b", "monitor.domain.a"],
        ),
    ],
)
def test_an_offence_is_found(
    tmp_path: Path, rule: Callable[[Mapping[str, Module]], list[str]], files: Mapping[str, str], found: list[str]
) -> None:
    """Each rule names what breaks it, with the module and the line."""
    assert rule(build(tmp_path, files)) == found


def test_what_is_too_long_is_found(tmp_path: Path) -> None:
    """Lines are counted as they stand; the last that is allowed is allowed."""
    files = {"a.py": "def two():\n    pass\n", "b.py": "async def three():\n    pass\n    pass\n"}

    assert architecture.too_long(build(tmp_path, files), file=2, function=2) == ["monitor.b", "monitor.b.three"]
