"""What the house is made of, read from its source: rooms, imports, sizes. Nothing is imported."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LEVELS: Final = (
    {"__main__"},
    {"cli"},
    {"service"},
    {"discoverer", "dispatcher", "poller", "scheduler"},
    {"aws", "store", "sinks", "metrics", "web", "simulator"},
    {"config", "ledger", "logs", "view"},
    {"journal"},
    {"domain", "template"},
    {"errors"},
)
"""The rooms, from the top down; imports point down, and rooms of one level do not know one another."""

KNOWN_BY: Final[Mapping[str, frozenset[str]]] = {
    **{room: frozenset({"service"}) for room in (*LEVELS[3], *LEVELS[4])},
    "simulator": frozenset({"cli"}),
}
"""Only the service knows concrete classes; the simulator is a program of its own, begun from the command line."""

AT_HOME: Final[Mapping[str, frozenset[str]]] = {
    "alembic": frozenset({"store"}),
    "anyio": frozenset({"web"}),
    "apprise": frozenset({"sinks"}),
    "apscheduler": frozenset({"scheduler"}),
    "boto3": frozenset({"aws"}),
    "botocore": frozenset({"aws"}),
    "click": frozenset({"cli"}),
    "jinja2": frozenset({"template", "web"}),
    "mypy_boto3_rekognition": frozenset({"aws"}),
    "prometheus_client": frozenset({"metrics"}),
    "pydantic": frozenset({"config", "simulator"}),
    "pydantic_core": frozenset({"config", "simulator"}),
    "rich": frozenset({"cli"}),
    "sqlalchemy": frozenset({"store"}),
    "starlette": frozenset({"web"}),
    "urllib3": frozenset({"aws", "sinks"}),
    "uvicorn": frozenset({"web"}),
    "yaml": frozenset({"config", "simulator"}),
}
"""Each library in its room; one that is not here may be used above the domain."""

PURE: Final = frozenset(
    {
        "__future__",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "fnmatch",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "types",
        "typing",
        "uuid",
    }
)
"""Modules of the standard library that know nothing of the world."""

IMPURE_CALLS: Final = frozenset({"now", "utcnow", "today", "uuid1", "uuid4", "getnode", "open", "print", "input"})
"""What gets at the clock, chance or the outside by way of a pure module or none."""


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the house."""

    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The part of the name after the package; empty for the package itself."""
        return room_of(self.name)

    def imports(self) -> Iterator[tuple[int, str]]:
        """The line and full name of everything imported, wherever it stands, for type checking too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = "." * node.level + (node.module or "")
                yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def read(package: Path) -> dict[str, Module]:
    """Every module of *package* by its dotted name."""
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text("utf-8")
        modules[name] = Module(name=name, text=text, tree=ast.parse(text))
    return modules


def room_of(name: str) -> str:
    """The room of a dotted name below the package."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def misplaced(modules: Mapping[str, Module]) -> list[str]:
    """The rooms that have no place on any level, and relative imports, which hide where they point."""
    rooms = {module.room for module in modules.values()} - {"", *set().union(*LEVELS)}
    relative = (f"{name}:{line}: {target}" for name, line, target in _all_imports(modules) if target.startswith("."))
    return [*sorted(rooms), *relative]


def upward(modules: Mapping[str, Module]) -> list[str]:
    """The imports from one room of another that is not below it."""
    level = {room: depth for depth, rooms in enumerate(LEVELS) for room in rooms}
    return [
        f"{name}:{line}: {target}"
        for name, line, target in _between_rooms(modules)
        if level.get(room_of(target), -1) <= level.get(room_of(name), -1)
    ]


def too_familiar(modules: Mapping[str, Module]) -> list[str]:
    """The imports of concrete rooms by others than those that may know them."""
    return [
        f"{name}:{line}: {target}"
        for name, line, target in _between_rooms(modules)
        if room_of(name) not in KNOWN_BY.get(room_of(target), {room_of(name)})
    ]


def astray(modules: Mapping[str, Module]) -> list[str]:
    """The imports of libraries outside their rooms."""
    return [
        f"{name}:{line}: {target}"
        for name, line, target in _all_imports(modules)
        if room_of(name) not in AT_HOME.get(target.split(".")[0], {room_of(name)})
    ]


def impure(modules: Mapping[str, Module]) -> list[str]:
    """Whatever in the domain could ask the clock, chance or the world; and whatever `errors` imports."""
    pure = {"domain": {*PURE, "monitor"}, "errors": {"__future__"}}
    imported = [
        f"{name}:{line}: {target}"
        for name, line, target in _all_imports(modules)
        if room_of(name) in pure and target.split(".")[0] not in pure[room_of(name)]
    ]
    called = [
        f"{module.name}:{node.lineno}: {ast.unparse(node.func)}"
        for module in modules.values()
        if module.room == "domain"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in IMPURE_CALLS
    ]
    return [*imported, *called]


def cycle(modules: Mapping[str, Module]) -> list[str]:
    """The modules of one import cycle; empty where there is none."""
    graph = {
        name: {found for _, target in module.imports() if (found := _module_of(target, modules)) and found != name}
        for name, module in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def too_long(modules: Mapping[str, Module], *, file: int, function: int) -> list[str]:
    """The files and functions of more lines than that."""
    files = [name for name, module in modules.items() if len(module.text.splitlines()) > file]
    functions = [
        f"{module.name}.{node.name}"
        for module in modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= function
    ]
    return [*files, *functions]


def _all_imports(modules: Mapping[str, Module]) -> Iterator[tuple[str, int, str]]:
    for module in modules.values():
        yield from ((module.name, line, target) for line, target in module.imports())


def _between_rooms(modules: Mapping[str, Module]) -> Iterator[tuple[str, int, str]]:
    """The imports of the house's own modules across rooms; the package itself (its version) is everybody's."""
    for name, line, target in _all_imports(modules):
        ours = target.split(".")[0] == "monitor" and _module_of(target, modules) != "monitor"
        if ours and room_of(target) != room_of(name):
            yield name, line, target


def _module_of(target: str, modules: Mapping[str, Module]) -> str | None:
    """The module that a full name is, or is from."""
    if target in modules:
        return target
    origin = target.rpartition(".")[0]
    return origin if origin in modules else None
