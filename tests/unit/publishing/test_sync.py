# SPDX-License-Identifier: Apache-2.0
"""The command where Glance does not answer all the way: what is known is told in any case."""

import json

import pytest
from django.core.management import call_command

from helion_images_panel.core.publication import DOMAIN, Publication, publication_property
from helion_images_panel.management.commands import helion_images_sync as command
from tests import factories
from tests.unit import fakes

DOMAIN_ID = factories.DOMAIN
OWNER, LATER = (id_ for id_, (_name, domain) in factories.PROJECTS.items() if domain == DOMAIN_ID)


@pytest.fixture
def add(glance, keystone, monkeypatch):
    monkeypatch.setattr(
        command, "request_from_environment", lambda: factories.request(factories.cloud_admin())
    )

    def add(number):
        image_id = factories.image_id(number)
        noted = publication_property(image_id, Publication(DOMAIN, "private", DOMAIN_ID))
        return glance.add(id=image_id, owner=OWNER, visibility="shared", **noted)

    return add


@pytest.fixture
def before_each_call(monkeypatch):
    """Has a function look at each call of Glance before it is answered."""

    def watch(look):
        called = fakes.FakeHttp._called

        def call(self, method, path, query=None, body=None):
            look(method, path, query or {})
            called(self, method, path, query, body)

        monkeypatch.setattr(fakes.FakeHttp, "_called", call)

    return watch


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            call_command("helion_images_sync", *arguments)
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


def test_a_list_that_breaks_off(glance, add, run, before_each_call):
    image = add(1)

    def look(_method, _path, query):
        # Hidden images are asked for after all others.
        if "os_hidden" in query:
            raise fakes.refusal(503, "Not now.")

    before_each_call(look)
    code, out, err = run("--json")
    assert code == command.NOT_ALL
    told = json.loads(out)
    assert [entry["id"] for entry in told["images"]] == [image["id"]]
    assert told["broken_off"] == "Not now."
    assert "stopped after 1 image: Not now." in err
    assert glance.members[image["id"]] == {LATER: "accepted"}


def test_a_list_that_does_not_begin(glance, add, run):
    add(1)
    glance.failing["GET /v2/images"] = fakes.refusal(503, "Not now.")
    code, out, err = run()
    assert (code, out) == (command.CANNOT_RUN, "")
    assert "Not now." in err


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_session_that_ends_midway(glance, add, run, arguments):
    first, second, third = add(1), add(2), add(3)
    path = f"GET /v2/images/{second['id']}/members"
    glance.failing[path] = fakes.refusal(401, "Token expired")
    code, out, err = run(*arguments)
    assert code == command.NOT_ALL
    assert first["id"] in out
    assert second["id"] in out
    assert third["id"] not in out
    assert "rejected the token" in err


def test_not_all_mended(glance, add, run):
    image = add(1)
    glance.failing[f"POST /v2/images/{image['id']}/members"] = fakes.refusal(503, "Not now.")
    code, out, _err = run()
    assert code == command.NOT_ALL
    assert "partly synced, 1 of 2 projects" in out
    assert f"{LATER} failed: Not now." in out


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST"])
def test_an_image_that_vanishes_is_no_failure(glance, add, run, before_each_call, method):
    """Before its members are read, before its note is written, before a member is added."""
    image, other = add(1), add(2)

    def look(called, path, _query):
        if called == method and path.startswith(f"/v2/images/{image['id']}"):
            glance.images.pop(image["id"], None)

    before_each_call(look)
    code, out, _err = run()
    assert code == command.IN_SYNC
    assert f"{image['id']} " in out
    assert "image was deleted" in out
    assert glance.members[other["id"]] == {LATER: "accepted"}


def test_a_dry_run_names_the_projects(glance, add, run):
    image = add(1)
    code, out, _err = run("--dry-run")
    assert code == command.DRIFT
    assert f"{LATER} to add" in out
    code, out, _err = run("--dry-run", "--json")
    (entry,) = json.loads(out)["images"]
    assert entry["plan"] == {"add": [LATER], "accept": [], "remove": []}
    assert glance.writes == []
    assert image["id"] == entry["id"]
