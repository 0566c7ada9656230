# SPDX-License-Identifier: Apache-2.0
"""A Horizon site whose Glance and Keystone are in memory, and nothing else of a cloud."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
import requests
import yaml
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string
from openstack_auth import policy as auth_policy

from helion_images_panel import policy_results
from helion_images_panel.api import client as glance_client
from helion_images_panel.api import flavors, hosts, identity, instances, projects, volumes
from helion_images_panel.core.uses import UsedImages, Uses
from tests.unit.fakes import FakeGlance, FakeKeystone

# The same examples in each run, on a busy machine too: a test fails for its code alone.
# Change `derandomize` to search for further examples.
hypothesis.settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("repeatable")

# Horizon reads its files of rules, 440 kB, with a parser in Python, and tests of policy have it
# read them again and again.
auth_policy.yaml = SimpleNamespace(
    safe_load=functools.partial(yaml.load, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)),
    YAMLError=yaml.YAMLError,
)


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    monkeypatch.setattr(policy_results, "_kept", policy_results._Kept(None, 0))
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that reaches for the network, even where the code swallows the error."""
    reached: list[str] = []

    def send(_adapter: Any, prepared: requests.PreparedRequest, **_kwargs: Any) -> Any:
        reached.append(str(prepared.url))
        raise requests.ConnectionError("The unit tests have no network.")

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    yield
    assert reached == []


@pytest.fixture(autouse=True)
def _user_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Policy asks the session for the user; `factories.request` says who it is."""
    monkeypatch.setattr("openstack_auth.utils.get_user", lambda request: request.user)


@pytest.fixture(autouse=True)
def _frame_without_keystone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Horizon's frame of a page asks Keystone, which the fake one does not answer."""
    monkeypatch.setattr(identity, "prepare_page", lambda request, has_frame: None)


@pytest.fixture(autouse=True)
def _without_flavors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compute service of the catalogue has none."""
    monkeypatch.setattr(flavors, "_listed", lambda _request: [])


@pytest.fixture(autouse=True)
def _without_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows none of its hosts."""
    monkeypatch.setattr(hosts, "_listed", lambda _request: {"hypervisors": []})


@pytest.fixture(autouse=True)
def _without_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor an instance or a volume of any image."""
    for service in (instances, volumes):
        monkeypatch.setattr(service, "using", lambda _request, _image_id, *, everywhere: Uses())
        monkeypatch.setattr(
            service, "used_images", lambda _request, _marker="", *, everywhere: UsedImages()
        )


@pytest.fixture
def glance(monkeypatch: pytest.MonkeyPatch) -> FakeGlance:
    fake = FakeGlance()
    monkeypatch.setattr(glance_client, "_http", fake.http)
    return fake


@pytest.fixture
def keystone(monkeypatch: pytest.MonkeyPatch) -> FakeKeystone:
    fake = FakeKeystone()
    monkeypatch.setattr(projects, "_keystone", fake.client)
    return fake


@pytest.fixture
def without_md5(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python in FIPS mode: hashlib lists MD5, and refuses it."""
    new = hashlib.new

    def refusing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.lower() == "md5":
            raise ValueError("[digital envelope routines] unsupported")
        return new(name, *args, **kwargs)

    monkeypatch.setattr(hashlib, "new", refusing)


class Browser(Client):
    """Django's test client, logged in as whomever `login_as` names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        super().__init__()
        self.monkeypatch = monkeypatch

    def login_as(self, person: Any, **session: Any) -> Browser:
        self.monkeypatch.setattr("openstack_auth.utils.get_user", lambda _request: person)
        if session:
            store = self.session
            store.update(session)
            store.save()
        return self


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, glance: FakeGlance, keystone: FakeKeystone) -> Browser:
    # Panels of others that ask their services whether to show in the navigation.
    for panel in settings.TEST_GLOBAL_MOCKS_ON_PANELS.values():
        owner, method = panel["method"].rsplit(".", 1)
        monkeypatch.setattr(import_string(owner), method, lambda *_args, **_kwargs: False)
    return Browser(monkeypatch)
