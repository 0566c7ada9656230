# SPDX-License-Identifier: Apache-2.0
from django.core.cache import cache

from helion_images_panel.transfers import failures

REFUSAL = {"reason": "Not a qcow2.", "kind": "format", "actual_format": "raw"}


def test_a_failure_is_kept_for_its_image_until_it_is_forgotten():
    failures.save("one", REFUSAL)
    assert failures.load("one") == REFUSAL
    assert failures.load("two") == {}
    failures.clear("one")
    assert failures.load("one") == {}


def test_what_an_older_release_has_kept_is_no_failure():
    cache.set("helion_images.upload_failure.one", "a text")
    assert failures.load("one") == {}
