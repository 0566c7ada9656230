# SPDX-License-Identifier: Apache-2.0
"""A cache that fails: as one that is empty."""

import logging
import re
from pathlib import Path

import pytest
from django.core.cache import cache as django_cache
from openstack_dashboard.api import base

import helion_images_panel
from helion_images_panel.api import cache, members, metadefs, projects
from tests import factories


@pytest.fixture
def broken(monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(django_cache, name, fail)
    monkeypatch.setattr(cache, "_warned_at", -cache.WARNED_EVERY_S)


def test_what_is_kept_is_known_until_it_is_dropped():
    cache.set("one", (1, "a"), 60)
    assert (cache.get("one"), cache.get("two")) == ((1, "a"), None)
    cache.delete("one")
    assert cache.get("one") is None


def test_what_is_recent_is_fetched_once():
    fetched = iter([[], ["two"], None, "four", "five"])
    for key, values in {
        "one": [[], []],
        "two": [["two"]] * 2,
        "three": [None, "four", "four"],
    }.items():
        assert [cache.recent(key, 60, lambda: next(fetched)) for _ in values] == values


def test_what_is_recent_is_fetched_each_time_without_a_cache(broken):
    fetched = iter("ab")
    assert [cache.recent("one", 60, lambda: next(fetched)) for _ in range(2)] == ["a", "b"]


def test_only_the_first_claims():
    assert [cache.acquire("one", 60), cache.acquire("one", 60)] == [True, False]
    cache.delete("one")
    assert cache.acquire("one", 60)


def test_a_cache_that_fails_is_an_empty_one(broken, monkeypatch):
    cache.set("one", 1, 60)
    cache.delete("one")
    assert (cache.get("one"), cache.acquire("one", 60), cache.acquire("one", 60)) == (
        None,
        True,
        True,
    )


def test_what_needs_a_cache_is_told_that_it_fails(broken, caplog):
    with pytest.raises(cache.CacheUnavailable), cache.required() as backend:
        backend.get("one")
    assert "No space left on device" in caplog.text


def test_it_is_said_once_in_a_while(broken, caplog, monkeypatch):
    clock = iter([100.0, 101.0, 100.0 + cache.WARNED_EVERY_S])
    monkeypatch.setattr(cache.time, "monotonic", lambda: next(clock))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            cache.get("one")
    assert len(caplog.messages) == 2
    assert "No space left on device" in caplog.text


def test_projects_members_and_definitions_are_read_without_it(broken, glance, keystone):
    request = factories.request(factories.cloud_admin())
    assert projects.project_list(request, factories.DOMAIN)
    assert projects.project_get(request, factories.PROJECT)
    assert members.received_by_admin(request, 5).images == ()
    assert metadefs.sections(request) == ()


def test_each_keystone_and_each_glance_has_keys_of_its_own(glance, keystone, monkeypatch):
    """The regions of a dashboard may have the same IDs, such as that of the domain Default."""
    request = factories.request(factories.cloud_admin())
    first = projects.project_list(request, factories.DOMAIN)
    definitions = metadefs.sections(request)
    keystone.projects.clear()
    glance.metadefs["other"] = {"properties": {"one": {"type": "string"}}}
    monkeypatch.setattr(request.user, "endpoint", "http://other.example/v3")
    assert first
    assert projects.project_list(request, factories.DOMAIN) == []
    assert metadefs.sections(request) == definitions
    monkeypatch.setattr(base, "url_for", lambda _request, _service: "http://other.example")
    assert metadefs.sections(request) != definitions


def test_every_key_is_made_where_its_region_or_session_is_added():
    """All others are made by `client.cache_key`, by Glance, or `projects._cached`, by Keystone."""
    package = Path(helion_images_panel.__file__).parent
    made = {
        (str(path.relative_to(package)), key)
        for path in package.rglob("*.py")
        for key in re.findall(r'"helion_images\.([^"]*)"', path.read_text())
    }
    assert made == {
        ("api/client.py", "{name}."),
        ("api/projects.py", "{quote(key, safe='')[:150]}.{identity.endpoint_key(request)}"),
        ("ui/base/json_views.py", "refreshed.{name}"),
        ("ui/base/merged_session.py", "session.{name}"),
        # How many checks a user has made, in whichever region.
        ("transfers/url_check.py", "url_check.{user_id}.{number}"),
        # What a server has said to a user, whichever region imports from it.
        ("transfers/import_size.py", "url_size.{name}"),
        # What a file itself says.
        ("transfers/import_size.py", "url_virtual.{name}"),
        # Of publishers, who are the same in each region.
        ("catalogue/cached_builds.py", "catalogue_builds"),
        ("catalogue/cached_builds.py", "catalogue_lookup"),
        # Of a text that is signed for one request.
        ("ui/transfers/probe.py", "probe.{name}"),
    }
