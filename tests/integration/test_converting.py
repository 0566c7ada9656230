# SPDX-License-Identifier: Apache-2.0
"""A Glance that converts, unpacks and labels what it imports, as clouds on Ceph do.

It also requires a property of each image, and has no worker_self_reference_url.
"""

from __future__ import annotations

import gzip
import hashlib
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo import ports, sqlite
from demo.cloud import Cloud
from demo.glance import CAN_REQUIRE, STORES, Glance
from helion_images_panel.core.image import Image
from helion_images_panel.core.verification import expected_of
from tests import releases
from tests.converting import SCHEMA, converting, make_disk, require_qemu
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import PROJECT
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

MIB = 1024 * 1024


@pytest.fixture(scope="module", autouse=True)
def _qemu() -> None:
    require_qemu()


@pytest.fixture(scope="module")
def lacking(cloud: Cloud, kept_images: Images) -> str:
    """An image from before the cloud required anything."""
    return kept_images.make("lacking")


@pytest.fixture(scope="module")
def glance(cloud: Cloud, lacking: str) -> Iterator[Glance]:
    with converting(cloud) as glance:
        yield glance


@pytest.fixture(scope="module")
def qcow2(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_disk(tmp_path_factory.mktemp("disk") / "disk.qcow2").read_bytes()


@pytest.fixture
def offer(cloud: Cloud, tmp_path: Path) -> Iterator[Callable[[str, bytes], str]]:
    """Puts a file on the cloud's file server; returns its URL."""
    made: list[Path] = []

    def put(ending: str, data: bytes) -> str:
        path = cloud.files.offer / (unique("offered") + ending)
        path.write_bytes(data)
        made.append(path)
        return f"{cloud.files.url}/{path.name}"

    yield put
    for path in made:
        path.unlink()


def zipped(data: bytes, path: Path) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("disk.img", data)
    return path.read_bytes()


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def submit(dashboard: Dashboard, **fields: Any) -> Page:
    form = dashboard.get(PROJECT.create).form("disk_format")
    given = {"name": unique("converted"), "audience": None}
    if CAN_REQUIRE:
        given["required.department"] = "sales"
    return dashboard.submit(form, **{**given, **fields})


def imported(dashboard: Dashboard, images: Images, url: str, **fields: Any) -> str:
    page = submit(dashboard, source="location", location=url, **fields)
    assert page.status == 201, page.form("disk_format").errors
    image_id = images.adopt(page.response.json()["id"])
    images.wait_for_status(image_id, "active", within_s=60)
    return image_id


def told(dashboard: Dashboard, image_id: str) -> dict[str, Any]:
    (state,) = dashboard.get_json(PROJECT.progress, id=image_id)["images"]
    return dict(state)


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_the_publishers_checksum_of_what_the_cloud_converts(
    person: Callable[[str], Dashboard],
    glance: Glance,
    images: Images,
    qcow2: bytes,
    offer: Callable[[str, bytes], str],
    algorithm: str,
) -> None:
    """The image is kept, is not called damaged, and is shown as Glance has it."""
    alice = person("alice")
    image_id = imported(
        alice,
        images,
        offer(".qcow2", qcow2),
        disk_format="qcow2",
        checksum=checksum(qcow2, algorithm),
    )
    assert images.show(image_id)["disk_format"] == "raw"
    state = told(alice, image_id)
    assert (state["verification"], state["check_due"], state["may_check"]) == (
        "converted",
        False,
        False,
    )
    # The URL was not checked in the form: nothing is known of the disk in the file.
    note = state["verification_note"]
    assert note.startswith("This cloud converted the image from QCOW2. ")
    assert note.endswith("compared with the expected checksum. The image is kept.")
    assert (state["format"], state["size_bytes"]) == ("raw", 4 * MIB)
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert answer["verification"] == "converted"
    assert "source could not be compared" in answer["reason"]
    row = alice.get(PROJECT.index, name=images.name(image_id)).rows[image_id]
    assert (row["Status"], row["Format"], row["Size"]) == ("Active Converted", "Raw", "4 MiB")
    page = alice.get(PROJECT.detail(image_id))
    assert "source could not be compared" in page.text
    assert "damaged" not in page.text
    assert images.status(image_id) == "active"


def test_the_virtual_size_of_a_checked_url_is_compared(
    person: Callable[[str], Dashboard],
    glance: Glance,
    images: Images,
    qcow2: bytes,
    offer: Callable[[str, bytes], str],
) -> None:
    """The check in the form has read it from the file's first bytes."""
    alice, url = person("alice"), offer(".qcow2", qcow2)
    given = {"check_url": "1", "location": url, "source": "location"}
    found = alice.post(PROJECT.create, given).response.json()
    assert found["values"]["virtual_bytes"] == 4 * MIB
    image_id = imported(alice, images, url, disk_format="qcow2", checksum=checksum(qcow2))
    agrees = "The virtual size of 4 MiB agrees with that of the source."
    assert told(alice, image_id)["verification_note"].endswith(agrees)
    assert agrees in alice.get(PROJECT.detail(image_id)).text


@pytest.mark.parametrize(
    "ending", [".raw.gz", pytest.param(".raw.zip", marks=releases.unpacks_zip)]
)
@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_the_checksum_of_an_archive_that_the_cloud_unpacks(
    person: Callable[[str], Dashboard],
    glance: Glance,
    images: Images,
    offer: Callable[[str, bytes], str],
    tmp_path: Path,
    ending: str,
    algorithm: str,
) -> None:
    """Nothing but the data itself tells: the record has the requested format."""
    alice = person("alice")
    packed = gzip.compress(DATA) if ending.endswith("gz") else zipped(DATA, tmp_path / "a")
    url = offer(ending, packed) + "?token=1"
    image_id = imported(alice, images, url, disk_format="raw", checksum=checksum(packed, algorithm))
    assert images.data(image_id) == DATA
    assert told(alice, image_id)["verification"] == "pending"
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert (answer["verification"], "deleted" in answer) == ("converted", False)
    assert images.status(image_id) == "active"


def test_an_archive_without_its_ending(
    person: Callable[[str], Dashboard],
    glance: Glance,
    images: Images,
    offer: Callable[[str, bytes], str],
) -> None:
    """Nothing tells that it was unpacked: the difference is shown, and the image is kept."""
    alice, packed = person("alice"), gzip.compress(DATA)
    image_id = imported(
        alice, images, offer("", packed), disk_format="raw", checksum=checksum(packed)
    )
    for _time in range(2):
        answer = alice.post(PROJECT.verify(image_id)).response.json()
        assert (answer["verification"], answer["deleted"]) == ("mismatch", False)
        assert "seen_url" not in answer
        assert "The image is kept" in answer["reason"]
        seen = alice.post(f"{PROJECT.verify(image_id)}?seen={answer['actual']}").response.json()
        assert seen["deleted"] is False
    # Where a property is required, Glance lets nobody record the result.
    assert "damaged" not in alice.get(PROJECT.detail(image_id)).text
    assert images.status(image_id) == "active"


def test_what_needs_no_conversion_is_verified(
    person: Callable[[str], Dashboard],
    glance: Glance,
    images: Images,
    offer: Callable[[str, bytes], str],
) -> None:
    alice, data = person("alice"), bytes(MIB) + DATA
    image_id = imported(
        alice, images, offer(".img", data), disk_format="raw", checksum=checksum(data)
    )
    assert images.show(image_id)["imported_by"] == "cloud"
    answer = alice.post(PROJECT.verify(image_id)).response.json()
    assert answer["verification"] == "verified"


def test_an_upload_passes_by_what_converts(
    person: Callable[[str], Dashboard], glance: Glance, images: Images, qcow2: bytes
) -> None:
    """A file is stored as it is, whatever its expected checksum."""
    alice = person("alice")
    page = submit(
        alice,
        source="file",
        file_name="disk.qcow2",
        file_size=len(qcow2),
        disk_format="qcow2",
        checksum=checksum(qcow2),
    )
    assert page.status == 201, page.form("disk_format").errors
    steps = page.response.json()
    image_id = images.adopt(steps["id"])
    assert expected_of(Image.from_glance(images.show(image_id))) is not None
    answer = alice.put(steps["upload_url"], qcow2)
    assert answer.status_code == 200, answer.text
    assert images.data(image_id) == qcow2
    assert images.show(image_id)["disk_format"] == "qcow2"
    checked = alice.post(PROJECT.verify(image_id)).response.json()
    assert checked["verification"] == "verified"


@pytest.fixture(scope="module")
def stager(cloud: Cloud, glance: Glance) -> Iterator[LogIn]:
    """A dashboard that has files staged and imported."""
    settings = {"HELION_IMAGES_UPLOAD_METHOD": "stage"}
    yield from running(cloud, "stage-required", settings)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_staged_file_is_converted_where_nothing_can_be_recorded(
    stager: LogIn, images: Images, qcow2: bytes, algorithm: str
) -> None:
    """A required property keeps the result of the comparison from being saved: so it says."""
    alice = stager("alice")
    page = submit(
        alice,
        source="file",
        file_name="disk.qcow2",
        file_size=len(qcow2),
        disk_format="qcow2",
        checksum=checksum(qcow2, algorithm),
    )
    steps = page.response.json()
    image_id = images.adopt(steps["id"])
    answer = alice.put(steps["upload_url"], qcow2)
    assert answer.json()["importing"] is True, answer.text
    images.wait_for_status(image_id, "active", within_s=60)
    assert images.show(image_id)["disk_format"] == "raw"
    state = told(alice, image_id)
    assert (state["verification"], state["check_due"], state["may_check"]) == (
        "converted",
        False,
        False,
    )
    assert "compared" in state["verification_note"]
    answer = alice.post(PROJECT.verify(image_id))
    assert answer.response.json()["verification"] == "converted"
    assert images.status(image_id) == "active"


def test_what_the_cloud_cannot_convert(
    person: Callable[[str], Dashboard],
    glance: Glance,
    images: Images,
    qcow2: bytes,
    offer: Callable[[str, bytes], str],
) -> None:
    """A QCOW2 that is called raw: elsewhere it would be stored as it is."""
    alice, url = person("alice"), offer(".img", qcow2)
    page = submit(alice, source="location", location=url, disk_format="raw")
    image_id = images.adopt(page.response.json()["id"])
    state = wait_until(
        lambda: told(alice, image_id), lambda state: state["failure"], "the import to fail", 60
    )
    assert (state["status"], state["in_progress"]) == ("queued", False)
    assert "of another kind than chosen" in state["failure_details"]


# The required property.


@releases.requires_properties
def test_the_form_asks_for_what_the_cloud_requires(
    person: Callable[[str], Dashboard], glance: Glance
) -> None:
    page = person("alice").get(PROJECT.create)
    form = page.form("required.department")
    label = next(
        each for each in form.element.all("label") if each["for"].endswith("required.department")
    )
    assert label.text.startswith("Department")
    assert "Pays for the image." in page.response.text
    select = form.element.first("select", name="required.department")
    assert [option["value"] for option in select.all("option")] == ["", "sales", "science"]


@releases.requires_properties
@pytest.mark.parametrize("value", ["", " ", "marketing", None])
@pytest.mark.parametrize("source", ["file", "location"])
def test_no_image_is_made_without_it(
    person: Callable[[str], Dashboard],
    cloud: Cloud,
    glance: Glance,
    images: Images,
    value: str | None,
    source: str,
) -> None:
    name = unique("without")
    page = submit(
        person("alice"),
        name=name,
        source=source,
        location=f"{cloud.files.url}/tiny.raw",
        file_name="a.raw",
        file_size=4096,
        disk_format="raw",
        **{"required.department": value},
    )
    assert page.status == 200
    form = page.form("required.department")
    assert any("Use only: sales, science" in e or "requires a value" in e for e in form.errors)
    assert form.fields["name"] == name
    assert images.named(name) == []


@releases.requires_properties
def test_it_is_on_the_new_image(
    person: Callable[[str], Dashboard], glance: Glance, images: Images
) -> None:
    page = submit(
        person("alice"), source="file", file_name="a.raw", file_size=4096, disk_format="raw"
    )
    assert page.status == 201, page.form("disk_format").errors
    assert images.show(images.adopt(page.response.json()["id"]))["department"] == "sales"


@releases.requires_properties
def test_a_snapshot_asks_for_it_too(person: Callable[[str], Dashboard], glance: Glance) -> None:
    """Before Nova, which this cloud does not have, is asked for anything."""
    url = f"/project/images/{uuid.uuid4()}/create/"
    form = person("alice").get(url).form("required.department")
    select = form.element.first("select", name="required.department")
    assert [option["value"] for option in select.all("option")] == ["", "sales", "science"]
    for value in ("", "marketing"):
        given = {"name": "before", "required.department": value}
        again = person("alice").submit(form, **given).form("required.department")
        assert any("Use only: sales, science" in e or "requires a value" in e for e in again.errors)
        assert again.fields["name"] == "before"


def edit(dashboard: Dashboard, image_id: str, **fields: Any) -> Page:
    return dashboard.submit(dashboard.get(PROJECT.update(image_id)).form("name"), **fields)


@releases.requires_properties
def test_edit_says_what_is_missing_and_where_it_is_set(
    person: Callable[[str], Dashboard], glance: Glance, images: Images, lacking: str
) -> None:
    before, name = images.state(lacking), unique("renamed")
    page = edit(person("alice"), lacking, name=name)
    (error,) = [each for each in page.form_errors if "department" in each]
    assert "Update Metadata" in error
    assert "Failed validating" not in error
    assert page.form("name").fields["name"] == name
    assert images.state(lacking) == before


@releases.requires_properties
@pytest.mark.parametrize("action", ["protect", "hide"])
def test_actions_say_it_too(
    person: Callable[[str], Dashboard], glance: Glance, images: Images, lacking: str, action: str
) -> None:
    before = images.state(lacking)
    page = person("alice").act(PROJECT.index, action, lacking)
    assert "requires the property “department”" in page.text
    assert "Update Metadata" in page.text
    assert images.state(lacking) == before


@releases.requires_properties
def test_sharing_says_it_too(
    person: Callable[[str], Dashboard], glance: Glance, images: Images, lacking: str
) -> None:
    before = images.state(lacking)
    page = edit(person("alice"), lacking, visibility="shared")
    assert any("department" in each for each in page.form_errors)
    assert page.form("visibility").fields["visibility"] == "shared"
    assert images.state(lacking) == before


@releases.requires_properties
def test_metadata_asks_for_it_and_saves_it(
    person: Callable[[str], Dashboard], glance: Glance, images: Images
) -> None:
    """With other changes: Glance takes it by itself only, and the form says what was saved."""
    alice, image_id = person("alice"), submit_queued(person("alice"), images)
    images.remove(image_id, "department")
    alice.get(PROJECT.create)  # reads the schema anew
    form = alice.get(PROJECT.metadata(image_id)).form("property.department")
    page = alice.submit(form, new_name="os_distro", new_value="debian")
    assert any("requires a value" in each for each in page.form_errors)
    assert "os_distro" not in images.show(image_id)

    form = page.form("property.department")
    page = alice.submit(form, **{"property.department": "science"})
    found = images.show(image_id)
    assert found["department"] == "science"
    if "os_distro" not in found:
        (error,) = [each for each in page.form_errors if "was saved" in each]
        assert "department" in error
        assert page.form("new_name").fields["new_name"] == "os_distro"


def submit_queued(dashboard: Dashboard, images: Images) -> str:
    page = submit(dashboard, source="file", file_name="a", file_size=4096, disk_format="raw")
    return images.adopt(page.response.json()["id"])


# Without a shared worker_self_reference_url.


@pytest.fixture(scope="module")
def other_host(cloud: Cloud, glance: Glance) -> Iterator[Glance]:
    """Another host of the same Glance, with a staging area of its own."""
    stores = "".join(
        f"[{store}]\nfilesystem_store_datadir = {glance.folder}/{store}\n" for store in STORES
    )
    shared = f"[database]\nconnection = {sqlite.url(glance.database)}\n{stores}"
    other = Glance(
        cloud.state,
        cloud.keystone,
        cloud.files,
        name="glance-other",
        more_config=f"[DEFAULT]\nworker_self_reference_url =\n{shared}",
        image_schema=SCHEMA,
    )
    taken = [service.port for service in cloud.services]
    other.port = ports.assign({"other": None}, taken=taken)["other"]
    other.configure()
    try:
        other.start()
        yield other
    finally:
        other.stop()


@only_thorough
def test_data_that_is_staged_on_another_host(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    glance: Glance,
    other_host: Glance,
    images: Images,
) -> None:
    """Such an image is "importing" for ever; the page says why, and what to do."""
    alice, image_id = person("alice"), submit_queued(person("alice"), images)
    session = cloud.session("alice")
    headers = {"Content-Type": "application/octet-stream"}
    session.put(f"{other_host.url}/v2/images/{image_id}/stage", data=DATA, headers=headers)
    method = {"method": {"name": "glance-direct"}}
    session.post(f"{glance.url}/v2/images/{image_id}/import", json=method)
    state = wait_until(
        lambda: told(alice, image_id), lambda state: state["failure"], "the import to fail", 30
    )
    assert state["in_progress"] is False
    assert "worker_self_reference_url" in state["failure_details"]
    assert "URL in a browser" not in state["failure_details"]
    assert "delete it" in state["failure"]
    assert state["failure"] in alice.get(PROJECT.detail(image_id)).text
    alice.act(PROJECT.index, "delete", image_id)
    assert not images.exists(image_id)
