"""Foreign texts, made fit for logs, events and pages: one line, not long, nothing secret."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 400
"""Characters of a message; AWS's longest ordinary ones (an AccessDeniedException with two ARNs) are about 350."""

_READ: Final = 16 * LONGEST
"""Characters that are looked at: botocore quotes an answer that it cannot read, whole."""

_MASK: Final = "***"
_USER_INFO: Final = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_TOKEN_HEADER: Final = re.compile(r"(?i)((?:security-?token|authorization)\s*[:=]\s*).*")
_ACCESS_KEY: Final = re.compile(r"\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b")
_KEPT_OR_OPAQUE: Final = re.compile(r"(arn:[^\s\"']+|https?://[^\s\"']+)|[A-Za-z0-9+/=_-]{40,}")
"""ARNs and addresses stay; any other run of 40 or more base64 or hexadecimal characters has the length of a secret key,
a signature or a piece of a session token."""
_REQUEST_ID: Final = re.compile(r"[\w.:=+/-]{1,128}", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")


def one_line(text: str) -> str:
    """*text* without line breaks and secrets, cut to `LONGEST`."""
    text = text[:_READ]
    for pattern, replacement in ((_TOKEN_HEADER, rf"\1{_MASK}"), (_USER_INFO, _MASK), (_ACCESS_KEY, _MASK)):
        text = pattern.sub(replacement, text)
    text = _KEPT_OR_OPAQUE.sub(lambda match: match[1] or _MASK, text)
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def known_code(code: object) -> str | None:
    """AWS's error code, if *code* can be one: it becomes a label. botocore puts the HTTP status where AWS gave none."""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def known_request_id(text: object) -> str | None:
    """A request id, if *text* can be one: it is logged as it is."""
    return text if isinstance(text, str) and _REQUEST_ID.fullmatch(text) else None
