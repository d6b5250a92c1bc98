"""Listings from Amazon Rekognition: every page of DescribeProjectVersions, or a Fault."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from monitor.aws.faults import CREDENTIAL_REASONS, fault_for, fault_of, request_id_of
from monitor.aws.meanings import OPERATION
from monitor.aws.parsing import Entries, once_each, parse_entries
from monitor.aws.responses import BODY, MalformedResponseError, check_length, read_page
from monitor.aws.trouble import TROUBLE
from monitor.domain.fault import Fault, Reason
from monitor.domain.snapshot import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.aws.sessions import Connection, Sessions
    from monitor.domain.project import Project

PAGE_SIZE: Final = 100
"""Versions a page, the most that AWS gives; as many as a project may have, unless its quota was raised."""

MOST_PAGES: Final = 100
"""Of one listing: a hundred times AWS's quota of versions. A listing that goes on is taken for one without an end."""

RESTARTS: Final = 2
"""How often a listing is begun again whose page token AWS refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page as parsed, and what it was parsed of."""

    digest: bytes
    entries: Entries
    next_token: str | None
    request_id: str | None = None


class RekognitionSource:
    """Lists the versions of projects; several threads may ask, each for another project.

    An answer that is the same, byte for byte, as the last one of its project is not read again: the listing holds the
    very same versions.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._last: dict[str, tuple[_Page, ...]] = {}

    def list_versions(self, project: Project) -> Listing | Fault:
        """Every version of *project*, or what went wrong.

        Raises StoppingError when the monitor stops meanwhile, and nothing for what AWS or the network does.
        """
        answer = self._list(project)
        for _ in range(RESTARTS):
            if not (isinstance(answer, Fault) and answer.reason is Reason.PAGINATION_TOKEN_INVALID):
                break
            answer = self._list(project)
        return answer

    def forget(self, project_arn: str) -> None:
        """Drop what is remembered of a project that is not watched any more."""
        self._last.pop(project_arn, None)

    def _list(self, project: Project) -> Listing | Fault:
        pages: list[_Page] = []
        tokens: set[str] = set()
        token: str | None = None
        while len(pages) < MOST_PAGES:
            page = self._page(project, token, len(pages) + 1)
            if isinstance(page, Fault):
                return page
            pages.append(page)
            token = page.next_token
            if token is None:
                return self._listing(project, tuple(pages))
            if token in tokens:
                return _endless(project, f"the token of page {len(pages)} was given before", page)
            tokens.add(token)
        return _endless(project, f"there are more than {MOST_PAGES} pages", pages[-1])

    def _listing(self, project: Project, pages: tuple[_Page, ...]) -> Listing:
        self._last[project.arn] = pages
        versions = pages[0].entries.versions
        if len(pages) > 1:
            versions = once_each(version for page in pages for version in page.entries.versions)
        return Listing(
            versions=versions,
            malformed=tuple(message for page in pages for message in page.entries.malformed),
            request_ids=tuple(page.request_id for page in pages if page.request_id),
        )

    def _page(self, project: Project, token: str | None, number: int) -> _Page | Fault:
        connection = None
        try:
            connection = self._sessions.connection(project)
            response = _ask(connection, project, token)
        except TROUBLE as error:
            fault = fault_of(error, project)
            if connection is not None and fault.reason in CREDENTIAL_REASONS:
                self._sessions.forget(connection)
            return fault
        try:
            return self._read(project, response, number)
        except MalformedResponseError as error:
            connection.attempts.failed(OPERATION, str(Reason.RESPONSE_MALFORMED))
            return fault_for(Reason.RESPONSE_MALFORMED, str(error), project, request_id=request_id_of(response))

    def _read(self, project: Project, response: Mapping[str, Any], number: int) -> _Page:
        body: bytes = response[BODY]
        check_length(body, response["ResponseMetadata"]["HTTPHeaders"])
        digest = sha256(body).digest()  # the fastest of them where the processor knows it, as those of AWS do
        request_id = request_id_of(response)
        before = self._before(project, number)
        if before is not None and before.digest == digest:
            return _Page(digest=digest, entries=before.entries, next_token=before.next_token, request_id=request_id)
        raw = read_page(body)
        entries = parse_entries(raw.entries, page=number)
        return _Page(digest=digest, entries=entries, next_token=raw.next_token, request_id=request_id)

    def _before(self, project: Project, number: int) -> _Page | None:
        pages = self._last.get(project.arn, ())
        return pages[number - 1] if number <= len(pages) else None


def _ask(connection: Connection, project: Project, token: str | None) -> Mapping[str, Any]:
    request: dict[str, Any] = {"ProjectArn": project.arn, "MaxResults": PAGE_SIZE}
    if token is not None:
        request["NextToken"] = token
    response: Mapping[str, Any] = connection.client.describe_project_versions(**request)
    return response


def _endless(project: Project, message: str, page: _Page) -> Fault:
    return fault_for(Reason.PAGINATION_TOKEN_REPEATED, message, project, request_id=page.request_id)
