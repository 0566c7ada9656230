# SPDX-License-Identifier: Apache-2.0
"""Who can see an image, as far as the image and its members tell."""

import pytest

from helion_images_panel.core import access
from helion_images_panel.core.access import Access, MemberCounts, access_of
from helion_images_panel.core.image import Member
from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from tests import factories


@pytest.mark.parametrize(
    ("visibility", "is_owner_side", "kind"),
    [
        ("private", True, access.OWNER),
        ("shared", True, access.MEMBERS),
        ("shared", False, access.RECEIVED),
        ("community", True, access.COMMUNITY),
        ("community", False, access.COMMUNITY),
        ("public", True, access.CLOUD),
        ("public", False, access.CLOUD),
        ("", True, access.OWNER),
    ],
)
def test_kind(visibility, is_owner_side, kind):
    assert access_of(factories.image(visibility=visibility), is_owner_side) == Access(kind)


def test_an_image_that_was_published_to_a_domain():
    id_ = factories.image_id()
    noted = publication_property(id_, Publication(DOMAIN, "private", "d-1", ("a",)))
    image = factories.image(id=id_, visibility="shared", **noted)
    assert access_of(image, True) == Access(access.OF_DOMAIN, "d-1")
    assert access_of(image, False).kind == access.RECEIVED
    forged = factories.image(visibility="shared", **noted)
    assert access_of(forged, True).kind == access.MEMBERS, "the note is another image's"


def test_counts():
    statuses = ("accepted", "pending", "accepted", "rejected", "unheard-of")
    counts = MemberCounts.of(Member(str(n), status) for n, status in enumerate(statuses))
    assert counts == MemberCounts(accepted=2, pending=1, rejected=1)
    assert counts.total == 4
