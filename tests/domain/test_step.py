from __future__ import annotations

from monitor.domain.diff import diff
from monitor.domain.snapshot import Listing
from monitor.domain.step import Step, step_from_document
from tests.builders import at, project, version


def test_the_step_of_a_stored_event() -> None:
    """What moved, and between which polls; a version that is gone has no status."""
    snapshot = diff(project(), None, Listing(versions=(version("v1", "DELETING"),)), at(0)).snapshot
    [gone] = diff(project(), snapshot, Listing(versions=()), at(5)).events
    step = step_from_document(7, gone.document)
    assert (7, at(0), at(5), None) == (step.position, step.after, step.by, step.status)
    assert isinstance(step, Step)
