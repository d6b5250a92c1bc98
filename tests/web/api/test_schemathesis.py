"""Requests that schemathesis makes of the OpenAPI document: whatever is asked, the answer is what the document says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from monitor.web.api.openapi import describe

if TYPE_CHECKING:
    from schemathesis import Case, Response

    from tests.web.api.house import House

SCHEMA = schemathesis.openapi.from_dict(describe("1.2.3"))


@pytest.mark.timeout(600)  # a thousand requests in all, on machines that have other things to do
@SCHEMA.parametrize()
@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case: Case[Any], house: House) -> None:
    """Status, headers, medium and JSON, whether what is asked makes sense or not."""
    case.query.pop("stream", None)  # it would not end
    answer = case.call(base_url=str(house.client.base_url))
    if not _without_length(answer):
        case.validate_response(answer)


def _without_length(answer: Response) -> bool:
    """Whether a time was asked for that ends before it begins, which no schema can forbid."""
    return answer.status_code == 400 and "it has to be before until" in answer.text
