# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.image import Member
from helion_images_panel.core.publication import (
    CLOUD,
    COMMUNITY,
    DOMAIN,
    PROPERTY,
    Publication,
    is_recordable,
    publication_of,
    publication_property,
    unpublished_visibility,
    with_record,
)
from tests import factories

IMAGE_ID = "5b1fd1a3-0f61-4a53-8c3b-0f2f6a5c2d10"
T1, T2 = "2026-11-28T09:15:31Z", "2026-11-28T10:00:00Z"


def visibility_changes(image, visibility):
    now = with_record(image)
    return now.changes(visibility, now.publication_at(visibility))


@pytest.mark.parametrize(
    "publication",
    [
        Publication(CLOUD, "private"),
        Publication(DOMAIN, "shared", "d" * 32, ("a" * 32, "b" * 32)),
        Publication(DOMAIN, "private", "default"),
        Publication(DOMAIN, "private", "default", (), ("a" * 32,), ("b" * 32, "c" * 32)),
        Publication(DOMAIN, "private", "d", ("a", "b"), (), ("c",), (("a", T1), ("b", ""))),
        Publication(DOMAIN, "private", "d", removing=(("a", T1),)),
        Publication(DOMAIN, "private", "d", ("a", "b"), (), (), (("c", T1),), ("a", "b"), T2),
        Publication(DOMAIN, "private", "d", ("a",), ("b",), ("c",), (), ("a", "b"), T2),
    ],
)
def test_what_is_noted_is_read(publication):
    note = publication_property(IMAGE_ID, publication)
    assert publication_of(factories.image(id=IMAGE_ID, **note)) == publication


def project_ids(count, first=0):
    return tuple(f"{number:032x}" for number in range(first, first + count))


@pytest.mark.parametrize("count", [1, 1900, 2000, 2999])
def test_a_note_of_many_projects_fits_into_a_column_of_mysql(count):
    """Of two kinds, and with IDs that the cloud has chosen itself."""
    given, answered = project_ids(count - 1), (*project_ids(1, count), "by-hand")
    publication = Publication(DOMAIN, "community", "d" * 32, given, answered)
    note = publication_property(IMAGE_ID, publication)
    assert len(note[PROPERTY].encode()) <= 65_535
    assert publication_of(factories.image(id=IMAGE_ID, **note)) == publication


def test_a_note_that_fits_is_readable_for_earlier_versions():
    given = project_ids(1900)
    note = publication_property(IMAGE_ID, Publication(DOMAIN, "private", "d" * 32, given))
    assert ",".join(given) in note[PROPERTY]


@pytest.mark.parametrize(("count", "fits"), [(2900, True), (3100, False)])
def test_a_note_that_cannot_be_stored_is_known_beforehand(count, fits):
    publication = Publication(DOMAIN, "private", "d" * 32, project_ids(count))
    assert is_recordable(IMAGE_ID, publication) is fits
    step = tuple((id_, T1) for id_ in project_ids(24))
    note = publication_property(IMAGE_ID, publication.with_given((), (), step))
    assert (len(note[PROPERTY].encode()) <= 65_535) is fits
    added = publication.with_given(project_ids(24, 10_000), (), (), T1).without(project_ids(24))
    note = publication_property(IMAGE_ID, added)
    assert (len(note[PROPERTY].encode()) <= 65_535) is fits


def test_who_is_known_to_be_removed_is_not_given():
    publication = Publication(DOMAIN, "private", "d", ("a", "b", "c", "d")).with_given(
        (), (), [("a", T1), ("b", T1), ("c", T1)]
    )
    members = [Member("a", "accepted", T1, T1), Member("b", "accepted", T1, T2)]
    # "a" is still to be removed, "b" was added again, "c" is removed, "d" is yet to be added.
    assert publication.given_among(members) == ("a", "d")
    assert publication.with_given(["b"], ()).given_among(members) == ("a", "b", "d")
    assert publication.without(["a", "b"]).removing == (("c", T1),)


SOON, LATER = "2026-11-28T09:15:36Z", "2026-11-28T09:15:38Z"


@pytest.mark.parametrize(
    ("created_at", "updated_at", "is_given"),
    [
        (T1, T1, True),
        (SOON, SOON, True),
        # It was accepted later.
        (SOON, T2, True),
        (LATER, LATER, False),
        # Glance keeps the time of the first sharing.
        ("2026-11-01T00:00:00Z", SOON, True),
        ("2026-11-01T00:00:00Z", T2, False),
        (None, None, True),
    ],
)
def test_an_unconfirmed_member_is_given_if_it_has_the_time_of_the_step(
    created_at, updated_at, is_given
):
    publication = Publication(DOMAIN, "private", "d", ("a", "b")).with_given(["c"], [], [], T1)
    members = [Member("b", "accepted", T2, T2), Member("c", "accepted", created_at, updated_at)]
    assert publication.given_among(members) == (("a", "b", "c") if is_given else ("a", "b"))
    assert publication.confirmed.given_among(members) == ("a", "b", "c")


@pytest.mark.parametrize(("time", "is_answered"), [(SOON, True), (LATER, False)])
def test_an_unconfirmed_acceptance_has_the_time_of_the_step(time, is_answered):
    publication = Publication(DOMAIN, "private", "d").with_given([], ["a"], [], T1)
    members = [Member("a", "accepted", T1, time)]
    assert publication.answered_among(members) == (("a",) if is_answered else ())
    assert publication.confirmed.answered_among(members) == ("a",)


def test_who_is_not_recorded_any_more_is_not_unconfirmed_either():
    publication = Publication(DOMAIN, "private", "d").with_given(["a", "b"], [], [], T1)
    assert publication.without(["a"]).unconfirmed == ("b",)
    assert publication.without(["a", "b"]) == Publication(DOMAIN, "private", "d")


def test_what_is_noted_does_not_hold_for_a_snapshot_that_inherits_it():
    note = publication_property(IMAGE_ID, Publication(CLOUD, "private"))
    assert publication_of(factories.image(**note)) is None


@pytest.mark.parametrize(
    "value",
    ["", "public", 7, f"{IMAGE_ID} domain shared default -", f"{IMAGE_ID} cloud shared - :forged"],
)
def test_what_nobody_signed_is_not_believed(value):
    assert publication_of(factories.image(id=IMAGE_ID, **{PROPERTY: value})) is None


@pytest.mark.parametrize("before", ["private", "shared", "community"])
def test_publish_and_unpublish_come_back_to_where_they_began(before):
    image = factories.image(visibility=before)
    published = visibility_changes(image, "public")
    note = publication_property(image.id, Publication(CLOUD, before))
    assert published == {"visibility": "public", **note}

    public = factories.image(id=image.id, **published)
    assert unpublished_visibility(public) == before
    assert visibility_changes(public, before) == {"visibility": before, PROPERTY: None}


def test_a_change_between_others_leaves_no_note():
    image = factories.image(visibility="private")
    assert visibility_changes(image, "shared") == {"visibility": "shared"}


def test_a_note_that_is_left_over_goes_with_the_next_change():
    image = factories.image(visibility="private", **{PROPERTY: "shared"})
    assert visibility_changes(image, "shared") == {"visibility": "shared", PROPERTY: None}


@pytest.mark.parametrize("before", ["private", "shared"])
def test_community_use_begins_and_ends_where_it_began(before):
    image = factories.image(visibility=before)
    given = visibility_changes(image, "community")
    note = publication_property(image.id, Publication(COMMUNITY, before))
    assert given == {"visibility": "community", **note}

    community = factories.image(id=image.id, **given)
    assert unpublished_visibility(community) == before
    assert visibility_changes(community, before) == {"visibility": before, PROPERTY: None}


def test_a_public_image_that_becomes_a_community_image_goes_back_to_nobody():
    """Else the end of community use would publish it."""
    image = factories.image(visibility="public")
    given = visibility_changes(image, "community")
    assert given == {"visibility": "community"}
    assert unpublished_visibility(factories.image(**given)) == "private"


def test_an_unknown_visibility_is_not_cached():
    image = factories.image(visibility="galactic")
    assert visibility_changes(image, "public") == {"visibility": "public"}


@pytest.mark.parametrize("note", [None, "", "public", "shared", 7])
def test_without_a_usable_note_unpublish_is_as_private_as_can_be(note):
    properties = {} if note is None else {PROPERTY: note}
    image = factories.image(visibility="public", **properties)
    assert unpublished_visibility(image) == "private"


@pytest.mark.parametrize("visibility", ["public", "private"])
def test_a_visibility_that_the_image_has_already_touches_no_note(visibility):
    image = factories.image(visibility=visibility, **{PROPERTY: "shared"})
    assert PROPERTY not in visibility_changes(image, visibility)
