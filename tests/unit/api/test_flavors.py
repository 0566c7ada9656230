# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

import pytest
import requests
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc

from helion_images_panel.api import flavors, instances
from helion_images_panel.core.flavors import Flavor
from tests import factories

#: As it is without the fixture that keeps other tests from Nova.
LISTED = flavors._listed


class FakeNova:
    """Lists flavors, and counts how often."""

    def __init__(self, found=(), error=None):
        self.found, self.error, self.asked = found, error, 0
        session = SimpleNamespace(session=requests.Session())
        self.client = SimpleNamespace(session=session)
        self.flavors = self

    def list(self):
        self.asked += 1
        if self.error:
            raise self.error
        return self.found


@pytest.fixture
def nova(monkeypatch):
    def install(*found, error=None):
        fake = FakeNova(found, error)
        monkeypatch.setattr(instances._nova, "novaclient", lambda _request: fake)
        monkeypatch.setattr(flavors, "_listed", LISTED)
        return fake

    return install


def flavor(disk, ram):
    return SimpleNamespace(disk=disk, ram=ram)


def test_flavors_are_read_once_for_a_project(nova):
    fake = nova(flavor(20, 2048), flavor(0, 512))
    for _ in range(2):
        found = flavors.usable_flavors(factories.request())
        assert found == [Flavor(20, 2048), Flavor(0, 512)]
    assert fake.asked == 1


def test_another_project_has_others(nova):
    nova(flavor(20, 2048))
    flavors.usable_flavors(factories.request())
    nova(flavor(40, 4096))
    request = factories.request(factories.user(["member"], factories.SIBLING))
    assert flavors.usable_flavors(request) == [Flavor(40, 4096)]


@pytest.mark.parametrize(
    "error", [nova_exc.Forbidden(403), keystone_exc.ConnectFailure(), requests.Timeout()]
)
def test_a_failure_is_cached_too(nova, error):
    """Else each page of an image's details would wait for Nova."""
    fake = nova(error=error)
    for _ in range(2):
        assert flavors.usable_flavors(factories.request()) == []
    assert fake.asked == 1


def test_a_flavor_that_cannot_be_read(nova):
    nova(SimpleNamespace(ram=1))
    assert flavors.usable_flavors(factories.request()) == []


def test_no_compute_service(monkeypatch):
    monkeypatch.setattr(instances, "has_compute", lambda _request: False)
    assert flavors.usable_flavors(factories.request()) == []
