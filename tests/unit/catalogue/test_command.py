# SPDX-License-Identifier: Apache-2.0
"""The command, with a publisher on loopback and Glance in memory."""

import json

import pytest
import yaml
from django.core.management import CommandError, call_command

from helion_images_panel.management.commands import helion_images_catalogue as command
from tests import factories
from tests.publishers import Publishers, Response, digest
from tests.unit.catalogue.samples import raw

DEBIAN = {
    **raw(
        name="Debian 13",
        login="debian",
        meta={"architecture": "x86_64", "os_distro": "debian", "os_version": "13"},
        versions=[],
    ),
    "newest": {
        "layout": "directory",
        "url": "http://cloud.debian.org/images/cloud/trixie/{build}/"
        "debian-13-genericcloud-amd64-{build}.qcow2",
        "checksums": "SHA512SUMS",
    },
}
FILE = "debian-13-genericcloud-amd64-20261117-2299.qcow2"


@pytest.fixture(autouse=True)
def _no_network():
    """These tests have a server on loopback."""


@pytest.fixture
def server(settings):
    with Publishers().running() as server:
        settings.HELION_IMAGES_CATALOGUE_ACCESS = server.url
        yield server


@pytest.fixture
def run(server, settings, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(
        command, "request_from_environment", lambda: factories.request(factories.cloud_admin())
    )

    def run(*arguments, images=(DEBIAN,)):
        path = tmp_path / "own.yaml"
        path.write_text(yaml.safe_dump({"images": list(images)}))
        settings.HELION_IMAGES_CATALOGUE = [str(path)]
        with pytest.raises(SystemExit) as exit_:
            call_command("helion_images_catalogue", "--check", *arguments)
        return exit_.value.code, *capsys.readouterr()

    return run


def add(glance, **changed):
    fields = {
        "visibility": "public",
        "owner": factories.FOREIGN,
        "os_distro": "debian",
        "os_version": "13",
        "architecture": "x86_64",
        **changed,
    }
    return glance.add(**fields)


def test_a_missing_image(run, glance):
    code, out, err = run()
    assert code == 0
    assert out == (
        "Debian 13 (x86_64): missing; newest build 20261117-2299\n"
        "1 missing, 0 current, 0 out of date, 0 cannot be told.\n"
    )
    assert err == ""


def test_an_image_that_is_out_of_date(run, glance):
    made = add(glance, image_build_date="2026-11-16", name="Debian\u202e 13")
    code, out, _err = run()
    assert code == 3
    assert out.startswith(
        "Debian 13 (x86_64): out of date; newest build 20261117-2299; this cloud has "
        f'{made["id"]} "Debian\\u202e 13", build of 2026-11-16; 1 day older\n'
    )


def test_a_current_image_as_json(run, glance):
    made = add(glance, os_hash_algo="sha512", os_hash_value=digest("sha512", FILE))
    code, out, _err = run("--json")
    assert code == 0
    report = json.loads(out)
    (entry,) = report["images"]
    assert report["problems"] == []
    assert report["publishers_asked"] is True
    assert (entry["state"], entry["reason"], entry["days"]) == ("current", None, None)
    assert entry["image"]["id"] == made["id"]
    assert entry["newest"]["checksum"] == f"sha512:{digest('sha512', FILE)}"
    assert entry["newest"]["properties"]["image_build_date"] == "2026-11-17"


@pytest.mark.parametrize(
    "visibility", ["private", "shared", "community"], ids=lambda visibility: visibility
)
def test_an_image_of_another_project_does_not_count(run, glance, visibility):
    """Each member can write the properties of the newest build on an image of their own."""
    add(glance, visibility=visibility, image_build_date="2026-11-17")
    assert run()[1].startswith("Debian 13 (x86_64): missing;")


def test_an_image_of_the_own_project_counts(run, glance):
    own = factories.request(factories.cloud_admin()).user.project_id
    add(glance, visibility="private", owner=own, image_build_date="2026-11-17")
    assert run()[1].startswith("Debian 13 (x86_64): current;")


def test_what_cannot_be_told_is_not_up_to_date(run, glance, server):
    add(glance, image_build_date="2026-11-17")
    server.special["cloud.debian.org/images/cloud/trixie/"] = Response(503)
    code, out, _err = run()
    assert code == 2
    assert "Debian 13 (x86_64): cannot be told; this cloud has " in out
    assert "The publisher's server responded with HTTP status 503." in out


def test_an_entry_with_an_error_is_left_out(run, glance):
    code, out, err = run(images=[DEBIAN, raw(format="img")])
    assert code == 2
    assert "Debian 13 (x86_64): missing" in out
    assert "Ubuntu" not in out
    assert "own.yaml: entry “Ubuntu 24.04”: format must be one of " in err


def test_a_catalogue_without_entries(run, glance):
    code, out, err = run(images=[])
    assert code == 1
    assert out == ""
    assert "the catalogue has no entry that can be used" in err


def test_without_access_to_publishers(run, glance, server, settings):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = "off"
    build = {"version": "20260806-1900", "url": "https://files.example/d.qcow2"}
    dated = {**DEBIAN, "versions": [{**build, "build_date": "2026-08-06"}]}
    add(glance, image_build_date="2026-08-06")
    code, out, _err = run(images=[dated])
    assert code == 0
    assert "Debian 13 (x86_64): current; newest build 20260806-1900;" in out
    assert out.endswith("Publishers were not asked: access is off.\n")
    assert server.requested == []


def test_it_does_nothing_unasked():
    with pytest.raises(CommandError, match="--check or with --fetch"):
        call_command("helion_images_catalogue")


def test_some_entries_only(run, glance):
    other = {**DEBIAN, "name": "Debian 12"}
    _code, out, _err = run("--only", "debian 13 (X86_64)", images=[DEBIAN, other])
    assert out.startswith("Debian 13 (x86_64): missing;")
    assert out.endswith("\n1 missing, 0 current, 0 out of date, 0 cannot be told.\n")
    assert run("--only", "Debian 11", images=[DEBIAN, other])[0] == 1


def test_glance_that_does_not_respond(run, glance, monkeypatch):
    def fail(*_args, **_kwargs):
        raise command.exceptions.image_service_does_not_answer()

    monkeypatch.setattr("helion_images_panel.api.client.get", fail)
    code, out, err = run()
    assert (code, out) == (1, "")
    assert err == "helion_images_catalogue: The image service is not responding.\n"


def test_a_user_without_a_project_has_no_images_of_their_own(run, glance, monkeypatch):
    request = factories.request(factories.cloud_admin())
    request.user.project_id = None
    monkeypatch.setattr(command, "request_from_environment", lambda: request)
    add(glance, visibility="private", owner="None", image_build_date="2026-11-17")
    assert run()[1].startswith("Debian 13 (x86_64): missing;")
