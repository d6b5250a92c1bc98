"""Every broken file beside this one gives exactly the text beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from monitor.config.loading import load_config
from monitor.errors import ConfigError

BROKEN: Final = Path(__file__).parent / "broken"


@pytest.mark.parametrize("name", sorted(path.stem for path in BROKEN.glob("*.yaml")))
def test_every_problem_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All problems of the file, each with its line, its key, what is wrong and what to do."""
    monkeypatch.chdir(BROKEN)
    with pytest.raises(ConfigError) as refusal:
        load_config(Path(f"{name}.yaml"), {"EMPTY": "", "WORD": "s3cret"})
    assert Path(f"{name}.txt").read_text(encoding="utf-8") == f"{refusal.value}\n"


def test_every_broken_file_has_its_text() -> None:
    """No text is left over from a file that is gone."""
    assert {path.stem for path in BROKEN.glob("*.yaml")} == {path.stem for path in BROKEN.glob("*.txt")}
