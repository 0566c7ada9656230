# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.publication import BEFORE, unpublished_visibility, visibility_changes
from tests import factories


@pytest.mark.parametrize("before", ["private", "shared", "community"])
def test_publish_and_unpublish_come_back_to_where_they_began(before):
    published = visibility_changes(factories.image(visibility=before), "public")
    assert published == {"visibility": "public", BEFORE: before}

    public = factories.image(**published)
    assert unpublished_visibility(public) == before
    assert visibility_changes(public, before) == {"visibility": before, BEFORE: None}


def test_a_change_between_others_leaves_no_marker():
    image = factories.image(visibility="private")
    assert visibility_changes(image, "shared") == {"visibility": "shared"}


def test_a_marker_that_is_left_over_goes_with_the_next_change():
    image = factories.image(visibility="private", **{BEFORE: "shared"})
    assert visibility_changes(image, "community") == {"visibility": "community", BEFORE: None}


def test_an_unknown_visibility_is_not_remembered():
    image = factories.image(visibility="galactic")
    assert visibility_changes(image, "public") == {"visibility": "public"}


@pytest.mark.parametrize("marker", [None, "", "public", "galactic", 7])
def test_without_a_usable_marker_unpublish_is_as_private_as_can_be(marker):
    properties = {} if marker is None else {BEFORE: marker}
    image = factories.image(visibility="public", **properties)
    assert unpublished_visibility(image) == "private"


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_a_visibility_that_the_image_has_already_touches_no_marker(visibility):
    image = factories.image(visibility=visibility, **{BEFORE: "shared"})
    assert BEFORE not in visibility_changes(image, visibility)
