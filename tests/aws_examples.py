"""AWS's published answer of DescribeProjectVersions (tests/data/aws), as it goes over the wire."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).parent / "data" / "aws" / "DescribeProjectVersions.json"
_TIMES: Final = ("CreationTimestamp", "TrainingEndTimestamp")

PROJECT_ARN: Final = "arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"
VERSION_ARN: Final = "arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/1/1690556751958"


def wire_answer() -> dict[str, Any]:
    """The whole answer, a new copy each time: times as numbers, seconds since the epoch."""
    answer: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))["output"]
    answer["ProjectVersionDescriptions"] = [_on_the_wire(entry) for entry in answer["ProjectVersionDescriptions"]]
    return answer


def wire_entry(**fields: Any) -> dict[str, Any]:
    """The version in that answer, with *fields* changed or added."""
    entry: dict[str, Any] = wire_answer()["ProjectVersionDescriptions"][0]
    return {**entry, **fields}


def version_arn(number: int) -> str:
    """The ARN of one of many versions of the same project; the greater the number, the newer."""
    return f"arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/v{number}/{1690556751958 + number}"


def _on_the_wire(entry: dict[str, Any]) -> dict[str, Any]:
    times: dict[str, Any] = {name: datetime.fromisoformat(entry[name]).timestamp() for name in _TIMES if name in entry}
    return {**entry, **times}
