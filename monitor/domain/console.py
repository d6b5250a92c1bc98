"""Links to the AWS console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from monitor.domain.project import Project

_DOMAINS: Final = {"aws": "console.aws.amazon.com", "aws-us-gov": "console.amazonaws-us-gov.com"}


def console_url(project: Project) -> str | None:
    """The console's list of projects in the project's region; None in a partition whose console we do not know.

    AWS documents no address for one project or version, so none is made up.
    """
    domain = _DOMAINS.get(project.partition)
    if domain is None:
        return None
    return f"https://{project.region}.{domain}/rekognition/custom-labels?region={project.region}#/projects"
