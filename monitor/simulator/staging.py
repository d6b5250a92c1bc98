"""Puts a scenario's projects, versions and plans into a world."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from monitor.simulator.arrivals import dress, initial_fields
from monitor.simulator.documents import Moment, wire_fields
from monitor.simulator.lives import LifeStyle, random_life
from monitor.simulator.plans import Step

if TYPE_CHECKING:
    from monitor.simulator.scenario import LivesSpec, ProjectSpec, Scenario, StepSpec, VersionSpec
    from monitor.simulator.world import World


def populate(world: World, scenario: Scenario) -> None:
    for project in scenario.projects:
        arn = scenario.arn_of(project)
        world.put_project(str(arn), feature=project.feature, shared_with=project.shared_with)
        world.set_tags(str(arn), project.tags)
        for version in project.versions:
            _put_version(world, str(arn), arn.name, project, version)
        if project.lives is not None:
            _put_lives(world, str(arn), arn.name, project, project.lives)


def _put_version(world: World, arn: str, name: str, project: ProjectSpec, version: VersionSpec) -> None:
    existing = None
    if version.status is not None:
        born = world.clock() - version.age
        usual = initial_fields(version.status, project=name, name=version.name, feature=project.feature, born=born)
        fields = {**usual, **_own_fields(version)}
        existing = world.put_version(arn, version.name, status=version.status, **fields)
        world.set_tags(existing, version.tags)
    steps = dress(map(_step, version.steps), project=name, name=version.name, feature=project.feature)
    if steps:
        world.plan(arn, version.name, steps, repeat=version.repeat, version_arn=existing)


def _put_lives(world: World, arn: str, name: str, project: ProjectSpec, lives: LivesSpec) -> None:
    """Each life has a random source of its own: one more or one less leaves the others as they are."""
    style = LifeStyle(
        feature=project.feature,
        pace=lives.pace,
        moves=lives.moves,
        unknown_statuses=lives.unknown_statuses,
        skipped_moves=lives.skipped_moves,
        born_within=lives.born_within,
    )
    for number in range(1, lives.count + 1):
        life = f"{lives.prefix}{number:04d}"
        steps = random_life(Random(f"{lives.seed}/{arn}/{number}"), style)
        dressed = dress(steps, project=name, name=life, feature=project.feature)
        world.plan(arn, life, dressed, repeat=lives.repeat)


def _step(spec: StepSpec) -> Step:
    return Step(after=spec.after, status=spec.status, fields=_own_fields(spec), gone=spec.gone)


def _own_fields(spec: StepSpec | VersionSpec) -> dict[str, object]:
    """The spec's fields as the wire has them; `now` stands for the moment, `message` for the status message."""
    fields = {name: Moment.NOW if value == "now" else value for name, value in wire_fields(spec.fields).items()}
    return {**fields, **({"StatusMessage": spec.message} if spec.message is not None else {})}
