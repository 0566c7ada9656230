# SPDX-License-Identifier: Apache-2.0
"""What is remembered of a Keystone from page to page."""

from __future__ import annotations

import contextlib

import pytest
import requests
from keystoneauth1 import exceptions, session, token_endpoint

from helion_images_panel.api import identity

URL, TOKEN = "http://keystone.example/v3", "of-a-user"

VERSION = {"version": {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": URL}]}}


class Keystone(requests.Session):
    """Answers each request with the same document."""

    def __init__(self, document: object):
        super().__init__()
        self.document = document
        self.asked: list[str] = []

    def request(self, method, url, **_kwargs):
        self.asked.append(f"{method} {url}")
        response = requests.Response()
        response.status_code, response.url = 200, url
        response.headers["Content-Type"] = "application/json"
        response.json = lambda **_kwargs: self.document
        return response


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(identity.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(identity, "_versions", {})
    return now


def page(keystone, *, token=TOKEN, url=URL):
    """What Horizon's frame finds out, with a session of its own on each page."""
    connection = session.Session(token_endpoint.Token(url, token), session=keystone)
    identity._discover_versions(connection)
    return connection.get_endpoint_data(service_type="identity")


def test_versions_are_asked_once_for_all_pages():
    keystone = Keystone(VERSION)
    assert [page(keystone, token=each).api_version for each in ("one", "other")] == [(3, 14)] * 2
    assert len(keystone.asked) == 1


def test_versions_are_asked_again_after_some_minutes(clock):
    keystone = Keystone(VERSION)
    page(keystone)
    clock[0] += identity._VERSIONS_KEPT_S
    page(keystone)
    assert len(keystone.asked) == 2
    assert len(identity._versions) == 1


def test_versions_are_asked_each_time_where_projects_are(settings):
    settings.HELION_IMAGES_PROJECT_CACHE_S = 0
    keystone = Keystone(VERSION)
    for asked in (1, 2):
        assert page(keystone).api_version == (3, 14)
        assert len(keystone.asked) == asked


def test_each_keystone_has_versions_of_its_own():
    keystone = Keystone(VERSION)
    page(keystone)
    page(keystone, url="http://other.example/v3")
    assert len(keystone.asked) == 2


@pytest.mark.parametrize("document", [{}, {"versions": {"values": []}}, {"error": "busy"}])
def test_what_is_no_version_is_not_remembered(document):
    keystone = Keystone(document)
    for _ in range(2):
        before = len(keystone.asked)
        with contextlib.suppress(exceptions.ClientException):
            page(keystone)
        assert len(keystone.asked) > before
