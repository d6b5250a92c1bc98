from __future__ import annotations

import pytest

from monitor.metrics.negotiation import negotiate
from monitor.metrics.text import Format

PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(PROMETHEUS_2, Format.OPENMETRICS, id="prometheus 2"),
        pytest.param(PROMETHEUS_3, Format.OPENMETRICS, id="prometheus 3"),
        pytest.param("", Format.TEXT, id="none"),
        pytest.param("*/*", Format.TEXT, id="curl"),
        pytest.param("text/html,application/xhtml+xml,*/*;q=0.8", Format.TEXT, id="browser"),
        pytest.param("application/openmetrics-text", Format.OPENMETRICS, id="no version"),
        pytest.param("application/openmetrics-text;version=2.0.0", Format.TEXT, id="a later version"),
        pytest.param("application/openmetrics-text;version=1.0.0;q=0", Format.TEXT, id="refused"),
        pytest.param("application/openmetrics-text;q=0.4,text/plain;q=0.5", Format.TEXT, id="text preferred"),
        pytest.param("application/openmetrics-text;q=x", Format.TEXT, id="a weight that is no number"),
        pytest.param("application/openmetrics-text;q=nan", Format.TEXT, id="a weight that is not a number"),
        pytest.param(";;,,=", Format.TEXT, id="nonsense"),
    ],
)
def test_format_is_the_one_with_the_highest_weight(accept: str, expected: Format) -> None:
    """The Accept header decides between the two formats, and the text format answers everything else."""
    assert expected == negotiate(accept)
