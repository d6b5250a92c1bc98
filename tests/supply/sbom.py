"""`make sbom`: what the program is made of, as CycloneDX, the same bytes each time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from monitor import __version__

ROOT: Final = Path(__file__).parents[2]


def render(requirements: Path) -> str:
    """The document about *requirements*, of which the program is made.

    cyclonedx-py knows neither the version, which is not in pyproject.toml, nor that all of these are the program's.
    """
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(requirements)]
    options = ["--pyproject", f"{ROOT}/pyproject.toml", "--output-reproducible", "--output-format", "JSON"]
    ran = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    document = json.loads(ran.stdout)
    _complete(document)
    return json.dumps(document, indent=2) + "\n"


def _complete(document: dict[str, Any]) -> None:
    root = document["metadata"]["component"]
    root |= {"version": __version__, "purl": f"pkg:pypi/{root['name']}@{__version__}"}
    parts = [each["bom-ref"] for each in document["components"]]
    others = [each for each in document["dependencies"] if each["ref"] != root["bom-ref"]]
    document["dependencies"] = [*others, {"ref": root["bom-ref"], "dependsOn": parts}]


def main(target: Path) -> None:
    """Write *target*, and say so."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(render(ROOT / "requirements" / "run.txt"), encoding="utf-8")
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
