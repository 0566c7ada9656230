# SPDX-License-Identifier: Apache-2.0
"""Responses that are not what Glance's and Keystone's APIs promise."""

from types import SimpleNamespace

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import (
    client,
    image_rows,
    images,
    imports,
    members,
    metadefs,
    projects,
    quota,
    stores,
)
from helion_images_panel.core.page import Cursor
from helion_images_panel.exceptions import UnexpectedResponse
from tests import factories

IMAGE_ID = factories.glance_image()["id"]
ODD = (None, "text", 7, [], [{}], [1, "two", None], {}, {"images": {}}, {"images": [1, None, {}]})

READERS = {
    "image": lambda request: images.image_get(request, IMAGE_ID),
    "list": lambda request: image_rows.list_rows(request, {}, Cursor(), 5),
    "formats": images.image_schema,
    "hash": images.hash_algorithm,
    "members": lambda request: members.member_list(request, IMAGE_ID),
    "member": lambda request: members.member_get(request, IMAGE_ID, "p"),
    "received": lambda request: members.received(request, "pending", 5),
    "definitions": metadefs.sections,
    "imports": imports.import_methods,
    "tasks": lambda request: imports.import_tasks(request, IMAGE_ID),
    "stores": stores.store_list,
}


@pytest.fixture
def request_():
    return factories.request(factories.member())


@pytest.fixture
def answer(monkeypatch):
    """Lets Glance answer everything with one body."""

    def set_body(body):
        def respond(*_args, **_kwargs):
            return None, body

        http = SimpleNamespace(get=respond, post=respond, put=respond, patch=respond)
        monkeypatch.setattr(client, "_http", lambda _request: http)

    return set_body


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("name", READERS)
def test_an_odd_body_is_an_error_of_ours(answer, request_, name, body):
    answer(body)
    with pytest.raises(UnexpectedResponse, match="could not be read"):
        READERS[name](request_)


@pytest.mark.parametrize("body", ODD)
def test_a_change_with_an_odd_answer(answer, request_, body):
    answer(body)
    with pytest.raises(UnexpectedResponse):
        images.image_create(request_, {"name": "x"})
    with pytest.raises(UnexpectedResponse):
        images.image_update(request_, IMAGE_ID, {"name": "x"})
    with pytest.raises(UnexpectedResponse):
        members.member_create(request_, IMAGE_ID, "p")


@pytest.mark.parametrize(
    "attribute",
    [
        {"id": 7},
        {"id": ""},
        {"id": "../x"},
        {"name": {"a": 1}},
        {"status": ["active"]},
        {"owner": 3},
        {"size": "many"},
        {"min_disk": {}},
        {"tags": [1, None]},
        {"tags": 5},
        {"stores": ["fast"]},
        {"locations": [1]},
        {"created_at": 5},
    ],
)
def test_an_image_with_a_value_of_another_kind(answer, request_, attribute):
    answer({**factories.glance_image(), **attribute})
    with pytest.raises(UnexpectedResponse):
        images.image_get(request_, IMAGE_ID)


@pytest.mark.parametrize("body", [None, [], {"usage": []}, {"usage": {"image_size_total": 5}}])
def test_a_quota_that_cannot_be_read_is_left_out_and_logged(answer, request_, body, caplog):
    answer(body)
    assert quota.project_quota(request_) is None
    assert len([r for r in caplog.records if "the quota" in r.getMessage()]) == 1


@pytest.mark.parametrize(
    "body",
    [
        None,
        7,
        [],
        {},
        {"projects": None, "domains": None},
        {"projects": [None], "domains": [1, "two"]},
        {"projects": [{}], "domains": [{"name": "n"}]},
        {"projects": [{"id": 3, "name": "n", "domain_id": "d"}], "domains": [{"id": 3}]},
        {
            "projects": [{"id": "1", "name": None, "domain_id": "d"}],
            "domains": [{"id": "1", "name": ["n"]}],
        },
        {"projects": [], "domains": [], "links": "none"},
    ],
)
def test_an_odd_list_of_keystone(monkeypatch, request_, body):
    keystone = SimpleNamespace(
        projects=SimpleNamespace(client=SimpleNamespace(get=lambda _url: (None, body)))
    )
    monkeypatch.setattr(projects, "_keystone", lambda _request: keystone)
    for read in (
        lambda: projects.project_list(request_, "d"),
        lambda: projects.all_projects(request_),
        lambda: projects.projects_now(request_, "d"),
        lambda: projects.projects_named(request_, "n", "d"),
        lambda: projects.domain_list(request_),
    ):
        with pytest.raises(exceptions.ImageServiceError, match="identity service"):
            read()


@pytest.mark.parametrize("found", [None, 7, [None], [1, "two"], [SimpleNamespace(_info={})]])
def test_odd_role_assignments_of_keystone(monkeypatch, request_, found):
    assignments = SimpleNamespace(list=lambda **_kwargs: found)
    keystone = SimpleNamespace(role_assignments=assignments)
    monkeypatch.setattr(projects, "_keystone", lambda _request: keystone)
    with pytest.raises(exceptions.ImageServiceError, match="identity service"):
        projects.admin_roles(request_)
