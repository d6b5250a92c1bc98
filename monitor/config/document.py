"""The YAML of the file as plain data, with the place of every value and the text that stands there.

Unlike `yaml.safe_load` it keeps lines, refuses a key that is given twice, leaves dates alone (they are text here),
takes `${NAME}` from the environment, and bounds what a small file can grow into through its anchors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.config.environment import SubstitutionError, references, substitute
from monitor.config.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.config.section import KeyPath

MAX_VALUES: Final = 400_000
"""Keys and values of a file once its anchors are written out; 10,000 projects with everything have 180,000."""

_TAG: Final = "tag:yaml.org,2002:"
_TEXT_TAGS: Final = frozenset({f"{_TAG}str", f"{_TAG}timestamp", f"{_TAG}value"})
_NUMBER_TAGS: Final = frozenset({f"{_TAG}int", f"{_TAG}float"})


class GrownError(Exception):
    """The anchors of the file make more values than `MAX_VALUES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands, and its text there if it is a single one."""

    line: int
    written: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's data.

    Attributes:
        data: Mappings with text as keys, lists, text, numbers, truth values and None.
        places: Of every value.
        problems: Found on the way.
        substituted: The texts that hold `${NAME}`, as the file writes them.
    """

    data: Any
    places: Mapping[KeyPath, Place]
    problems: tuple[Problem, ...]
    substituted: Mapping[KeyPath, str]

    def line(self, path: KeyPath) -> int:
        """The line of a value, or of the nearest thing around it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        place = self.places.get(path)
        return place.line if place else 1


def read_document(root: Node, environ: Mapping[str, str]) -> Document:
    """The data of a composed YAML document. Raises GrownError for one that its anchors make too large."""
    builder = _Builder(environ=environ)
    data = builder.value(root, (), _line(root))
    return Document(
        data=data,
        places=builder.places,
        problems=tuple(builder.problems),
        substituted=builder.substituted,
    )


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


@dataclass(slots=True, kw_only=True)
class _Builder:
    environ: Mapping[str, str]
    places: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    substituted: dict[KeyPath, str] = field(default_factory=dict)
    seen: int = 0
    around: set[int] = field(default_factory=set)

    def value(self, node: Node, path: KeyPath, line: int) -> Any:
        """The plain value of *node*, which stands at *path* in *line*."""
        self._count()
        if isinstance(node, ScalarNode):
            self.places[path] = Place(line=line, written=node.value)
            return self._scalar(node, path)
        self.places[path] = Place(line=line)
        if id(node) in self.around:
            return self._refuse(path, "holds itself through its anchor: write the value out")
        self.around.add(id(node))
        try:
            return self._collection(node, path)
        finally:
            self.around.discard(id(node))

    def _collection(self, node: Node, path: KeyPath) -> Any:
        if isinstance(node, MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.value(item, (*path, index), _line(item)) for index, item in enumerate(node.value)]
        return self._refuse(path, f"has the tag {_short(node.tag)}, which has no use here: take it out")

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        self._note_repeated(node, path)
        pairs: dict[str, tuple[Node, Node]] = {}
        for key, value in self._pairs(node, path):
            pairs.setdefault(key.value, (key, value))
        return {name: self.value(value, (*path, name), _line(key)) for name, (key, value) in pairs.items()}

    def _pairs(self, node: MappingNode, path: KeyPath) -> Iterator[tuple[ScalarNode, Node]]:
        """Keys and values, the mapping's own before those that it merges with `<<`, which they outrank."""
        merged: list[Node] = []
        for key, value in node.value:
            self._count()
            if key.tag == f"{_TAG}merge":
                merged.extend(value.value if isinstance(value, SequenceNode) else [value])
            elif isinstance(key, ScalarNode):
                yield key, value
        for other in merged:
            yield from self._merged_pairs(other, path)

    def _merged_pairs(self, node: Node, path: KeyPath) -> Iterator[tuple[ScalarNode, Node]]:
        if not isinstance(node, MappingNode):
            self._refuse((*path, "<<"), "merges what is no mapping: name the anchor of a mapping", _line(node))
        elif id(node) in self.around:
            self._refuse((*path, "<<"), "merges the mapping into itself: take it out", _line(node))
        else:
            self.around.add(id(node))
            try:
                yield from self._pairs(node, path)
            finally:
                self.around.discard(id(node))

    def _note_repeated(self, node: MappingNode, path: KeyPath) -> None:
        first: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                self._refuse(path, "has a key that is no word: write words as keys", _line(key))
            elif key.value in first:
                told = f"is given twice, first in line {first[key.value]}: take one out"
                self._refuse((*path, key.value), told, _line(key))
            else:
                first[key.value] = _line(key)

    def _scalar(self, node: ScalarNode, path: KeyPath) -> Any:
        if node.tag in _TEXT_TAGS:
            return self._text(node.value, path)
        if node.tag == f"{_TAG}null":
            return None
        if node.tag == f"{_TAG}bool":
            return SafeConstructor.bool_values.get(node.value.lower(), node.value)
        if node.tag in _NUMBER_TAGS:
            return _number(node)
        return self._refuse(path, f"has the tag {_short(node.tag)}, which has no use here: take it out")

    def _text(self, written: str, path: KeyPath) -> str:
        if "$" not in written:
            return written
        try:
            text = substitute(written, self.environ)
        except SubstitutionError as error:
            self._refuse(path, str(error))
            return written
        if references(written):
            self.substituted[path] = written
        return text

    def _refuse(self, path: KeyPath, text: str, line: int | None = None) -> None:
        self.problems.append(Problem(path=path, text=text, line=line))

    def _count(self) -> None:
        self.seen += 1
        if self.seen > MAX_VALUES:
            raise GrownError


def _number(node: ScalarNode) -> Any:
    """The number, or its text where YAML's own reading of it fails (`0b_`, 5,000 digits, `!!int x`)."""
    constructor: Any = SafeConstructor()
    make = constructor.construct_yaml_int if node.tag == f"{_TAG}int" else constructor.construct_yaml_float
    try:
        return make(node)
    except (ValueError, OverflowError, IndexError):
        return node.value


def _short(tag: str) -> str:
    return tag.replace(_TAG, "!!")
