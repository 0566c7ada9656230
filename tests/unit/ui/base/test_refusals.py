# SPDX-License-Identifier: Apache-2.0
"""Refusals in words: Glance's are quoted as it says them."""

import pytest

from helion_images_panel import exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.transfers import inspection
from helion_images_panel.transfers.body import UploadInterrupted
from helion_images_panel.transfers.digests import ChecksumRefused
from helion_images_panel.transfers.inspection import ContentRefused, Finding
from helion_images_panel.ui.base import refusals
from helion_images_panel.ui.transfers import upload_causes
from tests import factories
from tests.unit import fakes

IMAGE = factories.image(disk_format="qcow2")

OVER = (
    "The request returned a 413 Request Entity Too Large. This generally means that rate limiting "
    "or a quota threshold was breached. The response body: Project {project} is over a limit for "
    "[Resource {name} is over limit of {limit} due to current usage {used} and delta {more}]"
)


def over(name, limit, used, more):
    return OVER.format(project=factories.PROJECT, name=name, limit=limit, used=used, more=more)


@pytest.mark.parametrize(
    ("glances", "words"),
    [
        (over("image_size_total", 1024, 512, 700), ["use 512 MiB of 1 GiB", "700 MiB"]),
        (
            over("image_stage_total", 64, 60, 10),
            ["64 MiB of the cloud's staging", "use 60 MiB", "10 MiB"],
        ),
        (over("image_count_total", 10, 10, 1), ["limit of 10 images (10 in use)"]),
        (over("image_count_uploading", 3, 4, 0), ["limit of 3 uploads and imports in progress"]),
        (over("image_of_tomorrow", 3, 4, 0), ["image_of_tomorrow"]),
        (
            "Image storage media is full: There is not enough disk space on the image storage "
            "media.",
            ["image store is full"],
        ),
        (
            "Image exceeds the storage quota: The size of the data 500 will exceed the limit. 100 "
            "bytes remaining.",
            ["storage quota for each user"],
        ),
        (
            "The incoming image is too large: The provided image is too large.",
            ["exceeds the maximum image size"],
        ),
        ("Something else.", ["exceeds a limit", "Something else."]),
    ],
)
def test_a_413_names_the_limit(glances, words):
    refusal = refusals.of_glance(exceptions.ImageServiceError(glances, 413))
    assert (refusal.status, refusal.kind) == (413, "refused")
    assert all(word in refusal.reason for word in words), refusal.reason
    assert factories.PROJECT not in refusal.reason


@pytest.mark.parametrize(("found", "actual"), [("iso", "iso"), ("raw", "raw"), ("gpt", "raw")])
def test_glances_own_word_on_a_format(found, actual):
    glances = f"Image disk_format qcow2 does not match stream data {found}"
    refusal = refusals.of_glance(exceptions.ImageServiceError(glances, 415), "qcow2")
    assert (refusal.status, refusal.kind) == (415, "stuck")
    label = {"iso": "The file is ISO, not QCOW2. ", "raw": "The file is not QCOW2. "}[actual]
    assert refusal.reason.startswith(label)
    assert "delete it, then create a new one" in refusal.reason


def test_glances_own_word_on_safety():
    error = exceptions.ImageServiceError("Image failed safety checks", 415)
    refusal = refusals.of_glance(error, "qcow2")
    assert (refusal.status, refusal.kind) == (415, "stuck")
    assert "safety check" in refusal.reason


@pytest.mark.parametrize(("status", "answer"), [(409, 409), (503, 503), (None, 502)])
def test_anything_else_is_glances_to_say(status, answer):
    refusal = refusals.of_glance(exceptions.ImageServiceError("Because.", status))
    assert refusal.body == {"reason": "Because.", "kind": "refused"}
    assert refusal.status == answer


SHA256 = Checksum("sha256", "a" * 64)
OTHER = Checksum("sha256", "b" * 64)


@pytest.mark.parametrize(
    ("error", "status", "kind", "details"),
    [
        (
            ContentRefused(Finding(inspection.FORMAT, "iso")),
            415,
            "format",
            {"actual_format": "iso", "actual_label": "ISO"},
        ),
        (ContentRefused(Finding(inspection.REFERENCE, causes=("data_file",))), 415, "unsafe", {}),
        (ContentRefused(Finding(inspection.UNSAFE, causes=("mbr",))), 415, "unsafe", {}),
        (
            ChecksumRefused(SHA256, OTHER),
            422,
            "checksum",
            {"expected": str(SHA256), "actual": str(OTHER)},
        ),
        (UploadInterrupted("3 of 5 bytes"), 400, "interrupted", {}),
        (fakes.refusal(401, "Expired."), 400, "session", {}),
        (exceptions.ImageForbidden("No."), 403, "refused", {}),
    ],
)
def test_every_end_of_an_upload(error, status, kind, details):
    refusal = upload_causes.refusal(upload_causes.of_error(error, IMAGE))
    assert (refusal.status, refusal.kind) == (status, kind)
    assert {**refusal.body} == {"reason": refusal.reason, "kind": kind, **details}
    assert refusal.reason.endswith(".")


def test_an_error_that_nobody_knows_is_none_of_these():
    with pytest.raises(ZeroDivisionError):
        upload_causes.of_error(ZeroDivisionError(), IMAGE)


@pytest.mark.parametrize(
    "cause",
    [
        inspection.SEVERAL_FORMATS,
        inspection.DAMAGED,
        inspection.UNREADABLE,
        "banned",
        "unknown_features",
        "descriptor",
        "footer",
        "mbr",
        "version",
    ],
)
def test_each_cause_has_its_own_words(cause):
    words = refusals.of_finding(Finding(inspection.UNSAFE, causes=(cause,)), "qcow2")
    assert words != refusals.of_finding(Finding(inspection.UNSAFE), "qcow2")
    assert words.endswith(".")


TRUST = "trusted source"


@pytest.mark.parametrize(
    ("finding", "command"),
    [
        (Finding(inspection.REFERENCE, causes=("backing_file",)), "convert -O qcow2"),
        (Finding(inspection.UNSAFE, causes=("unknown_features",)), "convert -O qcow2"),
        (Finding(inspection.UNSAFE, causes=("banned",)), "convert -f qed -O qcow2"),
        (Finding(inspection.UNSAFE, causes=("descriptor",)), "convert -f vmdk -O qcow2"),
        (Finding(inspection.UNSAFE, causes=(inspection.DAMAGED,)), "convert -O qcow2"),
        (Finding(inspection.UNSAFE, causes=("footer",)), "convert -O qcow2"),
        (Finding(inspection.UNSAFE, causes=("mbr",)), "convert -f raw -O qcow2"),
        (
            Finding(inspection.UNSAFE, causes=("mbr",), file_system="ntfs"),
            "convert -f raw -O qcow2",
        ),
        (Finding(inspection.UNSAFE, causes=("version",)), "convert -f raw -O qcow2"),
    ],
)
def test_a_known_cause_has_the_command_that_mends_it(finding, command):
    reason = refusals.of_content(finding, "raw").reason
    assert f"qemu-img {command} FILE NEW.qcow2" in reason
    assert TRUST not in reason


@pytest.mark.parametrize("cause", [inspection.SEVERAL_FORMATS, inspection.UNREADABLE, "other"])
def test_an_unknown_cause_is_a_matter_of_trust(cause):
    reason = refusals.of_content(Finding(inspection.UNSAFE, causes=(cause,)), "raw").reason
    assert TRUST in reason
    assert "qemu-img" not in reason


@pytest.mark.parametrize(("name", "words"), [("ntfs", "NTFS"), ("exfat", "exFAT"), ("fat", "FAT")])
def test_a_file_system_is_named(name, words):
    found = Finding(inspection.UNSAFE, causes=("mbr",), file_system=name)
    assert words in refusals.of_finding(found, "raw")


@pytest.mark.parametrize(
    ("declared", "actual", "words"),
    [
        ("raw", "qcow2", "The file is QCOW2, not Raw."),
        ("qcow2", "raw", "The file is not QCOW2. Its format was not recognized."),
        (
            "vhd",
            "raw",
            "The file does not begin as a VHD. A fixed-size VHD does not either: the image "
            "service takes it as Raw, with its last 512 bytes as a part of the disk.",
        ),
    ],
)
def test_a_wrong_format_in_words(declared, actual, words):
    assert refusals.of_finding(Finding(inspection.FORMAT, actual), declared) == words


def test_busy_says_when_to_come_again():
    refusal = refusals.busy("Wait.")
    assert (refusal.status, refusal.kind) == (503, "busy")
    assert refusal.body["retry_after_s"] == refusal.retry_after_s == refusals.RETRY_AFTER_S


def test_no_format_is_offered_that_the_cloud_does_not_take(settings):
    settings.OPENSTACK_IMAGE_BACKEND = {"image_formats": [("", "Select"), ("qcow2", "QCOW2")]}
    refusal = refusals.of_content(Finding(inspection.FORMAT, "vhd"), "qcow2")
    assert set(refusal.body) == {"reason", "kind"}
    assert refusal.kind == "format"
    assert "The file is VHD, not QCOW2. Convert the file: qemu-img convert -f vpc" in refusal.reason
    refusal = refusals.of_content(Finding(inspection.FORMAT, "iso"), "qcow2")
    assert refusal.reason == "The file is ISO, not QCOW2. Choose another file."
    refusal = refusals.of_content(Finding(inspection.FORMAT, "qcow2"), "vmdk")
    assert refusal.body["actual_format"] == "qcow2"
