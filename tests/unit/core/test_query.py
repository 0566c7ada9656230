# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.query import ImageQuery

ALL = ImageQuery("a b", "active", "ova", "public", "p1", "true")


def test_the_url_brings_the_query_back():
    assert ImageQuery.from_url(ALL.url_parameters()) == ALL


def test_blanks_around_a_name_are_kept_and_unknown_parameters_dropped():
    assert ImageQuery.from_url({"name": " a b ", "sort": "x"}) == ImageQuery(name=" a b ")
    assert ImageQuery.from_url({"status": " active "}) == ImageQuery(status="active")


@pytest.mark.parametrize(
    ("parameters", "empty"), [({}, True), ({"name": "  "}, True), ({"owner": "p"}, False)]
)
def test_empty(parameters, empty):
    assert ImageQuery.from_url(parameters).is_empty is empty


def test_an_empty_query_asks_glance_for_nothing():
    assert ImageQuery().glance_parameters() == {}
    assert ImageQuery().url_parameters() == {}


def test_all_filters_in_glances_terms():
    assert ALL.glance_parameters() == {
        "name": 'in:"a b"," a b","a b "," a b "',
        "status": "eq:active",
        "disk_format": "eq:vmdk",
        "container_format": "in:ova",
        "visibility": "public",
        "owner": "p1",
        "os_hidden": "true",
    }


@pytest.mark.parametrize("name", ["status", "visibility", "hidden"])
def test_values_that_nothing_can_have_filter_nothing(name):
    assert ImageQuery.from_url({name: "galactic"}).is_empty


def test_a_plain_format_leaves_the_container_open():
    assert ImageQuery(format="qcow2").glance_parameters() == {"disk_format": "eq:qcow2"}


@pytest.mark.parametrize("name", ["in:a,b", "eq:x", "neq:y", "a,b"])
def test_a_name_that_looks_like_an_operator_stays_a_name(name):
    asked = ImageQuery(name=name).glance_parameters()["name"]
    assert asked.startswith(f'in:"{name}","')


@pytest.mark.parametrize("name", ['a"b', "a\\b", 'in:"a"'])
def test_a_name_that_no_list_of_values_can_have_is_asked_for_alone(name):
    assert ImageQuery(name=f" {name}").glance_parameters() == {"name": f"eq:{name}"}


@pytest.mark.parametrize("typed", ["\u00e9", "e\u0301", " \u00e9", "e\u0301 "])
@pytest.mark.parametrize("stored", ["\u00e9", "e\u0301", " e\u0301 ", "\u00e9 "])
def test_names_that_look_alike_are_asked_for(typed, stored):
    assert f'"{stored}"' in ImageQuery(name=typed).glance_parameters()["name"]
