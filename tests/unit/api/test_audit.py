# SPDX-License-Identifier: Apache-2.0
"""Every change that the API layer makes is an entry in the operation log."""

import json
import logging
import re
from types import SimpleNamespace

import pytest

from helion_images_panel import exceptions
from helion_images_panel.api import images, imports, members, staging, stores
from helion_images_panel.api.parallel import in_parallel
from helion_images_panel.core.publication import CLOUD, Publication, publication_property
from tests import factories
from tests.unit import fakes

LOGGER = "horizon.operation_log.helion_images"
FIELD = r"\[([^][]*)\]"
LINE = re.compile(" ".join([FIELD] * 13) + r" \[(\{[^][]*\})\]")


@pytest.fixture
def log(settings, caplog):
    """The entries so far, as they were written."""
    settings.OPERATION_LOG_ENABLED = True
    caplog.set_level(logging.INFO, LOGGER)
    return lambda: [record.getMessage() for record in caplog.records if record.name == LOGGER]


@pytest.fixture
def request_():
    request = factories.request()
    request.META = {"REMOTE_ADDR": "192.0.2.7", "HTTP_REFERER": "http://dash/project/images/?x=1"}
    request.path, request.method, request.scheme = "/project/images/", "POST", "https"
    return request


def change(line):
    return json.loads(LINE.fullmatch(line)[14])


def test_a_line_has_the_fields_of_horizons_own(glance, log, request_):
    image = glance.add(name="web")
    images.image_get(request_, image["id"])
    images.image_update(request_, image["id"], {"protected": True})
    (line,) = log()
    user = request_.user
    assert LINE.fullmatch(line).groups()[:13] == (
        "192.0.2.7", "Acme", factories.DOMAIN, "web", factories.PROJECT, "kim", user.id, "https",
        "/project/images/", "/project/images/", f"success: image_update {image['id']}", "POST", "-",
    )  # fmt: skip
    assert change(line) == {
        "action": "image_update",
        "image_id": image["id"],
        "image_name": "web",
        "owner": factories.PROJECT,
        "before": {"protected": False},
        "after": {"protected": True},
        "result": "success",
    }


def test_the_operators_own_format_and_masks_hold(glance, log, request_, settings):
    settings.OPERATION_LOG_OPTIONS = {
        "format": "%(user_id)s %(param)s",
        "mask_fields": ["os_admin_user"],
    }
    image = glance.add()
    images.image_update(request_, image["id"], {"os_admin_user": "root"})
    who, _space, told = log()[0].partition(" ")
    assert who == request_.user.id
    assert json.loads(told)["after"] == {"os_admin_user": "********"}


def test_it_is_off_where_the_operation_log_is_off(glance, log, request_, settings):
    settings.OPERATION_LOG_ENABLED = False
    images.image_delete(request_, glance.add()["id"])
    assert log() == []


CHANGES = {
    "image_create": lambda request, _id: images.image_create(request, {"name": "new"}),
    "image_update": lambda request, id_: images.image_update(request, id_, {"name": "new"}),
    "image_delete": images.image_delete,
    "image_deactivate": images.image_deactivate,
    "image_reactivate": images.image_reactivate,
    "image_upload": lambda request, id_: images.image_upload(request, id_, [b"data"]),
    "image_stage": lambda request, id_: staging.image_stage(request, id_, [b"data"]),
    "import_staged": staging.import_staged,
    "image_add_location": lambda request, id_: images.image_add_location(
        request, id_, "https://kim:pass@example.com/a"
    ),
    "import_from_url": lambda request, id_: imports.import_from_url(
        request, id_, "https://kim:pass@example.com/a?sig=s3cret"
    ),
    "copy_to_stores": lambda request, id_: stores.copy_to_stores(request, id_, ["slow"]),
    "remove_from_store": lambda request, id_: stores.remove_from_store(request, id_, "fast"),
    "member_create": lambda request, id_: members.member_create(request, id_, "p9"),
    "member_update": lambda request, id_: members.member_update(request, id_, "p1", "accepted"),
    "member_delete": lambda request, id_: members.member_delete(request, id_, "p1"),
}


@pytest.fixture
def answering(glance, monkeypatch):
    """A Glance that takes members, uploads and imports as well."""
    http = fakes.FakeHttp

    def answered(*_args, **_kwargs):
        return None, {"member_id": "p9", "status": "pending"}

    posted, deleted = http.post, http.delete

    def post(self, path, data=None):
        return answered() if path.endswith("/members") else posted(self, path, data)

    def delete(self, path):
        return answered() if "/members/" in path else deleted(self, path)

    monkeypatch.setattr(http, "post", post)
    monkeypatch.setattr(http, "put", answered)
    monkeypatch.setattr(http, "delete", delete)
    monkeypatch.setattr(http, "_import", answered)
    return glance


@pytest.mark.parametrize("action", CHANGES)
def test_every_change_is_recorded_once(answering, log, request_, action):
    image = answering.add(stores="fast,slow")
    CHANGES[action](request_, image["id"])
    (line,) = log()
    found = change(line)
    assert (found["action"], found["result"]) == (action, "success")
    if action != "image_create":
        assert found["image_id"] == image["id"]
    assert found["before"] or found["after"]
    assert request_.user.token.id not in line
    assert "pass" not in line.replace("password", "")
    assert "s3cret" not in line


def test_a_refusal_is_recorded_with_its_reason(glance, log, request_):
    image = glance.add(name="kept")
    images.image_get(request_, image["id"])
    glance.failing[f"DELETE /v2/images/{image['id']}"] = fakes.refusal(403, "It is protected.")
    with pytest.raises(exceptions.ImageForbidden):
        images.image_delete(request_, image["id"])
    (line,) = log()
    assert change(line)["result"] == "failure"
    assert change(line)["reason"] == "It is protected."
    assert change(line)["image_name"] == "kept"
    assert LINE.fullmatch(line)[13] == "403"


def test_an_unknown_error_is_recorded_by_its_kind_alone(glance, log, request_):
    image = glance.add()
    glance.failing[f"DELETE /v2/images/{image['id']}"] = RuntimeError("with a token-of-the-test")
    with pytest.raises(RuntimeError):
        images.image_delete(request_, image["id"])
    assert change(log()[0])["reason"] == "RuntimeError"


def test_a_new_image_is_recorded_with_its_id(glance, log, request_):
    image = images.image_create(request_, {"name": "new"})
    found = change(log()[0])
    assert (found["image_id"], found["image_name"]) == (image.id, "new")
    assert (found["before"], found["after"]) == ({}, {"name": "new"})


def test_signatures_stay_out_of_it(glance, log, request_):
    image = glance.add()
    noted = publication_property(image["id"], Publication(CLOUD, "private"))
    images.image_update(request_, image["id"], {"visibility": "public", **noted})
    assert change(log()[0])["after"] == {
        "visibility": "public",
        "helion_images_published": "********",
    }


@pytest.mark.parametrize("name", ["two\nlines", "x] [y", *factories.HOSTILE_NAMES])
def test_hostile_names_of_images_and_people_make_one_line(glance, log, request_, name):
    image = glance.add(name=name)
    request_.user.username = request_.user.project_name = name
    request_.path = f"/project/{name}"
    images.image_get(request_, image["id"])
    images.image_delete(request_, image["id"])
    (line,) = log()
    assert line.isprintable()
    assert change(line)["image_name"] == name


def test_what_was_changed_in_the_same_request_is_the_next_before(glance, log, request_):
    image = glance.add(name="one")
    images.image_update(request_, image["id"], {"name": "two"})
    images.image_update(request_, image["id"], {"name": "three"})
    assert [change(line)["before"] for line in log()] == [None, {"name": "two"}]


def test_the_answer_of_a_member_that_was_read_is_the_before(glance, log, request_):
    image = glance.add(visibility="shared")
    glance.members[image["id"]] = {"p1": "pending", "p2": "rejected", "p3": "pending"}
    members.member_get(request_, image["id"], "p1")
    members.member_update(request_, image["id"], "p1", "accepted")
    members.member_update(request_, image["id"], "p1", "rejected")
    members.member_update(request_, image["id"], "p3", "accepted")
    members.member_list(request_, image["id"])
    members.member_delete(request_, image["id"], "p2")
    assert [change(line)["before"] for line in log()] == [
        {"member": "p1", "member_status": "pending"},
        {"member": "p1", "member_status": "accepted"},
        None,
        {"member": "p2", "member_status": "rejected"},
    ]
    assert [call.method for call in glance.calls].count("GET") == 2


def test_other_threads_write_their_entries_too(glance, log, request_):
    ids = [glance.add(name=f"n{n}")["id"] for n in range(20)]
    in_parallel(lambda id_: images.image_delete(request_, id_), ids)
    assert sorted(change(line)["image_id"] for line in log()) == sorted(ids)


def test_a_command_has_no_address_and_no_page(glance, log):
    request = SimpleNamespace(user=factories.cloud_admin())
    images.image_delete(request, glance.add()["id"])
    fields = LINE.fullmatch(log()[0]).groups()
    assert (fields[0], fields[9], fields[11]) == ("None", "None", "None")


def test_the_address_is_the_one_behind_the_proxy(glance, log, request_, settings):
    settings.SECURE_PROXY_ADDR_HEADER = "HTTP_X_FORWARDED_FOR"
    request_.META["HTTP_X_FORWARDED_FOR"] = "198.51.100.9] [x\n"
    images.image_delete(request_, glance.add()["id"])
    assert LINE.fullmatch(log()[0])[1].startswith("198.51.100.9\\u005d")
