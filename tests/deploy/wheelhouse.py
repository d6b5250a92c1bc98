"""A wheelhouse of this source, and of versions that are to come."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from monitor import __version__
from tests.deploy.machine import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

LONG: Final = 180.0
"""Seconds that an environment may take to be made on a loaded machine."""
QUICK: Final = {"PIP_NO_COMPILE": "0"}
"""Leaves compiling to the interpreter; pip takes this option from the environment the wrong way round."""

BUILD: Final = REPOSITORY / "build"

MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op

revision = "{new}"
down_revision = "{old}"


def upgrade() -> None:
    op.create_table("made_by_{new}", sa.Column("id", sa.Integer, primary_key=True))
"""
BROKEN: Final = """

_ensure = ensure


def ensure(database, *, create):
    from monitor.errors import StateError

    _ensure(database, create=create)
    raise StateError("this version is broken")
"""


def collected() -> Path:
    """The wheelhouse of the source as it is, collected where that was not done yet. Needs pip's index."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "wheelhouse.lock").open("w") as lock:  # for the other workers
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["make", "--silent", "wheelhouse"], cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)
    return BUILD / "wheelhouse"


def successor(base: Path, directory: Path, version: str, *revisions: str, broken: bool = False) -> Path:
    """A wheelhouse like *base*, of a program that is called *version* and migrates the database to these *revisions*.

    A *broken* one ends after the migration.
    """
    source = directory / "source"
    source.mkdir(parents=True)
    _copy_source(source)
    _replace(source / "monitor/__init__.py", re.escape(__version__), version)
    for revision in revisions:
        _migrate(source / "monitor/store/migrations", revision)
    if broken:
        with (source / "monitor/store/schema.py").open("a") as schema:
            schema.write(BROKEN)
    target = directory / "wheelhouse"
    shutil.copytree(base, target)
    for wheel in target.glob("rekognition_monitor-*.whl"):
        wheel.unlink()
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = target.glob("rekognition_monitor-*.whl")
    _replace(
        target / "requirements.txt", "(?m)(?<=^rekognition-monitor==).*", f"{version} --hash=sha256:{_digest(wheel)}"
    )
    (target / "name").write_text(f"{version}-made-for-tests\n")
    _seal(target)
    return target


def _copy_source(target: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    for each in ("monitor", "config"):
        shutil.copytree(REPOSITORY / each, target / each, ignore=ignore)
    for each in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / each, target)


def _migrate(migrations: Path, revision: str) -> None:
    known = re.findall(r'"(\d{4})"', (migrations / "__init__.py").read_text())
    _replace(migrations / "__init__.py", f'("{known[-1]}"),?', rf'\1, "{revision}",')
    text = MIGRATION.format(new=revision, old=known[-1])
    (migrations / "versions" / f"r{revision}_made_for_tests.py").write_text(text)


def _replace(path: Path, pattern: str, new: str) -> None:
    text, times = re.subn(pattern, new, path.read_text())
    assert times == 1
    path.write_text(text)


def _seal(wheelhouse: Path) -> None:
    files = sorted(path for path in wheelhouse.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = (f"{_digest(path)}  {path.relative_to(wheelhouse)}\n" for path in files)
    (wheelhouse / "SHA256SUMS").write_text("".join(sums))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
