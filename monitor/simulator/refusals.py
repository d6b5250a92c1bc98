"""Errors as Rekognition sends them: JSON 1.1, the code in the body.

Source: Rekognition developer guide, "Error handling"; codes of the signing layer from the common errors of the API
Reference. Texts that AWS does not publish are made up.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "AccessDenied": (403, "You are not authorized to perform the action."),
        "AccessDeniedException": (400, "You are not authorized to perform the action."),
        "ExpiredToken": (403, "The security token included in the request is expired"),
        "ExpiredTokenException": (400, "The security token included in the request is expired"),
        "InternalServerError": (500, "Amazon Rekognition experienced a service issue. Try your call again."),
        "InvalidClientTokenId": (403, "The security token included in the request is invalid."),
        "InvalidIdentityToken": (400, "The web identity token that was passed could not be validated by AWS."),
        "InvalidPaginationTokenException": (400, "Invalid Pagination Token"),
        "InvalidParameterException": (400, "Request has invalid parameters"),
        "InvalidSignatureException": (
            400,
            "Signature expired: the request's time and the service's are too far apart.",
        ),
        "LimitExceededException": (400, "An Amazon Rekognition service limit was exceeded."),
        "MalformedQueryString": (404, "The query string contains a syntax error."),
        "MissingAuthenticationTokenException": (400, "Missing Authentication Token"),
        "ProvisionedThroughputExceededException": (400, "Provisioned Rate exceeded."),
        "ResourceAlreadyExistsException": (400, "A resource with the specified ID already exists."),
        "ResourceInUseException": (400, "The specified resource is already being used."),
        "ResourceNotFoundException": (400, "The resource specified in the request cannot be found."),
        "SerializationException": (400, "The request could not be read."),
        "ServiceQuotaExceededException": (400, "The size of the collection exceeds the allowed limit."),
        "ServiceUnavailableException": (503, "Service Unavailable"),
        "ThrottlingException": (400, "Slow down; sudden increase in rate of requests."),
        "UnknownOperationException": (400, "Unknown operation"),
        "UnrecognizedClientException": (400, "The security token included in the request is invalid."),
        "ValidationException": (400, "The input fails to satisfy the constraints of the service."),
    }
)
"""HTTP status and text of each code."""


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure of the simulator
    """A request is answered by one of AWS's errors. Codes that are not known here are 400 without a text."""

    def __init__(self, code: str, message: str | None = None, status: int | None = None) -> None:
        usual_status, usual_message = KNOWN.get(code, (400, ""))
        self.code = code
        self.status = status or usual_status
        self.message = usual_message if message is None else message
        super().__init__(f"{code}: {self.message}")
