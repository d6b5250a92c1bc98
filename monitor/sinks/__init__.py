"""The places events go: one file a sink, each of the same shape, which the dispatcher states as a Protocol.

    batch: int                                                      the most messages that one call takes
    deliver(messages) -> Mapping[int, DeliveryError]                the refused, by position; all others are accepted
    close() -> None

A call never holds two messages about one subject, so a refusal of one says nothing about the order of the others. A
sink returns when the far end has what it accepted, and not before: what it returns is settled and never sent again. A
DeliveryError that is raised refuses them all.
"""
