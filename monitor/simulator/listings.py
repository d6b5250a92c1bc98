"""DescribeProjects and DescribeProjectVersions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.simulator.tokens import Position

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.simulator.documents import Document
    from monitor.simulator.scene import Scene

PAGE_SIZE = 100
"""The default of MaxResults, and its highest."""


def describe_projects(scene: Scene, request: Mapping[str, Any]) -> Document:
    """The caller's projects, the newest first. `Features` left out means CUSTOM_LABELS only, as in AWS.

    A name that is not there is left out of the answer: ResourceNotFoundException is not among this operation's errors.
    """
    names, features = request.get("ProjectNames"), request.get("Features") or ["CUSTOM_LABELS"]
    listed = [
        p for p in scene.projects_of(scene.account) if p.feature in features and (not names or p.arn.name in names)
    ]
    listed.sort(key=lambda project: project.arn.stamp, reverse=True)
    documents, token = _page(scene, request, f"projects of {scene.account}", [p.document for p in listed])
    return {"ProjectDescriptions": documents, **({"NextToken": token} if token else {})}


def describe_project_versions(scene: Scene, request: Mapping[str, Any]) -> Document:
    """A project's versions, the newest first. The last page's token is empty, as in AWS's published answer.

    What AWS does about a name that is not there is unknown; here it is left out.
    """
    project = scene.project(request["ProjectArn"])
    names = request.get("VersionNames")
    listed = [v.document for v in project.newest_first() if not names or v.name in names]
    documents, token = _page(scene, request, f"versions of {project.arn}", listed)
    return {"ProjectVersionDescriptions": documents, "NextToken": token}


def list_tags(scene: Scene, request: Mapping[str, Any]) -> Document:
    """The tags of a project or a version."""
    return {"Tags": dict(scene.tags(request["ResourceArn"]))}


def _page(
    scene: Scene, request: Mapping[str, Any], what: str, listed: Sequence[Document]
) -> tuple[list[Document], str]:
    """One page, and the token of the next; an empty one after the last."""
    filters = [request.get(key) for key in ("ProjectNames", "Features", "VersionNames")]
    listing = f"{what} in {scene.region}: {filters}"
    start = scene.tokens.read(listing, request.get("NextToken"))
    end = start.offset + request.get("MaxResults", PAGE_SIZE)
    more = end < len(listed)
    token = scene.tokens.issue(listing, Position(end, start.page + 1)) if more else ""
    return list(listed[start.offset : end]), token
