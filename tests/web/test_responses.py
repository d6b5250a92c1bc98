from __future__ import annotations

import pytest

from monitor.web.responses import accepts_gzip


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("zgzip", False),
        ("gzip;level=9", True),
    ],
)
def test_gzip_is_taken_where_the_header_allows_it(header: str, *, expected: bool) -> None:
    """Accept-Encoding decides, weights of zero refuse, the star stands for what is not named."""
    assert expected == accepts_gzip(header)
