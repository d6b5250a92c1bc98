"""Scenario files: found, read, and refused with every problem at once."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ValidationError

from monitor.errors import ConfigError
from monitor.simulator.faults import Fault
from monitor.simulator.limits import Durations, Limits
from monitor.simulator.roles import RoleSpec
from monitor.simulator.scenario import LivesSpec, ProjectSpec, Scenario, StepSpec, VersionSpec

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MODELS: tuple[type[BaseModel], ...] = (
    Scenario,
    ProjectSpec,
    VersionSpec,
    StepSpec,
    LivesSpec,
    Limits,
    Durations,
    Fault,
    RoleSpec,
)


def load_scenario(path: str | Path) -> Scenario:
    """Reads a scenario. Raises ConfigError with a line for each problem: `FILE: key.path: what is wrong`."""
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: is not YAML: {' '.join(str(error).split())}") from error
    try:
        return Scenario.model_validate({} if content is None else content)
    except ValidationError as error:
        raise ConfigError(*(f"{path}: {_problem(detail)}" for detail in error.errors())) from error


def shipped_scenario(name: str) -> Path:
    """The file of a scenario that comes with the program. Raises ConfigError, naming those that there are."""
    folder = _shipped_folder()
    shipped = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in shipped:
        raise ConfigError(f"no scenario named {name!r} is shipped; there are: {', '.join(shipped)}")
    return folder / f"{name}.yaml"


def _shipped_folder() -> Path:
    """In the package where it is installed, in the repository where it is worked on."""
    package = Path(str(files("monitor.simulator")))
    installed = package / "scenarios"
    return installed if installed.is_dir() else package.parents[1] / "config" / "scenarios"


def _problem(detail: ErrorDetails) -> str:
    where = ".".join(str(part) for part in detail["loc"]) or "the file"
    if detail["type"] == "extra_forbidden":
        return f"{where}: unknown key{_nearest(str(detail['loc'][-1]))}"
    return f"{where}: {detail['msg'].removeprefix('Value error, ')}{_advice(detail)}"


def _nearest(key: str) -> str:
    known = {field.alias or name for model in _MODELS for name, field in model.model_fields.items()}
    near = get_close_matches(key, sorted(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _advice(detail: ErrorDetails) -> str:
    """YAML reads 111122223333 as a number; an account is a text, for its leading zeros."""
    is_number = detail["type"] == "string_type" and isinstance(detail["input"], int)
    return f'; write it in quotes: "{detail["input"]}"' if is_number else ""
