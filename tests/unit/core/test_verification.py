# SPDX-License-Identifier: Apache-2.0
"""What is known of an image's data; the factory's image has 32 times "0" and 128 times "a"."""

import pytest
from django.test import override_settings

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.requested import (
    Requested,
    is_archive,
    is_recent_upload,
    requested_property,
)
from helion_images_panel.core.verification import (
    EXPECTED_PROPERTY,
    VERIFIED_PROPERTY,
    Verified,
    agrees,
    expected_of,
    expected_property,
    is_converted,
    is_official_unchanged,
    source_was_compared,
    state_of,
    stored_checksum,
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


def written(expected=None, computed=(), image_id=ID):
    """The properties; `computed` is a checksum or several."""
    properties = {}
    if expected:
        properties.update(expected_property(image_id, expected))
    if computed:
        checksums = (computed,) if isinstance(computed, Checksum) else tuple(computed)
        properties.update(verified_property(image_id, Verified(checksums, AT, "kim")))
    return properties


def image(expected=None, computed=(), image_id=ID, written_for=ID, **attributes):
    properties = written(expected, computed, written_for)
    return factories.image(id=image_id, **properties, **attributes)


def test_the_properties_are_read_as_they_were_written():
    found = image(SHA256, SHA512)
    assert expected_of(found) == SHA256
    assert verified_of(found) == Verified((SHA512,), AT, "kim")


def test_several_checksums_keep_their_order():
    checksums = (SHA512, MD5, SHA256)
    assert verified_of(image(computed=checksums)).checksums == checksums


@pytest.mark.parametrize("name", ["Kim Li", " kim ", "", "kïm@example.com", "a" * 255])
def test_any_name_of_a_user(name):
    properties = verified_property(ID, Verified((SHA512,), AT, name))
    assert verified_of(factories.image(id=ID, **properties)).by == name


def test_an_algorithm_of_the_same_length_is_not_taken_for_another():
    blake = Checksum("blake2b", "d" * 128)
    found = image(computed=blake, os_hash_algo="blake2b", os_hash_value="d" * 128)
    assert verified_of(found).checksums[0] == blake
    assert state_of(found) == "verified"


NONSENSE = ["", None, 7, ["x"], ":", ID, f"{ID}:", f"{ID} ", "ï:ï", "x" * 70_000]


@pytest.mark.parametrize(
    "value",
    [
        *NONSENSE,
        # Sense, but nobody has signed it.
        f"{ID} {SHA256}",
        f"{ID} {SHA256}:",
        f"{ID} {SHA256}:c2lnbmF0dXJl",
    ],
)
def test_an_expectation_that_nobody_signed_is_none(value):
    found = factories.image(id=ID, **{EXPECTED_PROPERTY: value})
    assert expected_of(found) is None
    assert state_of(found) == ""


@pytest.mark.parametrize("checksum", [Checksum("blake2b", "b" * 128), Checksum("sha512", "b" * 64)])
def test_an_expectation_that_cannot_be_checked_is_none(checksum):
    assert expected_of(image(checksum)) is None


@pytest.mark.parametrize(
    "value",
    [
        *NONSENSE,
        f"{ID} {SHA512} {AT} kim",
        f"{ID} {SHA512} {AT} kim:",
        f"{ID} {SHA512} {AT} kim:c2lnbmF0dXJl",
    ],
)
def test_a_record_that_nobody_signed_is_none(value):
    found = factories.image(id=ID, **{VERIFIED_PROPERTY: value})
    assert verified_of(found) is None
    assert state_of(found) == ""


@pytest.mark.parametrize("name", [EXPECTED_PROPERTY, VERIFIED_PROPERTY])
@pytest.mark.parametrize(
    "forge",
    [
        lambda text: text.replace(" sha", " SHA"),
        lambda text: text.replace("a" * 64, "b" * 64),
        lambda text: text[:-1],
        lambda text: text.rpartition(":")[0],
        lambda text: f"{text} ",
        lambda text: f" {text}",
        lambda text: text.replace(ID, OTHER_ID),
    ],
)
def test_what_was_changed_by_hand_counts_for_nothing(name, forge):
    properties = written(Checksum("sha256", "a" * 64), SHA512)
    assert forge(properties[name]) != properties[name]
    found = factories.image(id=ID, **{name: forge(properties[name])})
    assert (expected_of(found), verified_of(found), state_of(found)) == (None, None, "")


@pytest.mark.parametrize("computed", [SHA512, (SHA512, MD5), (SHA256, SHA512)])
def test_one_property_is_not_signed_for_the_other(computed):
    """Whoever may change an image can copy the value of one to the other."""
    properties = written(SHA256, computed)
    swapped = {
        EXPECTED_PROPERTY: properties[VERIFIED_PROPERTY],
        VERIFIED_PROPERTY: properties[EXPECTED_PROPERTY],
    }
    found = factories.image(id=ID, **swapped)
    assert (expected_of(found), verified_of(found), state_of(found)) == (None, None, "")


def test_what_another_dashboard_has_signed_counts_for_nothing():
    with override_settings(SECRET_KEY="another"):
        found = image(SHA256, SHA512)
        assert (expected_of(found), state_of(found)) == (SHA256, "pending")
    assert (expected_of(found), verified_of(found), state_of(found)) == (None, None, "")


def test_a_secret_key_can_be_changed():
    with override_settings(SECRET_KEY="another"):
        found = image(SHA256, (SHA512, SHA256))
    with override_settings(SECRET_KEY_FALLBACKS=["another"]):
        assert expected_of(found) == SHA256
        assert state_of(found) == "verified"


@pytest.mark.parametrize(
    ("expected", "computed", "state"),
    [
        (None, None, ""),
        (SHA256, None, "pending"),
        # Glance's own value agrees, but nobody has noted when that was found.
        (MD5, None, "pending"),
        (SHA512, None, "pending"),
        (None, SHA512, "verified"),
        (None, (SHA256, SHA512), "verified"),
        (SHA256, (SHA512, SHA256), "verified"),
        # What was expected was never compared.
        (SHA256, SHA512, "pending"),
        (SHA256, (SHA512, MD5), "pending"),
        # Glance has no checksum that confirms it.
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
        (SHA256, (SHA512, WRONG["sha256"]), "mismatch"),
        # Glance stored it, and gave out something else.
        (SHA256, (SHA256, WRONG["sha512"]), "mismatch"),
    ],
)
@pytest.mark.parametrize("status", ["active", "deactivated"])
def test_states(expected, computed, state, status):
    assert state_of(image(expected, computed, status=status)) == state


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (None, "verified"),
        (SHA512, "verified"),
        (MD5, "verified"),
        (SHA256, "pending"),
        (WRONG["sha512"], "mismatch"),
        (WRONG["md5"], "mismatch"),
    ],
)
def test_an_expectation_that_changes_after_the_check(now, state):
    assert state_of(image(SHA512, SHA512)) == "verified"
    assert state_of(image(now, SHA512)) == state


@pytest.mark.parametrize(
    ("expected", "computed", "state"),
    [
        (None, SHA256, "verified"),
        (SHA256, SHA256, "verified"),
        (SHA256, SHA512, "pending"),
        (SHA256, WRONG["sha256"], "mismatch"),
        (SHA256, None, "pending"),
    ],
)
def test_where_glance_has_no_checksums_the_record_alone_counts(expected, computed, state):
    nothing = {"checksum": None, "os_hash_algo": None, "os_hash_value": None}
    assert state_of(image(expected, computed, **nothing)) == state


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
    assert stored_checksum(found, "sha512") == SHA512


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


def imported(expected, source="url", formats="qcow2/bare", computed=(), **attributes):
    """An image whose data was requested as such from a URL."""
    requested = Requested(source, formats)
    properties = written(expected, computed) | requested_property(ID, requested)
    return factories.image(id=ID, **{"disk_format": "qcow2", **properties, **attributes})


@pytest.mark.parametrize(
    ("attributes", "converted"),
    [
        ({}, False),
        ({"disk_format": "raw"}, True),
        ({"formats": "vmdk/ova", "disk_format": "vmdk"}, True),
        ({"source": "archive-url"}, False),
        ({"source": "archive-url", "disk_format": "raw"}, True),
        ({"source": "unpacked-url"}, True),
        # An upload is stored as it is, whatever its format was before.
        ({"source": "file", "formats": "-", "disk_format": "raw"}, False),
    ],
)
@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_converted_data_is_no_mismatch(attributes, converted, algorithm):
    found = imported(WRONG[algorithm], **attributes)
    assert is_converted(found) is converted
    if converted:
        assert state_of(found) == "converted"
    elif attributes.get("source") == "archive-url":
        # A look at the data will tell.
        assert state_of(found) == "pending"
    else:
        assert state_of(found) == ("pending" if algorithm == "sha256" else "mismatch")


@pytest.mark.parametrize("expected", [None, SHA256, SHA512])
@pytest.mark.parametrize(
    ("attributes", "state"),
    [
        ({"disk_format": "raw"}, "converted"),
        ({"source": "staged-archive"}, "converted"),
        # Nothing shows why it changed.
        ({}, "mismatch"),
    ],
)
def test_a_staged_file_that_was_converted_was_compared_before(attributes, state, expected):
    sent = [WRONG["sha512"], *([expected] if expected else [])]
    found = imported(expected, computed=sent, **{"source": "staged", **attributes})
    assert state_of(found) == state
    assert source_was_compared(found) is bool(expected)
    assert not is_recent_upload(found)


@pytest.mark.parametrize("source", ["staged", "staged-archive"])
def test_a_staged_file_that_was_stored_as_it_is_is_verified(source):
    found = imported(SHA256, source=source, computed=(SHA512, SHA256))
    assert state_of(found) == "verified"
    assert not is_converted(found)


@pytest.mark.parametrize(
    ("attributes", "state"),
    [
        ({"disk_format": "raw"}, "converted"),
        ({}, "mismatch"),
        # A look at the data will tell.
        ({"source": "staged-archive"}, "pending"),
    ],
)
def test_a_staged_file_of_which_nothing_could_be_recorded(attributes, state):
    found = imported(WRONG["sha512"], **{"source": "staged", **attributes})
    assert state_of(found) == state
    assert not source_was_compared(found)


def test_what_was_computed_of_a_staged_file_proves_nothing_of_other_data():
    """Its import has failed, and the data lies elsewhere now, where Glance has no checksum."""
    elsewhere = {"os_hash_value": None, "checksum": None}
    assert state_of(imported(None, source="staged", computed=(SHA512,), **elsewhere)) == ""
    assert state_of(imported(None, source="url", computed=(SHA512,), **elsewhere)) == "verified"


def test_the_source_of_another_image_was_not_compared():
    assert not source_was_compared(imported(SHA256, disk_format="raw", computed=(SHA256,)))


@pytest.mark.parametrize(
    ("attributes", "unchanged"),
    [
        ({"source": "official-url"}, True),
        ({"source": "official-url", "disk_format": "raw"}, False),
        ({"source": "url"}, False),
        ({"source": "file", "formats": "-"}, False),
    ],
)
def test_an_official_image_in_its_format_was_not_converted(attributes, unchanged):
    assert is_official_unchanged(imported(WRONG["sha512"], **attributes)) is unchanged


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Debian.QCOW2", "official-url"),
        ("u.img", "official-url"),
        # Nothing tells that these are no archives.
        ("download", "url"),
        ("", "url"),
        ("a.img.gz", "archive-url"),
    ],
)
def test_a_file_of_the_catalogue_is_a_disk_by_its_ending(name, source):
    assert Requested.of_official(name, "raw", "bare") == Requested(source, "raw/bare")


def test_an_archive_that_stayed_one_is_compared():
    found = imported(WRONG["sha512"], source="archive-url", computed=SHA512)
    assert state_of(found) == "mismatch"


def test_converted_data_that_was_expected_is_verified():
    assert state_of(imported(SHA512, disk_format="raw", computed=SHA512)) == "verified"


def test_a_store_that_returns_other_data_is_an_alarm_all_the_same():
    found = imported(SHA256, disk_format="raw", computed=(WRONG["sha512"],))
    assert state_of(found) == "mismatch"


def test_what_was_requested_of_another_image_is_not_of_this_one():
    requested = requested_property(OTHER_ID, Requested("url", "qcow2/bare"))
    found = factories.image(id=ID, disk_format="raw", **requested)
    assert not is_converted(found)


@pytest.mark.parametrize(
    ("name", "source"),
    [("a.qcow2", "url"), ("A.GZ", "archive-url"), ("a.img.zip", "archive-url"), ("", "url")],
)
def test_archives_are_known_by_their_ending(name, source):
    assert Requested.of_url(name, "raw", "bare") == Requested(source, "raw/bare")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x1f\x8b\x08\0", True),
        (b"PK\x03\x04", True),
        (b"\x18\0-lh5-", True),
        (b"QFI\xfb", False),
        (b"", False),
    ],
)
def test_archives_are_known_by_their_first_bytes(head, expected):
    assert is_archive(head) is expected
