"""What went wrong, as a Fault: the one place that knows what AWS's errors and botocore's exceptions mean.

The table is `monitor.aws.meanings`. Nothing here asks AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from monitor.aws.meanings import ACTION, CREDENTIALS_NOT_GIVEN, MEANINGS, OPERATION
from monitor.aws.trouble import HeldOffError
from monitor.aws.wording import known_code, known_request_id, one_line
from monitor.domain.fault import Fault, Reason, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.aws.meaning import Meaning
    from monitor.domain.account import Place
    from monitor.domain.project import Project

CREDENTIAL_REASONS: Final = frozenset(
    {Reason.CREDENTIALS_MISSING, Reason.CREDENTIALS_EXPIRED, Reason.CREDENTIALS_REFUSED}
)
"""New credentials may be found where these were."""

_BY_REASON: Final[Mapping[Reason, Meaning]] = {meaning.reason: meaning for meaning in reversed(MEANINGS)}


def fault_of(error: Exception, project: Project) -> Fault:
    """The fault that *error*, raised while *project* was asked for, stands for."""
    return _fault_about(error, _about(project))


def fault_at(error: Exception, place: Place, *, operation: str) -> Fault:
    """The fault that *error*, raised while *place* was asked *operation* about no project, stands for."""
    return _fault_about(error, _about_place(place, operation))


def fault_for(reason: Reason, message: str, project: Project, *, request_id: str | None = None) -> Fault:
    """The fault of an answer that came, but was not of the protocol."""
    return _fault(_BY_REASON[reason], message, _about(project), request_id=request_id)


def malformed_at(message: str, place: Place, *, operation: str, request_id: str | None = None) -> Fault:
    """The same, of an answer about no project."""
    meaning = _BY_REASON[Reason.RESPONSE_MALFORMED]
    return _fault(meaning, message, _about_place(place, operation), request_id=request_id)


def _about(project: Project) -> dict[str, str]:
    """What the hints speak of."""
    its = {"arn": project.arn, "name": project.name, "region": project.region, "account": project.account_id}
    return {**its, "action": ACTION}


def _about_place(place: Place, operation: str) -> dict[str, str]:
    account = place.account_id or place.account
    its = {"arn": "*", "name": f"account {account}", "region": place.region, "account": account}
    return {**its, "action": f"rekognition:{operation}"}


def _fault_about(error: Exception, about: Mapping[str, str]) -> Fault:
    if isinstance(error, HeldOffError):
        return _fault_about(error.kwargs["error"], about)
    if isinstance(error, ClientError):
        return _refused(error, about)
    return _fault(meaning_of(error), str(error) or type(error).__name__, about)


def meaning_of(error: BaseException) -> Meaning:
    """The meaning of an exception that is no answer of AWS's."""
    errors = tuple(_inside(error))
    return next(meaning for meaning in MEANINGS if meaning.fits(errors, str(error)))


def meaning_of_code(code: str, message: str) -> Meaning:
    """The meaning of an error that AWS answered; *code* is the HTTP status where AWS gave none."""
    return next(meaning for meaning in MEANINGS if meaning.fits_code(code, message))


def request_id_of(response: Mapping[str, Any]) -> str | None:
    """The request id of a parsed answer, where it has one."""
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return known_request_id(headers.get("x-amzn-requestid"))


def code_and_message(response: Mapping[str, Any]) -> tuple[str, str]:
    """What a parsed error says; the HTTP status is the code where AWS gave none."""
    error = response.get("Error", {})
    return str(error.get("Code") or ""), str(error.get("Message") or "")


def _refused(error: ClientError, about: Mapping[str, str]) -> Fault:
    code, message = code_and_message(error.response)
    meaning = meaning_of_code(code, message)
    if error.operation_name not in _ASKED:  # for credentials, by us or botocore itself
        message = f"{error.operation_name} was refused: {message}"
        meaning = CREDENTIALS_NOT_GIVEN if meaning.reason in _OF_THE_REQUEST else meaning
    text = f"{code}: {message}" if known_code(code) else message
    return _fault(meaning, text, about, code=known_code(code), request_id=request_id_of(error.response))


_ASKED: Final = frozenset({OPERATION, "DescribeProjects", "ListTagsForResource"})
"""Of Rekognition, by the monitor; whatever else is refused was asked on the way to it."""

_OF_THE_REQUEST: Final = frozenset(
    {meaning.reason for meaning in MEANINGS if meaning.scope is Scope.PROJECT} | {Reason.ACCESS_DENIED}
)


def _fault(
    meaning: Meaning,
    message: str,
    about: Mapping[str, str],
    *,
    code: str | None = None,
    request_id: str | None = None,
) -> Fault:
    return Fault(
        reason=meaning.reason,
        message=one_line(message),
        hint=meaning.hint.format(**about),
        scope=meaning.scope,
        soon=meaning.soon,
        code=code,
        request_id=request_id,
    )


def _inside(error: BaseException) -> Iterator[BaseException]:
    """The innermost first: botocore's exceptions carry urllib3's or the system's, which says more."""
    inner = getattr(error, "kwargs", {}).get("error")
    if isinstance(inner, BaseException):
        yield from _inside(inner)
    yield error
