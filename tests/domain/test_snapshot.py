from __future__ import annotations

from tests.builders import project, snapshot, tracked, version


def test_the_watched_versions_are_those_that_the_patterns_choose() -> None:
    """What nobody is told about stays in the snapshot and is not shown; the order stays newest first."""
    known = snapshot(tracked(version("prod-2")), tracked(version("scratch-1")), tracked(version("prod-1")))

    names = {
        patterns: [each.version.name for each in known.watched(project(patterns=patterns))]
        for patterns in ((), ("prod-*",), ("none",))
    }

    assert names == {(): ["prod-2", "scratch-1", "prod-1"], ("prod-*",): ["prod-2", "prod-1"], ("none",): []}
