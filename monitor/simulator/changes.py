"""The operations that change something, with their preconditions.

Which error answers which breach follows the API Reference where it says so; where it only lists an operation's errors,
the nearest is taken: ResourceInUseException for a status that will pass or that something else can end,
InvalidParameterException for one that never allows the operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.simulator.arns import ProjectArn, stamp_of
from monitor.simulator.arrivals import arrival_fields, dress
from monitor.simulator.moves import CONTENT_MODERATION, CUSTOM_LABELS
from monitor.simulator.plans import Step
from monitor.simulator.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from monitor.simulator.documents import Document
    from monitor.simulator.scene import Scene
    from monitor.simulator.world import Project, Version

_BUSY = frozenset({"TRAINING_IN_PROGRESS", "STARTING", "RUNNING", "STOPPING", "COPYING_IN_PROGRESS", "DELETING"})
_STARTABLE = frozenset({"TRAINING_COMPLETED", "COPYING_COMPLETED", "STOPPED", "FAILED"})
_TRAINED = _STARTABLE | {"STARTING", "RUNNING", "STOPPING"}


def create_project(scene: Scene, request: Mapping[str, Any]) -> Document:
    name, feature = request["ProjectName"], request.get("Feature", CUSTOM_LABELS)
    siblings = list(scene.projects_of(scene.account))
    if any(project.arn.name == name for project in siblings):
        raise Refusal("ResourceInUseException", f"A project named {name} exists already.")
    if len(siblings) >= scene.limits.projects:
        raise Refusal("LimitExceededException", f"An account has at most {scene.limits.projects} projects.")
    partition = "aws-us-gov" if scene.region.startswith("us-gov-") else "aws"
    stamp = stamp_of(scene.world.clock())
    arn = ProjectArn(partition=partition, region=scene.region, account=scene.account, name=name, stamp=stamp)
    return {"ProjectArn": scene.world.put_project(str(arn), feature=feature)}


def create_project_version(scene: Scene, request: Mapping[str, Any]) -> Document:
    project = _open_project(scene, request["ProjectArn"])
    if "FeatureConfig" in request and project.feature != CONTENT_MODERATION:
        raise Refusal("InvalidParameterException", "FeatureConfig applies only to projects of CONTENT_MODERATION.")
    _refuse_name(scene, project, request["VersionName"])
    if scene.count(project.arn.account, "TRAINING_IN_PROGRESS") >= scene.limits.trainings:
        raise Refusal("LimitExceededException", f"At most {scene.limits.trainings} trainings run at a time.")
    given = ("OutputConfig", "KmsKeyId", "VersionDescription", "FeatureConfig")
    own = {key: request[key] for key in given if key in request}
    arn = _begin(scene, project, request["VersionName"], "TRAINING_IN_PROGRESS", own)
    _then(scene, arn, "TRAINING_COMPLETED", scene.durations.training)
    return {"ProjectVersionArn": arn}


def start_project_version(scene: Scene, request: Mapping[str, Any]) -> Document:
    project, version = scene.version(request["ProjectVersionArn"])
    _refuse_adapter(project)
    lowest, highest = request["MinInferenceUnits"], request.get("MaxInferenceUnits")
    if highest is not None and highest < lowest:
        raise Refusal("InvalidParameterException", "MaxInferenceUnits is less than MinInferenceUnits.")
    _refuse_unless(version, _STARTABLE, "started")
    if max(lowest, highest or 0) > scene.limits.inference_units:
        raise Refusal("LimitExceededException", f"A model has at most {scene.limits.inference_units} inference units.")
    if scene.count(project.arn.account, "STARTING", "RUNNING") >= scene.limits.running_models:
        raise Refusal("LimitExceededException", f"At most {scene.limits.running_models} models run at a time.")
    units = {"min_inference_units": lowest, "max_inference_units": highest}
    scene.world.set_status(version.arn, "STARTING", status_message=None, **units)
    _then(scene, version.arn, "RUNNING", scene.durations.starting)
    return {"Status": "STARTING"}


def stop_project_version(scene: Scene, request: Mapping[str, Any]) -> Document:
    project, version = scene.version(request["ProjectVersionArn"])
    _refuse_adapter(project)
    _refuse_unless(version, frozenset({"RUNNING"}), "stopped")
    scene.world.set_status(version.arn, "STOPPING", status_message=None)
    _then(scene, version.arn, "STOPPED", scene.durations.stopping)
    return {"Status": "STOPPING"}


def copy_project_version(scene: Scene, request: Mapping[str, Any]) -> Document:
    source, version = scene.version(request["SourceProjectVersionArn"])
    if str(source.arn) != request["SourceProjectArn"]:
        raise Refusal("ResourceNotFoundException", "The version is not one of the source project's.")
    target = _open_project(scene, request["DestinationProjectArn"])
    _refuse_adapter(source)
    _refuse_adapter(target)
    if target.arn.account != source.arn.account and target.arn.account not in source.shared_with:
        raise Refusal(
            "AccessDeniedException", "The source project's policy does not allow this account to copy from it."
        )
    _refuse_unless(version, _TRAINED, "copied")
    _refuse_name(scene, target, request["VersionName"])
    if scene.count(target.arn.account, "COPYING_IN_PROGRESS") >= scene.limits.copies:
        raise Refusal("LimitExceededException", f"At most {scene.limits.copies} copies run at a time.")
    own = {"OutputConfig": request["OutputConfig"], "SourceProjectVersionArn": version.arn}
    arn = _begin(scene, target, request["VersionName"], "COPYING_IN_PROGRESS", own)
    _then(scene, arn, "COPYING_COMPLETED", scene.durations.copying)
    return {"ProjectVersionArn": arn}


def delete_project_version(scene: Scene, request: Mapping[str, Any]) -> Document:
    _, version = scene.version(request["ProjectVersionArn"])
    if version.status in _BUSY:
        raise Refusal("ResourceInUseException", f"A version that is {version.status} cannot be deleted.")
    scene.world.set_status(version.arn, "DELETING", status_message=None)
    _then(scene, version.arn, None, scene.durations.deleting)
    return {"Status": "DELETING"}


def delete_project(scene: Scene, request: Mapping[str, Any]) -> Document:
    project = _open_project(scene, request["ProjectArn"])
    if project.versions:
        raise Refusal("ResourceInUseException", "The project has versions; delete them first.")
    arn = str(project.arn)
    project.document = {**project.document, "Status": "DELETING"}
    scene.world.later(scene.durations.deleting, lambda _due: scene.world.remove_project(arn))
    return {"Status": "DELETING"}


def _open_project(scene: Scene, arn: str) -> Project:
    project = scene.project(arn)
    if project.status == "DELETING":
        raise Refusal("ResourceInUseException", "The project is being deleted.")
    return project


def _refuse_adapter(project: Project) -> None:
    if project.feature != CUSTOM_LABELS:
        raise Refusal("InvalidParameterException", "This operation applies only to Amazon Rekognition Custom Labels.")


def _refuse_unless(version: Version, allowed: frozenset[str], done: str) -> None:
    if version.status not in allowed:
        code = "ResourceInUseException" if version.status in _BUSY else "InvalidParameterException"
        raise Refusal(code, f"A version that is {version.status} cannot be {done}.")


def _refuse_name(scene: Scene, project: Project, name: str) -> None:
    if project.named(name) is not None:
        raise Refusal("ResourceInUseException", f"A version named {name} exists already.")
    if len(project.versions) >= scene.limits.versions_per_project:
        raise Refusal(
            "ServiceQuotaExceededException", f"A project has at most {scene.limits.versions_per_project} versions."
        )


def _begin(scene: Scene, project: Project, name: str, status: str, own: Mapping[str, Any]) -> str:
    usual = arrival_fields(status, project=project.arn.name, name=name, feature=project.feature)
    return scene.world.put_version(str(project.arn), name, status=status, **{**usual, **own})


def _then(scene: Scene, version_arn: str, status: str | None, after: timedelta) -> None:
    """What was begun ends by itself; None: with the version gone."""
    project, version = scene.version(version_arn)
    step = Step(after=after, status=status, gone=status is None)
    steps = dress([step], project=project.arn.name, name=version.name, feature=project.feature)
    scene.world.plan(str(project.arn), version.name, steps, version_arn=version_arn)
