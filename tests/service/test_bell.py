from __future__ import annotations

from monitor.service.bell import Bell
from monitor.view import ProjectState, View
from tests.builders import PROJECT_ARN, project


def test_who_subscribed_is_called_until_it_ends_that() -> None:
    """After each change of what is shown, and whenever somebody rings."""
    bell = Bell()
    view = View(bell)
    rung: list[str] = []
    end = bell.subscribe(lambda: rung.append("one"))
    bell.subscribe(lambda: rung.append("other"))
    view.publish(ProjectState(project=project()))
    end()
    view.remove(PROJECT_ARN)
    bell.ring()
    assert ["one", "other", "other", "other"] == rung
