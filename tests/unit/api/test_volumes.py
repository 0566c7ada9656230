# SPDX-License-Identifier: Apache-2.0
"""Volumes of an image, from a Cinder that filters them, and from one that does not."""

import json

import pytest
import requests
from keystoneauth1 import exceptions as keystone_exc

from helion_images_panel import exceptions
from helion_images_panel.api import identity, volumes
from helion_images_panel.core.uses import Use
from tests import factories

IMAGE_ID, OTHER_ID = factories.image_id(1), factories.image_id(2)

#: As it is without the fixture that keeps other tests from Cinder.
USING = volumes.using
USED_IMAGES = volumes.used_images

TENANT = "os-vol-tenant-attr:tenant_id"


class FakeCinder:
    """The list of volumes, as Cinder returns it; `refuses` is its status for the filter."""

    def __init__(self, *rows, refuses=None, status=200, error=None, body=None):
        self.rows, self.refuses, self.status = list(rows), refuses, status
        self.error, self.body, self.asked = error, body, []

    def get(self, url, params, headers, authenticated, raise_exc):
        assert (authenticated, raise_exc) == (False, False)
        assert headers["X-Auth-Token"] == "token-of-the-test"
        assert url == "http://volumev3.example/volumes/detail"
        self.asked.append((dict(params), headers.get("OpenStack-API-Version")))
        if self.error:
            raise self.error
        if "glance_metadata" in params and self.refuses:
            return self._response(self.refuses, {"badRequest": {"message": "Invalid filters"}})
        found = self.rows
        if "glance_metadata" in params:
            image_id = json.loads(params["glance_metadata"])["image_id"]
            found = [row for row in found if row.get("_image") == image_id]
        shown = found[: params["limit"]]
        links = {"volumes_links": [{"rel": "next"}]} if len(shown) == params["limit"] else {}
        rows = [{key: value for key, value in row.items() if key != "_image"} for row in shown]
        return self._response(self.status, self.body or {"volumes": rows, **links})

    def _response(self, status, body):
        response = requests.Response()
        response.status_code = status
        response._content = json.dumps(body).encode()
        return response


@pytest.fixture
def cinder(monkeypatch):
    def install(*rows, **kwargs):
        fake = FakeCinder(*rows, **kwargs)
        monkeypatch.setattr(identity, "session", lambda _request: fake)
        return fake

    return install


def volume(number, image_id=IMAGE_ID, project_id=factories.PROJECT, shows_image=True, **rest):
    metadata = {"volume_image_metadata": {"image_id": image_id}} if image_id else {}
    return {
        "id": str(number),
        "name": f"disk {number}",
        "bootable": "true" if image_id else "false",
        TENANT: project_id,
        "_image": image_id,
        **(metadata if shows_image else {}),
        **rest,
    }


def ask(request=None, image_id=IMAGE_ID, everywhere=False):
    return USING(request or factories.request(), image_id, everywhere=everywhere)


def test_an_admin_asks_for_all_projects(cinder):
    fake = cinder(volume(1), volume(2, project_id=factories.FOREIGN), volume(3, OTHER_ID))
    assert ask(everywhere=True).items == (
        Use("1", "disk 1", factories.PROJECT),
        Use("2", "disk 2", factories.FOREIGN),
    )
    [(query, version)] = fake.asked
    assert query == {
        "glance_metadata": f'{{"image_id": "{IMAGE_ID}"}}',
        "all_tenants": 1,
        "limit": 500,
    }
    assert version == "volume 3.31"


@pytest.mark.parametrize("status", [400, 406])
def test_where_the_filter_is_refused_the_volumes_are_compared_here(cinder, status):
    """400 for a member, by Cinder's own settings; 406 of a Cinder from before 2017."""
    fake = cinder(volume(1), volume(2, OTHER_ID), volume(3, None), refuses=status)
    found = ask()
    assert found.items == (Use("1", "disk 1", factories.PROJECT),)
    assert found.is_complete
    assert [version for _query, version in fake.asked] == ["volume 3.31", None]
    assert fake.asked[1][0] == {"limit": 1000}


def test_volumes_that_are_compared_here_are_read_once_for_several_images(cinder):
    fake = cinder(volume(1), volume(2, OTHER_ID), refuses=400)
    request = factories.request()
    assert [len(ask(request, image_id)) for image_id in (IMAGE_ID, OTHER_ID)] == [1, 1]
    assert [query["limit"] for query, _version in fake.asked] == [100, 1000, 100]


def test_more_than_one_response_holds(cinder):
    cinder(*(volume(number) for number in range(101)))
    found = ask()
    assert (len(found), found.is_complete) == (100, False)
    cinder(*(volume(number, OTHER_ID) for number in range(1001)), refuses=400)
    found = ask()
    assert (len(found), found.is_complete) == (0, False)


def test_a_cloud_may_hide_the_metadata(cinder):
    """Then nothing is certain, unless Cinder itself has filtered."""
    cinder(volume(1, shows_image=False), volume(2, OTHER_ID, shows_image=False), refuses=400)
    assert (len(ask()), ask().is_complete) == (0, False)
    cinder(volume(1, shows_image=False), volume(2, OTHER_ID, shows_image=False))
    assert (len(ask()), ask().is_complete) == (1, True)


def test_a_volume_whose_project_is_hidden_is_not_counted_for_all(cinder):
    cinder({**volume(1), TENANT: None}, volume(2))
    found = ask(everywhere=True)
    assert ([use.id for use in found.items], found.is_complete) == (["2"], False)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status": 403}, "You are not allowed to list volumes."),
        ({"status": 500}, "The volume service is not responding."),
        ({"status": 404}, "The volume service is not responding."),
        ({"error": keystone_exc.ConnectFailure("no")}, "The volume service is not responding."),
        ({"body": {"volumes": None}}, "could not be read"),
        ({"body": {"volumes": [{"name": "x", "volume_image_metadata": 1}]}}, "could not be read"),
        ({"body": ["x"]}, "could not be read"),
    ],
)
def test_where_cinder_does_not_answer_the_reason_is_known(cinder, answer, reason):
    cinder(**answer)
    with pytest.raises(exceptions.ImageServiceError, match=reason):
        ask()


@pytest.mark.parametrize(
    ("services", "expected"),
    [(("image",), False), (("volumev3",), True), (("block-storage",), True)],
)
def test_a_cloud_without_volumes(services, expected):
    request = factories.request(factories.member(services=services))
    assert volumes.has_volumes(request) is expected


def test_the_images_of_all_volumes_are_read_in_portions(cinder, monkeypatch):
    monkeypatch.setattr(volumes, "PORTION", 2)
    fake = cinder(volume(1), volume(2, None, factories.FOREIGN))
    found = USED_IMAGES(factories.request(), "0", everywhere=True)
    assert found.items == (("1", IMAGE_ID, factories.PROJECT), ("2", "", factories.FOREIGN))
    assert (found.marker, found.is_complete) == ("2", True)
    assert fake.asked == [({"limit": 2, "marker": "0", "all_tenants": 1}, None)]


@pytest.mark.parametrize(
    ("rows", "everywhere"),
    [
        ([volume(1, shows_image=False)], False),
        ([{"id": "1", "bootable": "false"}], True),
    ],
    ids=["images are not shown", "projects are not shown"],
)
def test_volumes_that_do_not_tell(cinder, rows, everywhere):
    cinder(*rows)
    assert not USED_IMAGES(factories.request(), everywhere=everywhere).is_complete


@pytest.mark.parametrize("answer", [{"status": 403}, {"status": 500}, {"body": {"volumes": 3}}])
def test_images_of_volumes_that_cannot_be_read(cinder, answer):
    cinder(**answer)
    with pytest.raises(exceptions.ImageServiceError):
        USED_IMAGES(factories.request(), everywhere=False)
