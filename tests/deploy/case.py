"""An alert's test: what makes it fire, and what must not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.deploy.rules import alerts
from tests.deploy.series import STEP, World, as_text, failed_scrape, restarted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

TARGET: Final = {"job": "rekognition-monitor", "instance": "127.0.0.1:10417"}
PLACE: Final = {"aws_account_id": "111122223333", "aws_region": "us-east-1"}
PROJECT: Final = TARGET | PLACE | {"project": "shelves"}
VERSION: Final = PROJECT | {"version": "prod.2"}
SHELVES: Final = "shelves in us-east-1 of account 111122223333"
"""The project in a description."""


def series(name: str, labels: Mapping[str, str], **more: str) -> str:
    """A series as PromQL writes it; a label `from_` is `from`."""
    every = {**labels, **{label.removesuffix("_"): value for label, value in more.items()}}
    return f"{name}{{{','.join(f'{label}={chr(34)}{value}{chr(34)}' for label, value in every.items())}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One alert.

    Attributes:
        fires: A world that makes it fire …
        at: … in this minute, …
        not_yet: … and not before that one; None where it fires from the beginning.
        labels: Of the alert, without its name and severity.
        description: As it is rendered.
        quiet: A world that never makes it fire.
        restart: In other scenes the monitor is restarted so many minutes before *at*.
    """

    alert: str
    fires: World
    at: float
    not_yet: float | None = None
    labels: Mapping[str, str] = field(default_factory=lambda: VERSION)
    description: str
    quiet: World
    restart: float = 4

    def document(self, rule_files: Sequence[Path]) -> dict[str, Any]:
        """The file for `promtool test rules`."""
        return {
            "rule_files": [str(path) for path in rule_files],
            "evaluation_interval": f"{STEP}s",
            "tests": [_test(name, world, checks) for name, world, checks in self._scenes()],
        }

    def _scenes(self) -> Iterator[tuple[str, World, list[dict[str, Any]]]]:
        fired = [self._check(self.at, firing=True)]
        first = [self._check(self.not_yet, firing=False)] if self.not_yet is not None else []
        yield "fires", self.fires, first + fired
        yield "fires though this scrape failed", failed_scrape(self.fires, self.at), fired
        yield "fires though the scrape before failed", failed_scrape(self.fires, self.at - 0.5), fired
        yield "fires though the monitor was restarted", restarted(self.fires, self.at - self.restart), fired
        never = [self._check(step * STEP / 60, firing=False) for step in range(_length(self.quiet))]
        yield "stays quiet", self.quiet, never
        yield "stays quiet when a scrape fails", failed_scrape(self.quiet, self.at), never
        yield "stays quiet when the monitor is restarted", restarted(self.quiet, self.at - self.restart), never

    def _check(self, minute: float, *, firing: bool) -> dict[str, Any]:
        return {
            "eval_time": f"{round(minute * 60)}s",
            "alertname": self.alert,
            "exp_alerts": [self._expected()] if firing else [],
        }

    def _expected(self) -> dict[str, Any]:
        rule = next(rule for rule in alerts() if rule.name == self.alert)
        return {
            "exp_labels": {**self.labels, **rule.labels},
            "exp_annotations": {**rule.annotations, "description": self.description},
        }


def _length(world: World) -> int:
    return max((len(values) for values in world.values()), default=60)


def _test(name: str, world: World, checks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "interval": f"{STEP}s",
        "input_series": [{"series": series, "values": as_text(values)} for series, values in world.items()],
        "alert_rule_test": checks,
    }
