# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.definitions import Definition
from helion_images_panel.core.image_schema import ImageSchema, typed


def schema(**body):
    enums = {"disk_format": {"enum": [None, "raw"]}, "container_format": {"enum": ["bare"]}}
    return ImageSchema.from_glance(
        {**body, "properties": enums | body.get("properties", {})},
    )


def test_formats_without_null():
    found = schema()
    assert (found.disk_formats, found.container_formats) == (("raw",), ("bare",))
    assert (found.required, found.required_attributes) == ((), ())


def test_what_is_required_with_its_definition():
    department = {"type": "string", "title": "Department", "enum": ["sales"]}
    found = schema(properties={"department": department}, required=["department", "plain"])
    assert found.required == (
        Definition("department", "Department", choices=("sales",)),
        Definition("plain", "plain"),
    )


def test_attributes_that_are_required_have_defaults():
    found = schema(required=["name", "min_disk", "protected", "tags", "min_disk"])
    assert found.required == ()
    assert found.default_attributes() == {"min_disk": 0, "protected": False, "tags": []}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", " 1 ", " 1 "),
        ("integer", " 7 ", 7),
        ("number", "1.5", 1.5),
        ("boolean", "True", True),
        ("boolean", "false", False),
    ],
)
def test_a_value_has_the_type_of_the_schema(kind, value, expected):
    found = typed(Definition("x", type=kind), value)
    assert (found, type(found)) == (expected, type(expected))
