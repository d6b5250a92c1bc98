from __future__ import annotations

from typing import Any, Final

import pytest

from monitor.template import MAX_CHARACTERS, compile_template

EVENT: Final[dict[str, Any]] = {"type": "t", "data": {"summary": 'a "b" <c>', "from": "A", "to": "B", "project": None}}


def test_the_members_of_the_event_are_its_names() -> None:
    """Those of the CloudEvent at the top, and the whole as `event`."""
    template = compile_template("{{ type }}: {{ data.from }} to {{ event.data.to }}")
    assert "t: A to B" == template.render(EVENT)


def test_a_text_is_left_as_it_is() -> None:
    """Nothing is escaped: the text is no HTML."""
    assert 'a "b" <c>' == compile_template("{{ data.summary }}").render(EVENT)


def test_a_text_goes_into_json_through_a_filter() -> None:
    """`tojson` makes a JSON value of whatever AWS wrote."""
    assert '{"text": "a \\"b\\" \\u003cc\\u003e"}' == compile_template('{"text": {{ data.summary | tojson }}}').render(
        EVENT
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ data.summary }", "is not a template: line 2: unexpected '}'"),
        ("\n\n{% if %}", "is not a template: line 3: Expected an expression, got 'end of statement block'"),
        ("{{ data | shout }}", "is not a template: line 1: No filter named 'shout'."),
        ("{{ data.summary | center(10) }}", "is not a template: line 1: No filter named 'center'."),
    ],
)
def test_what_is_no_template_is_refused_with_its_line(text: str, told: str) -> None:
    """Its line is that in the template."""
    with pytest.raises(ValueError, match="is not a template") as refusal:
        compile_template(text)
    assert told == str(refusal.value)


@pytest.mark.parametrize(
    "text",
    ["{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "{% for each in [1] %}" * 30 + "{% endfor %}" * 30],
    ids=["parser", "compiler"],
)
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    """Neither Jinja2's parser nor Python's compiler ends the program with it."""
    with pytest.raises(ValueError, match="is not a template: it is nested too deeply"):
        compile_template(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ data.nothing }}", "line 2: 'dict object' has no attribute 'nothing'"),
        ("a\n\n{{ data.project.name }}", "line 3: 'None' has no attribute 'name'"),
        ("{{ data.nothing | tojson }}", "line 1: 'dict object' has no attribute 'nothing'"),
        ("{{ 1 / 0 }}", "line 1: division by zero"),
        ("{{ 3 | join }}", "line 1: 'int' object is not iterable"),
        ("{{ 3 | dictsort }}", "line 1: 'int' object has no attribute 'items'"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "line 1: maximum recursion depth exceeded"),
    ],
)
def test_what_cannot_be_rendered_is_told_with_its_line(text: str, told: str) -> None:
    """A name that the event does not have is a mistake, not an empty text."""
    with pytest.raises(ValueError, match="line") as refusal:
        compile_template(text).render(EVENT)
    assert str(refusal.value).startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ().__class__.__bases__ }}",
        "{{ data.update({'a': 1}) }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ range(3) }}",
        "{{ cycler }}",
        "{{ 10 ** 10 }}",
        "{{ 'x' * 10 ** 10 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:>1000000000}'.format(1) }}",
        "{{ '{:>1000000000}'.format_map({}) }}",
        "{{ 'x'.center(1000000000) }}",
        "{{ 'x'['ljust'](1000000000) }}",
    ],
)
def test_a_template_gets_at_nothing_and_uses_up_little(text: str) -> None:
    """No attribute, module or file of the process, no change of the event, nothing that pads or multiplies."""
    with pytest.raises(ValueError, match="line 1: "):
        compile_template(text).render(EVENT)
    assert None is EVENT["data"]["project"]


def test_numbers_may_be_multiplied() -> None:
    """A share is shown in per cent, hours from seconds."""
    assert "93 1.5" == compile_template("{{ (0.93 * 100) | round | int }} {{ 5400 / 3600 }}").render(EVENT)


def test_a_text_that_grows_too_long_is_refused() -> None:
    """The output is counted while it is made."""
    loop = "{% for _ in '" + "x" * 1000 + "' %}{{ data.summary }}{% endfor %}"
    assert 9 * 1000 == len(compile_template(loop).render(EVENT))
    with pytest.raises(ValueError, match=f"makes a text of more than {MAX_CHARACTERS:,} characters: make it shorter"):
        compile_template(loop).render({"data": {"summary": "x" * MAX_CHARACTERS}})


def test_two_of_the_same_text_are_equal() -> None:
    """So that a reload leaves a sink alone whose template is what it was."""
    assert compile_template("a") == compile_template("a")
    assert compile_template("a") != compile_template("b")
