# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from keystoneauth1 import exceptions as keystone_exc
from novaclient import exceptions as nova_exc

from helion_images_panel import exceptions
from helion_images_panel.api import instances
from helion_images_panel.core.uses import Use
from tests import factories

IMAGE_ID = factories.image_id(1)

#: As it is without the fixture that keeps other tests from Nova.
USING = instances.using
USED_IMAGES = instances.used_images


class FakeNova:
    """The one list that is asked for: what was asked, and who has instances."""

    def __init__(self, tenants=(), error=None, body=None):
        self.tenants, self.error, self.body, self.asked = tenants, error, body, []
        self.session = SimpleNamespace(session=requests.Session())
        self.client = self

    def get(self, url):
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        self.asked.append((parts.path, query))
        if self.error:
            raise self.error
        if self.body is not None:
            return None, self.body
        limit = int(query["limit"])
        # Nova names the tenant in the long form alone.
        servers = [
            {"id": str(n), "name": f"vm {n}", **({"tenant_id": tenant} if "detail" in url else {})}
            for n, tenant in enumerate(self.tenants[:limit])
        ]
        links = {"servers_links": [{"rel": "next"}]} if len(servers) == limit else {}
        return None, {"servers": servers, **links}


@pytest.fixture
def nova(monkeypatch):
    def install(**kwargs):
        fake = FakeNova(**kwargs)
        monkeypatch.setattr(instances._nova, "novaclient", lambda _request: fake)
        return fake

    return install


def ask(**kwargs):
    return USING(factories.request(), IMAGE_ID, **kwargs)


def test_a_member_asks_for_their_own_project(nova):
    fake = nova(tenants=[factories.PROJECT] * 2)
    found = ask(everywhere=False)
    assert found.items == tuple(Use(str(n), f"vm {n}", factories.PROJECT) for n in (0, 1))
    assert found.is_complete
    assert fake.asked == [("/servers", {"image": IMAGE_ID, "limit": "100"})]


def test_an_admin_asks_for_all_projects(nova):
    fake = nova(tenants=[factories.SIBLING, factories.FOREIGN])
    assert ask(everywhere=True).by_project == {factories.SIBLING: 1, factories.FOREIGN: 1}
    query = {"image": IMAGE_ID, "limit": "500", "all_tenants": "True"}
    assert fake.asked == [("/servers/detail", query)]


def test_more_than_one_response_holds(nova):
    nova(tenants=[factories.PROJECT] * 101)
    found = ask(everywhere=False)
    assert (len(found), found.is_complete) == (100, False)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (nova_exc.Forbidden(403), "You are not allowed to list instances."),
        (nova_exc.ClientException(500), "The compute service is not responding."),
        (keystone_exc.ConnectFailure("no"), "The compute service is not responding."),
        (requests.ConnectionError("no"), "The compute service is not responding."),
        (AttributeError("versions"), "could not be read"),
        (nova_exc.UnsupportedVersion("no"), "could not be read"),
    ],
)
def test_where_nova_does_not_answer_the_reason_is_known(nova, error, reason):
    nova(error=error)
    with pytest.raises(exceptions.ImageServiceError, match=reason):
        ask(everywhere=False)


@pytest.mark.parametrize("body", [None, [], {}, {"servers": None}, {"servers": [1]}])
def test_what_is_no_list_is_refused(nova, body):
    nova(body=body or ())
    with pytest.raises(exceptions.UnexpectedResponse):
        ask(everywhere=False)


@pytest.mark.parametrize(("services", "expected"), [(("image",), False), (("compute",), True)])
def test_a_cloud_without_compute(services, expected):
    request = factories.request(factories.member(services=services))
    assert instances.has_compute(request) is expected


def test_the_images_of_all_instances_are_read_in_portions(nova):
    rows = [
        {"id": "1", "image": {"id": IMAGE_ID}, "tenant_id": factories.SIBLING, "status": "ACTIVE"},
        {"id": "2", "image": "", "tenant_id": factories.FOREIGN, "status": "SHELVED_OFFLOADED"},
    ]
    fake = nova(body={"servers": rows, "servers_links": [{"rel": "next"}]})
    found = USED_IMAGES(factories.request(), "vm 0", everywhere=True)
    assert found.items == (
        ("1", IMAGE_ID, factories.SIBLING),
        ("2", "", factories.FOREIGN),
    )
    assert (found.shelved_ids, found.marker) == ({"2"}, "2")
    query = {"limit": str(instances.PORTION), "marker": "vm 0", "all_tenants": "True"}
    assert fake.asked == [("/servers/detail", query)]


def test_the_last_portion_of_a_member(nova):
    fake = nova(body={"servers": [], "servers_links": [{"rel": "next"}]})
    assert USED_IMAGES(factories.request(), everywhere=False).marker == ""
    assert fake.asked == [("/servers/detail", {"limit": str(instances.PORTION)})]


@pytest.mark.parametrize(
    "answer",
    [
        {"body": {"servers": [{"id": "1", "image": 3}]}},
        {"body": {}},
        {"body": []},
        {"error": nova_exc.Forbidden(403)},
        {"error": requests.ConnectionError()},
    ],
)
def test_images_of_instances_that_cannot_be_read(nova, answer):
    nova(**answer)
    with pytest.raises(exceptions.ImageServiceError):
        USED_IMAGES(factories.request(), everywhere=False)
