# SPDX-License-Identifier: Apache-2.0
import json
from types import SimpleNamespace

import pytest
import requests
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc

from helion_images_panel.api import hosts, instances
from tests import factories

#: As it is without the fixture that keeps other tests from Nova.
LISTED = hosts._listed


class FakeNova:
    """Lists hosts, and counts how often."""

    def __init__(self, found=(), error=None, links=()):
        self.error, self.asked = error, []
        self.body = {"hypervisors": list(found)}
        if links:
            self.body["hypervisors_links"] = list(links)
        self.client = SimpleNamespace(
            session=SimpleNamespace(session=requests.Session()), get=self.get
        )

    def get(self, path):
        self.asked.append(path)
        if self.error:
            raise self.error
        return None, self.body


@pytest.fixture
def nova(monkeypatch):
    def install(*found, **options):
        fake = FakeNova(found, **options)
        monkeypatch.setattr(instances._nova, "novaclient", lambda _request, _version: fake)
        monkeypatch.setattr(hosts, "_listed", LISTED)
        return fake

    return install


def host(arch):
    return {"hypervisor_hostname": "one", "cpu_info": {"arch": arch, "vendor": "x"}}


def known(may_list=True):
    return hosts.host_architectures(factories.request(), may_list)


def test_the_setting_decides_alone(nova, settings):
    fake = nova(host("x86_64"))
    settings.HELION_IMAGES_ARCHITECTURES = ("AMD64", "aarch64", "nonsense")
    assert known() == ("x86_64", "aarch64")
    assert fake.asked == []


def test_a_user_who_may_list_hosts_shows_them_to_all(nova):
    fake = nova(host("x86_64"), host("aarch64"), host("x86_64"))
    assert known(may_list=False) == ()
    assert fake.asked == []
    assert known() == ("aarch64", "x86_64")
    assert fake.asked == ["/os-hypervisors/detail?limit=1000"]
    assert known(may_list=False) == ("aarch64", "x86_64")
    assert known() == ("aarch64", "x86_64")
    assert len(fake.asked) == 1


def test_older_releases_of_nova_have_text(nova):
    nova({"cpu_info": json.dumps({"arch": "x86_64"})})
    assert known() == ("x86_64",)


@pytest.mark.parametrize(
    "found",
    [
        [],
        [{"cpu_info": {}}],
        [{"cpu_info": ""}],
        [{"cpu_info": None}],
        [{}],
        [host("riscv128")],
        # Bare metal beside others: which architecture it has is not known.
        [host("x86_64"), {"cpu_info": {}}],
    ],
)
def test_hosts_without_an_architecture(nova, found):
    fake = nova(*found)
    for _ in range(2):
        assert known() == ()
    assert len(fake.asked) == 1


def test_a_cloud_of_more_hosts_than_a_response_has(nova):
    nova(host("x86_64"), links=[{"rel": "next", "href": "…"}])
    assert known() == ()


@pytest.mark.parametrize(
    "error",
    [
        nova_exc.Forbidden(403),
        nova_exc.NotAcceptable(406),
        keystone_exc.ConnectFailure(),
        requests.Timeout(),
        KeyError("hypervisors"),
    ],
)
def test_a_failure_keeps_what_is_known(nova, error):
    nova(host("x86_64"))
    assert known() == ("x86_64",)
    hosts.cache.delete(hosts.client.cache_key(factories.request(), "hosts") + ".read")
    fake = nova(error=error)
    for _ in range(2):
        assert known() == ("x86_64",)
    assert len(fake.asked) == 1


def test_no_compute_service(monkeypatch):
    monkeypatch.setattr(instances, "has_compute", lambda _request: False)
    assert known() == ()
