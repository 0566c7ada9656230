# SPDX-License-Identifier: Apache-2.0
"""What Glance has stored, compared; the factory's image has 32 times "0" and 128 times "a"."""

import pytest

from helion_images_panel import exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import VERIFIED_PROPERTY, verified_of
from helion_images_panel.transfers import verdicts
from helion_images_panel.transfers.verdicts import algorithms, compare_and_record
from tests import factories
from tests.unit import fakes

MD5 = Checksum("md5", "0" * 32)
SHA256 = Checksum("sha256", "b" * 64)
SHA512 = Checksum("sha512", "a" * 128)
BAD_MD5 = Checksum("md5", "1" * 32)
BAD_SHA512 = Checksum("sha512", "c" * 128)


@pytest.fixture
def request_():
    return factories.request()


@pytest.fixture
def active(glance):
    return glance.add(id=factories.image_id(1))


def computed(*checksums):
    return {checksum.algorithm: checksum for checksum in checksums}


def compare(request_, image, *checksums):
    return compare_and_record(request_, image["id"], computed(*checksums))


@pytest.mark.parametrize(
    ("checksums", "state", "written"),
    [
        ([SHA512], "verified", SHA512),
        ([MD5, SHA256, SHA512], "verified", SHA512),
        ([SHA512, MD5], "verified", SHA512),
        ([MD5], "verified", MD5),
        ([BAD_SHA512], "mismatch", BAD_SHA512),
        ([MD5, BAD_SHA512], "mismatch", BAD_SHA512),
        ([BAD_MD5, SHA512], "mismatch", BAD_MD5),
    ],
)
def test_what_is_found_is_written_down(request_, active, checksums, state, written):
    verdict = compare(request_, active, *checksums)
    assert (verdict.state, verdict.error) == (state, None)
    assert verified_of(Image.from_glance(active)).checksums[0] == written


@pytest.mark.parametrize("checksums", [[MD5, SHA256, SHA512], [SHA256, SHA512], [SHA512]])
def test_all_that_was_computed_is_written_down_once(request_, active, checksums):
    compare(request_, active, *checksums)
    written = verified_of(Image.from_glance(active)).checksums
    assert written[0] == SHA512
    assert len(written) == len(checksums)
    assert set(written) == set(checksums)


def test_it_takes_one_look_and_one_change_of_one_property(glance, request_, active):
    compare(request_, active, SHA512)
    assert [call.method for call in glance.calls] == ["GET", "PATCH"]
    (operation,) = glance.writes[0].body
    assert (operation["op"], operation["path"]) == ("add", f"/{VERIFIED_PROPERTY}")


def test_nothing_to_compare_with(request_, active):
    verdict = compare(request_, active, SHA256)
    assert verdict.state == ""
    assert isinstance(verdict.error, verdicts.NothingInCommon)
    assert VERIFIED_PROPERTY not in active


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_the_image_is_fine_though_glance_fails_now(glance, request_, active, method, status):
    glance.failing[f"{method} /v2/images/{active['id']}"] = fakes.refusal(status, "No.")
    verdict = compare(request_, active, SHA512)
    assert verdict.state == ""
    assert isinstance(verdict.error, exceptions.ImageServiceError | exceptions.SessionEnded)


def test_a_mismatch_stays_one_though_it_cannot_be_written(glance, request_, active):
    glance.failing[f"PATCH /v2/images/{active['id']}"] = fakes.refusal(403, "No.")
    verdict = compare(request_, active, BAD_SHA512)
    assert verdict.state == "mismatch"
    assert verdict.error


def test_the_algorithm_is_asked_for_once(glance, request_):
    glance.add(os_hash_algo="sha256")
    assert [algorithms(request_) for _ in range(3)] == [("sha256",)] * 3
    assert len(glance.calls) == 1


@pytest.mark.parametrize("algorithm", [None, "of-tomorrow"])
def test_the_default_until_an_image_tells(glance, request_, algorithm):
    glance.add(os_hash_algo=algorithm)
    assert algorithms(request_) == ("sha512", "md5")
    glance.images.clear()
    assert algorithms(request_) == ("sha512", "md5")
    glance.add(os_hash_algo="sha256")
    assert algorithms(request_) == ("sha256",)


def test_a_list_that_fails_does_not_stop_an_upload(glance, request_):
    glance.failing["GET /v2/images"] = fakes.refusal(503, "Down.")
    assert algorithms(request_) == ("sha512", "md5")


def test_a_cloud_that_has_changed_its_algorithm_is_noticed(glance, request_, active):
    assert algorithms(request_) == ("sha512",)
    active.update(os_hash_algo="sha256", os_hash_value="b" * 64)
    compare(request_, active, SHA512)
    assert algorithms(request_) == ("sha256",)
