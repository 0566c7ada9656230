# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.definitions import Definition
from helion_images_panel.core.image import BASE_ATTRIBUTES
from helion_images_panel.core.publication import PROPERTY
from helion_images_panel.ui.metadata.fields import hint, problem
from helion_images_panel.ui.metadata.names import is_custom_name, is_editable

OWN = (PROPERTY, "helion_images_expected", "helion_images_verified", "Helion_Images_of_tomorrow")


def definition(**body):
    return Definition.from_glance("p", body)


@pytest.mark.parametrize("name", [*sorted(BASE_ATTRIBUTES), *OWN, "os_glance_failed_import"])
@pytest.mark.parametrize("spelled", [str, str.upper, str.title, lambda n: f" {n} "])
def test_what_has_forms_and_rules_of_its_own_is_not_editable(name, spelled):
    assert not is_editable(spelled(name))


@pytest.mark.parametrize("name", ["ｏwner", "öwner", "own\u0308er", "hélion_images_x", "", " "])
def test_nor_what_some_database_takes_for_it(name):
    assert not is_editable(name)


def test_names_that_the_operator_reserves_are_not_editable(settings):
    assert is_editable("hw_disk_bus")
    settings.IMAGE_RESERVED_CUSTOM_PROPERTIES = ["hw_disk_bus"]
    assert not is_editable("hw_disk_bus")
    assert not is_editable("HW_disk_bus")
    assert not is_custom_name("hw_disk_bus")


@pytest.mark.parametrize(
    ("name", "possible"),
    [("my_own", True), ("trait:X.y-z", True), ("a/b", False), ("-x", False), ("ä", False),
     ("x" * 255, True), ("x" * 256, False), ("owner", False), ("a b", False)],
)  # fmt: skip
def test_custom_names(name, possible):
    assert is_custom_name(name) is possible


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 8}, "From 1 to 8."),
        ({"type": "integer", "minimum": 1}, "1 or more."),
        ({"type": "number", "maximum": 2.5}, "2.5 or less."),
        ({"type": "integer"}, ""),
        (
            {"type": "integer", "minimum": 1, "operators": [">="]},
            "1 or more. Separate several values with commas. The value can begin with >=.",
        ),
        ({"type": "string"}, ""),
        ({"type": "array"}, "Separate several values with commas."),
        (
            {"type": "array", "operators": ["<or>", "<in>"]},
            "Separate several values with commas. The value can begin with <or>, <in>.",
        ),
    ],
)
def test_hint(body, words):
    assert hint(definition(**body)) == words


@pytest.mark.parametrize(
    ("body", "value", "words"),
    [
        ({"type": "string", "maxLength": 1}, "ab", "Enter at most 1 character."),
        ({"type": "string", "minLength": 3}, "ab", "Enter at least 3 characters."),
        ({"type": "array", "minItems": 2}, "a", "Enter at least 2 values."),
        ({"type": "array", "maxItems": 1}, "a,b", "Enter at most 1 value."),
        ({"type": "array", "uniqueItems": True}, "a,a", "Enter each value once."),
        ({"type": "number"}, "x", "Enter a number."),
        ({"type": "string", "enum": ["a", "b"]}, "x", "Use only: a, b."),
        ({"type": "string", "enum": list(range(11))}, "x", "Use known values only."),
        ({"type": "integer"}, "", ""),
    ],
)
def test_problem(body, value, words):
    assert problem(definition(**body), value) == words


def test_without_a_definition_anything_fits():
    assert problem(None, "anything") == ""
