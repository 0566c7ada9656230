# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.copies import COPYING, FAILED, MISSING, STORED, copies_of
from tests import factories

COPYING_TO = "os_glance_importing_to_stores"
FAILED_STORES = "os_glance_failed_import"


def states(image, awaited=()):
    """`awaited` are the stores of a task that runs."""
    return {copy.store_id: copy.state for copy in copies_of(image, ("fast", "archive"), awaited)}


@pytest.mark.parametrize(
    ("attributes", "awaited", "expected"),
    [
        ({"stores": "fast"}, (), MISSING),
        ({"stores": "fast,archive"}, (), STORED),
        # The task runs, and Glance has not written it on the image yet.
        ({"stores": "fast"}, ("archive",), COPYING),
        ({"stores": "fast", COPYING_TO: "archive"}, ("archive",), COPYING),
        # The one before it had failed.
        ({"stores": "fast", FAILED_STORES: "archive"}, ("archive",), COPYING),
        ({"stores": "fast", FAILED_STORES: "archive"}, (), FAILED),
        # It has failed here and goes on elsewhere.
        (
            {"stores": "fast", FAILED_STORES: "archive", COPYING_TO: "vault"},
            ("archive", "vault"),
            FAILED,
        ),
        # Glance was killed over it,
        (
            {"stores": "fast", COPYING_TO: "archive", "os_glance_import_task": "task-1"},
            (),
            FAILED,
        ),
        # or had no room to stage it.
        ({"stores": "fast", COPYING_TO: "archive"}, (), FAILED),
        ({"stores": "fast,archive", FAILED_STORES: "archive"}, (), STORED),
    ],
)
def test_the_state_of_a_copy(attributes, awaited, expected):
    if awaited:
        attributes |= {"os_glance_import_task": "task-1"}
    assert states(factories.image(**attributes), awaited)["archive"] == expected


def test_a_store_that_is_not_listed_any_more():
    assert states(factories.image(stores="fast,gone"))["gone"] == STORED


def test_how_much_has_arrived():
    image = factories.image(stores="fast", size=100)
    found = {copy.store_id: copy for copy in copies_of(image, ["fast", "archive"], ["archive"], 30)}
    assert (found["archive"].copied_bytes, found["archive"].size_bytes) == (30, 100)
    assert (found["fast"].copied_bytes, found["fast"].size_bytes) == (None, 100)


def test_one_number_for_several_stores_is_said_of_none():
    """Glance tells one for its whole task."""
    awaited = ["archive", "vault"]
    image = factories.image(stores="fast", size=100, os_glance_import_task="task-1")
    copies = copies_of(image, ["fast", *awaited], awaited, 30)
    assert {copy.store_id: copy.copied_bytes for copy in copies if copy.state == COPYING} == {
        "archive": None,
        "vault": None,
    }
    # One of them has it, and what follows is of the other.
    image = factories.image(stores="fast,archive", size=100, os_glance_import_task="task-1")
    found = {copy.store_id: copy for copy in copies_of(image, ["fast", *awaited], awaited, 30)}
    assert found["vault"].copied_bytes == 30
