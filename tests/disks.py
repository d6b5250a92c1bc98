"""A disk that is full: a small file system in memory, and a file that fills it."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 2 * 1024 * 1024
CHUNK = 4096


@contextmanager
def small_disk(directory: Path) -> Iterator[Path]:
    """A file system of its own, of `SIZE` bytes; skips where this user may not mount one."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a file system")
    directory.mkdir()
    mount = [required_tool("mount"), "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(directory)]
    done = subprocess.run(mount, capture_output=True, text=True, timeout=10, check=False)
    if done.returncode:
        pytest.skip(f"this container may not mount: {done.stderr.strip()}")
    try:
        yield directory
    finally:
        subprocess.run([required_tool("umount"), "--lazy", str(directory)], check=True, timeout=10)


def fill(disk: Path) -> Path:
    """Leave not a byte free; returns the ballast."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (CHUNK, 1):
            while _written(file.fileno(), size):
                pass
    return ballast


def _written(descriptor: int, size: int) -> bool:
    try:
        return os.write(descriptor, bytes(size)) > 0
    except OSError:
        return False
