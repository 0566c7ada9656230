# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.changes import is_patchable, json_patch, not_applied
from helion_images_panel.core.image import Image


def test_no_changes_no_operations():
    assert json_patch({}) == []


@pytest.mark.parametrize("value", ["x", "", None, 0, False])
def test_glances_own_attributes_are_replaced_whatever_the_value(value):
    assert json_patch({"name": value}) == [{"op": "replace", "path": "/name", "value": value}]


@pytest.mark.parametrize("value", ["x", "", 0, False])
def test_a_property_is_added_which_also_overwrites(value):
    assert json_patch({"os_distro": value}) == [{"op": "add", "path": "/os_distro", "value": value}]


def test_a_property_of_none_is_removed():
    assert json_patch({"os_distro": None}) == [{"op": "remove", "path": "/os_distro"}]


@pytest.mark.parametrize(
    ("name", "path"), [("a/b", "/a~1b"), ("a~b", "/a~0b"), ("~/", "/~0~1"), ("a~1b", "/a~01b")]
)
def test_names_are_escaped_as_json_pointers(name, path):
    assert json_patch({name: "x"})[0]["path"] == path


def test_all_changes_are_one_patch_in_their_order():
    patch = json_patch({"name": "n", "os_distro": None, "min_disk": 3})
    assert [operation["path"] for operation in patch] == ["/name", "/os_distro", "/min_disk"]


@pytest.mark.parametrize(
    ("name", "patchable"),
    [("a", True), ("a b", True), (" a", False), ("a\n", False), ("a\u2003", False), ("", False)],
)
def test_glance_removes_the_blanks_around_names(name, patchable):
    assert is_patchable(name) is patchable


def test_changes_that_the_response_does_not_have():
    image = Image("id", name="n", min_disk_gib=3, tags=("a",), properties={"p": "x", "q": "y"})
    applied = {"name": "n", "min_disk": 3, "tags": ["a", "a"], "p": "x", "r": None}
    differing = {"min_ram": 5, "visibility": "public", "q": None, "s": "z"}
    assert not_applied({**applied, **differing}, image) == list(differing)
