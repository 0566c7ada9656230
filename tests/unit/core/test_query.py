# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.filter_values import CHOICE, LONG_TAG, MANY_TAGS
from helion_images_panel.core.query import ImageQuery
from tests import factories

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
        "status": "eq:active",
        "disk_format": "eq:vmdk",
        "container_format": "in:ova",
        "visibility": "public",
        "owner": "p1",
        "os_hidden": "true",
    }


@pytest.mark.parametrize("name", ["status", "visibility", "hidden", "view", "protected", "type"])
def test_a_value_that_is_none_of_the_choices_is_named(name):
    query = ImageQuery.from_url({name: "galactic"})
    assert not query.is_empty
    ((parameter, error),) = query.errors.items()
    assert (parameter, error.kind, error.value) == (name, CHOICE, "galactic")


def test_unknown_parameters_are_none():
    assert ImageQuery.from_url({"nonsense": "x", "reading": "y"}).is_empty


@pytest.mark.parametrize(
    ("tags", "kind"), [(["x" * 256], LONG_TAG), ([str(n) for n in range(9)], MANY_TAGS)]
)
def test_tags_that_no_list_can_be_filtered_by(tags, kind):
    errors = ImageQuery.from_url({}, tags).errors
    assert {name: error.kind for name, error in errors.items()} == {"tag": kind}


def test_a_type_is_more_exact_than_the_view_of_snapshots():
    assert ImageQuery.from_url({"view": "snapshots", "type": "image"}) == ImageQuery(type="image")


def test_a_plain_format_leaves_the_container_open():
    assert ImageQuery(format="qcow2").glance_parameters() == {"disk_format": "eq:qcow2"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("deb", "Debian 13"),
        (" DEBIAN ", "my debian"),
        ("13", "Debian 13"),
        ("\u00e9t\u00e9", "L'E\u0301TE\u0301"),
        ("u\u0308", "Z\u00fcrich"),
        ("stra\u00dfe", "STRASSE"),
        ("%", "100 % new"),
        ("in:a,b", "x in:a,b"),
        ("a\\b", 'a\\b"'),
    ],
)
def test_a_name_contains_what_was_typed(text, name):
    query = ImageQuery(name=text)
    assert query.is_searched
    assert query.is_found(factories.image(name=name))
    assert not query.is_found(factories.image(name="other"))
    assert not query.is_found(factories.image(name=None))


def test_a_tag_is_found_as_a_whole():
    image = factories.image(name="x", tags=["Web", "Z\u00fcrich", " End of life "])
    for text in (" Web ", "web", "END OF LIFE"):
        assert ImageQuery(name=text).is_found(image)
    assert ImageQuery(name="Zu\u0308rich").is_found(image)
    assert not ImageQuery(name="We").is_found(image)


@pytest.mark.parametrize(
    ("tag", "is_searched"),
    [("Web", False), ("Z\u00fcrich", True), ("Zu\u0308rich", True), (" Web", True)],
)
def test_a_tag_is_searched_where_it_may_be_stored_in_another_form(tag, is_searched):
    query = ImageQuery(tag=("plain", tag))
    plain = ["plain"] if is_searched else ["plain", tag]
    assert (query.is_searched, query.glance_parameters()["tag"]) == (is_searched, plain)
    for stored in ("Web", "Zu\u0308rich "):
        found = factories.image(tags=["plain", stored])
        is_same = ("W" in tag) == ("W" in stored)
        assert query.accepts(found) is is_same
        assert query.is_found(found) is (is_same or not is_searched)


def test_an_id_is_found_however_it_is_written():
    image = factories.image(name="x")
    query = ImageQuery(name=f" {image.id.upper()} ")
    assert query.image_id == image.id
    assert query.is_found(image)
    assert ImageQuery(name=image.id[:8]).image_id == ""
    assert not ImageQuery(name=image.id[:8]).is_found(image)


def test_without_a_text_nothing_is_searched():
    assert not ImageQuery(status="active").is_searched
    assert ImageQuery().is_found(factories.image(name=None))


@pytest.mark.parametrize(
    ("query", "accepted"),
    [
        (ImageQuery(status="queued"), False),
        (ImageQuery(status="active", format="qcow2", visibility="private"), True),
        (ImageQuery(format="raw"), False),
        (ImageQuery(visibility="public"), False),
        (ImageQuery(owner="other"), False),
        (ImageQuery(hidden="true"), False),
        (ImageQuery(tag=("a",)), True),
        (ImageQuery(tag=("a", "c")), False),
    ],
)
def test_the_other_filters_of_one_image(query, accepted):
    image = factories.image(status="active", disk_format="qcow2", tags=["a", "b"])
    assert query.accepts(image) is accepted
