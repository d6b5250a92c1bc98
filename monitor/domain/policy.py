"""The smallest IAM policy for what one set of credentials has to do.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Rekognition":
DescribeProjects has no resources, the others take those of projects. GetCallerIdentity needs no permission.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DESCRIBE_VERSIONS: Final = "rekognition:DescribeProjectVersions"
DESCRIBE_PROJECTS: Final = "rekognition:DescribeProjects"
LIST_TAGS: Final = "rekognition:ListTagsForResource"
ASSUME_ROLE: Final = "sts:AssumeRole"

_SIDS: Final[Mapping[str, str]] = {
    DESCRIBE_VERSIONS: "WatchProjectVersions",
    DESCRIBE_PROJECTS: "DiscoverProjects",
    LIST_TAGS: "ReadTagsOfProjects",
    ASSUME_ROLE: "AssumeRoles",
    "sns:Publish": "PublishEvents",
    "events:PutEvents": "PutEvents",
}
"""The names of the statements, in their order; letters and digits, as IAM wants them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What the credentials of *holder* are used for: by action, the resources."""

    holder: str
    resources: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def policy(self) -> dict[str, Any]:
        """The document, as IAM takes it."""
        statements = [_statement(action, self.resources[action]) for action in _SIDS if self.resources.get(action)]
        return {"Version": "2012-10-17", "Statement": statements}


def resources_of_names(patterns: Collection[str], *, partition: str, region: str, account_id: str) -> tuple[str, ...]:
    """The ARNs of the projects whose names fit *patterns* (`fnmatch`); IAM knows `*` and `?`, and no `[`."""
    prefix = f"arn:{partition}:rekognition:{region}:{account_id or '*'}:project/"
    return tuple(f"{prefix}{'*' if '[' in pattern else pattern}/*" for pattern in patterns)


def _statement(action: str, resources: Collection[str]) -> dict[str, Any]:
    needed = _without_covered(resources)
    return {
        "Sid": _SIDS[action],
        "Effect": "Allow",
        "Action": action,
        "Resource": needed[0] if len(needed) == 1 else needed,
    }


def _without_covered(resources: Collection[str]) -> list[str]:
    """Each once, and none that another one includes."""
    wide = [each for each in resources if "*" in each or "?" in each]
    return sorted({each for each in resources if not any(other != each and fnmatchcase(each, other) for other in wide)})
