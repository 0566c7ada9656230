# SPDX-License-Identifier: Apache-2.0
import pytest
from django.core.cache import cache

from helion_images_panel.api import client
from helion_images_panel.transfers import failures
from tests import factories

REFUSAL = {"reason": "Not a qcow2.", "kind": "format", "actual_format": "raw"}


@pytest.fixture
def request_():
    return factories.request()


def test_a_failure_is_kept_for_its_image_until_it_is_forgotten(request_):
    failures.save(request_, "one", REFUSAL)
    assert failures.load(request_, "one") == REFUSAL
    assert failures.load(request_, "two") == {}
    failures.clear(request_, "one")
    assert failures.load(request_, "one") == {}


def test_what_an_older_release_has_kept_is_no_failure(request_):
    cache.set(client.image_cache_key(request_, "upload_failure", "one"), "a text")
    assert failures.load(request_, "one") == {}
