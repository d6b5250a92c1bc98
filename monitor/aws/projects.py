"""The projects of an account and region: every page of DescribeProjects, and their tags, or a Fault.

Source: Amazon Rekognition API Reference, DescribeProjects and ListTagsForResource.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from monitor.aws.faults import CREDENTIAL_REASONS, fault_at, malformed_at, request_id_of
from monitor.aws.responses import BODY, MalformedResponseError, check_length, read_page, read_tags
from monitor.aws.sessions import TAGS
from monitor.aws.trouble import TROUBLE
from monitor.domain.census import Found, ProjectListing
from monitor.domain.fault import Fault, Reason
from monitor.domain.project import parse_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.aws.sessions import Sessions
    from monitor.domain.account import Place

LISTING: Final = "DescribeProjects"

PAGE_SIZE: Final = 100
"""Projects a page, the most that AWS gives; as many as an account may have, unless its quota was raised."""

MOST_PAGES: Final = 100
"""Of one listing; one that goes on is taken for one without an end."""

RESTARTS: Final = 2
"""How often a listing is begun again whose page token AWS refuses."""

_METHODS: Final = {LISTING: "describe_projects", TAGS: "list_tags_for_resource"}

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    entries: Sequence[Any]
    next_token: str | None
    request_id: str | None
    account_id: str


class ProjectSource:
    """Lists the projects of accounts and regions; several threads may ask, each about another one."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def list_projects(self, place: Place, features: tuple[str, ...]) -> ProjectListing | Fault:
        """Every project of these *features* (AWS's words) there, or what went wrong.

        Raises StoppingError when the monitor stops meanwhile, and nothing for what AWS or the network does.
        """
        answer = self._list(place, features)
        for _ in range(RESTARTS):
            if not (isinstance(answer, Fault) and answer.reason is Reason.PAGINATION_TOKEN_INVALID):
                break
            answer = self._list(place, features)
        return answer

    def list_tags(self, place: Place, project_arn: str) -> Mapping[str, str] | Fault:
        """The tags of a project there, or what went wrong; raises as `list_projects` does."""
        return self._ask(place, TAGS, {"ResourceArn": project_arn}, _tags)

    def _list(self, place: Place, features: tuple[str, ...]) -> ProjectListing | Fault:
        request: dict[str, Any] = {"Features": list(features), "MaxResults": PAGE_SIZE}
        pages: list[_Page] = []
        tokens: set[str] = set()
        while len(pages) < MOST_PAGES:
            page = self._ask(place, LISTING, request, _page)
            if isinstance(page, Fault):
                return page
            pages.append(page)
            if page.next_token is None:
                return _listing(pages, place)
            if page.next_token in tokens:
                return malformed_at(f"the token of page {len(pages)} was given before", place, operation=LISTING)
            tokens.add(page.next_token)
            request["NextToken"] = page.next_token
        return malformed_at(f"there are more than {MOST_PAGES} pages", place, operation=LISTING)

    def _ask(
        self, place: Place, operation: str, request: Mapping[str, Any], read: Callable[[Mapping[str, Any], str], _Read]
    ) -> _Read | Fault:
        connection = None
        try:
            connection = self._sessions.connection_at(place)
            response = getattr(connection.client, _METHODS[operation])(**request)
        except TROUBLE as error:
            fault = fault_at(error, place if connection is None else connection.place, operation=operation)
            if connection is not None and fault.reason in CREDENTIAL_REASONS:
                self._sessions.forget(connection)
            return fault
        try:
            check_length(response[BODY], response["ResponseMetadata"]["HTTPHeaders"])
            return read(response, connection.place.account_id)
        except MalformedResponseError as error:
            connection.attempts.failed(operation, str(Reason.RESPONSE_MALFORMED))
            return malformed_at(str(error), place, operation=operation, request_id=request_id_of(response))


def _page(response: Mapping[str, Any], account_id: str) -> _Page:
    raw = read_page(response[BODY], LISTING)
    return _Page(
        entries=raw.entries, next_token=raw.next_token, request_id=request_id_of(response), account_id=account_id
    )


def _tags(response: Mapping[str, Any], _account_id: str) -> Mapping[str, str]:
    return read_tags(response[BODY])


def _listing(pages: Sequence[_Page], place: Place) -> ProjectListing:
    projects: dict[str, Found] = {}
    malformed: list[str] = []
    for number, entry in enumerate((entry for page in pages for entry in page.entries), 1):
        try:
            found = _found(entry, place, pages[-1].account_id)
        except ValueError as error:
            malformed.append(f"entry {number}: {error}")
        else:
            projects[found.arn] = found
    return ProjectListing(
        projects=tuple(projects.values()),
        malformed=tuple(malformed),
        request_ids=_given(page.request_id for page in pages),
        account_id=pages[-1].account_id,
    )


def _found(entry: Any, place: Place, account_id: str) -> Found:
    """One entry of the list. Raises ValueError for what names no project of the account and region that was asked."""
    arn, status = (entry.get("ProjectArn"), entry.get("Status")) if isinstance(entry, dict) else (None, None)
    if not isinstance(arn, str):
        raise ValueError("has no ProjectArn")  # noqa: TRY004 - AWS's fault, not a caller's
    project = parse_project(arn)
    if project.region != place.region or (account_id and project.account_id != account_id):
        raise ValueError(f"{arn} is of another account or region")
    return Found(arn, status if isinstance(status, str) else "")


def _given(request_ids: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(each for each in request_ids if each)
