# SPDX-License-Identifier: Apache-2.0
"""The reason of a failed upload is in the language of whoever reads it."""

from __future__ import annotations

import re

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from helion_images_panel import exceptions
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.transfers import failures
from helion_images_panel.transfers.body import UploadStopped
from helion_images_panel.transfers.decompression import NotDecompressed
from helion_images_panel.transfers.digests import AlgorithmUnavailable, ChecksumRefused
from helion_images_panel.transfers.inspection import ContentRefused, Finding
from helion_images_panel.ui.transfers import upload_causes, upload_failures
from tests import factories, pseudo

REQUEST = factories.request()
QUEUED = factories.image(status="queued", disk_format="qcow2")

ERRORS = [
    ContentRefused(Finding("format", "raw")),
    ContentRefused(Finding("reference", "qcow2", ("backing_file",))),
    ContentRefused(Finding("unsafe", "vmdk", ("descriptor",))),
    ContentRefused(Finding("unsafe", "raw", ("mbr",), "ntfs")),
    ChecksumRefused(Checksum("sha256", "0" * 64), Checksum("sha256", "1" * 64)),
    AlgorithmUnavailable("md5"),
    NotDecompressed("damaged", "xz"),
    NotDecompressed("ends_early", "xz"),
    NotDecompressed("too_large", "xz"),
    NotDecompressed("too_much_memory", "xz"),
    NotDecompressed("not_compressed"),
    NotDecompressed("no_image", "xz", "gzip"),
    NotDecompressed("empty", "xz"),
    UploadStopped("It broke."),
    exceptions.SessionEnded(),
    exceptions.image_service_does_not_answer(),
    exceptions.unexpected_image_response(),
    exceptions.ImageServiceError("Quota: exceeds the storage quota", 413),
    exceptions.ImageServiceError("Image failed safety checks", 415),
]


@pytest.fixture(autouse=True)
def _pseudo_language(settings, tmp_path):
    pseudo.write(tmp_path)
    settings.LOCALE_PATHS = [str(tmp_path)]
    trans_real._translations.clear()
    yield
    trans_real._translations.clear()


def read():
    return upload_failures.of_last_upload(REQUEST, QUEUED)


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_a_cached_reason_is_translated_when_it_is_read(error):
    with translation.override(pseudo.LANGUAGE):
        upload_failures.save(REQUEST, QUEUED, upload_causes.of_error(error, QUEUED))
        first = read()
    with translation.override("en"):
        second = read()
    assert first["reason"].startswith(pseudo.OPEN)
    assert pseudo.OPEN not in second["reason"]
    assert re.sub(f"[{pseudo.OPEN}{pseudo.CLOSE}]", "", first["reason"]) == second["reason"]
    assert first["kind"] == second["kind"]


def test_a_busy_dashboard_says_so_in_the_language_of_the_reader():
    with translation.override("en"):
        upload_failures.save(REQUEST, QUEUED, upload_causes.BUSY)
    with translation.override(pseudo.LANGUAGE):
        assert read()["reason"].startswith(pseudo.OPEN)
        assert read()["retry_after_s"]


def test_what_glance_says_stays_as_it_is():
    error = exceptions.ImageServiceError("Out of paper.", 500)
    upload_failures.save(REQUEST, QUEUED, upload_causes.of_error(error, QUEUED))
    with translation.override(pseudo.LANGUAGE):
        assert read()["reason"] == "Out of paper."


def test_dashboards_of_two_releases_share_a_cache():
    """An older one reads the response, and what it has cached is shown as it is."""
    old = {"reason": "The upload was interrupted.", "kind": "interrupted"}
    failures.save(REQUEST, QUEUED.id, old)
    assert read() == old
    upload_failures.save(REQUEST, QUEUED, {"of": "interruption"})
    assert old.items() <= failures.load(REQUEST, QUEUED.id).items()


@pytest.mark.parametrize(
    "cause",
    [
        {"of": "something later"},
        {"of": "content", "finding": {"kind": "format", "later": 1}, "format": "raw"},
        {"of": "checksum", "expected": {"algorithm": "md5", "value": "0", "later": 1}},
        {"of": "glance"},
    ],
)
def test_the_cause_of_a_later_release_is_told_in_its_own_words(cause):
    body = {"reason": "What it says.", "kind": "interrupted"}
    failures.save(REQUEST, QUEUED.id, {**body, upload_failures.CAUSE: cause})
    assert read() == body
