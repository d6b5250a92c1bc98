from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from monitor import __version__
from tests.supply.sbom import ROOT, main

if TYPE_CHECKING:
    from pathlib import Path


def test_the_bill_lists_what_is_locked(tmp_path: Path) -> None:
    """Every package in its version with the hashes that pip checks, all of them the program's, without times."""
    main(tmp_path / "new" / "sbom.json")
    document = json.loads((tmp_path / "new" / "sbom.json").read_text())
    text = (ROOT / "requirements/run.txt").read_text()
    locked = re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE)
    listed = [(each["name"], each["version"]) for each in document["components"]]
    assert sorted(locked) == sorted(listed)
    assert set(re.findall(r"sha256:([0-9a-f]{64})", text)) == {
        digest["content"]
        for component in document["components"]
        for reference in component["externalReferences"]
        for digest in reference["hashes"]
    }
    root = document["metadata"]["component"]
    assert ("rekognition-monitor", __version__) == (root["name"], root["version"])
    (whole,) = [each["dependsOn"] for each in document["dependencies"] if each["ref"] == root["bom-ref"]]
    assert len(locked) == len(whole)
    assert {"serialNumber", "timestamp"}.isdisjoint({*document, *document["metadata"]})
