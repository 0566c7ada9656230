# SPDX-License-Identifier: Apache-2.0
"""What a cloud has of an entry, by the images that Glance lists."""

import pytest

from helion_images_panel.catalogue.comparison import (
    CURRENT,
    MISSING,
    OUT_OF_DATE,
    UNKNOWN,
    compare,
)
from helion_images_panel.catalogue.entries import Build
from helion_images_panel.catalogue.properties import properties_of
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import Verified, verified_property
from tests import factories
from tests.unit.catalogue.samples import entry, raw

URL = "https://files.example/20261120/u.img"
SHA256, SHA512, MD5 = "a" * 64, "b" * 128, "c" * 32
NEWEST = Build("20261120", URL, Checksum("sha256", SHA256), "2026-11-20")
ENTRY = entry()
#: An entry whose builds have their version as the version of the system.
ROLLING = entry(meta={"architecture": "x86_64", "os_distro": "cirros"})


def image(number=1, **changed):
    body = {
        "id": factories.image_id(number),
        "name": "Ubuntu",
        "status": "active",
        "visibility": "public",
        "created_at": "2026-11-25T10:00:00Z",
        "os_distro": "ubuntu",
        "os_version": "24.04",
        "architecture": "x86_64",
        **changed,
    }
    return Image.from_glance({name: value for name, value in body.items() if value is not None})


def state(*images, of=ENTRY, newest=NEWEST, reason=""):
    return compare(of, newest, images, reason).state


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"image_build_date": "2026-11-20"}, CURRENT),
        ({"image_build_date": "2026-11-21 04:05:06"}, CURRENT),
        ({"image_build_date": "2026-11-19"}, OUT_OF_DATE),
        ({"image_build_date": "yesterday"}, UNKNOWN),
        ({"image_source": URL}, CURRENT),
        ({"image_source": URL, "os_distro": None}, CURRENT),
        ({"image_source": "https://files.example/20260108/u.img", "os_distro": None}, UNKNOWN),
        ({"image_source": "private"}, UNKNOWN),
        ({"os_hash_algo": "sha256", "os_hash_value": SHA256}, CURRENT),
        # A cloud may have converted it.
        ({"os_hash_algo": "sha256", "os_hash_value": "d" * 64}, UNKNOWN),
        ({"os_hash_algo": "sha512", "os_hash_value": SHA512}, UNKNOWN),
        ({"created_at": "2026-11-19T23:59:59Z"}, OUT_OF_DATE),
        ({"created_at": "2026-11-20T00:00:00Z"}, UNKNOWN),
        ({"created_at": None}, UNKNOWN),
        ({}, UNKNOWN),
        # Not the entry's, or not on offer.
        ({"os_version": "22.04"}, MISSING),
        ({"os_version": None}, MISSING),
        ({"os_distro": "debian"}, MISSING),
        ({"architecture": "aarch64"}, MISSING),
        ({"architecture": None}, MISSING),
        ({"os_purpose": "minimal"}, MISSING),
        ({"os_hidden": True, "image_source": URL}, MISSING),
        ({"status": "deactivated", "image_source": URL}, MISSING),
        ({"status": "queued", "image_source": URL}, MISSING),
        ({"image_type": "snapshot", "image_source": URL}, MISSING),
        # Other notations.
        ({"os_distro": "Ubuntu", "image_build_date": "2026-11-20"}, CURRENT),
        ({"architecture": "amd64", "image_build_date": "2026-11-20"}, CURRENT),
        ({"os_purpose": "generic", "image_build_date": "2026-11-20"}, CURRENT),
        ({"os_distro": 7}, MISSING),
    ],
)
def test_the_state_of_one_image(changed, expected):
    assert state(image(**changed)) == expected


@pytest.mark.parametrize(
    ("checksum", "changed"),
    [
        (Checksum("sha512", SHA512), {"os_hash_algo": "sha512", "os_hash_value": SHA512.upper()}),
        (Checksum("md5", MD5), {"checksum": MD5}),
    ],
)
def test_a_checksum_of_glance(checksum, changed):
    build = Build("20261120", URL, checksum, "2026-11-20")
    assert state(image(**changed), newest=build) == CURRENT


def test_a_checksum_of_the_content_of_a_compressed_file():
    build = Build("1", f"{URL}.xz", None, "", None, Checksum("sha512", SHA512))
    hashed = image(os_hash_algo="sha512", os_hash_value=SHA512)
    assert state(hashed, newest=build) == CURRENT


def test_a_checksum_that_the_panel_computed_counts_if_it_is_signed():
    made = image()
    verified = Verified((Checksum("sha256", SHA256),), "2026-11-25T10:00:00Z", "admin")
    signed = verified_property(made.id, verified)
    assert state(image(**signed)) == CURRENT
    assert state(image(2, **signed)) == UNKNOWN
    forged = {name: value.replace("admin", "other") for name, value in signed.items()}
    assert state(image(**forged)) == UNKNOWN


def test_a_fixed_url_does_not_say_which_build_it_was():
    fixed = Build("20261120", "https://files.example/current/u.img", None, "2026-11-20")
    assert state(image(image_source=fixed.url), newest=fixed) == UNKNOWN


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.6.3", CURRENT),
        ("0.6.10", CURRENT),
        ("0.6.2", OUT_OF_DATE),
        ("0.10.0", CURRENT),
        ("stable", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_an_entry_whose_version_is_the_build(version, expected):
    build = Build("0.6.3", "https://files.example/0.6.3/c.img")
    assert (
        state(image(os_distro="cirros", os_version=version), of=ROLLING, newest=build) == expected
    )


PATTERN = "https://files.example/24.04/{build}/u-{build}.img"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://files.example/24.04/3.10/u-3.10.img", CURRENT),
        ("https://files.example/24.04/3.11/u-3.11.img", CURRENT),
        ("https://files.example/24.04/3.9/u-3.9.img", OUT_OF_DATE),
        ("https://files.example/24.04/3.9/u-3.10.img", MISSING),
        ("https://files.example/24.04/", MISSING),
    ],
)
def test_the_version_in_the_source_of_an_image(source, expected):
    """The publisher's date does not count then: it is that of a list."""
    listed = entry(newest={"layout": "directory", "url": PATTERN})
    url = PATTERN.replace("{build}", "3.10")
    build = Build("3.10", url, None, "2026-11-10", is_date_of_list=True)
    nothing = {"os_distro": None, "image_build_date": "2020-01-01"}
    assert state(image(image_source=source, **nothing), of=listed, newest=build) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"image_build_date": "2026-11-10"}, CURRENT),
        ({"image_build_date": "2026-11-09"}, UNKNOWN),
        ({"created_at": "2020-01-01T00:00:00Z"}, UNKNOWN),
        # It has the date of the list by which it was made.
        (
            {"image_build_date": "2026-11-09", "image_source": "https://files.example/u"},
            OUT_OF_DATE,
        ),
    ],
)
def test_the_date_of_a_list_may_be_later_than_the_build(changed, expected):
    url = "https://files.example/u"
    build = Build("1.7", url, None, "2026-11-10", is_date_of_list=True)
    assert state(image(**changed), newest=build) == expected


def test_private_is_no_source():
    private = entry(versions=[{**raw()["versions"][0], "source": "private"}])
    assert state(image(os_distro="debian", image_source="private"), of=private) == MISSING


def test_the_newest_of_several_images_counts():
    old = image(1, image_build_date="2025-01-01")
    new = image(2, image_build_date="2026-11-20")
    doubtful = image(3, created_at="2026-11-28T00:00:00Z")
    assert state() == MISSING
    for images in ([old, new], [new, old], [old, new, doubtful], [doubtful, new]):
        found = compare(ENTRY, NEWEST, images)
        assert (found.state, found.image) == (CURRENT, new)
    found = compare(ENTRY, NEWEST, [old, image(4, image_build_date="2026-11-10")])
    assert (found.state, found.image.id, found.days) == (OUT_OF_DATE, factories.image_id(4), 10)
    # It may be the newest build: that the older one is old proves nothing.
    assert compare(ENTRY, NEWEST, [old, doubtful]).state == UNKNOWN


def test_a_publisher_that_cannot_be_read():
    """What the file has is older at most: only a comparison with it can be wrong."""
    dated = entry(versions=[{**raw()["versions"][0], "build_date": "2026-01-08"}])
    reason = "The publisher's server could not be reached."
    for build_date, expected in (("2025-01-01", OUT_OF_DATE), ("2026-01-08", UNKNOWN)):
        found = compare(dated, None, [image(image_build_date=build_date)], reason)
        assert (found.state, found.reason) == (expected, reason)
        assert found.newest == dated.newest_of_file
    found = compare(dated, None, [], reason)
    assert (found.state, found.reason) == (MISSING, reason)


def test_an_entry_without_any_build():
    nothing = entry(versions=[], latest_url="https://files.example/current/u.img")
    found = compare(nothing, None, [image()])
    assert (found.state, found.newest) == (UNKNOWN, None)
    assert "Neither the catalogue's file nor the publisher" in found.reason
    assert compare(nothing, None, []).state == MISSING


def test_properties_of_a_build():
    own = entry(meta={**raw()["meta"], "provided_until": "none", "hotfix_hours": 0})
    assert properties_of(own, NEWEST) == {
        "architecture": "x86_64",
        "os_distro": "ubuntu",
        "os_version": "24.04",
        "provided_until": "none",
        "hotfix_hours": "0",
        "image_source": URL,
        "image_build_date": "2026-11-20",
        "image_original_user": "ubuntu",
    }
    undated = Build("0.6.3", URL, source="https://publisher.example/c.img")
    found = properties_of(ROLLING, undated)
    assert found["os_version"] == "0.6.3"
    assert found["image_source"] == "https://publisher.example/c.img"
    assert "image_build_date" not in found
    # An image that is made so is the newest build.
    body = {"id": factories.image_id(1), "status": "active", **found}
    assert state(Image.from_glance(body), of=ROLLING, newest=undated) == CURRENT
