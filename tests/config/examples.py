"""Texts that several tests load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.config.loading import Loaded, parse_config

if TYPE_CHECKING:
    from collections.abc import Mapping

ARN: Final = "arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"
SMALLEST: Final = f"projects:\n  - arn: {ARN}\n"


def load(text: str, environ: Mapping[str, str] | None = None) -> Loaded:
    """*text* as the file `monitor.yaml`."""
    return parse_config(text, name="monitor.yaml", environ=environ or {})


def arn(name: str, *, region: str = "us-east-1", partition: str = "aws", created: int = 1690474772815) -> str:
    return f"arn:{partition}:rekognition:{region}:111122223333:project/{name}/{created}"
