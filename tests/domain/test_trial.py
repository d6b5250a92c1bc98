from __future__ import annotations

import json

from monitor.domain.events import EventType
from monitor.domain.trial import trial_message
from tests.builders import T0


def test_a_test_is_an_event_like_any_other_and_says_that_it_is_none() -> None:
    """Its members are those of a change of status; the mark, the account and the project are nobody's."""
    message = trial_message(T0, "7")
    document = json.loads(message.document)
    assert ("test-7", EventType.VERSION_STATUS_CHANGED, T0) == (message.id, message.type, message.time)
    assert (message.id, str(message.type), message.subject) == (document["id"], document["type"], document["subject"])
    assert (True, "STARTING", "RUNNING") == tuple(document["data"][name] for name in ("test", "from", "to"))
