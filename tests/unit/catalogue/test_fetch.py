# SPDX-License-Identifier: Apache-2.0
"""The command fetches images, with a publisher on loopback and Glance in memory."""

import json
import time
from types import SimpleNamespace

import pytest
import yaml
from django.core.management import CommandError, call_command

from helion_images_panel import exceptions
from helion_images_panel.api import client, lock
from helion_images_panel.catalogue.newest import newest_build
from helion_images_panel.core.family import LATEST, NEW, Family, family_record
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import Requested, requested_of
from helion_images_panel.core.verification import (
    EXPECTED_PROPERTY,
    expected_of,
    expected_property,
    state_of,
)
from helion_images_panel.management.commands import helion_images_catalogue as command
from helion_images_panel.management.fetch import arrival, fetching, plan
from helion_images_panel.management.fetch.session import Session
from tests import factories
from tests.publishers import Publishers, data_of, digest
from tests.unit import fakes
from tests.unit.catalogue.samples import entry, reader
from tests.unit.catalogue.test_command import DEBIAN, FILE
from tests.unit.ui.versions.test_views import add as add_version

URL = f"http://cloud.debian.org/images/cloud/trixie/20261117-2299/{FILE}"
SHA512 = digest("sha512", FILE)
NAME = "Debian 13 20261117-2299 x86_64"
OWN = factories.CLOUD_PROJECT
OLD = {"os_distro": "debian", "os_version": "13", "architecture": "x86_64"}


@pytest.fixture(autouse=True)
def _no_network():
    """These tests have a server on loopback."""


@pytest.fixture
def server(settings):
    with Publishers().running() as server:
        settings.HELION_IMAGES_CATALOGUE_ACCESS = server.url
        yield server


@pytest.fixture
def person():
    return factories.cloud_admin()


@pytest.fixture
def run(server, settings, monkeypatch, tmp_path, capsys, person):
    monkeypatch.setattr(command, "request_from_environment", lambda: factories.request(person))

    def run(*arguments, images=(DEBIAN,)):
        path = tmp_path / "own.yaml"
        path.write_text(yaml.safe_dump({"images": list(images)}))
        settings.HELION_IMAGES_CATALOGUE = [str(path)]
        with pytest.raises(SystemExit) as exit_:
            call_command("helion_images_catalogue", "--fetch", "--json", *arguments)
        out, err = capsys.readouterr()
        return exit_.value.code, json.loads(out)["images"] if out else [], err

    return run


@pytest.fixture(autouse=True)
def arrives(glance, monkeypatch):
    """Has Glance do something each time that the command waits: at first, store the file."""

    def store(image, sha512=SHA512, **changed):
        image.update(
            {
                "status": "active",
                "size": 2048,
                "checksum": digest("md5", FILE),
                "os_hash_algo": "sha512",
                "os_hash_value": sha512,
                **changed,
            }
        )
        glance.uploads[image["id"]] = data_of(FILE)
        download = {"import_req": {"method": {"name": "web-download"}}}
        glance.tasks[image["id"]] = [{"status": "success", "input": download}]

    def set_(happens):
        def sleep(_seconds):
            for image in [each for each in glance.images.values() if each["status"] == "queued"]:
                happens(image)

        clock = SimpleNamespace(sleep=sleep, monotonic=time.monotonic)
        monkeypatch.setattr(arrival, "time", clock)

    set_(store)
    set_.store = store
    return set_


def add_old(glance, **changed):
    fields = {"visibility": "public", "owner": factories.FOREIGN, "image_build_date": "2026-08-06"}
    return glance.add(name="Debian 13", **OLD, **{**fields, **changed})


def newest():
    """The entry and the build, as the command finds them."""
    found = entry(**DEBIAN)
    return found, newest_build(found, reader(Publishers()))


def begun(glance, **changed):
    """An image that another run has begun, and not finished."""
    found, build = newest()
    id_ = factories.image_id()
    requested = Requested("official-url", "qcow2/bare")
    fields = {
        "id": id_,
        "name": NAME,
        "owner": OWN,
        "status": "queued",
        "size": None,
        **plan.marker(found, build, id_),
        **expected_property(id_, build.checksum, requested),
        **OLD,
        "image_source": URL,
    }
    return glance.add(**{**fields, **changed})


def created(glance):
    return [call for call in glance.writes if (call.method, call.path) == ("POST", "/v2/images")]


def test_what_is_out_of_date_is_fetched_beside_it(run, glance):
    old = add_old(glance)
    before = dict(old)
    arguments = ["--visibility", "public", "--protected", "--tag", "cron", "--store", "fast"]
    code, (report,), err = run(*arguments, "--property", "cost_centre=42")
    assert (code, err) == (0, "")
    (creation,) = created(glance)
    body, image = creation.body, glance.images[creation.body["id"]]
    assert (body["name"], body["visibility"], body["tags"]) == (NAME, "private", ["cron"])
    assert "protected" not in body
    assert (body["image_source"], body["cost_centre"]) == (URL, "42")
    assert requested_of(Image.from_glance(body)).source == "official-url"
    (imported,) = [call for call in glance.writes if call.path.endswith("/import")]
    assert imported.body["method"] == {"name": "web-download", "uri": URL}
    assert imported.body["stores"] == ["fast"]
    assert (image["visibility"], image["protected"]) == ("public", True)
    assert state_of(Image.from_glance(image)) == "verified"
    assert plan.PROPERTY not in image
    assert old == before
    assert report["image"]["id"] == image["id"]
    assert (report["outcome"], report["verification"], report["replaces"]) == (
        "fetched",
        "verified",
        old["id"],
    )
    assert run(*arguments)[:2][0] == 0
    assert len(created(glance)) == 1


def test_it_is_seen_by_nobody_else_before_it_was_compared(run, glance, arrives):
    seen = []

    def store(image):
        seen.append((image["visibility"], plan.PROPERTY in image))
        arrives.store(image)

    arrives(store)
    run("--missing", "--visibility", "public")
    assert seen == [("private", True)]


def test_what_is_missing_is_fetched_if_that_is_wanted(run, glance):
    code, (report,), _err = run()
    assert (code, report["outcome"], glance.writes) == (0, "missing", [])
    code, (report,), _err = run("--missing", "--only", "debian 13")
    assert (code, report["outcome"], report["replaces"]) == (0, "fetched", None)
    assert report["image"]["visibility"] == "private"


def test_a_dry_run_changes_nothing(run, glance):
    add_old(glance)
    code, (report,), _err = run("--dry-run")
    assert (code, report["outcome"], glance.writes) == (3, "to_fetch", [])


def test_a_wrong_checksum(run, glance, arrives):
    arrives(lambda image: arrives.store(image, sha512="b" * 128))
    code, (report,), _err = run("--missing", "--visibility", "public")
    assert (code, report["outcome"], report["image"]) == (4, "mismatch", None)
    assert f"expected sha512:{SHA512}, found sha512:{'b' * 128}" in report["reason"]
    assert glance.images == {}


def test_data_that_the_cloud_has_converted(run, glance, arrives):
    arrives(lambda image: arrives.store(image, sha512="b" * 128, disk_format="raw"))
    code, (report,), _err = run("--missing", "--visibility", "public")
    assert (code, report["outcome"], report["verification"]) == (0, "fetched", "converted")
    assert report["image"]["visibility"] == "public"


def test_a_store_that_returns_other_data(run, glance, arrives):
    """That is no reason to delete it, and none to publish it."""

    def store(image):
        arrives.store(image, os_hash_algo="sha256", os_hash_value="b" * 64)

    arrives(store)
    code, (report,), _err = run("--missing", "--visibility", "public")
    assert (code, report["outcome"]) == (2, "failed")
    assert "Glance returns other data than it has stored" in report["reason"]
    assert glance.images[report["image"]["id"]]["visibility"] == "private"


def test_a_publisher_without_checksums(run, glance):
    fields = {name: value for name, value in DEBIAN["newest"].items() if name != "checksums"}
    code, (report,), _err = run("--missing", images=[{**DEBIAN, "newest": fields}])
    assert (code, report["outcome"], report["verification"]) == (0, "fetched", "no_checksum")
    assert report["build"]["checksum"] is None


# Another run has begun it.


def test_an_image_with_its_data_is_continued(run, glance, arrives):
    image = begun(glance)
    arrives.store(image)
    add_old(glance)
    code, (report,), _err = run("--dry-run")
    assert (code, report["outcome"], glance.writes) == (3, "to_resume", [])
    code, (report,), _err = run("--visibility", "community")
    assert (code, report["outcome"], report["image"]["id"]) == (0, "fetched", image["id"])
    assert created(glance) == []
    assert image["visibility"] == "community"
    assert plan.PROPERTY not in image


def test_an_image_that_is_being_downloaded_is_waited_for(run, glance):
    image = begun(glance, os_glance_import_task="1")
    now = factories.ago(seconds=1)
    glance.tasks[image["id"]] = [{"status": "processing", "updated_at": now, "created_at": now}]

    code, (report,), _err = run("--timeout", "0.01")
    assert (code, report["outcome"], report["image"]["id"]) == (2, "in_progress", image["id"])
    assert "another run continues" in report["reason"]
    assert glance.writes == []


def test_a_record_without_a_download_is_made_again(run, glance, monkeypatch, arrives):
    monkeypatch.setattr(arrival, "BEGINS_WITHIN_S", 0)
    image = begun(glance)
    monkeypatch.setattr(
        fetching.imports, "import_from_url", lambda _r, id_, *_a: arrives.store(glance.images[id_])
    )
    code, (report,), _err = run()
    assert (code, report["outcome"]) == (0, "fetched")
    assert report["image"]["id"] != image["id"]
    assert list(glance.images) == [report["image"]["id"]]


@pytest.mark.parametrize(
    "changed",
    [
        {"owner": factories.FOREIGN, "visibility": "public"},
        {plan.PROPERTY: "forged"},
    ],
    ids=["of another project", "without a signature"],
)
def test_nobody_elses_image_is_continued(run, glance, arrives, changed):
    image = begun(glance, **changed)
    arrives.store(image, sha512="b" * 128)
    before = dict(image)
    code, (report,), _err = run("--visibility", "public")
    assert (code, report["outcome"], glance.writes) == (0, "current", [])
    assert image == before


def test_an_image_whose_checksum_was_taken_away_is_not_handed_over(run, glance, arrives):
    """A member of the project may write its properties."""
    image = begun(glance)
    arrives.store(image, sha512="b" * 128)
    del image[EXPECTED_PROPERTY]
    code, (report,), _err = run("--visibility", "public")
    assert (code, report["outcome"], image["visibility"]) == (2, "failed", "private")
    assert report["reason"] == "its record does not have the publisher's checksum"


def test_an_image_of_an_older_build_is_left_alone(run, glance, arrives):
    image = begun(glance)
    found, build = newest()
    older = plan.marker(found, type(build)("20260101", URL, build.checksum), image["id"])
    image.update(older)
    arrives.store(image)
    before = dict(image)
    code, (report,), _err = run("--missing")
    assert (code, report["outcome"], report["replaces"]) == (0, "fetched", None)
    assert image == before


# What goes wrong.


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ({"status": "failure", "message": "HTTP 404"}, "could not download the file: HTTP 404"),
        ({"status": "processing", "updated_at": factories.ago(hours=2)}, "has stopped"),
        ({"status": "success"}, "Glance has stored no data"),
    ],
)
def test_a_download_that_fails_leaves_no_image(run, glance, arrives, monkeypatch, task, reason):
    monkeypatch.setattr(arrival, "BEGINS_WITHIN_S", 0)
    arrives(lambda image: None)
    monkeypatch.setattr(
        fetching.imports,
        "import_from_url",
        lambda _r, id_, *_a: glance.tasks.update({id_: [task]}),
    )
    code, (report,), _err = run("--missing")
    assert (code, report["outcome"], report["image"]) == (2, "failed", None)
    assert reason in report["reason"]
    assert glance.images == {}


def test_a_download_that_is_refused_leaves_no_image(run, glance, monkeypatch):
    def refused(*_args):
        raise exceptions.ImageServiceError("It does not pass the filter.", 400)

    monkeypatch.setattr(fetching.imports, "import_from_url", refused)
    code, (report,), _err = run("--missing")
    assert (code, report["reason"]) == (2, "It does not pass the filter.")
    assert glance.images == {}


def test_an_image_that_cannot_be_finished_is_finished_by_another_run(run, glance, arrives):
    image = begun(glance)
    arrives.store(image)
    glance.failing[f"PATCH /v2/images/{image['id']}"] = fakes.refusal(403, "Not now.")
    code, (report,), _err = run("--visibility", "public")
    assert (code, report["outcome"], image["visibility"]) == (2, "failed", "private")
    assert "could not be finished" in report["reason"]
    glance.failing.clear()
    code, (report,), _err = run("--visibility", "public")
    assert (code, report["outcome"], image["visibility"]) == (0, "fetched", "public")


def test_a_list_that_cannot_be_read(run, glance, server):
    server.trees["cloud.debian.org"].clear()
    add_old(glance)
    code, (report,), _err = run()
    assert (code, report["outcome"], glance.writes) == (2, "unknown", [])
    assert report["reason"]


def test_an_image_of_somebody_else_that_is_on_its_way(run, glance):
    other = glance.add(name="mine", owner=OWN, status="importing", **OLD, image_source=URL)
    code, (report,), _err = run("--missing")
    assert (code, report["outcome"], glance.writes) == (2, "in_progress", [])
    assert report["image"]["id"] == other["id"]


def test_a_cloud_that_requires_properties(run, glance):
    """It may refuse changes: the image is made as it is handed over, and cannot be continued."""
    glance.required = {"cost_centre": {"type": "integer"}}
    code, (report,), _err = run("--missing")
    assert (code, report["outcome"]) == (2, "failed")
    assert "cost_centre" in report["reason"]
    given = ("--missing", "--property", "cost_centre=42")
    code, _images, err = run(*given, "--visibility", "public")
    assert code == 1
    assert "use --visibility private" in err
    code, (report,), _err = run(*given)
    body = created(glance)[-1].body
    assert (body["cost_centre"], body["visibility"]) == (42, "private")
    assert plan.PROPERTY not in body
    assert (code, report["outcome"], report["verification"]) == (0, "fetched", "verified")


def test_one_run_at_a_time(run, glance, person):
    request = factories.request(person)
    with lock.held(client.cache_key(request, f"catalogue_fetch.{OWN}")):
        code, _images, err = run("--missing")
        assert (code, glance.writes) == (1, [])
        assert "another run of the command" in err
        assert run("--missing", "--dry-run")[0] == 3
    assert run("--missing")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--only", "Debian 99"], "no entry 'Debian 99'"),
        (["--only", "Debian 13", "--only", "Debian 99"], "no entry 'Debian 99'"),
    ],
)
def test_an_entry_that_does_not_exist(run, glance, arguments, reason):
    code, _images, err = run(*arguments)
    assert (code, glance.calls) == (1, [])
    assert reason in err


def test_without_web_download(run, glance):
    glance.import_methods = ["glance-direct"]
    for options in (["--missing"], ["--missing", "--dry-run"]):
        code, (report,), _err = run(*options)
        assert (code, glance.writes, report["outcome"]) == (2, [], "impossible")
        assert "does not offer the import method web-download" in report["reason"]


def test_what_is_current_needs_no_web_download(run, glance):
    glance.import_methods = []
    add_old(glance, image_build_date="2026-11-17")
    code, (report,), _err = run()
    assert (code, report["outcome"]) == (0, "current")


class TestOfAMember:
    @pytest.fixture
    def person(self):
        return factories.member()

    def test_no_visibility_that_policy_does_not_allow(self, run, glance):
        code, _images, err = run("--missing", "--visibility", "public")
        assert (code, glance.writes) == (1, [])
        assert "policy does not allow publicize_image" in err

    def test_an_image_of_their_own(self, run, glance):
        code, (report,), _err = run("--missing")
        assert (code, report["outcome"]) == (0, "fetched")
        assert expected_of(Image.from_glance(created(glance)[0].body)) is not None


class TestOfAReader:
    @pytest.fixture
    def person(self):
        return factories.reader()

    def test_it_is_refused(self, run, glance):
        code, _images, err = run("--missing")
        assert (code, glance.writes) == (1, [])
        assert "policy does not allow add_image" in err


def test_a_user_without_a_project(run, glance, person):
    person.project_id = None
    code, _images, err = run("--missing")
    assert (code, glance.writes) == (1, [])
    assert "needs a project" in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--check", "--fetch"],
        ["--check", "--missing"],
        ["--check", "--visibility", "public"],
        ["--fetch", "--visibility", "everybody"],
        ["--fetch", "--timeout", "0"],
        ["--fetch", "--as-version", "--visibility", "public"],
        ["--check", "--as-version"],
        ["--fetch", "--timeout", "nan"],
        ["--fetch", "--property", "a"],
        ["--fetch", "--property", "=a"],
        ["--fetch", "--property", "visibility=public"],
        ["--fetch", "--property", "helion_images_verified=x"],
        ["--fetch", "--property", "os_glance_import_task=x"],
    ],
)
def test_arguments_that_do_not_fit(arguments):
    with pytest.raises(CommandError):
        call_command("helion_images_catalogue", *arguments)


def test_lines_for_a_terminal(run, glance, capsys):
    old = add_old(glance)
    old["name"] = "Debian\u202e 13"
    assert run("--dry-run")[0] == 3
    with pytest.raises(SystemExit):
        call_command("helion_images_catalogue", "--fetch")
    (new,) = [image for image in glance.images.values() if image is not old]
    assert capsys.readouterr().out == (
        f'Debian 13 (x86_64): fetched; newest build 20261117-2299; image {new["id"]} "{NAME}"; '
        f'build of 2026-11-17; verified; replaces {old["id"]} "Debian\\u202e 13"\n'
        "1 fetched.\n"
    )


def test_a_token_that_cannot_be_replaced_ends_no_report(run, glance, monkeypatch):
    made = []
    working = fetching.images.image_create

    def create(request, attributes):
        made.append(attributes)
        if len(made) == 2:
            raise exceptions.SessionEnded()
        return working(request, attributes)

    def refused():
        raise command.NoCredentials("Keystone does not respond.")

    monkeypatch.setattr(fetching.images, "image_create", create)
    monkeypatch.setattr(command, "Session", lambda request, _renewed: Session(request, refused))
    second = {**DEBIAN, "name": "Debian again", "meta": {**DEBIAN["meta"], "os_purpose": "minimal"}}
    code, reports, _err = run("--missing", images=[DEBIAN, second])
    assert code == 2
    assert [each["outcome"] for each in reports] == ["fetched", "failed"]
    assert reports[1]["reason"] == "Keystone does not respond."


def test_a_token_that_has_ended_is_replaced_once():
    asked = []

    def call(request, value):
        asked.append((request.name, value))
        if request.name == "old":
            raise exceptions.SessionEnded()
        return value

    def named(name):
        request = factories.request()
        request.name = name
        return request

    session = Session(named("old"), lambda: named("new"))
    assert session.call(call, 1) == 1
    assert session.call(call, 2) == 2
    assert asked == [("old", 1), ("new", 1), ("new", 2)]


@pytest.mark.parametrize("families", [0, 1, 2])
def test_as_a_version_of_the_only_family_that_fits(run, glance, families):
    add_old(glance)
    fitting = [{"family": "debian-13-x86_64"}, OLD]
    values = {"name": "Debian", "tags": ["lts"], "owner": OWN}
    for number in range(families):
        add_version(glance, LATEST, **values, **fitting[number])
    # Neither that of another project, nor another system.
    add_version(glance, LATEST, owner=factories.FOREIGN, visibility="public", **OLD)
    add_version(glance, LATEST, family="other", owner=OWN, os_distro="ubuntu")
    code, (report,), _err = run("--as-version", "--tag", "nightly")
    assert (code, report["outcome"]) == (0, "fetched")
    (creation,) = created(glance)
    image = Image.from_glance(glance.images[creation.body["id"]])
    record = family_record(image)
    if families == 1:
        assert record == Family("debian-13-x86_64", "2026-11-17", NEW)
        assert (image.name, set(image.tags)) == ("Debian (2026-11-17)", {"nightly", "lts"})
    else:
        assert (record, image.name) == (None, NAME)
    assert image.visibility == "private"
