"""A client that many accounts share, as one of them sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from monitor.aws.attempts import Attempts, route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import ClientMeta
    from botocore.hooks import BaseEventHooks

_MARK: Final = "rekognition_monitor_attempts"
"""In the parameters of a call, and from there in its context, which all its attempts have."""


class Asking:
    """Asks with a shared client, whose attempts are those of an account and region."""

    __slots__ = ("_client", "_mark")

    def __init__(self, client: Any, attempts: Attempts) -> None:
        """The events of *client* have to be marked; see `mark`."""
        self._client = client
        self._mark = {_MARK: attempts}

    @property
    def meta(self) -> ClientMeta:
        """The shared client's."""
        found: ClientMeta = self._client.meta
        return found

    def describe_project_versions(self, **request: Any) -> Mapping[str, Any]:
        """As boto3 has it."""
        answer: Mapping[str, Any] = self._client.describe_project_versions(**request, **self._mark)
        return answer

    def describe_projects(self, **request: Any) -> Mapping[str, Any]:
        """As boto3 has it."""
        answer: Mapping[str, Any] = self._client.describe_projects(**request, **self._mark)
        return answer

    def list_tags_for_resource(self, **request: Any) -> Mapping[str, Any]:
        """As boto3 has it."""
        answer: Mapping[str, Any] = self._client.list_tags_for_resource(**request, **self._mark)
        return answer


def mark(events: BaseEventHooks) -> None:
    """Let a client be shared: each call goes with the credentials and the budget of who makes it."""
    events.register("provide-client-params.rekognition", _take)
    route(events, _owner)


def _take(*, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_MARK] = params.pop(_MARK)


def _owner(context: dict[str, Any]) -> Attempts:
    found: Attempts = context[_MARK]
    return found
