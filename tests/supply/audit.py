"""`make audit`: known holes in what the program is made of, by pip-audit, and whether it could know.

pip-audit says "No known vulnerabilities found" and ends with 0 also where it found none of the packages, behind a
mirror that does not know its database, say. That is not an answer here.

Exit codes: 0 every package was looked up and none has a known hole; 1 some have; 3 some could not be looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAN: Final = 0
HOLES: Final = 1
UNKNOWN: Final = 3

_OPTIONS: Final = ("--format", "json", "--progress-spinner", "off", "--disable-pip", "--require-hashes")


def judge(out: str, err: str) -> tuple[int, list[str]]:
    """The exit code, and the lines to be printed, for what pip-audit wrote to stdout and stderr."""
    try:
        packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError):
        said = err.strip().splitlines() or ["nothing"]
        return UNKNOWN, [f"not audited: the database cannot be reached; pip-audit said: {said[-1]}"]
    holes = [_hole(package, found) for package in packages for found in package.get("vulns", ())]
    unknown = [package for package in packages if "skip_reason" in package]
    if unknown:
        names = ", ".join(package["name"] for package in unknown)
        missing = f"not audited: the database answers, but does not know {len(unknown)} of {len(packages)}: {names}"
        return HOLES if holes else UNKNOWN, [*holes, missing]
    return (HOLES, holes) if holes else (CLEAN, [f"audited: {len(packages)} packages, none has a known hole"])


def _hole(package: dict[str, Any], found: dict[str, Any]) -> str:
    fixed = ", ".join(found["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}"


def main(requirements: Sequence[str]) -> int:
    """Audit these requirements files; the exit code."""
    files = [each for name in requirements for each in ("--requirement", name)]
    command = [sys.executable, "-m", "pip_audit", *_OPTIONS, *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    code, lines = judge(ran.stdout, ran.stderr)
    print(*lines, sep="\n", file=sys.stdout if code == CLEAN else sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
