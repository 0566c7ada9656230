# SPDX-License-Identifier: Apache-2.0
"""The command decompresses builds, with a publisher on loopback and Glance in memory."""

import bz2
import gzip
import hashlib
import json
import lzma
import time
from types import SimpleNamespace

import pytest
import yaml
from django.core.management import call_command

from demo import imagefiles
from helion_images_panel import exceptions
from helion_images_panel.catalogue import new_image
from helion_images_panel.core.checksums import Checksum
from helion_images_panel.core.decompression import (
    Decompressed,
    decompressed_of,
    decompressed_property,
)
from helion_images_panel.core.image import Image
from helion_images_panel.core.requested import FILE, STAGED, requested_of
from helion_images_panel.core.verification import (
    VERIFIED,
    Verified,
    expected_property,
    state_of,
    verified_property,
)
from helion_images_panel.management.commands import helion_images_catalogue as command
from helion_images_panel.management.fetch import plan, streamed
from helion_images_panel.transfers import upload
from tests import factories
from tests.publishers import Publishers, Response
from tests.unit import fakes
from tests.unit.catalogue.samples import entry, raw

MIB = 1024**2
HOST = "files.example"
PLACE = f"{HOST}/15.1/disk.qcow2.xz"
URL = f"http://{PLACE}"
CONTENT = imagefiles.qcow2(MIB, b"FreeBSD.")
DATA = lzma.compress(CONTENT)
OWN = factories.CLOUD_PROJECT
META = {"architecture": "x86_64", "os_distro": "freebsd"}


def checksum(data, algorithm="sha512"):
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def build(**changed):
    version = {"version": "15.1", "url": URL, "checksum": checksum(DATA), **changed}
    return {name: value for name, value in version.items() if value}


def entry_of(**changed):
    return raw(name="FreeBSD", meta=META, versions=[build(**changed)])


@pytest.fixture(autouse=True)
def _no_network():
    """These tests have a server on loopback."""


@pytest.fixture
def server(settings):
    with Publishers().running() as server:
        server.trees[HOST] = {"15.1/disk.qcow2.xz": DATA}
        settings.HELION_IMAGES_CATALOGUE_ACCESS = server.url
        yield server


@pytest.fixture
def run(server, settings, monkeypatch, tmp_path, capsys):
    person = factories.cloud_admin()
    monkeypatch.setattr(command, "request_from_environment", lambda: factories.request(person))
    monkeypatch.setattr(upload, "BEGINS_WITHIN_S", 0)

    def run(*arguments, image=None):
        path = tmp_path / "own.yaml"
        path.write_text(yaml.safe_dump({"images": [image or entry_of()]}))
        settings.HELION_IMAGES_CATALOGUE = [str(path)]
        with pytest.raises(SystemExit) as exit_:
            call_command("helion_images_catalogue", "--fetch", "--missing", "--json", *arguments)
        out, err = capsys.readouterr()
        (report,) = json.loads(out)["images"] if out else [None]
        return exit_.value.code, report or err

    return run


def stored(glance):
    """The image that the command has made, as Glance has it."""
    (image,) = glance.images.values()
    return Image.from_glance(image)


def refused(glance, result, outcome="failed"):
    """The reason for which nothing was fetched, after a look that nothing of it is left."""
    code, report = result
    assert (code, report["outcome"]) == (4 if outcome == "mismatch" else 2, outcome)
    assert (report["image"], report["verification"]) == (None, None)
    assert (glance.images, glance.uploads, glance.staged) == ({}, {}, {})
    return report["reason"]


def test_the_content_is_stored_compared_and_handed_over(run, glance):
    old = glance.add(owner=OWN, visibility="public", image_build_date="2026-01-01", **META)
    options = ("--visibility", "public", "--protected", "--tag", "cron")
    code, report = run(*options, image=entry_of(build_date="2026-11-10"))
    image = Image.from_glance(glance.images[report["image"]["id"]])
    assert code == 0
    assert (report["outcome"], report["verification"]) == ("fetched", "verified")
    assert (report["replaces"], report["reason"]) == (old["id"], None)
    assert glance.uploads[image.id] == CONTENT
    assert "x-openstack-image-size" not in glance.upload_headers
    assert decompressed_of(image).kind == "xz"
    assert decompressed_of(image).is_expected
    assert (state_of(image), requested_of(image).source) == (VERIFIED, FILE)
    assert (image.visibility, image.protected, image.tags) == ("public", True, ("cron",))
    assert image.properties["image_source"] == URL
    assert plan.PROPERTY not in image.properties
    assert not [call for call in glance.writes if call.path.endswith("/import")]


def test_it_is_private_and_of_nobody_else_until_it_was_compared(run, glance):
    run("--visibility", "public")
    (body,) = (call.body for call in glance.writes if call.path == "/v2/images")
    assert body["visibility"] == "private"
    assert plan.PROPERTY in body
    assert decompressed_of(Image.from_glance(body)) == Decompressed()


@pytest.mark.parametrize(("ending", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress)])
def test_other_kinds(run, glance, server, ending, compress):
    data = compress(CONTENT)
    server.trees[HOST][f"15.1/disk.qcow2.{ending}"] = data
    url = URL.replace(".xz", f".{ending}")
    code, report = run(image=entry_of(url=url, checksum=checksum(data, "sha256")))
    assert (code, report["verification"]) == (0, "verified")
    assert glance.uploads[stored(glance).id] == CONTENT


def test_a_cloud_that_converts_gets_it_through_its_staging_area(run, glance, settings):
    settings.HELION_IMAGES_UPLOAD_METHOD = "stage"
    glance.import_methods = ["web-download", "glance-direct"]
    code, report = run()
    image = stored(glance)
    assert (code, report["verification"]) == (0, "verified")
    assert (state_of(image), requested_of(image).source) == (VERIFIED, STAGED)
    assert glance.uploads[image.id] == CONTENT


def test_what_the_cloud_has_converted_was_compared_before(run, glance, settings, monkeypatch):
    settings.HELION_IMAGES_UPLOAD_METHOD = "stage"
    glance.import_methods = ["web-download", "glance-direct"]
    monkeypatch.setattr(glance, "convert", lambda _data: ({"disk_format": "raw"}, b"raw"))
    monkeypatch.setattr(glance, "tasks", EachTask(method="glance-direct", status="success"))
    code, report = run()
    assert (code, report["outcome"], report["verification"]) == (0, "fetched", "converted")
    assert "before the cloud converted it" in report["reason"]


@pytest.mark.parametrize(
    ("method", "status"), [("glance-direct", "failure"), ("web-download", "success"), ("", "")]
)
def test_data_that_another_client_may_have_sent_is_not_handed_over(
    run, glance, settings, monkeypatch, method, status
):
    """After an import that failed, a member of the project could change the format."""
    settings.HELION_IMAGES_UPLOAD_METHOD = "stage"
    glance.import_methods = ["web-download", "glance-direct"]
    monkeypatch.setattr(glance, "convert", lambda _data: ({"disk_format": "raw"}, b"raw"))
    monkeypatch.setattr(glance, "tasks", EachTask(method=method, status=status))
    code, report = run("--visibility", "public")
    assert (code, report["outcome"], glance.images) == (2, "failed", {})
    assert "Glance does not show that it has stored the data" in report["reason"]


class EachTask(dict):
    """The same task for each image; none without a method."""

    def __init__(self, method, status):
        super().__init__()
        task = {"status": status, "input": {"import_req": {"method": {"name": method}}}}
        self.tasks = [task] if method else []

    def get(self, _image_id, _default=None):
        return self.tasks


def test_a_glance_without_web_download(run, glance):
    glance.import_methods = []
    code, report = run()
    assert (code, report["verification"]) == (0, "verified")
    assert glance.uploads[stored(glance).id] == CONTENT


def test_a_publisher_without_checksums(run, glance):
    code, report = run(image=entry_of(checksum=None))
    assert (code, report["outcome"], report["verification"]) == (0, "fetched", "no_checksum")
    assert glance.uploads[stored(glance).id] == CONTENT


def test_a_wrong_checksum_is_never_active(run, glance):
    wrong = checksum(b"another file")
    reason = refused(glance, run(image=entry_of(checksum=wrong)), "mismatch")
    assert reason == (
        "the data is not the publisher's, and was not stored: "
        f"expected {wrong}, found {checksum(DATA)}"
    )


@pytest.mark.parametrize("is_right", [True, False])
def test_a_list_that_has_the_checksum_of_the_content_too(run, glance, server, is_right):
    named = checksum(CONTENT if is_right else b"another disk", "sha256")
    disk = {
        "location": URL,
        "sha256": checksum(DATA, "sha256").partition(":")[2],
        "uncompressed-sha256": named.partition(":")[2],
    }
    artifact = {"release": "15.1", "formats": {"qcow2.xz": {"disk": disk}}}
    stream = {"architectures": {"x86_64": {"artifacts": {"openstack": artifact}}}}
    server.trees[HOST]["stable.json"] = json.dumps(stream).encode()
    listing = {"layout": "coreos", "artifact": "openstack", "format": "qcow2.xz"}
    listing["url"] = f"http://{HOST}/stable.json"
    result = run(image={**raw(name="FreeBSD", meta=META, versions=[]), "newest": listing})
    if is_right:
        assert (result[0], result[1]["verification"]) == (0, "verified")
        assert decompressed_of(stored(glance)).is_expected
    else:
        reason = refused(glance, result, "mismatch")
        assert f"expected {named}, found {checksum(CONTENT, 'sha256')}" in reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (DATA[:-20], "it ends in the middle"),
        (b"<html>Not found</html>", "sends is no gzip, xz, zstd or bzip2 file"),
        (b"", "The publisher's file is empty."),
        (DATA[:60] + b"\0" * 8 + DATA[68:], "the publisher's file is damaged"),
        (lzma.compress(b""), "the xz file contains no data"),
        (lzma.compress(DATA), "contains a xz file, not an image"),
        (lzma.compress(CONTENT + bytes(2 * MIB)), "becomes larger than 0.001 GiB"),
        (
            lzma.compress(imagefiles.qcow2(MIB, backing_file="/etc/passwd")),
            "not a standalone image",
        ),
    ],
)
def test_a_file_that_is_refused(run, glance, server, settings, data, reason):
    settings.HELION_IMAGES_DECOMPRESSED_GIB = 0.001
    server.trees[HOST]["15.1/disk.qcow2.xz"] = data
    assert reason in refused(glance, run(image=entry_of(checksum=None)))


def test_a_connection_that_breaks_in_the_middle(run, glance, server):
    size = {"Content-Length": str(len(DATA) + 1)}
    server.special[PLACE] = Response(body=DATA, headers=size)
    reason = refused(glance, run())
    assert reason == (
        "The connection to the publisher's server was lost in the middle of the file."
    )


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response(404), "responded with HTTP status 404."),
        (Response(302, headers={"Location": "http://10.0.0.1/d.xz"}), "does not name."),
        (Response(302, headers={"Location": URL}), "redirects too often."),
    ],
)
def test_a_server_that_does_not_have_it_costs_no_record(run, glance, server, response, reason):
    server.special[PLACE] = response
    assert refused(glance, run()).endswith(reason)
    assert glance.writes == []


def test_a_server_that_cannot_be_reached(run, glance, settings):
    settings.HELION_IMAGES_CATALOGUE_ACCESS = "http://127.0.0.1:1"
    reason = refused(glance, run())
    assert reason == "The proxy is not responding, or refuses the request."
    assert glance.writes == []


def test_a_server_that_is_too_slow(run, glance, server, settings):
    server.special[PLACE] = Response(body=DATA, pause_s=0.05)
    reason = refused(glance, run("--timeout", "0.5"))
    assert reason == "The publisher's file did not arrive within 0.5 seconds."
    settings.HELION_IMAGES_READ_TIMEOUT_S = 1
    server.special[PLACE] = Response(body=DATA, pause_s=3)
    assert refused(glance, run()) == "The publisher's server has sent nothing for 1 seconds."


@pytest.mark.parametrize(
    ("changed", "image", "reason"),
    [
        (
            {"HELION_IMAGES_DECOMPRESSED_GIB": 0},
            {},
            "and HELION_IMAGES_DECOMPRESSED_GIB = 0 turns decompression off",
        ),
        (
            {"HELION_IMAGES_CATALOGUE_ACCESS": "off"},
            {},
            "and HELION_IMAGES_CATALOGUE_ACCESS = 'off' does not let the dashboard read it",
        ),
        ({}, {"url": "http://files.example/d.zip"}, "which the dashboard cannot decompress"),
    ],
)
def test_what_the_dashboard_may_not_do(run, glance, server, settings, changed, image, reason):
    for name, value in changed.items():
        setattr(settings, name, value)
    for arguments in ((), ("--dry-run",)):
        code, report = run(*arguments, image=entry_of(**image))
        assert (code, report["outcome"]) == (2, "impossible")
        assert report["reason"].endswith(reason)
    assert (glance.writes, server.requested) == ([], [])


def test_a_dry_run_reads_nothing(run, glance, server):
    code, report = run("--dry-run")
    assert (code, report["outcome"]) == (3, "to_fetch")
    assert (glance.writes, server.requested) == ([], [])


def test_the_image_service_refuses_the_data(run, glance, monkeypatch):
    image_id = factories.image_id()
    monkeypatch.setattr(new_image, "uuid", SimpleNamespace(uuid4=lambda: image_id))
    path = f"PUT /v2/images/{image_id}/file"
    glance.failing[path] = fakes.refusal(413, "The limit is reached.")
    assert "The limit is reached." in refused(glance, run())


def test_other_data_than_was_sent_is_not_handed_over(run, glance, monkeypatch):
    monkeypatch.setattr(glance, "damage", lambda data: data + b"!")
    code, report = run()
    assert (code, report["outcome"], glance.images) == (2, "failed", {})
    assert "Glance does not show that it has stored the data that was sent" in report["reason"]


def test_a_token_that_ends_meanwhile_is_replaced_for_the_record(run, glance, monkeypatch):
    """A large file outlives it: what follows the data has a new one."""
    used, requests = [], []
    working = command.request_from_environment

    def request():
        requests.append(working())
        return requests[-1]

    monkeypatch.setattr(command, "request_from_environment", request)
    record = upload.verdicts.compare_and_record

    def compare(request, *arguments, **named):
        used.append(request)
        return record(request, *arguments, **named)

    monkeypatch.setattr(upload.verdicts, "compare_and_record", compare)
    code, report = run()
    assert (code, report["verification"]) == (0, "verified")
    assert used == [requests[1]]


class TestAKilledRun:
    @pytest.fixture(autouse=True)
    def _clock(self, monkeypatch):
        """Seconds pass at once."""
        now = [time.monotonic()]

        def sleep(seconds):
            now[0] += seconds

        clock = SimpleNamespace(sleep=sleep, monotonic=lambda: now[0])
        monkeypatch.setattr(streamed, "time", clock)
        monkeypatch.setattr(streamed, "FIRST_POLL_S", 5)

    def begun(self, glance, **changed):
        found = entry(**entry_of())
        id_ = factories.image_id()
        (version,) = found.versions
        fields = {
            "id": id_,
            "owner": OWN,
            "status": "queued",
            "size": None,
            **plan.marker(found, version, id_),
            **expected_property(id_, version.checksum),
            **decompressed_property(id_, Decompressed()),
            **META,
            "image_source": URL,
        }
        return glance.add(**{**fields, **changed})

    def complete(self, glance, **changed):
        """Killed between the end of the data and the end of the run."""
        image = self.begun(glance)
        digest = hashlib.sha512(CONTENT).hexdigest()
        (version,) = entry(**entry_of()).versions
        record = Decompressed("xz", version.checksum, is_expected=True)
        verified = Verified((Checksum("sha512", digest),), "2026-11-30T00:00:00Z", "cron")
        image.update(
            status="active",
            size=len(CONTENT),
            os_hash_algo="sha512",
            os_hash_value=digest,
            checksum=hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(),
            **decompressed_property(image["id"], record),
            **verified_property(image["id"], verified),
        )
        image.update(changed)
        return image

    @pytest.mark.parametrize("status", ["queued", "saving", "uploading"])
    def test_it_is_begun_again(self, run, glance, status):
        old = self.begun(glance, status=status)
        assert run("--dry-run")[1]["outcome"] == "to_resume"
        code, report = run()
        assert (code, report["outcome"], report["verification"]) == (0, "fetched", "verified")
        assert stored(glance).id != old["id"]

    def test_what_it_has_stored_is_fetched_again(self, run, glance):
        """Its record binds the image and not the data, which a member may have replaced."""
        old = self.complete(glance)
        code, report = run("--visibility", "public")
        assert (code, report["outcome"], report["verification"]) == (0, "fetched", "verified")
        assert report["image"]["id"] != old["id"]
        assert old["id"] not in glance.images
        assert glance.uploads[stored(glance).id] == CONTENT

    def test_one_that_cannot_be_deleted(self, run, glance):
        old = self.begun(glance)
        glance.failing[f"DELETE /v2/images/{old['id']}"] = fakes.refusal(403, "Not now.")
        code, report = run()
        assert (code, report["outcome"]) == (2, "failed")
        assert "remains unfinished: Not now." in report["reason"]


def test_a_session_that_ends_at_the_record(run, glance, monkeypatch):
    def ended(*_arguments, **_named):
        raise exceptions.SessionEnded()

    monkeypatch.setattr(streamed, "store_content", ended)
    code, report = run()
    assert (code, report["outcome"], glance.images) == (2, "failed", {})
    assert report["reason"] == "the image service rejected the token"
