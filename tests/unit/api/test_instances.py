# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

import pytest
import requests
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc

from helion_images_panel.api import instances
from tests import factories

IMAGE_ID = factories.image_id(1)


class FakeNova:
    """The one list that is asked for: what was asked, and who has instances."""

    def __init__(self, tenants=(), error=None):
        self.tenants, self.error, self.asked = tenants, error, []

    def client(self, _request):
        session = SimpleNamespace(session=requests.Session())
        return SimpleNamespace(client=SimpleNamespace(session=session), servers=self)

    def list(self, search_opts, detailed):
        self.asked.append((detailed, dict(search_opts)))
        if self.error:
            raise self.error
        # Nova names the tenant in the long form alone.
        return [
            SimpleNamespace(id=str(n), **({"tenant_id": tenant} if detailed else {}))
            for n, tenant in enumerate(self.tenants[: search_opts["limit"]])
        ]


@pytest.fixture
def nova(monkeypatch):
    def install(**kwargs):
        fake = FakeNova(**kwargs)
        monkeypatch.setattr(instances._nova, "novaclient", fake.client)
        return fake

    return install


def ask(**kwargs):
    return instances.projects_using(factories.request(), IMAGE_ID, limit=100, **kwargs)


def test_a_member_asks_for_their_own_project(nova):
    fake = nova(tenants=[factories.PROJECT] * 2)
    assert ask(everywhere=False) == [factories.PROJECT] * 2
    assert fake.asked == [(False, {"image": IMAGE_ID, "limit": 100})]


def test_an_admin_asks_for_all_projects(nova):
    fake = nova(tenants=[factories.SIBLING, factories.FOREIGN])
    assert ask(everywhere=True) == [factories.SIBLING, factories.FOREIGN]
    assert fake.asked == [(True, {"image": IMAGE_ID, "limit": 100, "all_tenants": True})]


@pytest.mark.parametrize(
    "error",
    [
        nova_exc.Forbidden(403),
        nova_exc.ClientException(500),
        keystone_exc.ConnectFailure("no"),
        requests.ConnectionError("no"),
        AttributeError("versions"),
        nova_exc.UnsupportedVersion("no"),
    ],
)
def test_where_nova_does_not_answer_nobody_knows(nova, error):
    nova(error=error)
    assert ask(everywhere=False) is None


@pytest.mark.parametrize(("services", "expected"), [(("image",), False), (("compute",), True)])
def test_a_cloud_without_compute(services, expected):
    request = factories.request(factories.member(services=services))
    assert instances.has_compute(request) is expected
