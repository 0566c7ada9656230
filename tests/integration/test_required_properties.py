# SPDX-License-Identifier: Apache-2.0
"""A Glance that requires properties of each image: every way to create and to change one.

Glance 32 and 33 compare each value of a change by itself with their list: with one name in
it, they take only that property, and with several none.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from demo.cloud import Cloud
from helion_images_panel.core.image import Image
from helion_images_panel.core.publication import publication_of
from helion_images_panel.core.verification import expected_of
from tests import releases
from tests.integration.client import Dashboard, Page
from tests.integration.dashboards import LogIn, running
from tests.integration.images import DATA, Images, unique
from tests.integration.panels import ADMIN, PROJECT
from tests.integration.publishing import create, publish
from tests.integration.reconfigured import reconfigured
from tests.integration.waiting import wait_until
from tests.thorough import only_thorough

pytestmark = releases.requires_properties

PROPERTIES = {
    "department": {
        "type": "string",
        "title": "Department",
        "description": "Pays for the image.",
        "enum": ["sales", "science"],
    },
    "cost_centre": {"type": "integer", "title": "Cost Centre", "minimum": 1000, "maximum": 9999},
    "contact": {"type": "string", "title": "Contact", "default": "it@example.org"},
}
#: What a user enters for all of them.
ENTERED = {"required.department": "sales", "required.cost_centre": "1234"}
STORED = {"department": "sales", "cost_centre": "1234", "contact": "it@example.org"}

SETTABLE = "requires the property “department”, which the image does not have"
REFUSED = "The image has it, but the image service refuses the change"
SEVERAL = "“department”, “cost_centre”, “contact”). This image does not have “department”"


@pytest.fixture(scope="module")
def old(cloud: Cloud, kept_images: Images) -> dict[str, str]:
    """Images from before the cloud required anything, by their kind."""
    return {
        "plain": kept_images.make("old"),
        "second": kept_images.make("old-too"),
        "queued": kept_images.make("old-queued", data=None),
        "protected": kept_images.make("old-protected", protected=True),
        "hidden": kept_images.make("old-hidden", os_hidden=True),
    }


class Requiring:
    """A dashboard of a cloud that requires these properties, and what it says of a refusal."""

    def __init__(self, log_in: LogIn, names: tuple[str, ...]):
        self.log_in = log_in
        self.names = names
        self.entered = {
            name: value for name, value in ENTERED.items() if name.split(".")[1] in names
        }
        self.stored = {name: STORED[name] for name in names}
        self.is_one = len(names) == 1
        #: Of an image without the properties.
        self.of_old = SETTABLE if self.is_one else SEVERAL

    def create(self, who: str = "alice", **fields: Any) -> Page:
        """Create Image, by a user who sees only what is offered."""
        given = {"audience": None, **self.entered, **fields}
        return create(self.log_in(who), **given)


@pytest.fixture(scope="module", params=["one", pytest.param("several", marks=only_thorough)])
def requiring(
    request: pytest.FixtureRequest, cloud: Cloud, old: dict[str, str]
) -> Iterator[Requiring]:
    names = ("department",) if request.param == "one" else tuple(PROPERTIES)
    schema = {"properties": PROPERTIES, "required": list(names)}
    settings = {"IMAGES_ALLOW_LOCATION": True}
    with reconfigured(cloud, image_schema=schema, locations=True):
        for log_in in running(cloud, f"requiring-{request.param}", settings):
            yield Requiring(log_in, names)


# New images.


def test_the_form_asks_for_each_by_its_definition(requiring: Requiring) -> None:
    page = requiring.log_in("alice").get(PROJECT.create)
    form = page.form("required.department")
    assert form.options("required.department") == ["", "sales", "science"]
    assert "Pays for the image." in page.html
    if not requiring.is_one:
        number = form.element.first("input", name="required.cost_centre")
        assert (number["type"], number["min"], number["max"]) == ("number", "1000", "9999")
        assert form.fields["required.contact"] == "it@example.org"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("department", "", "requires a value"),
        ("department", "marketing", "Use only: sales, science"),
        ("cost_centre", "999", "Enter at least 1000"),
        ("cost_centre", "10000", "Enter at most 9999"),
        ("cost_centre", "many", "whole number"),
        ("contact", " ", "requires a value"),
    ],
)
def test_a_wrong_value_is_named_at_its_field(
    requiring: Requiring, images: Images, name: str, value: str, reason: str
) -> None:
    if name not in requiring.names:
        pytest.skip("this cloud does not require it")
    called = unique("wrong")
    page = requiring.create(name=called, **{f"required.{name}": value})
    assert page.status == 200
    form = page.form("disk_format")
    groups = form.element.all("div", "has-error")
    assert [
        group for group in groups if reason in group.text and group.all(name=f"required.{name}")
    ]
    assert form.fields["name"] == called
    assert images.named(called) == []


def test_an_uploaded_file(requiring: Requiring, images: Images) -> None:
    """With its expected checksum, in the first request; the upload is compared with it."""
    checksum = hashlib.sha512(DATA).hexdigest()
    page = requiring.create(checksum=checksum, min_disk="1", description="two\nlines")
    assert page.status == 201, page.form_errors
    steps = page.response.json()
    image_id = images.adopt(steps["id"])
    image = images.show(image_id)
    assert {name: image[name] for name in requiring.names} == requiring.stored
    assert str(expected_of(Image.from_glance(image))) == f"sha512:{checksum}"
    alice = requiring.log_in("alice")
    assert alice.put(steps["upload_url"], DATA).status_code == 200
    assert images.data(image_id) == DATA
    assert alice.post(PROJECT.verify(image_id)).response.json()["verification"] == "verified"


def test_an_import(requiring: Requiring, cloud: Cloud, images: Images) -> None:
    location = f"{cloud.files.url}/tiny.qcow2"
    data = (cloud.files.offer / "tiny.qcow2").read_bytes()
    page = requiring.create(
        source="location",
        location=location,
        disk_format="qcow2",
        checksum=hashlib.sha256(data).hexdigest(),
    )
    assert page.status == 201, page.form_errors
    image_id = images.adopt(page.response.json()["id"])
    images.wait_for_status(image_id, "active")
    answer = requiring.log_in("alice").post(PROJECT.verify(image_id)).response.json()
    assert answer["verification"] == "verified"


def test_an_image_that_is_shared_from_the_start(requiring: Requiring, images: Images) -> None:
    """Share Image would change its visibility, which the cloud refuses; it takes members."""
    data = images.cloud.project_id("acme-data")
    page = requiring.create(projects=data)
    assert page.status == 201, page.form_errors
    image_id = images.adopt(page.response.json()["id"])
    assert images.show(image_id)["visibility"] == "shared"
    assert images.members(image_id) == {data: "pending"}


def test_an_external_location(requiring: Requiring, cloud: Cloud, images: Images) -> None:
    """Registered by the request that Glance has for it, as no change is taken."""
    url = f"{cloud.files.url}/tiny.qcow2"
    page = requiring.create(source="external", location=url, disk_format="qcow2")
    assert page.status == 201, page.form_errors
    image_id = images.adopt(page.response.json()["id"])
    images.wait_for_status(image_id, "active")
    assert [each["url"] for each in images.show(image_id)["locations"]] == [url]
    # Glance 33 answers a deletion with 500 between the last byte of its hash and the task's end.
    wait_until(
        lambda: images.show(image_id),
        lambda image: "os_glance_import_task" not in image,
        "Glance to be done with the image",
    )


def test_an_external_location_that_does_not_answer(
    requiring: Requiring, cloud: Cloud, images: Images
) -> None:
    """Glance looks at it in the background; the page says that it failed, and why it may have."""
    url = f"{cloud.files.url}/nothing.qcow2"
    page = requiring.create(source="external", location=url, disk_format="qcow2")
    assert page.status == 201, page.form_errors
    image_id = images.adopt(page.response.json()["id"])

    def failure() -> str:
        answer = requiring.log_in("alice").get_json(PROJECT.progress, id=image_id)
        (state,) = answer["images"]
        return " ".join((state["failure"], state["failure_details"])).strip()

    said = wait_until(failure, bool, "the page to say that it failed", 30)
    assert "Check the URL in a browser" in said


def test_a_location_that_is_refused_leaves_nothing(requiring: Requiring, images: Images) -> None:
    """Also where a user has asked for protection: nobody could remove that again."""
    name = unique("refused")
    page = requiring.create(
        name=name,
        source="location",
        location="http://192.0.2.1/a.img",
        protected="on",
        description="d",
    )
    assert page.status == 200
    assert images.named(name) == []


def test_no_new_image_is_protected(requiring: Requiring, images: Images) -> None:
    page = requiring.log_in("alice").get(PROJECT.create)
    assert "protected" not in page.form("disk_format").fields
    assert "may refuse to remove a protection" in page.text
    page = requiring.create(protected="on")
    assert images.show(images.adopt(page.response.json()["id"]))["protected"] is False


@pytest.mark.parametrize("source", ["file", "location"])
def test_for_all_projects_of_the_domain(
    requiring: Requiring, cloud: Cloud, images: Images, source: str
) -> None:
    """Visibility and record are in the first request; the members follow."""
    page = requiring.create(
        "acme-admin", audience="domain", source=source, location=f"{cloud.files.url}/tiny.raw"
    )
    assert page.status == 201, page.form_errors
    steps = page.response.json()
    image_id = images.adopt(steps["id"])
    image = images.show(image_id)
    publication = publication_of(Image.from_glance(image))
    others = {cloud.project_id(name) for name in ("acme-data", "acme-lab")}
    assert image["visibility"] == "shared"
    assert publication is not None
    assert (publication.domain_id, set(publication.given)) == (cloud.domain_id("acme"), others)
    assert images.members(image_id) == dict.fromkeys(others, "accepted")
    assert (steps["publish"]["left"], steps["publish"]["reached"]) == (0, 3)
    run = publish(requiring.log_in("acme-admin"), ADMIN, image_id, "domain")
    assert (run.status, run.steps, run.tried) == (200, 1, [])
    if source == "location":
        images.wait_for_status(image_id, "active")
        wait_until(
            lambda: images.show(image_id),
            lambda image: "os_glance_import_task" not in image,
            "the import to end",
        )
    before = images.state(image_id)
    page = requiring.log_in("acme-admin").act(ADMIN.index, "unpublish", image_id)
    assert REFUSED in page.errors[0]
    assert images.state(image_id) == before


def test_public(requiring: Requiring, images: Images) -> None:
    page = requiring.create("admin", audience="cloud")
    assert page.status == 201, page.form_errors
    assert images.show(images.adopt(page.response.json()["id"]))["visibility"] == "public"


def test_a_snapshot(requiring: Requiring) -> None:
    """The form asks before Nova, which this cloud does not have, is asked for anything."""
    alice = requiring.log_in("alice")
    page = alice.get(f"/project/images/{uuid.uuid4()}/create/")
    assert "The compute service changes the snapshot after creating it" in page.text
    form = page.form("required.department")
    page = alice.submit(form, name="before")
    assert any("requires a value" in each for each in page.form_errors)


# Images without the properties, and changes of them.


def edit(dashboard: Dashboard, image_id: str, **fields: Any) -> Page:
    return dashboard.submit(dashboard.get(PROJECT.update(image_id)).form("name"), **fields)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "renamed"},
        {"description": "new"},
        {"tags": "a,b"},
        {"protected": "on"},
        {"visibility": "shared"},
        {"min_disk": "7"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_edit(
    requiring: Requiring, images: Images, old: dict[str, str], change: dict[str, str]
) -> None:
    before = images.state(old["plain"])
    page = edit(requiring.log_in("alice"), old["plain"], **change)
    (error,) = [each for each in page.form_errors if "“department”" in each]
    assert requiring.of_old in error
    assert "Failed validating" not in error
    (name,) = change
    assert page.form("name").fields[name] == change[name]
    assert images.state(old["plain"]) == before
    # With several, no form can set them.
    dialog = page.form("name").element
    links = [each for each in dialog.all("a") if each.text == "Update Metadata"]
    assert [each["href"] for each in links] == [PROJECT.metadata(old["plain"])] * requiring.is_one


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("protect", "plain"),
        ("hide", "plain"),
        ("communitize", "plain"),
        ("unprotect", "protected"),
        ("unhide", "hidden"),
    ],
)
def test_actions(
    requiring: Requiring, images: Images, old: dict[str, str], action: str, kind: str
) -> None:
    before = images.state(old[kind])
    page = requiring.log_in("alice").act(PROJECT.index, action, old[kind])
    (error,) = page.errors
    assert requiring.of_old in error
    assert images.state(old[kind]) == before
    (alert,) = page.tree.all("div", "hip-outcome")
    links = [each["href"] for each in alert.all("a")]
    assert links == [PROJECT.metadata(old[kind])] * requiring.is_one


def test_many_at_once(requiring: Requiring, images: Images, old: dict[str, str]) -> None:
    ids = (old["plain"], old["second"])
    before = [images.state(id_) for id_ in ids]
    page = requiring.log_in("alice").act(PROJECT.index, "protect", *ids)
    (error,) = page.errors
    assert requiring.of_old in error
    assert [images.state(id_) for id_ in ids] == before


def test_deactivate_needs_no_change(
    requiring: Requiring, images: Images, old: dict[str, str]
) -> None:
    admin = requiring.log_in("acme-admin")
    admin.act(ADMIN.index, "deactivate", old["plain"])
    assert images.status(old["plain"]) == "deactivated"
    admin.act(ADMIN.index, "reactivate", old["plain"])
    assert images.status(old["plain"]) == "active"


@pytest.mark.parametrize("audience", ["domain", "cloud"])
def test_publish(requiring: Requiring, images: Images, old: dict[str, str], audience: str) -> None:
    before = images.state(old["plain"])
    run = publish(requiring.log_in("acme-admin"), ADMIN, old["plain"], audience)
    assert run.status == 400
    assert requiring.of_old in run.reason
    assert images.state(old["plain"]) == before


def test_share(requiring: Requiring, images: Images, old: dict[str, str]) -> None:
    before = images.state(old["plain"])
    alice = requiring.log_in("alice")
    form = alice.get(PROJECT.share(old["plain"])).form("projects")
    page = alice.submit(form, projects=images.cloud.project_id("acme-data"))
    assert any(requiring.of_old in each for each in page.form_errors)
    assert images.state(old["plain"]) == before


def test_change_owner(requiring: Requiring, images: Images, old: dict[str, str]) -> None:
    before = images.state(old["plain"])
    admin, url = requiring.log_in("acme-admin"), ADMIN.change_owner(old["plain"])
    page = admin.submit(admin.get(url).form("project"), project="acme-data")
    page = admin.submit(page.form("confirmed"))
    assert any(requiring.of_old in each for each in page.form_errors)
    assert images.state(old["plain"]) == before


def test_upload_data(requiring: Requiring, images: Images, old: dict[str, str]) -> None:
    """A change of the record is explained, and nothing is started; without one, it works."""
    before = images.state(old["queued"])
    alice, url = requiring.log_in("alice"), PROJECT.upload_data(old["queued"])
    file = {"source": "file", "file_name": "a.img", "file_size": str(len(DATA))}
    for change in ({"disk_format": "qcow2"}, {"checksum": "a" * 64}):
        page = alice.submit(alice.get(url).form("disk_format"), **file, **change)
        assert any(requiring.of_old in each for each in page.form_errors)
        assert images.state(old["queued"]) == before
    page = alice.submit(alice.get(url).form("disk_format"), **file)
    assert page.status == 201, page.form_errors


def test_the_result_of_an_upload_that_cannot_be_stored(
    requiring: Requiring, images: Images
) -> None:
    """The data is; the response says why its comparison is not."""
    steps = requiring.create().response.json()
    image_id = images.adopt(steps["id"])
    answer = requiring.log_in("alice").put(steps["upload_url"], DATA)
    assert answer.status_code == 200
    (warning,) = answer.json()["warnings"]
    assert "The image is stored" in warning
    assert REFUSED in warning
    assert images.data(image_id) == DATA


def test_update_metadata(requiring: Requiring, images: Images, old: dict[str, str]) -> None:
    """Sets the one property; of several it says that Glance takes none."""
    alice = requiring.log_in("alice")
    entered = {f"property.{name}": value for name, value in requiring.stored.items()}
    form = alice.get(PROJECT.metadata(old["second"])).form("property.department")
    before = images.unchanging(old["second"])
    page = alice.submit(form, **entered)
    if requiring.is_one:
        assert any("Updated image" in each for each in page.messages)
        assert images.unchanging(old["second"]) == {**before, "department": "sales"}
        page = edit(alice, old["second"], name="renamed")
        assert any(REFUSED in each for each in page.form_errors)
        images.remove(old["second"], "department")
    else:
        assert any(SEVERAL in each for each in page.form_errors)
    assert images.unchanging(old["second"]) == before


@only_thorough
def test_the_sync_command(requiring: Requiring, cloud: Cloud, images: Images) -> None:
    """Names the image and the reason, and syncs the others."""
    page = requiring.create("acme-admin", audience="domain")
    image_id = images.adopt(page.response.json()["id"])
    session, url = cloud.session("admin"), f"{cloud.keystone.auth_url}/projects"
    body = {"project": {"name": unique("project"), "domain_id": cloud.domain_id("acme")}}
    project_id = session.post(url, json=body).json()["project"]["id"]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "django", "helion_images_sync"],
            env={
                **os.environ,
                **cloud.horizon.environment(),
                **cloud.environment("admin"),
                "PYTHONWARNINGS": "ignore",
            },
            cwd=cloud.horizon.folder,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        session.delete(f"{url}/{project_id}")
    assert done.returncode == 2
    said = done.stdout + done.stderr
    assert image_id in said
    assert "This cloud requires the property" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("kind", "first", "then"),
    [
        ("integer", "3", "4"),
        pytest.param("number", "2.5", "3", marks=only_thorough),
        pytest.param("boolean", "true", "false", marks=only_thorough),
    ],
)
def test_values_that_are_no_text(
    cloud: Cloud,
    person: Callable[[str], Dashboard],
    images: Images,
    kind: str,
    first: str,
    then: str,
) -> None:
    """Glance compares the type: at the creation, and in Update Metadata."""
    alice = person("alice")
    schema = {"properties": {"it_typed": {"type": kind}}, "required": ["it_typed"]}
    with reconfigured(cloud, image_schema=schema):
        page = create(alice, audience=None, **{"required.it_typed": first})
        assert page.status == 201, page.form_errors
        image_id = images.adopt(page.response.json()["id"])
        form = alice.get(PROJECT.metadata(image_id)).form("property.it_typed")
        page = alice.submit(form, **{"property.it_typed": then})
        assert any("Updated image" in each for each in page.messages), page.form_errors
        stored = images.show(image_id)["it_typed"]
    assert str(stored).lower() in {then, f"{then}.0", {"false": "0"}.get(then, then)}
