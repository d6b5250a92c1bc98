"""What can go wrong with a call. Our own is of botocore's kind: whoever asks takes those already."""

from __future__ import annotations

from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

TROUBLE: Final = (BotoCoreError, ClientError, ResponseParserError, OSError, ValueError, RuntimeError)
"""What AWS, the network and the machine's AWS configuration make boto3 raise: ResponseParserError where credentials are
fetched, ValueError for an address that is none and for credentials that no header can hold, OSError for files,
RuntimeError for new credentials that have expired."""


class HeldOffError(BotoCoreError):
    """Not tried, because it failed a moment ago with *error*."""

    fmt = "{error}"


class WrongAccountError(BotoCoreError):
    """The credentials are those of another account than the one that is to be asked."""

    fmt = "the credentials of {name} are of account {found}, and {wanted} was to be asked"


class CredentialFileError(BotoCoreError):
    """The file of an external id or of a token cannot be read, or is empty."""

    fmt = "{setting} {problem}"
