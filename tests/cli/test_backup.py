from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders import tracked
from tests.cli.state import change, open_store, store_events, store_versions, write_config
from tests.cli.terminal import Ran, run_here

if TYPE_CHECKING:
    from pathlib import Path


def test_a_database_is_saved_and_put_back(tmp_path: Path) -> None:
    """What happened after the backup is forgotten; the database before the restore is named."""
    config, copy = str(write_config(tmp_path)), tmp_path / "copy.db"
    store_versions(tmp_path, tracked())
    saved = run_here("backup", "--config", config, str(copy))
    store_events(tmp_path, change())
    restored = run_here("restore", "--config", config, str(copy))
    with open_store(tmp_path) as store:
        events = store.events()
    assert (Ran(code=0, out=f"{copy}: {copy.stat().st_size:,} bytes\n", err=""), []) == (saved, events)
    kept = f"{tmp_path}/state.db.before-restore"
    assert Ran(code=0, out=f"restored; the database before is now {kept}\n", err="") == restored


def test_the_first_restore_says_less(tmp_path: Path) -> None:
    """There was nothing to keep."""
    config, copy = str(write_config(tmp_path)), tmp_path / "copy.db"
    store_versions(tmp_path, tracked())
    run_here("backup", "--config", config, str(copy))
    for each in tmp_path.glob("state.db*"):
        each.unlink()
    assert Ran(code=0, out="restored\n", err="") == run_here("restore", "--config", config, str(copy))


def test_a_file_in_the_way_is_wrong_use(tmp_path: Path) -> None:
    """Nothing is overwritten."""
    config = write_config(tmp_path)
    store_versions(tmp_path, tracked())
    ran = run_here("backup", "--config", str(config), str(config))
    expected = f"rekognition-monitor: {config} is there already; name a file that is not\n"
    assert Ran(code=2, out="", err=expected) == ran
