"""Requests that schemathesis makes of the OpenAPI document: whatever is asked, the answer is what the document says.

pytest does not load its plugin, which would make up the requests in every process that collects: in seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings

from monitor.web.api.openapi import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemathesis import Case, Response

    from tests.web.api.house import House

DOCUMENT: Final = describe("1.2.3")


@pytest.mark.timeout(600)  # a thousand requests in all, on machines that have other things to do
@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_answers_are_as_described(path: str, house: House) -> None:
    """Status, headers, medium and JSON, whether what is asked makes sense or not."""
    asking(path)(house=house)


def asking(path: str) -> Callable[..., None]:
    """Asks whatever schemathesis makes up for that path."""
    import schemathesis  # noqa: PLC0415 - takes a second, and one worker needs it
    from schemathesis.core.result import Ok  # noqa: PLC0415 - as above
    from schemathesis.pytest.lazy import get_all_tests  # noqa: PLC0415 - as above

    schema = schemathesis.openapi.from_dict(DOCUMENT).include(path=path)
    made = get_all_tests(schema=schema, test_func=ask, settings=None, given_kwargs=None)
    [(_, test)] = [each.ok() for each in made if isinstance(each, Ok)]
    return test


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def ask(case: Case[Any], house: House) -> None:
    """One of the requests."""
    case.query.pop("stream", None)  # it would not end
    answer = case.call(base_url=str(house.client.base_url))
    if not _without_length(answer) and not _with_an_empty_header(answer):
        case.validate_response(answer)


def _without_length(answer: Response) -> bool:
    """Whether a time was asked for that ends before it begins, which no schema can forbid."""
    return answer.status_code == 400 and "it has to be before until" in answer.text


def _with_an_empty_header(answer: Response) -> bool:
    """Whether a header had no value, which is as good as no header; it is made of what is no number: an empty list."""
    return answer.request.headers.get("Last-Event-ID") == ""
