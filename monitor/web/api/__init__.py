"""`/api/v1`: what is shown and what happened, as JSON in the words of the events. Stable; described by OpenAPI."""

from monitor.web.api.endpoints import Api

__all__ = ["Api"]
