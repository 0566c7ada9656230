# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core import definitions
from helion_images_panel.core.definitions import (
    Definition,
    Section,
    joined,
    sections_of,
    without_duplicates,
)


def definition(**body):
    return Definition.from_glance("p", body)


@pytest.mark.parametrize(
    ("body", "value", "problem"),
    [
        ({"type": "string"}, "anything at all", None),
        ({"type": "string", "enum": ["a", "b"]}, "a", None),
        ({"type": "string", "enum": ["a", "b"]}, "c", definitions.NOT_CHOICE),
        ({"type": "string", "enum": ["a"]}, " a", definitions.NOT_CHOICE),
        ({"type": "string", "minLength": 2}, "a", definitions.TOO_SHORT),
        ({"type": "string", "maxLength": 2}, "abc", definitions.TOO_LONG),
        ({"type": "string", "maxLength": 2}, "ab", None),
        ({"type": "string", "pattern": "^[a-f]+$"}, "abc", None),
        ({"type": "string", "pattern": "^[a-f]+$"}, "xyz", definitions.NOT_PATTERN),
        ({"type": "string", "pattern": "^([0-9a-f]){4}-([0-9a-f]){4}$"}, "12ab-34cd", None),
        (
            {"type": "string", "pattern": "^([0-9a-f]){4}-([0-9a-f]){4}$"},
            "12ab-34c",
            definitions.NOT_PATTERN,
        ),
        ({"type": "string", "pattern": "("}, "not a pattern", None),
        ({"type": "integer"}, "7", None),
        ({"type": "integer"}, "-7", None),
        ({"type": "integer"}, "7.0", definitions.NOT_INTEGER),
        ({"type": "integer"}, "seven", definitions.NOT_INTEGER),
        ({"type": "integer"}, "٣", definitions.NOT_INTEGER),
        ({"type": "integer", "minimum": 0}, "-1", definitions.TOO_SMALL),
        ({"type": "integer", "minimum": 0, "maximum": 8}, "8", None),
        ({"type": "integer", "maximum": 8}, "9", definitions.TOO_LARGE),
        ({"type": "integer", "maximum": 8}, "9" * 41, definitions.NOT_INTEGER),
        ({"type": "integer", "enum": [1, 2]}, "2", None),
        ({"type": "integer", "enum": [1, 2]}, "3", definitions.NOT_CHOICE),
        ({"type": "number", "minimum": 0.5}, "0.5", None),
        ({"type": "number", "minimum": 0.5}, "4e-1", definitions.TOO_SMALL),
        ({"type": "number"}, "nan", definitions.NOT_NUMBER),
        ({"type": "number"}, "1,5", definitions.NOT_NUMBER),
        ({"type": "boolean"}, "true", None),
        ({"type": "boolean"}, "Yes", None),
        ({"type": "boolean"}, "maybe", definitions.NOT_BOOLEAN),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "a, b", None),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "<or> a,b", None),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "<or> a <or> b", None),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "a,c", definitions.NOT_CHOICE),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "<in> ", definitions.NOT_CHOICE),
        ({"type": "array", "items": {"type": "string"}}, "x,y,z", None),
        ({"type": "array", "minItems": 2}, "a", definitions.TOO_FEW),
        ({"type": "array", "maxItems": 1}, "a,b", definitions.TOO_MANY),
        ({"type": "array", "uniqueItems": True}, "a,a", definitions.TWICE),
        ({"type": "string", "enum": ["a", "b"], "operators": ["<or>"]}, "<or> a <or> b", None),
        ({"type": "string", "enum": ["a", "b"], "operators": ["s=="]}, "s== a", None),
        ({"type": "string", "enum": ["a"], "operators": ["s=="]}, "s== c", definitions.NOT_CHOICE),
        ({"type": "string", "enum": ["s==a"], "operators": ["s=="]}, "s==a", None),
        ({"type": "integer", "operators": [">", ">="]}, ">= 4", None),
        ({"type": "integer", "operators": [">="]}, "4", None),
        ({"type": "integer", "operators": [">="]}, ">= four", definitions.NOT_INTEGER),
        ({"type": "integer", "operators": [">="]}, ">=", definitions.NOT_INTEGER),
        ({"type": "integer", "operators": ["<or>"], "maximum": 8}, "<or> 4 <or> 8", None),
        (
            {"type": "integer", "operators": ["<or>"], "maximum": 8},
            "<or> 4 <or> 9",
            definitions.TOO_LARGE,
        ),
        ({"type": "integer"}, ">= 4", definitions.NOT_INTEGER),
        ({"type": "object"}, "whatever", None),
    ],
)
def test_problem(body, value, problem):
    assert definition(**body).problem(value) == problem


def test_a_pattern_that_may_take_for_ever_is_not_asked():
    assert definition(type="string", pattern="(?#[)(a*)*b(?#])").problem("a" * 64) is None


@pytest.mark.parametrize(
    ("default", "text"),
    [
        *((None, ""), (True, "true"), (3, "3"), ("x", "x"), (False, "false")),
        *((["a", "b"], "a, b"), ([1, True], "1, true"), ([], "")),
    ],
)
def test_default_as_text(default, text):
    assert definition(default=default).default == text


@pytest.mark.parametrize(
    "body",
    [{}, {"type": "weird", "enum": None, "minimum": "many", "maxLength": True, "items": None}],
)
def test_what_makes_no_sense_in_a_definition_is_left_out(body):
    found = definition(**body)
    assert (found.title, found.type, found.minimum, found.max_length) == ("p", "string", None, None)


NAMESPACE = {
    "namespace": "OS::Soft",
    "display_name": "Software",
    "properties": {"b": {"title": "B"}, "a": {"title": "a"}},
    "objects": [
        {"name": "Web", "required": ["port", "missing"], "properties": {"port": {"title": "Port"}}},
        {"name": "Empty"},
    ],
}


def test_a_namespace_and_each_object_in_it_are_sections():
    soft, web = sections_of(NAMESPACE)
    assert (soft.key, soft.title, [d.name for d in soft.definitions]) == (
        "OS::Soft",
        "Software",
        ["a", "b"],
    )
    assert (web.key, web.title, web.required) == ("OS::Soft/Web", "Software: Web", ("port",))


def test_a_property_is_in_one_section_only():
    other = {"namespace": "Another", "properties": {"a": {}, "port": {}}}
    found = without_duplicates([*sections_of(NAMESPACE), *sections_of(other)])
    assert [(s.title, [d.name for d in s.definitions]) for s in found] == [
        ("Another", ["a", "port"]),
        ("Software", ["b"]),
    ]


def joined_problem(bodies, value):
    sections = [
        Section(str(at), str(at), "", (definition(**body),)) for at, body in enumerate(bodies)
    ]
    (section,) = without_duplicates(sections)
    return section.definitions[0].problem(value)


ONE = {"type": "string", "enum": ["a", "b"]}
TWO = {"type": "string", "enum": ["b", "c"]}


@pytest.mark.parametrize(
    ("bodies", "value", "problem"),
    [
        ([ONE, TWO], "a", None),
        ([ONE, TWO], "c", None),
        ([ONE, TWO], "d", definitions.NOT_CHOICE),
        ([ONE, TWO, {"type": "string", "enum": ["d"]}], "d", None),
        ([ONE, {"type": "string"}], "anything", None),
        ([ONE, {"type": "boolean"}], "true", None),
        ([ONE, {"type": "boolean"}], "d", definitions.NOT_DEFINED),
        ([{"type": "boolean"}, {"type": "string", "enum": ["required"]}], "yes", None),
        ([{"type": "integer", "minimum": 4}, {"type": "integer", "minimum": 1}], "2", None),
        (
            [{"type": "integer", "minimum": 4}, {"type": "integer", "minimum": 1}],
            "0",
            definitions.TOO_SMALL,
        ),
        ([{"type": "integer", "maximum": 4}, {"type": "integer", "minimum": 10}], "12", None),
        (
            [{"type": "integer", "maximum": 4}, {"type": "integer", "minimum": 10}],
            "7",
            definitions.NOT_DEFINED,
        ),
        ([{"type": "integer"}, {"type": "number"}], "1.5", None),
        (
            [{"type": "string", "pattern": "^a+$"}, {"type": "string", "pattern": "^b+$"}],
            "bb",
            None,
        ),
        (
            [{"type": "string", "pattern": "^a+$"}, {"type": "string", "pattern": "^b+$"}],
            "cc",
            definitions.NOT_DEFINED,
        ),
        ([{"type": "string", "maxLength": 2}, {"type": "string", "maxLength": 4}], "abc", None),
        ([{"type": "array", "items": {"enum": ["a"]}}, ONE], "b", None),
        (
            [
                {"type": "array", "items": {"enum": ["a"]}},
                {"type": "array", "items": {"enum": ["b"]}},
            ],
            "<or> b",
            None,
        ),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_a_value_that_one_of_two_definitions_allows_is_valid(bodies, value, problem, turn):
    assert joined_problem(bodies[::turn], value) == problem


def test_the_joined_definition_offers_the_choices_of_all():
    both = joined([definition(**ONE, default="a"), definition(**TWO)])
    assert (both.choices, both.default) == (("a", "b", "c"), "a")
    more = joined([both, definition(type="string", enum=["d"])])
    assert more.choices == ("a", "b", "c", "d")
    assert len(more.alternatives) == 3
    assert joined([definition(**ONE)] * 2).alternatives == ()
