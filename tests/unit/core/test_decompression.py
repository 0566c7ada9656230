# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import (
    DECOMPRESSED_PROPERTY,
    Decompressed,
    decompressed_of,
    decompressed_property,
)
from helion_images_panel.core.verification import (
    expected_of,
    expected_of_source,
    expected_property,
    state_of,
)
from tests import factories

FILE = Checksum("sha512", "a" * 128)
CONTENT = Checksum("sha512", "b" * 128)


def image(expected=None, decompressed=None, **fields):
    id_ = factories.image_id()
    return factories.image(
        id=id_,
        status="active",
        os_hash_algo="sha512",
        os_hash_value=CONTENT.value,
        **(expected_property(id_, expected) if expected else {}),
        **(decompressed_property(id_, decompressed) if decompressed else {}),
        **fields,
    )


@pytest.mark.parametrize(
    "record",
    [Decompressed(), Decompressed("xz", FILE), Decompressed("zstd", FILE, is_expected=True)],
)
def test_it_is_read_as_it_was_written(record):
    assert decompressed_of(image(decompressed=record)) == record


def test_an_image_has_none():
    assert decompressed_of(image()) is None


def test_that_of_another_image_is_none():
    copied = decompressed_property(factories.image_id(), Decompressed("xz", FILE))
    assert decompressed_of(image(**copied)) is None


def test_that_nobody_signed_is_none():
    forged = image()
    forged.properties[DECOMPRESSED_PROPERTY] = f"{forged.id} {FILE} expected xz"
    assert decompressed_of(forged) is None


def test_data_is_not_compared_with_the_checksum_of_the_file():
    stored = image(FILE, Decompressed("xz", FILE, is_expected=True))
    assert (expected_of(stored), expected_of_source(stored)) == (None, FILE)
    assert state_of(stored) == ""


def test_data_is_not_compared_before_it_is_known_whose_checksum_is_expected():
    """The dashboard was killed between the data and its record."""
    assert state_of(image(FILE, Decompressed())) == ""


def test_data_is_compared_with_the_checksum_of_the_content():
    record = Decompressed("xz", FILE)
    assert expected_of(image(CONTENT, record)) == CONTENT
    assert state_of(image(Checksum("sha512", "c" * 128), record)) == "mismatch"
