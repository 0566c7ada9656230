# SPDX-License-Identifier: Apache-2.0
"""What the dashboard learns of the cloud's import plugins."""

import pytest
from django.core.cache import cache

from helion_images_panel.core.requested import Requested, requested_property
from helion_images_panel.transfers import conversion
from tests import factories


@pytest.fixture
def request_():
    return factories.request()


def image(requested, **attributes):
    id_ = factories.image_id()
    fields = {"disk_format": "raw", "created_at": factories.ago(hours=1), **attributes}
    return factories.image(id=id_, **fields, **requested_property(id_, requested))


CONVERTED = Requested("url", "qcow2/bare")


def test_nothing_is_known_at_first(request_):
    assert not conversion.is_seen(request_)


@pytest.mark.parametrize("source", ["url", "archive-url", "staged"])
def test_a_converted_image_shows_it(request_, source):
    conversion.notice(request_, image(Requested(source, "qcow2/bare")))
    assert conversion.is_seen(request_)


@pytest.mark.parametrize(
    ("requested", "attributes"),
    [
        (Requested("url", "raw/bare"), {}),
        (Requested("staged", "raw/bare"), {}),
        (Requested.of_file(), {}),
        (CONVERTED, {"created_at": factories.ago(days=31)}),
        (CONVERTED, {"created_at": None}),
        # Any member may change the formats of an image that has no data.
        (CONVERTED, {"status": "queued"}),
        (CONVERTED, {"checksum": None, "os_hash_value": None}),
        (CONVERTED, {"created_at": "yesterday"}),
    ],
)
def test_another_image_shows_nothing(request_, requested, attributes):
    conversion.notice(request_, image(requested, **attributes))
    assert not conversion.is_seen(request_)


def test_an_image_without_a_record_shows_nothing(request_):
    conversion.notice(request_, factories.image(disk_format="raw"))
    assert not conversion.is_seen(request_)


def test_it_is_known_as_long_as_the_newest_of_them_is_new(request_, monkeypatch):
    kept = []
    set_ = cache.set
    monkeypatch.setattr(
        cache, "set", lambda key, value, for_s: kept.append(for_s) or set_(key, value, for_s)
    )
    for days in (20, 1, 10, 1):
        conversion.notice(request_, image(CONVERTED, created_at=factories.ago(days=days)))
    day = 24 * 3600
    assert [round(for_s / day) for for_s in kept] == [10, 29]
    assert conversion.is_seen(request_)


def test_each_region_has_its_own(request_, monkeypatch):
    conversion.notice(request_, image(CONVERTED))
    monkeypatch.setattr(conversion, "cache_key", lambda _request, name: f"elsewhere.{name}")
    assert not conversion.is_seen(request_)
