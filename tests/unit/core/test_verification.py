# SPDX-License-Identifier: Apache-2.0
"""What is known of an image's data; the factory's image has 32 times "0" and 128 times "a"."""

import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.verification import (
    EXPECTED_PROPERTY,
    VERIFIED_PROPERTY,
    Verified,
    agrees,
    expected_of,
    expected_property,
    state_of,
    stored,
    verified_of,
    verified_property,
)
from tests import factories

ID = factories.image_id(7)
OTHER_ID = factories.image_id(8)
AT = "2026-11-23T12:00:00Z"

MD5 = Checksum("md5", "0" * 32)
SHA256 = Checksum("sha256", "b" * 64)
SHA512 = Checksum("sha512", "a" * 128)
WRONG = {
    "md5": Checksum("md5", "1" * 32),
    "sha256": Checksum("sha256", "c" * 64),
    "sha512": Checksum("sha512", "c" * 128),
}


def image(expected=None, computed=None, image_id=ID, written_for=ID, **attributes):
    properties = {}
    if expected:
        properties.update(expected_property(written_for, expected))
    if computed:
        properties.update(verified_property(written_for, Verified(computed, AT, "kim")))
    return factories.image(id=image_id, **properties, **attributes)


def test_the_properties_are_read_as_they_were_written():
    found = image(SHA256, SHA512)
    assert expected_of(found) == SHA256
    assert verified_of(found) == Verified(SHA512, AT, "kim")


@pytest.mark.parametrize("name", ["Kim Li", " kim ", "", "kïm@example.com", "a" * 255])
def test_any_name_of_a_user(name):
    properties = verified_property(ID, Verified(SHA512, AT, name))
    assert verified_of(factories.image(id=ID, **properties)).by == name


def test_an_algorithm_of_the_same_length_is_not_taken_for_another():
    blake = Checksum("blake2b", "d" * 128)
    found = image(computed=blake, os_hash_algo="blake2b", os_hash_value="d" * 128)
    assert verified_of(found).checksum == blake
    assert state_of(found) == "verified"


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        7,
        ["x"],
        ID,
        f"{ID} ",
        f"{ID} sha256",
        f"{ID} sha256:xyz",
        f"{ID} sha256:{'b' * 63}",
        f"{ID} blake2b:{'b' * 128}",
        f"{ID} sha512:{'b' * 64}",
        f"sha256:{'b' * 64}",
        f"{OTHER_ID} sha256:{'b' * 64}",
    ],
)
def test_an_expectation_that_makes_no_sense_is_none(value):
    found = factories.image(id=ID, **{EXPECTED_PROPERTY: value})
    assert expected_of(found) is None
    assert state_of(found) == ""


@pytest.mark.parametrize(
    "value",
    ["", None, 7, ID, f"{ID} {SHA512}", f"{ID} {SHA512} {AT}", f"{OTHER_ID} {SHA512} {AT} k"],
)
def test_a_record_that_makes_no_sense_is_none(value):
    found = factories.image(id=ID, **{VERIFIED_PROPERTY: value})
    assert verified_of(found) is None
    assert state_of(found) == ""


@pytest.mark.parametrize(
    ("expected", "computed", "state"),
    [
        (None, None, ""),
        (SHA256, None, "pending"),
        # Glance's own value agrees, but nobody has noted when that was found.
        (MD5, None, "pending"),
        (SHA512, None, "pending"),
        (None, SHA512, "verified"),
        (SHA256, SHA512, "verified"),
        # Nobody but the writer of the property says so.
        (SHA256, SHA256, "pending"),
        (None, SHA256, ""),
        (MD5, SHA512, "verified"),
        (WRONG["md5"], None, "mismatch"),
        (WRONG["sha512"], None, "mismatch"),
        (WRONG["md5"], SHA512, "mismatch"),
        (None, WRONG["sha512"], "mismatch"),
        (None, WRONG["md5"], "mismatch"),
        # Read, found wrong, and not to be removed.
        (SHA256, WRONG["sha256"], "mismatch"),
    ],
)
@pytest.mark.parametrize("status", ["active", "deactivated"])
def test_states(expected, computed, state, status):
    assert state_of(image(expected, computed, status=status)) == state


@pytest.mark.parametrize("status", ["queued", "saving", "importing", "killed", "deleted"])
def test_an_image_without_data_has_no_state(status):
    assert state_of(image(SHA256, SHA512, status=status)) == ""


@pytest.mark.parametrize("computed", [None, SHA512, WRONG["sha512"]])
@pytest.mark.parametrize("expected", [None, SHA256, WRONG["md5"]])
def test_a_snapshot_with_the_properties_of_its_base_image_has_no_state(expected, computed):
    """Nova copies an image's properties to the snapshots of its instances."""
    snapshot = image(expected, computed, image_id=OTHER_ID, written_for=ID, image_type="snapshot")
    assert state_of(snapshot) == ""
    assert expected_of(snapshot) is None
    assert verified_of(snapshot) is None


def test_glances_values_are_compared_without_regard_to_case():
    found = image(computed=SHA512, os_hash_value="A" * 128)
    assert state_of(found) == "verified"
    assert stored(found, "sha512") == SHA512


@pytest.mark.parametrize(
    ("checksum", "attributes", "verdict"),
    [
        (MD5, {}, True),
        (WRONG["md5"], {}, False),
        (SHA256, {}, None),
        (None, {}, None),
        (MD5, {"checksum": None}, None),
        (SHA512, {"os_hash_value": None}, None),
        (SHA512, {"os_hash_algo": "sha256", "os_hash_value": "b" * 64}, None),
        (SHA256, {"os_hash_algo": "sha256", "os_hash_value": "b" * 64}, True),
        (MD5, {"os_hash_algo": "md5", "os_hash_value": "1" * 32}, False),
    ],
)
def test_only_values_of_the_same_kind_are_compared(checksum, attributes, verdict):
    assert agrees(image(**attributes), checksum) is verdict
