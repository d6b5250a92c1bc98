from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.config.loading import load_config, with_overrides
from monitor.config.model import Config, FileSink, LogSink, Poll, Project
from monitor.config.settings_file import MAX_BYTES
from monitor.errors import ConfigError
from tests.config.examples import ARN, SMALLEST, arn, load

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = Path(__file__).parents[2] / "config" / "monitor.yaml"


def refusal(text: str, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refused:
        load(text, environ)
    return refused.value.problems


def file_refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        load_config(path, {})
    return str(refused.value)


def test_smallest_file() -> None:
    """One project is enough; all else has a default, and events go to the log."""
    expected = Config(projects=(Project(arn=ARN),), sinks=(LogSink(name="log", type="log"),))
    assert expected == load(SMALLEST).config


def test_defaults_are_those_of_the_design() -> None:
    """The intervals that an unwritten section gives."""
    expected = Poll(
        interval=timedelta(minutes=5),
        transition_interval=timedelta(seconds=30),
        jitter=0.1,
        confirm_absence=2,
        unreachable_after=3,
        workers=8,
    )
    assert expected == load(SMALLEST).config.poll


def test_example_passes_without_a_warning() -> None:
    """The file that ships is accepted, and nothing in it looks like a mistake."""
    assert load_config(EXAMPLE, {}).warnings == ()


def test_example_shows_the_defaults() -> None:
    """What stands in the example besides projects and sinks is what a file without it gives."""
    example = load_config(EXAMPLE, {}).config
    assert example.model_copy(update={"projects": (), "sinks": ()}) == load(SMALLEST).config.model_copy(
        update={"projects": (), "sinks": ()}
    )


def test_sinks_stand_besides_the_default_one() -> None:
    """A file sink does not turn the log off; the default comes last, so that places stay those of the file."""
    sinks = load(SMALLEST + "sinks: [{name: audit, type: file, path: events.jsonl}]\n").config.sinks
    assert sinks == (FileSink(name="audit", type="file", path="events.jsonl"), LogSink(name="log", type="log"))


def test_default_sink_can_be_turned_off() -> None:
    """The log sink of the file takes the place of the default one."""
    sinks = load(SMALLEST + "sinks: [{name: log, type: log, enabled: false}]\n").config.sinks
    assert sinks == (LogSink(name="log", type="log", enabled=False),)


def test_types_are_written_out() -> None:
    """Short words become whole types, once each."""
    text = SMALLEST + "sinks: [{name: log, type: log, types: [appeared, project.appeared, recovered]}]\n"
    assert load(text).config.sinks[0].types == (
        "rekognition.project_version.appeared",
        "rekognition.project.appeared",
        "rekognition.project.recovered",
    )


def test_everything_of_a_project() -> None:
    """Overrides, patterns and labels arrive as they stand."""
    text = (
        SMALLEST + '    interval: 1m\n    transition_interval: 10s\n    versions: ["prod-*"]\n    labels: {team: a b}\n'
    )
    expected = Project(
        arn=ARN,
        interval=timedelta(minutes=1),
        transition_interval=timedelta(seconds=10),
        versions=("prod-*",),
        labels={"team": "a b"},
    )
    assert load(text).config.projects == (expected,)


def test_anchors_and_merge_keys() -> None:
    """What is merged counts, own keys outrank it, and earlier merges outrank later ones."""
    text = (
        f"projects:\n  - &first\n    arn: {arn('one')}\n    interval: 1m\n"
        f"  - &second {{<<: *first, arn: '{arn('two')}', transition_interval: 7s}}\n"
        f"  - {{<<: [{{interval: 2m}}, *second], arn: '{arn('three')}'}}\n"
    )
    minute, seven = timedelta(minutes=1), timedelta(seconds=7)
    assert load(text).config.projects == (
        Project(arn=arn("one"), interval=minute),
        Project(arn=arn("two"), interval=minute, transition_interval=seven),
        Project(arn=arn("three"), interval=2 * minute, transition_interval=seven),
    )


def test_dates_are_texts() -> None:
    """A version named by its date is not turned into one."""
    assert load(SMALLEST + "    versions: [2020-01-21]\n").config.projects[0].versions == ("2020-01-21",)


def test_environment_fills_texts_and_numbers() -> None:
    """A variable may be a part of a text or a whole number; two dollars are one."""
    text = SMALLEST + "    labels: {team: 'a-${TEAM}-$$-$5'}\npoll:\n  workers: ${WORKERS}\n"
    config = load(text, {"TEAM": "vision", "WORKERS": "4"}).config
    assert (config.projects[0].labels, config.poll.workers) == ({"team": "a-vision-$-$5"}, 4)


def test_environment_has_the_credentials_of_the_unit() -> None:
    """Where systemd says, for the service; where it puts them, for a command beside it, which it tells nothing."""
    text = SMALLEST + "sinks: [{name: a, type: file, path: '${CREDENTIALS_DIRECTORY}/secrets_a'}]\n"
    told = load(text, {"CREDENTIALS_DIRECTORY": "/told"}).config.sinks[0]
    beside = load(text, {}).config.sinks[0]
    assert ["/told/secrets_a", "/run/credentials/rekognition-monitor.service/secrets_a"] == [
        str(getattr(sink, "path", "")) for sink in (told, beside)
    ]


def test_environment_never_becomes_structure() -> None:
    """A value from outside stays text, whatever YAML would make of it."""
    config = load(SMALLEST + "aws:\n  profile: ${PROFILE}\n", {"PROFILE": "{a: ${HOME}}"}).config
    assert config.aws.profile == "{a: ${HOME}}"


def test_environment_that_is_not_unicode() -> None:
    """Bytes that the system could not decode are refused wherever they are put, and not repeated."""
    text = SMALLEST + "    labels: {team: '${X}'}\npoll: {workers: '${X}', jitter: '${X}'}\n"
    types = "log, file, sns, eventbridge, apprise or webhook"
    assert refusal(text + "sinks: [{name: a, type: '${X}'}]\n", {"X": "\udce9"}) == (
        'monitor.yaml:3: projects[0].labels.team: "${X}" holds a character that cannot be seen: take it out',
        'monitor.yaml:4: poll.jitter: "${X}" is not Unicode text: write it again',
        'monitor.yaml:4: poll.workers: "${X}" is not Unicode text: write it again',
        f'monitor.yaml:5: sinks[0].type: "${{X}}" is not a type of sink: write {types}',
    )


def test_keys_are_not_substituted() -> None:
    """Only values are taken from the environment."""
    assert refusal(SMALLEST + "${KEY}: 1\n", {"KEY": "poll"}) == (
        (
            "monitor.yaml:3: ${KEY}: is not a key: known are poll, aws, state, web, metrics, log, accounts, projects, "
            "sinks"
        ),
    )


def test_byte_order_mark(tmp_path: Path) -> None:
    """Editors on Windows put one first."""
    path = tmp_path / "monitor.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALLEST.encode())
    assert load_config(path, {}).config == load(SMALLEST).config


def test_missing_file(tmp_path: Path) -> None:
    """The reason is the system's, without a line."""
    path = tmp_path / "none.yaml"
    assert file_refusal(path) == f"{path}: cannot be read: No such file or directory: name a YAML file that can"


def test_directory(tmp_path: Path) -> None:
    """A directory is no file."""
    assert file_refusal(tmp_path) == f"{tmp_path}: cannot be read: Is a directory: name a YAML file that can"


def test_name_that_no_file_can_have() -> None:
    """A NUL in the name is the caller's mistake, told like any other."""
    assert file_refusal(Path("a\0b")) == "'a\\x00b': is not the name of a file"


def test_file_too_large(tmp_path: Path) -> None:
    """A database given by mistake is not read into memory."""
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert file_refusal(path) == f"{path}: is larger than 16 MiB: name a configuration file"


def test_anchors_that_grow() -> None:
    """A small text that means a great many values is refused before it is written out."""
    levels = "".join(f"  - &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]\n" for n in range(9))
    assert refusal(f"projects:\n  - &l0 [a]\n{levels}") == (
        "monitor.yaml:1: holds too many values once its anchors are written out: use fewer",
    )


def test_escape_beyond_unicode() -> None:
    """PyYAML's own parser has no message for it, so that of libyaml is told."""
    (problem,) = refusal('aws: {profile: "\\UFFFFFFFF"}\n')
    assert problem.startswith("monitor.yaml:1: is not YAML: while parsing a quoted scalar, found invalid Unicode")


@pytest.mark.parametrize("text", ["0b_", "9" * 5000, "!!int x", "!!float x", "!!bool x", ".inf", "0x_"])
def test_odd_numbers_are_refused(text: str) -> None:
    """What YAML calls a number and cannot read is a problem of the file, not of the program."""
    (problem,) = refusal(SMALLEST + f"poll:\n  workers: {text}\n")
    assert problem.startswith("monitor.yaml:4: poll.workers: ")


def test_overrides_of_the_command_line() -> None:
    """What is given outranks the file, the rest stays."""
    config = load(SMALLEST + "log: {level: error}\n    # and\nweb: {listen: 'h:1'}\n").config
    changed = with_overrides(config, listen="[::1]:0", log_format="console")
    assert (changed.web.host, changed.web.port) == ("::1", 0)
    assert (changed.log.level, changed.log.format) == ("error", "console")
    assert changed.projects == config.projects


def test_bad_overrides_are_told_together() -> None:
    """Each by the name of its option."""
    with pytest.raises(ConfigError) as refused:
        with_overrides(load(SMALLEST).config, listen="x", log_level="loud")
    assert refused.value.problems == (
        '--listen: "x" is not HOST:PORT: write it as in 127.0.0.1:10417, or [::1]:10417 for IPv6',
        '--log-level: "loud" is none of debug, info, warning or error',
    )


def test_an_override_hides_no_variable_that_it_replaced() -> None:
    """`--listen` is shown as it was given, not as the variable that the file names."""
    config = load(SMALLEST + "web:\n  listen: ${LISTEN}\n", {"LISTEN": "h:1"}).config
    assert (config.substituted, with_overrides(config, listen="h:2").substituted) == (
        {("web", "listen"): "${LISTEN}"},
        {},
    )
