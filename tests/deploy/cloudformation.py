"""Resolves what a CloudFormation template leaves to its parameters, as far as ours go.

Source: AWS CloudFormation User Guide, "Intrinsic function reference".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_NOTHING: Final = "AWS::NoValue"


class _Loader(yaml.SafeLoader):
    """Reads `!Sub text` as {"Sub": "text"}."""


def _tagged(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.SequenceNode):
        return {tag: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.ScalarNode)
    return {tag: loader.construct_scalar(node)}


_Loader.add_multi_constructor("!", _tagged)


def resources(path: Path, parameters: Mapping[str, str], pseudo: Mapping[str, str]) -> dict[str, Any]:
    """The resources of the template at *path*, resolved; *pseudo* are AWS's own parameters."""
    template = yaml.load(path.read_text("utf-8"), _Loader)  # only ever a file of ours
    unknown = parameters.keys() - template["Parameters"].keys()
    assert not unknown
    given = {name: parameters.get(name, each.get("Default")) for name, each in template["Parameters"].items()}
    values = {**given, **pseudo, _NOTHING: None}
    for name, condition in template["Conditions"].items():
        values[f"condition {name}"] = _resolve(condition, values)
    return {name: _resolve(each, values) for name, each in template["Resources"].items()}


def _resolve(node: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [found for each in node if (found := _resolve(each, values)) is not None]
    if not isinstance(node, dict):
        return node
    known = [function for function in _FUNCTIONS if node.keys() == {function}]
    if known:
        return _FUNCTIONS[known[0]](node[known[0]], values)
    return {key: _resolve(each, values) for key, each in node.items()}


def _substitute(text: str, values: Mapping[str, Any]) -> str:
    return re.sub(r"\$\{([^}]+)\}", lambda found: str(values[found[1]]), text)


def _equals(both: list[Any], values: Mapping[str, Any]) -> bool:
    one, other = (_resolve(each, values) for each in both)
    return bool(one == other)


def _choose(choice: list[Any], values: Mapping[str, Any]) -> Any:
    condition, yes, no = choice
    return _resolve(yes if values[f"condition {condition}"] else no, values)


_FUNCTIONS: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], Any]]] = {
    "Ref": lambda name, values: values[name],
    "Sub": _substitute,
    "Equals": _equals,
    "Not": lambda conditions, values: not _resolve(conditions[0], values),
    "If": _choose,
}
