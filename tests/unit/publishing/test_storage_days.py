# SPDX-License-Identifier: Apache-2.0
"""The lifecycle command goes on with figures that an admin's look has begun."""

from datetime import UTC, datetime, timedelta

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import storage_days as stored
from helion_images_panel.core.storage_days import DayFigures
from helion_images_panel.core.stored_rules import ALL_DOMAINS
from helion_images_panel.publishing import storage_days
from tests import factories

NOW = datetime(2026, 11, 30, 3, 41, tzinfo=UTC)
BEFORE = DayFigures("2026-11-29", 1, 1)


@pytest.fixture
def request_(glance, keystone):
    return factories.request(factories.cloud_admin())


def days(request, domain_id):
    return stored.days_get(request, domain_id)


@pytest.fixture
def begun(request_):
    """Yesterday's figures of a domain and of all domains."""
    for domain_id in (factories.DOMAIN, ALL_DOMAINS):
        stored.add_day(request_, domain_id, BEFORE)


def test_without_a_look_no_image_is_read(glance, request_):
    glance.add(size=5)
    assert storage_days.record(request_, NOW) == 0
    assert glance.listed() == []
    assert glance.metadefs == {}


@pytest.mark.usefixtures("begun")
def test_today_is_added(glance, request_):
    glance.add(size=5)
    glance.add(size=6, os_hidden=True, owner=factories.SIBLING)
    glance.add(size=7, visibility="public", owner=factories.FOREIGN)
    glance.add(**factories.deleted(size=8))
    assert storage_days.record(request_, NOW) == 2
    assert days(request_, factories.DOMAIN) == (BEFORE, DayFigures("2026-11-30", 2, 11))
    assert days(request_, ALL_DOMAINS) == (BEFORE, DayFigures("2026-11-30", 3, 18))
    # Once a day.
    calls = len(glance.listed())
    assert storage_days.record(request_, NOW + timedelta(hours=3)) == 0
    assert len(glance.listed()) == calls


@pytest.mark.usefixtures("begun")
def test_one_domain(glance, request_):
    glance.add(size=5)
    assert storage_days.record(request_, NOW, [factories.DOMAIN]) == 1
    assert len(days(request_, ALL_DOMAINS)) == 1


@pytest.mark.usefixtures("begun")
def test_what_is_not_signed_for_the_domain_is_left(glance, request_):
    text = glance.metadefs["helion_storage_of_all_domains"]["properties"]["days"]["description"]
    namespace = glance.metadefs[f"helion_storage_{factories.DOMAIN}"]
    namespace["properties"]["days"]["description"] = text
    assert storage_days.record(request_, NOW) == 1
    assert namespace["properties"]["days"]["description"] == text


@pytest.mark.usefixtures("begun")
def test_images_that_cannot_be_listed(glance, request_):
    glance.failing["GET /v2/images"] = exceptions.ImageServiceError("Gone.", 503)
    with pytest.raises(exceptions.ImageServiceError):
        storage_days.record(request_, NOW)
    assert days(request_, ALL_DOMAINS) == (BEFORE,)
