# SPDX-License-Identifier: Apache-2.0
"""A whole list in portions, while images come and go."""

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api.image_portions import MARKERS, portion
from tests import factories
from tests.unit.fakes import refusal

OWN = {"owner": factories.PROJECT, "visibility": "all"}


def ids_of(request, size, between=lambda: None):
    """The IDs in the order of reading; something happens after each portion."""
    found, markers = [], ()
    while True:
        part = portion(request, OWN, markers, size)
        found += [image.id for image in part.images]
        markers = part.markers
        if not markers:
            return found
        between()


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_each_image_once(glance, size):
    made = sorted(glance.add()["id"] for _number in range(12))
    assert ids_of(factories.request(), size) == made


@pytest.mark.parametrize("deleted", range(1, MARKERS))
def test_the_last_images_of_a_portion_are_deleted(glance, deleted):
    made = sorted(glance.add()["id"] for _number in range(20))
    size = MARKERS + 1
    gone = made[size - deleted : size]

    def delete():
        for image_id in gone:
            glance.images.pop(image_id, None)

    assert ids_of(factories.request(), size, delete) == made


def test_all_markers_are_gone(glance):
    made = sorted(glance.add()["id"] for _number in range(2 * MARKERS))
    part = portion(factories.request(), OWN, (), MARKERS)
    for image_id in made[:MARKERS]:
        del glance.images[image_id]
    with pytest.raises(exceptions.ImageServiceError):
        portion(factories.request(), OWN, part.markers, MARKERS)


def test_another_error_is_no_lost_marker(glance):
    made = [glance.add()["id"] for _number in range(3)]
    glance.failing["GET /v2/images"] = refusal(503, "Busy")
    with pytest.raises(exceptions.ImageServiceUnavailable):
        portion(factories.request(), OWN, made[:2], 1)
    assert len(glance.listed()) == 1
