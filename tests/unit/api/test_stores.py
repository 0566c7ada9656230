# SPDX-License-Identifier: Apache-2.0
import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import client, stores
from helion_images_panel.api.stores import Store
from tests import factories
from tests.unit import fakes

STORES = [
    {"id": "fast", "description": "On fast disks", "default": "true"},
    {"id": "archive"},
    {"id": "web", "description": "To read from", "read-only": "true"},
]


@pytest.fixture
def request_():
    return factories.request()


def test_store_list(glance, request_):
    glance.stores = STORES
    assert stores.store_list(request_) == (
        Store("fast", "On fast disks", is_default=True),
        Store("archive"),
        Store("web", "To read from", is_read_only=True),
    )


@pytest.mark.parametrize("status", [403, 404])
def test_a_glance_with_a_nameless_store_has_none(glance, request_, status):
    glance.failing["GET /v2/info/stores"] = fakes.refusal(status, "no")
    assert stores.store_list(request_) == ()


def test_stores_are_cached_for_everybody(glance, request_):
    glance.stores = STORES
    stores.store_list(request_)
    stores.store_list(factories.request(factories.reader()))
    assert [call.path for call in glance.calls] == ["/v2/info/stores"]


def test_that_there_are_none_is_cached_too(glance, request_):
    stores.store_list(request_)
    stores.store_list(request_)
    assert len(glance.calls) == 1


def test_a_failure_is_not_cached(glance, request_):
    glance.failing["GET /v2/info/stores"] = fakes.refusal(500, "no")
    with pytest.raises(exceptions.ImageServiceError):
        stores.store_list(request_)
    glance.failing.clear()
    glance.stores = STORES
    assert len(stores.store_list(request_)) == 3


def test_each_region_has_its_own_stores(glance, request_, monkeypatch):
    glance.stores = STORES
    stores.store_list(request_)
    monkeypatch.setattr(client.base, "url_for", lambda *_args: "http://image.elsewhere.example")
    glance.stores = STORES[:1]
    assert [store.id for store in stores.store_list(request_)] == ["fast"]


def test_copy_to_stores(glance, request_):
    image_id = glance.add()["id"]
    stores.copy_to_stores(request_, image_id, ["archive", "vault"])
    (call,) = glance.calls
    assert (call.method, call.path) == ("POST", f"/v2/images/{image_id}/import")
    assert call.body == {
        "method": {"name": "copy-image"},
        "stores": ["archive", "vault"],
        "all_stores_must_succeed": False,
    }


def test_remove_from_store(glance, request_):
    image = glance.add(stores="fast,archive")
    stores.remove_from_store(request_, image["id"], "archive")
    assert image["stores"] == "fast"
    assert glance.calls[-1].path == f"/v2/stores/archive/{image['id']}"


def test_the_last_copy_stays(glance, request_):
    image = glance.add(stores="fast")
    with pytest.raises(exceptions.ImageForbidden, match="only store"):
        stores.remove_from_store(request_, image["id"], "fast")


def test_a_store_name_stays_one_part_of_the_path(glance, request_):
    image = glance.add(stores="a/b,fast")
    stores.remove_from_store(request_, image["id"], "a/b")
    assert glance.calls[-1].path == f"/v2/stores/a%2Fb/{image['id']}"


def test_what_is_no_image_id_never_gets_to_glance(glance, request_):
    for act in (
        lambda: stores.remove_from_store(request_, "../x", "fast"),
        lambda: stores.copy_to_stores(request_, "../x", ["fast"]),
    ):
        with pytest.raises(exceptions.ImageNotFound):
            act()
    assert glance.calls == []
