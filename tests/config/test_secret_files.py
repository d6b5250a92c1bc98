from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.config.secret_files import doubt, read_file

if TYPE_CHECKING:
    from pathlib import Path


def test_reads_a_text_without_the_space_around_it(tmp_path: Path) -> None:
    """Editors end a file with a line break, which is not part of the secret."""
    path = tmp_path / "secret"
    path.write_text(" s3cret\n\n")
    assert "s3cret" == read_file(str(path))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory: make the file, readable for this user"),
        (b"", "is empty: write the value into it"),
        (b" \n", "is empty: write the value into it"),
        (b"\xff\xfe", "is not text: name another file"),
        (b"s3cret" * 20, "has more than 100 bytes: name another file"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path: Path, content: bytes | None, told: str) -> None:
    """The path, never the text."""
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match="secret") as refusal:
        read_file(str(path), most=100)
    assert f"{path} {told}" == str(refusal.value)


@pytest.mark.parametrize(
    ("content", "mode", "secret", "told"),
    [
        (None, 0, True, "cannot be found: No such file or directory: make it before the monitor starts"),
        ("", 0o600, True, "is empty: write the value into it before the monitor starts"),
        ("x", 0o644, True, "can be read by every user of this machine: take that away (chmod o-rwx)"),
        ("x", 0o640, True, None),
        ("x", 0o644, False, None),
    ],
)
def test_doubts_what_looks_wrong(
    tmp_path: Path,
    content: str | None,
    mode: int,
    secret: bool,  # noqa: FBT001 - a parameter of the test
    told: str | None,
) -> None:
    """Missing, empty, or open to everybody; certificates may be."""
    path = tmp_path / "file"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    assert (told and f"{path} {told}") == doubt(str(path), secret=secret)


def test_what_is_no_regular_file_is_not_called_empty() -> None:
    """A pipe or a device has no size."""
    assert None is doubt("/dev/null", secret=False)
